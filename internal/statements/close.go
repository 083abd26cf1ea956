package statements

import (
	"context"
	"errors"
	"fmt"
	"math"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// closeBatch is how many groups are looked up at once.
const closeBatch = 100

// CloseDue closes the statements of the months that ended more than licensing.StatementDays ago, one month after the other
// and each statement in a transaction of its own. It returns how many it made.
func (s *Service) CloseDue(ctx context.Context) (made int, err error) {
	made, _, err = s.CloseSome(ctx, math.MaxInt)
	return made, err
}

// CloseSome is CloseDue that stops after about as many statements, and tells whether there is more to do. What fails is
// told in the error, holds up no other group, and is no more to do; its month stays open for it.
func (s *Service) CloseSome(ctx context.Context, most int) (made int, more bool, err error) {
	for {
		n, more, err := s.finish(ctx, most-made)
		made += n
		if err != nil || more {
			return made, more, err
		}
		begun, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "BeginMonth", "", "", func(ctx context.Context, tx *usecase.Tx, _ string) (bool, error) {
			m, _, err := nextToClose(ctx, tx)
			if errors.Is(err, licensing.ErrNone) || err == nil && tx.Now().Today().Before(m.ClosesOn()) {
				return false, nil
			}
			if err != nil {
				return false, err
			}
			if begun, err := tx.BeginMonth(ctx, m); err != nil || !begun {
				return begun, err
			}
			return true, tx.Audit(ctx, "statements.closed", m.String(), "")
		})
		if err != nil || !begun {
			return made, false, err
		}
	}
}

// nextToClose is the month that is closed next, and whether that was begun: a month is not stepped over, it ends before
// another one is begun. ErrNone: nothing is recorded that stands in no statement, and no month is being closed.
func nextToClose(ctx context.Context, tx *usecase.Tx) (m licensing.Month, begun bool, err error) {
	newest, done, err := tx.NewestMonth(ctx)
	switch {
	case err == nil && !done:
		return newest, true, nil
	case err != nil && !errors.Is(err, licensing.ErrNone):
		return m, false, err
	}
	oldest, err := tx.OldestEntry(ctx)
	if err != nil {
		return m, false, err
	}
	return licensing.NextToClose(newest, oldest), false, nil
}

// finish makes at most so many statements of the month that is being closed, and tells whether there are more to make. The
// month is closed when every group has its statement.
func (s *Service) finish(ctx context.Context, most int) (made int, more bool, err error) {
	type work struct {
		Month  licensing.Month
		Groups []licensing.GroupID
	}
	var failed error
	for after := licensing.GroupID(""); ; {
		todo, err := usecase.Read(ctx, s.runner, licensing.Scheduler(), func(ctx context.Context, tx *usecase.Tx) (w work, err error) {
			m, done, err := tx.NewestMonth(ctx)
			if errors.Is(err, licensing.ErrNone) || err == nil && done {
				return w, nil
			}
			if err != nil {
				return w, err
			}
			w.Month = m
			w.Groups, err = tx.GroupsToClose(ctx, m, after, closeBatch)
			return w, err
		})
		if err != nil || todo.Month == (licensing.Month{}) {
			return made, false, errors.Join(failed, err)
		}
		if len(todo.Groups) == 0 && failed == nil && after != "" { // look again for what came meanwhile
			after = ""
			continue
		}
		if len(todo.Groups) == 0 {
			if failed == nil {
				_, _, err = usecase.Run(ctx, s.runner, licensing.Scheduler(), "EndMonth", "", todo.Month, func(ctx context.Context, tx *usecase.Tx, m licensing.Month) (struct{}, error) {
					return struct{}{}, tx.EndMonth(ctx, m)
				})
			}
			return made, false, errors.Join(failed, err)
		}
		for _, g := range todo.Groups {
			if made >= most {
				return made, true, failed
			}
			closed, err := s.closeOne(ctx, g, todo.Month)
			if ctx.Err() != nil {
				return made, true, errors.Join(failed, err)
			}
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("the statement of group %s for %s: %w", g, todo.Month, err))
			}
			if closed {
				made++
			}
			after = g
		}
	}
}

// closeOne makes the statement of a group for a month. It reports false when there is one.
func (s *Service) closeOne(ctx context.Context, id licensing.GroupID, m licensing.Month) (closed bool, err error) {
	closed, _, err = usecase.Run(ctx, s.runner, licensing.Scheduler(), "CloseStatement", "", string(id), func(ctx context.Context, tx *usecase.Tx, _ string) (bool, error) {
		g, err := tx.GroupByID(ctx, id)
		if err != nil {
			return false, err
		}
		st := licensing.Statement{ID: licensing.StatementID(licensing.NewID()), Group: g.ID, GroupCode: g.Code, GroupName: g.Name, Month: m}
		var made bool
		if st.Entries, made, err = tx.InsertStatement(ctx, st); err != nil || !made {
			return false, err
		}
		st = st.Sealed(tx.Now().Business)
		if err := tx.SealStatement(ctx, st); err != nil {
			return false, err
		}
		if err := tx.Audit(ctx, "statement.closed", string(st.ID), string(g.ID), licensing.Value{Name: "month", Value: m.String()}, licensing.Value{Name: "hash", Value: st.Hash}); err != nil {
			return false, err
		}
		return true, tx.Emit(ctx, licensing.StatementClosed{Statement: st})
	})
	return closed && err == nil, err
}

// closedAtOnce is how many statements whoever closes a month waits for; the clock makes the others.
const closedAtOnce = 200

// CloseMonth closes the statements of a month before the clock does, or goes on where that was begun; the month has to be
// over, and the next one to be closed. Only admins of the ISV may.
func (s *Service) CloseMonth(ctx context.Context, actor licensing.Actor, requestID string, m licensing.Month) error {
	_, _, err := usecase.Run(ctx, s.runner, actor, "CloseMonth", requestID, m, func(ctx context.Context, tx *usecase.Tx, m licensing.Month) (bool, error) {
		if !mayClose(tx.Actor) {
			return false, licensing.DeniedError("", "Only admins of the software maker close statements.")
		}
		next, begun, err := nextToClose(ctx, tx)
		switch {
		case errors.Is(err, licensing.ErrNone):
			return false, licensing.ConflictError("There is nothing to close: everything stands in a closed statement.")
		case err != nil:
			return false, err
		case next != m && begun:
			return false, licensing.ConflictError("%s is still being closed.", next.Long())
		case next != m:
			return false, licensing.ConflictError("The next month to close is %s.", next.Long())
		case !m.Last().Before(tx.Now().Today()):
			return false, licensing.ConflictError("%s is not over yet. Its last day is %s.", m.Long(), m.Last().Time().Format("2 January 2006"))
		}
		if first, err := tx.BeginMonth(ctx, m); err != nil || !first {
			return false, err
		}
		return true, tx.Audit(ctx, "statements.closed", m.String(), "")
	})
	if err != nil {
		return err
	}
	_, _, err = s.finish(ctx, closedAtOnce)
	return err
}

func mayClose(a licensing.Actor) bool { return a.GroupIsISV && a.Role == licensing.RoleAdmin }
