// Package usecase is the one way in: every use case, from the browser, by SOAP or from the clock, goes through Run
// (or Read), and none can skip a step of it. A transaction begins with one now and claims the request id; the use
// case loads, decides, applies the rules, writes, audits and emits; subscribers of its events run in the same
// transaction; the answer is stored for the request id and committed, and only then given.
package usecase
