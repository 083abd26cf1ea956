package sqlstore

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// wallDay is the number of the ISV's day by the wall clock.
func (t *tx) wallDay() int64 {
	epoch := licensing.Day{Year: 1970, Month: 1, Date: 1}
	return int64(epoch.DaysUntil(licensing.DayOf(t.now.Wall, t.now.Zone)))
}

func (t *tx) UseCall(ctx context.Context, account licensing.MembershipID, l licensing.CallLimits) (u licensing.CallUse, ok bool, err error) {
	row, err := one(t.q.UseCall(ctx, db.UseCallParams{
		Account: string(account), Minute: minuteOf(t.now.Wall), Day: t.wallDay(), PerMinute: int64(l.PerMinute), PerDay: int64(l.PerDay),
	}))
	if !errors.Is(err, licensing.ErrNone) {
		return licensing.CallUse{InMinute: int(row.MinuteCalls), InDay: int(row.DayCalls)}, err == nil, err
	}
	used, err := one(t.q.CallUse(ctx, string(account)))
	return licensing.CallUse{InMinute: int(used.MinuteCalls), InDay: int(used.DayCalls)}, false, err
}

func (t *tx) UseLicenses(ctx context.Context, account licensing.MembershipID, n, most int) (bool, error) {
	if n > most { // the statement would let pass what is the first
		return false, nil
	}
	_, err := one(t.q.UseLicenses(ctx, db.UseLicensesParams{Account: string(account), Day: t.wallDay(), N: int64(n), Most: int64(most)}))
	if errors.Is(err, licensing.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

func (t *tx) Used(ctx context.Context, account licensing.MembershipID) (u licensing.CallUse, err error) {
	called, err := one(t.q.CallUse(ctx, string(account)))
	if err != nil && !errors.Is(err, licensing.ErrNone) {
		return u, err
	}
	made, err := one(t.q.LicenseUse(ctx, string(account)))
	if err != nil && !errors.Is(err, licensing.ErrNone) {
		return u, err
	}
	// What a process counted whose clock is ahead is of now, as it is when it is counted on.
	if called.Minute >= minuteOf(t.now.Wall) {
		u.InMinute = int(called.MinuteCalls)
	}
	if called.Day >= t.wallDay() {
		u.InDay = int(called.DayCalls)
	}
	if made.Day >= t.wallDay() {
		u.Licenses = int(made.Licenses)
	}
	return u, nil
}
