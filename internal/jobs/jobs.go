package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore"
)

// Handler does one kind of job. It returns after which time to do it again (0: it is done), or an error, after which
// it is tried again by the retry policy. It may run twice for one job and must do no harm then.
type Handler func(ctx context.Context, id string) (again time.Duration, err error)

// Periodic is a kind of job that is enqueued every so often by whichever process leads, and once at its start.
type Periodic struct {
	Kind  string
	Every time.Duration
}

// Queue enqueues jobs and, once started, works them off.
type Queue struct {
	client   *river.Client[*sql.Tx]
	handlers map[string]Handler
	timeouts map[string]time.Duration // of kinds that may take longer than others
	pool     *sql.DB                  // of River's own
}

const (
	workers      = 16
	jobTimeout   = 20 * time.Second
	rescueAfter  = 30 * time.Second // of a killed worker's jobs
	softStop     = 5 * time.Second
	maxAttempts  = 10_000 // jobs give up by their own rules, not by River's count
	longestPause = 5 * time.Minute
)

// Open makes a queue over the store's database. Without Start it only enqueues. The handlers are read at Start, so
// that they may be made after the queue.
func Open(store *sqlstore.Store, address string, log *slog.Logger, periodic []Periodic) (*Queue, error) {
	q := &Queue{handlers: map[string]Handler{}, timeouts: map[string]time.Duration{}}
	driver, poll, err := q.driver(store, address)
	if err != nil {
		return nil, err
	}
	all := river.NewWorkers()
	river.AddWorker(all, &worker{queue: q})
	config := &river.Config{
		Logger:               slog.New(quiet{log.Handler()}),
		Workers:              all,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		FetchCooldown:        20 * time.Millisecond,
		FetchPollInterval:    poll,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescueAfter,
		SoftStopTimeout:      softStop,
		MaxAttempts:          maxAttempts,
		RetryPolicy:          retryPolicy{},
		ErrorHandler:         errorLog{log},
	}
	for _, p := range periodic {
		config.PeriodicJobs = append(config.PeriodicJobs, river.NewPeriodicJob(river.PeriodicInterval(p.Every),
			func() (river.JobArgs, *river.InsertOpts) {
				return task{Task: p.Kind}, &river.InsertOpts{MaxAttempts: 1} // the next period is the retry
			},
			&river.PeriodicJobOpts{RunOnStart: true}))
	}
	if q.client, err = river.NewClient(driver, config); err != nil {
		return nil, errors.Join(fmt.Errorf("jobs: %w", err), q.Close())
	}
	return q, nil
}

// driver returns River's driver and how often it looks for jobs of which nobody told it. On PostgreSQL that is seldom:
// River tells of no more than one insert in each FetchCooldown.
func (q *Queue) driver(store *sqlstore.Store, address string) (riverdriver.Driver[*sql.Tx], time.Duration, error) {
	if store.Engine() == "postgres" {
		return newListening(store.Pool(), address), 200 * time.Millisecond, nil
	}
	pool, err := sqlstore.OpenSQLitePool(address)
	if err != nil {
		return nil, 0, err
	}
	q.pool = pool
	return riversqlite.New(pool), 100 * time.Millisecond, nil
}

// Handle sets who does a kind of job. All are set before Start.
func (q *Queue) Handle(kind string, h Handler) { q.handlers[kind] = h }

// HandleLong is Handle for a kind that may take long. River does not rescue such a job of a killed process before its time
// is over: whoever enqueues it sees to that.
func (q *Queue) HandleLong(kind string, timeout time.Duration, h Handler) {
	q.handlers[kind], q.timeouts[kind] = h, timeout
}

// Start begins to work jobs off.
func (q *Queue) Start(ctx context.Context) error { return q.client.Start(ctx) }

// Stop waits for the jobs under way, but not for long; what is cut off is done again later.
func (q *Queue) Stop(ctx context.Context) error { return q.client.Stop(ctx) }

// Close closes River's own connections.
func (q *Queue) Close() error {
	if q.pool == nil {
		return nil
	}
	return q.pool.Close()
}

// Enqueue implements licensing.Enqueuer.
func (q *Queue) Enqueue(ctx context.Context, tx licensing.Tx, jobs ...licensing.Job) error {
	owner, ok := tx.(interface{ SQL() *sql.Tx })
	if !ok {
		return fmt.Errorf("jobs: %T is no transaction of the store", tx)
	}
	all := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		all[i] = river.InsertManyParams{Args: task{Task: j.Kind, ID: j.ID}, InsertOpts: options(j)}
	}
	if _, err := q.client.InsertManyFastTx(ctx, owner.SQL(), all); err != nil {
		return fmt.Errorf("enqueue %d jobs: %w", len(jobs), err)
	}
	return nil
}

// options make a job that shall exist once unique among those that are not done.
func options(j licensing.Job) *river.InsertOpts {
	if !j.Once {
		return nil
	}
	return &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

// task is every job, in River's terms.
type task struct {
	Task string `json:"task"`
	ID   string `json:"id,omitempty"`
}

// Kind implements river.JobArgs.
func (task) Kind() string { return "task" }

type worker struct {
	river.WorkerDefaults[task]
	queue *Queue
}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, job *river.Job[task]) error {
	h, ok := w.queue.handlers[job.Args.Task]
	if !ok {
		return river.JobCancel(fmt.Errorf("no handler for the task %q", job.Args.Task))
	}
	again, err := h(ctx, job.Args.ID)
	if err == nil && again > 0 {
		return river.JobSnooze(again)
	}
	return err
}

// Timeout implements river.Worker; 0 is the usual one.
func (w *worker) Timeout(job *river.Job[task]) time.Duration { return w.queue.timeouts[job.Args.Task] }

// retryPolicy tries a job that failed by an error of ours again after 1, 2, 4 … seconds, at most 5 minutes.
type retryPolicy struct{}

// NextRetry implements river.ClientRetryPolicy.
func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	n := min(len(job.Errors), 9)
	return time.Now().Add(min(time.Second<<n, longestPause))
}

// quiet lets River's warnings and errors through; that it runs is no news.
type quiet struct{ slog.Handler }

// Handle implements slog.Handler. That a stop ends what was under way is no news either.
func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	stopped := false
	r.Attrs(func(a slog.Attr) bool {
		stopped = stopped || strings.Contains(a.Value.String(), context.Canceled.Error())
		return !stopped
	})
	if stopped || strings.Contains(r.Message, context.Canceled.Error()) {
		return nil
	}
	return q.Handler.Handle(ctx, r)
}

// Enabled implements slog.Handler.
func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

type errorLog struct{ log *slog.Logger }

// HandleError implements river.ErrorHandler.
func (l errorLog) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	l.log.WarnContext(ctx, "job failed and will be tried again", "task", string(job.EncodedArgs), "attempt", job.Attempt, "error", err)
	return nil
}

// HandlePanic implements river.ErrorHandler.
func (l errorLog) HandlePanic(ctx context.Context, job *rivertype.JobRow, v any, trace string) *river.ErrorHandlerResult {
	l.log.ErrorContext(ctx, "job panicked and will be tried again", "task", string(job.EncodedArgs), "panic", v, "trace", trace)
	return nil
}
