package statements

import (
	"context"
	"errors"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// MaxStatements is how many closed statements a list holds.
const MaxStatements = 200

// List is the statements within the actor's sight.
type List struct {
	Open   []licensing.Statement // as they would be now, the newest month first
	Closed []licensing.Statement // without entries, the newest month first; at most MaxStatements
	More   bool                  // there are more closed ones
	// Close is the month that the actor may close now, or go on closing; zero: none.
	Close licensing.Month
	// First is when the next month is closed by the clock.
	First licensing.Day
}

// Statements lists statements: of the actor's group, and of those below for whoever sees them. A month narrows the closed
// ones; zero: any.
func (s *Service) Statements(ctx context.Context, actor licensing.Actor, m licensing.Month) (List, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (l List, err error) {
		sight := licensing.SightOf(tx.Actor.Membership)
		if l.Closed, err = tx.ListStatements(ctx, sight, licensing.StatementFilter{Month: m, Limit: MaxStatements + 1}); err != nil {
			return l, err
		}
		if l.More = len(l.Closed) > MaxStatements; l.More {
			l.Closed = l.Closed[:MaxStatements]
		}
		open, err := tx.OpenMonths(ctx, sight)
		if err != nil {
			return l, err
		}
		closed, err := lastClosed(ctx, tx)
		if err != nil {
			return l, err
		}
		l.Open = carried(open, closed)
		next, today := licensing.MonthOf(tx.Now().Today()), tx.Now().Today()
		if n, begun, err := nextToClose(ctx, tx); err == nil {
			if next = n; begun { // the clock goes on with it as soon as it can
				next = n.Next()
			}
			if mayClose(tx.Actor) && n.Last().Before(today) {
				l.Close = n
			}
		} else if !errors.Is(err, licensing.ErrNone) {
			return l, err
		}
		l.First = next.ClosesOn()
		return l, nil
	})
}

// lastClosed is the newest month of which every group has its statement; zero: none. While a month is being closed, what
// stands in no statement yet shows as it stood before.
func lastClosed(ctx context.Context, tx *usecase.Tx) (licensing.Month, error) {
	m, done, err := tx.NewestMonth(ctx)
	if errors.Is(err, licensing.ErrNone) {
		return m, nil
	}
	if err == nil && !done {
		m = licensing.MonthOf(m.First().AddDays(-1))
	}
	return m, err
}

// carried puts what was recorded late for months that are closed into the month after them: there it will stand.
func carried(open []licensing.Statement, newest licensing.Month) []licensing.Statement {
	var all []licensing.Statement
	late := map[licensing.GroupID]licensing.Statement{}
	at := map[licensing.GroupID]int{}
	for _, s := range open {
		if newest != (licensing.Month{}) && !newest.Before(s.Month) {
			sum := late[s.Group]
			s.Month, s.Count, s.Sums = newest.Next(), s.Count+sum.Count, added(s.Sums, sum.Sums)
			late[s.Group] = s
			continue
		}
		if s.Month == newest.Next() {
			at[s.Group] = len(all)
		}
		all = append(all, s)
	}
	for _, s := range open { // in the order of groups
		sum, ok := late[s.Group]
		if !ok {
			continue
		}
		delete(late, s.Group)
		if i, ok := at[s.Group]; ok {
			all[i].Count, all[i].Sums = all[i].Count+sum.Count, added(all[i].Sums, sum.Sums)
		} else {
			all = append(all, sum)
		}
	}
	return all
}

func added(a, b []licensing.Money) []licensing.Money {
	var entries []licensing.StatementEntry
	for _, m := range append(append([]licensing.Money(nil), a...), b...) {
		entries = append(entries, licensing.StatementEntry{Amount: &m})
	}
	return licensing.SumOf(entries)
}

// Statement returns the statement of a group within sight for a month: the closed one as it was closed, an open one as it
// would be now, which may be empty. What is over and empty, or still to come, is not found.
func (s *Service) Statement(ctx context.Context, actor licensing.Actor, group string, m licensing.Month) (licensing.Statement, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (none licensing.Statement, err error) {
		g, err := groupInSight(ctx, tx, group)
		if err != nil {
			return none, err
		}
		st, err := tx.Statement(ctx, g.ID, m)
		if err == nil && !st.Whole() {
			return none, fmt.Errorf("the statement %s of %s for %s is not what it was when it was closed", st.ID, g.Code, m)
		}
		if !errors.Is(err, licensing.ErrNone) {
			return st, err
		}
		closed, err := lastClosed(ctx, tx)
		if err != nil {
			return none, err
		}
		if closed != (licensing.Month{}) && !closed.Before(m) { // it had nothing to say
			return none, errNotFound()
		}
		entries, err := tx.OpenEntries(ctx, g.ID, m.Last())
		if err != nil {
			return none, err
		}
		st = licensing.Statement{Group: g.ID, GroupCode: g.Code, GroupName: g.Name, Month: m}
		for _, e := range entries {
			of := licensing.MonthOf(e.On)
			if of == m || !closed.Before(of) && closed != (licensing.Month{}) && m == closed.Next() {
				st.Entries = append(st.Entries, e)
			}
		}
		if today := tx.Now().Today(); len(st.Entries) == 0 && (today.Before(m.First()) || !today.Before(m.ClosesOn())) {
			return none, errNotFound()
		}
		st.Count, st.Sums = len(st.Entries), licensing.SumOf(st.Entries)
		return st, nil
	})
}

// StatementWay finds what became of a closed statement in other systems, for pages that ask again and again: nothing of
// its entries. An open one is not found.
func (s *Service) StatementWay(ctx context.Context, actor licensing.Actor, group string, m licensing.Month) (licensing.Statement, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.Statement, error) {
		g, err := groupInSight(ctx, tx, group)
		if err != nil {
			return licensing.Statement{}, err
		}
		st, err := tx.StatementWay(ctx, g.ID, m)
		if errors.Is(err, licensing.ErrNone) {
			err = errNotFound()
		}
		return st, err
	})
}

func errNotFound() error {
	return licensing.NotFoundError("month", "There is no such statement within your sight.")
}

// groupInSight is the group of that code; what lies beyond the actor's sight has no statements.
func groupInSight(ctx context.Context, tx *usecase.Tx, code string) (licensing.Group, error) {
	g, err := tx.GroupByCode(ctx, code)
	if errors.Is(err, licensing.ErrNone) {
		return g, errNotFound()
	}
	if err != nil {
		return g, err
	}
	seen, err := tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), g.ID)
	if err == nil && !seen {
		err = errNotFound()
	}
	return g, err
}
