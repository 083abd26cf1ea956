package connecting

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Service offers the use cases over the connectors that are configured.
type Service struct {
	runner     *usecase.Runner
	connectors map[string]licensing.Connector // by code
	cursors    Sealer
	codes      []string // in a fixed order, so that transactions take locks alike
	statements []string // codes of those that are told of closed statements, in that order
}

// New makes the service. The connectors that are told of closed statements are named by their codes.
func New(runner *usecase.Runner, connectors map[string]licensing.Connector, cursors Sealer, statements ...string) *Service {
	return &Service{runner, connectors, cursors, slices.Sorted(maps.Keys(connectors)), slices.Sorted(slices.Values(statements))}
}

const (
	// lost is after which time a try that has not reported counts as lost: longer than a call may take.
	lost = 30 * time.Second
	// longestPause is the longest time between two tries.
	longestPause = 5 * time.Minute
	// sweepBatch is how many overdue messages one sweep enqueues again.
	sweepBatch = 500
	// maxSaid is how many characters of what the other system said are kept.
	maxSaid = 2048
)

// Pause is the time before the next try after n failed ones: 1, 2, 4 … seconds, at most 5 minutes.
func Pause(n int) time.Duration {
	if n < 1 {
		n = 1
	}
	if n > 9 {
		return longestPause
	}
	return min(time.Second<<(n-1), longestPause)
}

// Send makes one try to pass a message on. It returns after which time to try again, 0 when there is nothing left to
// do: it was accepted or refused, or another worker has it.
func (s *Service) Send(ctx context.Context, id licensing.MessageID) (again time.Duration, err error) {
	m, err := s.claim(ctx, id)
	if errors.Is(err, licensing.ErrNone) {
		return 0, nil
	}
	var later laterError
	if errors.As(err, &later) {
		return later.pause, nil
	}
	if err != nil {
		return 0, err
	}
	began := time.Now()
	m, said := s.pass(ctx, m)
	m, err = s.finish(ctx, m, time.Since(began), said)
	if errors.Is(err, licensing.ErrNone) { // it took so long that another worker has the message now
		return 0, nil
	}
	if err != nil || m.State != licensing.MessageWaiting {
		return 0, err
	}
	return Pause(m.Attempts), nil
}

// laterError says that a message is not to be sent now, and when to look again; the message stays as it is.
type laterError struct {
	why   string
	pause time.Duration
}

func (e laterError) Error() string { return e.why }

const (
	// elsewherePause is after which time a process looks again at a message for a connector that it does not know.
	// Another process does, or this one will once it is configured.
	elsewherePause = 10 * time.Second
	// behindPause is after which time it looks again at one whose turn has not come: what is told of an order is told
	// in its order.
	behindPause = 200 * time.Millisecond
)

// ready reports by a laterError that a message is not to be sent now.
func (s *Service) ready(ctx context.Context, tx *usecase.Tx, m licensing.Message) error {
	if _, known := s.connectors[m.Connector]; !known {
		return laterError{"the connector is not configured here", elsewherePause}
	}
	earlier, err := tx.EarlierMessage(ctx, m)
	if errors.Is(err, licensing.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	pause := behindPause
	if earlier.State == licensing.MessageWaiting {
		pause = min(max(earlier.NextTry.Sub(tx.Now().Wall), behindPause), longestPause)
	}
	return laterError{"an earlier message about the order is on its way", pause}
}

func (s *Service) claim(ctx context.Context, id licensing.MessageID) (licensing.Message, error) {
	m, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "ClaimMessage", "", id,
		func(ctx context.Context, tx *usecase.Tx, id licensing.MessageID) (licensing.Message, error) {
			m, err := tx.Message(ctx, id)
			if err != nil {
				return m, err
			}
			if m.State != licensing.MessageWaiting && m.State != licensing.MessageSent {
				return m, licensing.ErrNone
			}
			if err := s.ready(ctx, tx, m); err != nil {
				return m, err
			}
			if m, err = tx.ClaimMessage(ctx, id, tx.Now().Wall.Add(lost)); err != nil || m.Statement == "" {
				return m, err
			}
			st, err := tx.StatementByID(ctx, m.Statement)
			m.Content.Statement = &st
			return m, err
		})
	return m, err
}

// pass calls the other system, outside any transaction, and says where the message stands after it, and what was said:
// more than the sentence that people are shown.
func (s *Service) pass(ctx context.Context, m licensing.Message) (after licensing.Message, said string) {
	if st := m.Content.Statement; st != nil && !st.Whole() {
		m.State, m.LastError = licensing.MessageFailed, "The statement is not what it was when it was closed."
		return m, m.LastError
	}
	answer, err := s.connectors[m.Connector].Pass(ctx, m)
	m.LastError, said = "", answer.Text
	if err != nil {
		said = err.Error()
	}
	var ours *licensing.Error
	switch {
	case err == nil && answer.Accepted:
		m.State, m.Number = licensing.MessageAccepted, cut(answer.Number)
	case err == nil:
		m.State, m.LastError = licensing.MessageRejected, cut(answer.Text)
	case errors.As(err, &ours) && ours.Kind == licensing.Invalid: // it cannot be said in the other system's terms
		m.State, m.LastError = licensing.MessageFailed, cut(ours.Message)
	case errors.As(err, &ours):
		m.State, m.LastError = licensing.MessageWaiting, cut(ours.Message)
	default:
		m.State, m.LastError = licensing.MessageWaiting, cut(err.Error())
	}
	return m, cut(said)
}

// cut makes what another system said a text that every database keeps, and not too long.
func cut(s string) string {
	r := []rune(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD"))
	return string(r[:min(len(r), maxSaid)])
}

// finish records what came of a try. It is done even when the worker is being stopped: the call has happened.
func (s *Service) finish(ctx context.Context, m licensing.Message, took time.Duration, said string) (licensing.Message, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	m, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "FinishTry", "", m,
		func(ctx context.Context, tx *usecase.Tx, m licensing.Message) (licensing.Message, error) {
			m.NextTry = tx.Now().Wall
			if m.State == licensing.MessageWaiting {
				m.NextTry = m.NextTry.Add(Pause(m.Attempts))
			}
			return m, tx.FinishTry(ctx, m, took, said)
		})
	return m, err
}

// Sweep enqueues again what should have been tried and was not, because a worker was killed or a job was lost.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	n, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "SweepMessages", "", struct{}{},
		func(ctx context.Context, tx *usecase.Tx, _ struct{}) (int, error) {
			overdue, err := tx.OverdueMessages(ctx, tx.Now().Wall.Add(-sweepGrace), sweepBatch)
			if err != nil {
				return 0, err
			}
			for _, id := range overdue {
				tx.Enqueue(licensing.Job{Kind: JobSend, ID: string(id), Once: true})
			}
			return len(overdue), nil
		})
	return n, err
}

// sweepGrace leaves the jobs that are on time alone.
const sweepGrace = 10 * time.Second

// maxWaiting is how many messages the home page shows.
const maxWaiting = 20

// Waiting returns the messages within the actor's sight that are on their way, newest first.
func (s *Service) Waiting(ctx context.Context, actor licensing.Actor) ([]licensing.WaitingMessage, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.WaitingMessage, error) {
		return tx.WaitingMessages(ctx, licensing.SightOf(tx.Actor.Membership), maxWaiting)
	})
}
