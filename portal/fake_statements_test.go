package portal_test

import (
	"context"
	"slices"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/statements"
)

// fakeStatements makes statements of the world's orders: those of the actor's group, of this month; October is closed.
type fakeStatements struct{ *world }

func (w fakeStatements) of(group string, m licensing.Month) licensing.Statement {
	s := licensing.Statement{GroupCode: group, GroupName: group, Month: m}
	for _, o := range w.orders {
		for _, l := range o.Lines {
			if o.GroupCode != group {
				continue
			}
			s.GroupName = o.GroupName
			s.Entries = append(s.Entries, licensing.StatementEntry{
				On: m.First().AddDays(3), Kind: licensing.EntryCreated, OrderNumber: o.Number, DataFields: o.DataFields, Customer: o.Customer,
				ProductCode: l.ProductCode, ProductName: l.ProductName, Quantity: l.Quantity, Units: l.Units, Unit: l.Unit, Amount: l.Amount,
			})
		}
	}
	if len(s.Entries) > 0 && m != licensing.MonthOf(w.now.Today()) {
		late := s.Entries[0]
		late.On, late.Kind, late.Unit, late.Reason = m.First().AddDays(-1), licensing.EntryRevoked, nil, "Paid back"
		late.Amount, late.Units = nil, 0
		s.Entries = slices.Insert(s.Entries, 0, late)
		s.Documents = []licensing.Document{{
			Connector: "erp", Kind: licensing.TellStatementClosed, State: licensing.MessageWaiting, Attempts: 3, At: w.now.Wall, NextTry: w.now.Wall.Add(time.Minute),
		}}
		if w.statementTried {
			s.Documents[0].State, s.Documents[0].Number = licensing.MessageAccepted, "AB-700042"
		}
		return s.Sealed(w.now.Business)
	}
	s.Count, s.Sums = len(s.Entries), licensing.SumOf(s.Entries)
	return s
}

// Statements implements portal.Statements.
func (w fakeStatements) Statements(_ context.Context, a licensing.Actor, m licensing.Month) (statements.List, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := licensing.MonthOf(w.now.Today())
	l := statements.List{First: now.ClosesOn()}
	if s := w.of(a.GroupCode, now); s.Count > 0 {
		l.Open = append(l.Open, s)
		last := licensing.MonthOf(w.now.Today().AddMonths(-1))
		if m == (licensing.Month{}) || m == last {
			l.Closed = append(l.Closed, w.of(a.GroupCode, last))
		}
	}
	return l, nil
}

// Statement implements portal.Statements.
func (w fakeStatements) Statement(_ context.Context, a licensing.Actor, group string, m licensing.Month) (licensing.Statement, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s := w.of(group, m); group == a.GroupCode && s.Count > 0 {
		return s, nil
	}
	return licensing.Statement{}, licensing.NotFoundError("month", "There is no such statement within your sight.")
}

// StatementWay implements portal.Statements.
func (w fakeStatements) StatementWay(ctx context.Context, a licensing.Actor, group string, m licensing.Month) (licensing.Statement, error) {
	st, err := w.Statement(ctx, a, group, m)
	if err == nil && st.Open() {
		err = licensing.NotFoundError("month", "There is no such statement within your sight.")
	}
	st.Entries = nil
	return st, err
}

// TryStatementAgain implements portal.Connecting.
func (w *world) TryStatementAgain(_ context.Context, a licensing.Actor, _, group string, _ licensing.Month) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if group != a.GroupCode {
		return licensing.NotFoundError("month", "There is no such statement within your sight.")
	}
	w.statementTried = true
	return nil
}

// CloseMonth implements portal.Statements.
func (w fakeStatements) CloseMonth(_ context.Context, a licensing.Actor, _ string, _ licensing.Month) error {
	if !a.GroupIsISV || a.Role != licensing.RoleAdmin {
		return licensing.DeniedError("", "Only admins of the software maker close statements.")
	}
	return licensing.ConflictError("There is nothing to close: everything stands in a closed statement.")
}
