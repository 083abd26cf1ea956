package usecase

import (
	"context"
	"slices"

	"kontor/internal/licensing"
)

// Held wraps a decider for use cases: of an actor who is held to some categories (see licensing.Allowance), grants count in
// those alone. It is asked with the use case's own transaction.
func Held(d licensing.Decider) licensing.Decider { return held{d} }

type held struct{ licensing.Decider }

// Decide implements licensing.Decider.
func (h held) Decide(ctx context.Context, tx licensing.Tx, m licensing.MembershipID, action licensing.Action, category string) (licensing.Decision, error) {
	if t, ok := tx.(*Tx); ok && t.Actor.ID == m && !t.Actor.GrantsCountIn(category) {
		return licensing.Decision{}, nil
	}
	return h.Decider.Decide(ctx, tx, m, action, category)
}

// Categories implements licensing.Decider.
func (h held) Categories(ctx context.Context, tx licensing.Tx, m licensing.MembershipID, action licensing.Action, of []string) ([]string, error) {
	if t, ok := tx.(*Tx); ok && t.Actor.ID == m {
		of = slices.DeleteFunc(slices.Clone(of), func(c string) bool { return !t.Actor.GrantsCountIn(c) })
	}
	return h.Decider.Categories(ctx, tx, m, action, of)
}
