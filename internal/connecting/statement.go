package connecting

import (
	"context"
	"errors"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// RecordStatement subscribes to StatementClosed: one message for each connector that is told of statements.
func (s *Service) RecordStatement(ctx context.Context, tx *usecase.Tx, e licensing.StatementClosed) error {
	st := e.Statement
	return record(ctx, tx, s.statements, licensing.Message{
		Kind: licensing.TellStatementClosed, Key: fmt.Sprintf("%s:%s:%s", licensing.TellStatementClosed, st.Group, st.Month), Statement: st.ID,
		Content: licensing.Content{Group: st.GroupCode, Month: st.Month},
	})
}

// TryStatementAgain sends what was not accepted of a closed statement's messages again, now. As for everything that is sent
// again to where it was to go, sight is enough. Nothing is told twice: the messages keep their names.
func (s *Service) TryStatementAgain(ctx context.Context, actor licensing.Actor, requestID, group string, m licensing.Month) error {
	type statement struct {
		Group string
		Month licensing.Month
	}
	_, _, err := usecase.Run(ctx, s.runner, actor, "TryStatementAgain", requestID, statement{group, m}, func(ctx context.Context, tx *usecase.Tx, of statement) (none struct{}, err error) {
		st, err := statementInSight(ctx, tx, of.Group, of.Month)
		if err != nil {
			return none, err
		}
		told, err := tx.MessagesOfStatement(ctx, st.ID)
		if err != nil {
			return none, err
		}
		tried := 0
		for _, m := range told {
			again, err := tx.TryAgain(ctx, m.ID)
			if err != nil {
				return none, err
			}
			if !again {
				continue
			}
			tried++
			if err := tx.Audit(ctx, "message.triedAgain", string(m.ID), string(st.Group), licensing.Value{Name: "state", Value: string(m.State)}); err != nil {
				return none, err
			}
			tx.Enqueue(licensing.Job{Kind: JobSend, ID: string(m.ID)})
		}
		if tried == 0 {
			return none, licensing.ConflictError("There is nothing to send again: every message is being sent or was accepted.")
		}
		return none, nil
	})
	return err
}

// statementInSight is a closed statement of a group within the actor's sight, without its entries.
func statementInSight(ctx context.Context, tx *usecase.Tx, group string, m licensing.Month) (st licensing.Statement, err error) {
	g, err := tx.GroupByCode(ctx, group)
	seen := false
	if err == nil {
		seen, err = tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), g.ID)
	}
	if err == nil && seen {
		st, err = tx.StatementWay(ctx, g.ID, m)
	}
	if errors.Is(err, licensing.ErrNone) || err == nil && !seen {
		err = licensing.NotFoundError("month", "There is no such statement within your sight.")
	}
	return st, err
}
