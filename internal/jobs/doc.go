// Package jobs is River behind a small door: work is enqueued in the business transaction, so that it exists exactly
// when that commits, and is carried out by any process that runs workers. River is the trigger only; what users see
// of work and its state stands in our own tables, and sweeps enqueue again what was lost.
package jobs
