package subscriptions

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ForecastFilter says of what a forecast is, and up to when. Empty fields do not narrow.
type ForecastFilter struct {
	Until    licensing.Day // included; at most MaxForecast years ahead
	Group    string        // a group's code: it and all below it
	Category string        // a code
	Product  string        // a code
	// Tried are licenses whose subscriptions are taken as if they were cancelled today; at most MaxTried.
	Tried []licensing.LicenseID
}

// The bounds of a forecast.
const (
	MaxForecast = 10  // years ahead
	MaxTried    = 100 // licenses that are tried out
)

// runningPage is how many subscriptions are read at once.
const runningPage = 1_000

// ForecastLine is one thing that will happen.
type ForecastLine struct {
	licensing.ForecastEvent
	Of *Forecasted
	// Tried says that a cancellation is tried out, and Spared that it would not happen then.
	Tried, Spared bool
}

// Forecasted is a license that something will happen to.
type Forecasted struct {
	ID           licensing.LicenseID
	Subscription licensing.SubscriptionID
	Ticket       string
	GroupCode    string
	GroupName    string
	CategoryCode string
	ProductCode  string
	ProductName  string
	Quantity     int
	ChangedAt    time.Time // the last change of the license, by the business clock
	// Cancels is the number of the period with which it would end if it were cancelled today; 0: that comes after the
	// forecast's last day, or it ends by itself.
	Cancels      int
	ResellerOnly bool // its plan sends no reminders to customers
	// Customer and Seats (0: the product has none) are filled in for what a page or a file shows, not for all.
	Customer licensing.Customer
	Seats    int

	seq int64
}

// Tells is who hears of it; Customer is to be filled in.
func (l ForecastLine) Tells() []licensing.Tell {
	return slices.DeleteFunc(l.Kind.Tells(), func(t licensing.Tell) bool {
		return t == licensing.TellCustomer && (l.Of.ResellerOnly || l.Of.Customer.Email == "")
	})
}

// Overdue reports whether it should have happened before today: it happens with the next sweep.
func (l ForecastLine) Overdue(today licensing.Day) bool { return l.On.Before(today) }

// scope is how much a reader sees.
type scope func(ctx context.Context, tx *usecase.Tx) (licensing.Sight, error)

func sightOfActor(_ context.Context, tx *usecase.Tx) (licensing.Sight, error) {
	return licensing.SightOf(tx.Actor.Membership), nil
}

// sightOfOperator is everything: whoever runs a command has the database.
func sightOfOperator(ctx context.Context, tx *usecase.Tx) (licensing.Sight, error) {
	root, err := tx.RootGroup(ctx)
	if errors.Is(err, licensing.ErrNone) {
		return licensing.Sight{}, licensing.ConflictError("Nobody has begun to use this database: there is no group yet.")
	}
	return licensing.Sight{Group: root.ID, Below: true}, err
}

// check bounds a filter.
func (f ForecastFilter) check(ctx context.Context, tx *usecase.Tx, sight licensing.Sight) error {
	today := tx.Now().Today()
	if last := today.AddMonths(12 * MaxForecast); f.Until.Before(today) || f.Until.After(last) {
		return licensing.InvalidRequest("until", "Choose a day from %s to %s.", today, last)
	}
	if len(f.Tried) > MaxTried {
		return licensing.InvalidRequest("tried", "Try out at most %d cancellations at once.", MaxTried)
	}
	if f.Group == "" {
		return nil
	}
	unknown := licensing.NotFoundError("group", "There is no such group within your sight.")
	g, err := tx.GroupByCode(ctx, f.Group)
	if errors.Is(err, licensing.ErrNone) {
		return unknown
	} else if err != nil {
		return err
	}
	seen, err := tx.InSight(ctx, sight.Group, sight.Below, g.ID)
	if err == nil && !seen {
		err = unknown
	}
	return err
}

// walk reads the subscriptions of a filter page by page, and hands over what will happen to each, in its order, until
// each returns false: then it goes on with the next one. Memory does not grow with their number.
func (f ForecastFilter) walk(ctx context.Context, tx *usecase.Tx, sight licensing.Sight, each func(ForecastLine) (goOn bool)) (subscriptions int, err error) {
	if err := f.check(ctx, tx, sight); err != nil {
		return 0, err
	}
	now := tx.Now()
	for after, more := "", true; more; {
		page, err := tx.RunningSubscriptions(ctx, sight, licensing.RunningFilter{Below: f.Group, Category: f.Category, Product: f.Product, After: after, Limit: runningPage})
		if err != nil {
			return subscriptions, err
		}
		for _, r := range page.Rows {
			f.foresee(now, r, each)
		}
		subscriptions += len(page.Rows)
		after, more = page.Next, page.Next != ""
	}
	return subscriptions, nil
}

