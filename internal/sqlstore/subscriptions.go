package sqlstore

import (
	"context"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertSubscription(ctx context.Context, s licensing.Subscription) error {
	last := s.Last()
	err := t.q.InsertSubscription(ctx, db.InsertSubscriptionParams{
		ID: string(s.ID), LicenseID: string(s.License), Plan: toJSON(s.Plan), State: string(s.State),
		LastNumber: int64(last.Number), LastStart: last.Start.String(), LastEnd: last.End.String(), CancelBy: last.CancelBy.String(),
		DueAt: t.dueAt(s), UnitMinor: minor(s.Unit), UnitCurrency: currency(s.Unit),
	})
	if err != nil {
		return err
	}
	for _, p := range s.Periods {
		if _, err := t.insertPeriod(ctx, s.ID, p); err != nil {
			return err
		}
	}
	t.stale[s.License] = false // created in the same moment
	return nil
}

func (t *tx) insertPeriod(ctx context.Context, s licensing.SubscriptionID, p licensing.Period) (bool, error) {
	n, err := t.q.InsertPeriod(ctx, db.InsertPeriodParams{
		SubscriptionID: string(s), Number: int64(p.Number), StartDate: p.Start.String(), EndDate: p.End.String(), CancelBy: p.CancelBy.String(), Outcome: string(p.Outcome),
		Units: p.Units, AmountMinor: minor(p.Amount), Currency: currency(p.Amount),
	})
	return n == 1, err
}

// minor and currency are an amount as two columns, both NULL without one.
func minor(m *licensing.Money) *int64 {
	if m == nil {
		return nil
	}
	return &m.Minor
}

func currency(m *licensing.Money) *string {
	if m == nil {
		return nil
	}
	return &m.Currency
}

// amount reads them.
func amount(minor *int64, currency *string) *licensing.Money {
	if minor == nil {
		return nil
	}
	return &licensing.Money{Minor: *minor, Currency: value(currency)}
}

func (t *tx) dueAt(s licensing.Subscription) *time.Time {
	at, ok := s.DueAt(t.now.Zone)
	if !ok {
		return nil
	}
	return &at
}

func (t *tx) SubscriptionOf(ctx context.Context, l licensing.LicenseID) (licensing.Subscription, error) {
	license, err := t.LicenseByID(ctx, l)
	if err != nil {
		return licensing.Subscription{}, err
	}
	if license.Subscription == nil {
		return licensing.Subscription{}, licensing.ErrNone
	}
	return *license.Subscription, nil
}

func (t *tx) AppendPeriod(ctx context.Context, s licensing.Subscription, next licensing.Period) (bool, error) {
	added, err := t.insertPeriod(ctx, s.ID, next)
	if err != nil || !added {
		return false, err
	}
	err = t.q.SetPeriodOutcome(ctx, db.SetPeriodOutcomeParams{
		SubscriptionID: string(s.ID), Number: int64(s.Last().Number), Outcome: string(licensing.PeriodExtended),
	})
	if err != nil {
		return false, err
	}
	s.Periods = append(s.Periods[:len(s.Periods):len(s.Periods)], next)
	return true, t.UpdateSubscription(ctx, s)
}

func (t *tx) UpdateSubscription(ctx context.Context, s licensing.Subscription) error {
	last := s.Last()
	err := changed(t.q.UpdateSubscription(ctx, db.UpdateSubscriptionParams{
		ID: string(s.ID), Version: s.Version, State: string(s.State), LastNumber: int64(last.Number), LastStart: last.Start.String(),
		LastEnd: last.End.String(), CancelBy: last.CancelBy.String(), DueAt: t.dueAt(s), CancelledAt: microPointer(s.CancelledAt),
		RevokedOn: s.RevokedOn.String(), Coming: coming(s.Coming), EarlyEnd: earlyEnd(s.Early),
	}))
	if err != nil {
		return err
	}
	t.stale[s.License] = true
	outcome := licensing.PeriodOpen
	if s.State == licensing.SubscriptionEnded {
		outcome = licensing.PeriodEnded
	}
	if outcome == last.Outcome { // as when it goes on, which is nearly always
		return nil
	}
	return t.q.SetPeriodOutcome(ctx, db.SetPeriodOutcomeParams{
		SubscriptionID: string(s.ID), Number: int64(last.Number), Outcome: string(outcome),
	})
}

func (t *tx) PostponeSubscription(ctx context.Context, s licensing.Subscription) error {
	n, err := t.q.PostponeSubscription(ctx, db.PostponeSubscriptionParams{ID: string(s.ID), Version: s.Version, DueAt: t.dueAt(s)})
	if n > 0 {
		t.stale[s.License] = true
	}
	return err
}

// earlyEnd is the decision that a subscription ends early as its column has it.
func earlyEnd(e *licensing.EarlyEnd) string {
	if e == nil {
		return ""
	}
	return toJSON(e)
}

// coming is what comes with the next period as its column has it.
func coming(all []licensing.Coming) string {
	if len(all) == 0 {
		return ""
	}
	return toJSON(all)
}

func (t *tx) DueSubscriptions(ctx context.Context, at time.Time, limit int) ([]licensing.LicenseID, error) {
	at = micro(at)
	rows, err := t.q.DueSubscriptions(ctx, db.DueSubscriptionsParams{DueAt: &at, Limit: int32(limit)}) //nolint:gosec // small
	all := make([]licensing.LicenseID, len(rows))
	for i, r := range rows {
		all[i] = licensing.LicenseID(r)
	}
	return all, err
}
