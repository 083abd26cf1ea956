package demo

import (
	"context"
	"fmt"
	"time"

	"kontor/internal/licensing"
)

// Clock shows both clocks, and moves the business one. How far it is ahead stands in the database, so that all
// processes share it.
type Clock struct {
	store licensing.Store
	due   func(context.Context) error // does what became due
}

// NewClock makes a clock. due is called after a move and does everything that became due.
func NewClock(store licensing.Store, due func(context.Context) error) *Clock {
	return &Clock{store, due}
}

const settingOffset = "clock.offset"

// furthest is how far one move can go, in years: every period on the way is made.
const furthest = 50

// Now returns the moment, and whether the business clock is ahead of the wall clock.
func (c *Clock) Now(ctx context.Context) (now licensing.Moment, offset bool, err error) {
	err = c.store.Read(ctx, func(tx licensing.Tx) error {
		now = tx.Now()
		return nil
	})
	return now, !now.Business.Equal(now.Wall), err
}

// MoveTo moves the business clock forward to a day, at the same time of day, and does what became due before it
// returns. The current day is allowed and only does what is due.
func (c *Clock) MoveTo(ctx context.Context, day licensing.Day) error {
	err := c.store.Write(ctx, func(tx licensing.Tx) error {
		now := tx.Now()
		today := now.Today()
		switch last := today.AddMonths(12 * furthest); {
		case day.Before(today):
			return licensing.InvalidRequest("to", "The clock stands at %s and moves forward only. Enter that day or a later one.", today)
		case day.After(last):
			return licensing.InvalidRequest("to", "Enter a day up to %s.", last)
		}
		local := now.Business.In(now.Zone)
		to := time.Date(day.Year, day.Month, day.Date, local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), now.Zone)
		if to.Before(now.Business) { // the hour was repeated when summer time ended
			to = now.Business
		}
		return tx.SetSetting(ctx, settingOffset, to.Sub(now.Wall).String())
	})
	if err != nil {
		return err
	}
	if err := c.due(ctx); err != nil {
		return fmt.Errorf("after moving the clock: %w", err)
	}
	return nil
}