// foresee hands over what will happen to one subscription.
func (f ForecastFilter) foresee(now licensing.Moment, r licensing.Running, each func(ForecastLine) bool) {
	l := r.License
	if l.Test { // is not charged: its dates count, its prices do not
		sub := *l.Subscription
		sub.Unit = nil
		l.Price, l.Subscription = nil, &sub
	}
	of := &Forecasted{
		ID: l.ID, Subscription: l.Subscription.ID, Ticket: l.Ticket, GroupCode: l.GroupCode, GroupName: l.GroupName, CategoryCode: l.CategoryCode,
		ProductCode: l.ProductCode, ProductName: l.ProductName, Quantity: l.Quantity, ChangedAt: r.ChangedAt, ResellerOnly: l.Subscription.Plan.ResellerOnly, seq: r.Seq,
	}
	coming := l.Forecast(now.Today(), f.Until, now.Zone, false)
	if slices.Contains(f.Tried, l.ID) {
		if end, ok := triedEnd(now, l); ok {
			f.tryOut(slices.Collect(coming), end, of, each)
			return
		}
	}
	for e := range coming {
		of.cancellable(e)
		if !each(ForecastLine{ForecastEvent: e, Of: of}) {
			return
		}
	}
}

// cancellable notes the first last day to cancel that comes.
func (o *Forecasted) cancellable(e licensing.ForecastEvent) {
	if o.Cancels == 0 && e.Kind == licensing.ForecastCancelBy {
		o.Cancels = e.Period.Number
	}
}

// triedEnd is how a subscription would end that is cancelled today; ok is false when it cannot be cancelled.
func triedEnd(now licensing.Moment, l licensing.License) (end licensing.ForecastEvent, ok bool) {
	if _, ok = l.Subscription.Next(); !ok {
		return end, false
	}
	for e := range l.Forecast(now.Today(), licensing.Day{Year: 9999, Month: time.December, Date: 31}, now.Zone, true) {
		end = e
	}
	return end, end.Kind == licensing.ForecastEnded
}

// tryOut hands over what would come without a cancellation, marked where it does not come with it, and the end that comes
// instead.
func (f ForecastFilter) tryOut(coming []licensing.ForecastEvent, end licensing.ForecastEvent, of *Forecasted, each func(ForecastLine) bool) {
	lines, last := make([]ForecastLine, 0, len(coming)+1), end.Period.Number
	for _, e := range coming {
		of.cancellable(e)
		if e.Kind == licensing.ForecastEnded && e.Period.Number == last {
			continue // it would have ended then by itself
		}
		spared := e.Period.Number > last || e.Kind == licensing.ForecastReminder && e.Period.Number == last
		lines = append(lines, ForecastLine{ForecastEvent: e, Of: of, Tried: true, Spared: spared})
	}
	if !end.On.After(f.Until) {
		lines = append(lines, ForecastLine{ForecastEvent: end, Of: of, Tried: true})
	}
	slices.SortFunc(lines, func(a, b ForecastLine) int { return keyOf(a).compare(keyOf(b)) })
	for _, l := range lines {
		if !each(l) {
			return
		}
	}
}

// lineKey is the order of lines: by day, what happens first on it first, and something total.
type lineKey struct {
	on     licensing.Day
	rank   int
	seq    int64
	number int
	days   int
}

// ranks are the order within a day.
var ranks = map[licensing.ForecastKind]int{
	licensing.ForecastExtended: 1, licensing.ForecastReminder: 2, licensing.ForecastCancelBy: 3, licensing.ForecastEnded: 4,
}

func keyOf(l ForecastLine) lineKey {
	return lineKey{l.On, ranks[l.Kind], l.Of.seq, l.Period.Number, l.Days}
}

func (k lineKey) compare(o lineKey) int {
	if k.on != o.on {
		return k.on.Compare(o.on)
	}
	return cmp.Or(cmp.Compare(k.rank, o.rank), cmp.Compare(k.seq, o.seq), cmp.Compare(k.number, o.number), cmp.Compare(o.days, k.days))
}
