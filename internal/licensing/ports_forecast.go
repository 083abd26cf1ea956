package licensing

import (
	"context"
	"time"
)

// ForecastTx is what a forecast reads, and the secret addresses of calendars.
type ForecastTx interface {
	// RunningSubscriptions returns a page of the subscriptions within sight that the clock has yet to change: those that
	// have not ended. The order is total and says nothing; pages neither repeat nor skip what stays as it is.
	RunningSubscriptions(ctx context.Context, s Sight, f RunningFilter) (RunningPage, error)

	// SetCalendarFeed keeps the hash of the secret in a membership's calendar address, instead of the one before; "" takes
	// it away.
	SetCalendarFeed(ctx context.Context, m MembershipID, hash string) error
	// CalendarFeedOf returns when a membership's address was made, by the wall clock; ErrNone when it has none.
	CalendarFeedOf(ctx context.Context, m MembershipID) (made time.Time, err error)
	// CalendarFeedByHash finds whose address has a secret; ErrNone when nobody's has.
	CalendarFeedByHash(ctx context.Context, hash string) (MembershipID, error)
}

// RunningFilter narrows the subscriptions of a forecast. Empty fields do not narrow.
type RunningFilter struct {
	Below    string // a group's code: it and all below it
	Category string // a code
	Product  string // a code
	After    string // what follows the page whose Next this was; "": the first
	Limit    int    // 1 to 1,000
}

// RunningPage is a page of running subscriptions.
type RunningPage struct {
	Rows []Running
	Next string // for RunningFilter.After; "": this was the last page
}

// Running is a subscription that has not ended, with the little of its license that a forecast takes.
type Running struct {
	Seq int64 // a number of its license that stays the same
	// License is without its order (but for whether it is a test), customer, data fields, file and the days until which it holds; of the periods of its
	// subscription it has the last alone, without a price.
	License   License
	ChangedAt time.Time // when its license was changed last, or created, by the business clock
}
