package licensing

import "context"

// SaleTx is what becomes of subscriptions when their product is not sold any more. SetSale is written by catalog, the rest
// by subscriptions.
type SaleTx interface {
	// SetSale writes Sale and Unextended of a product's version, and raises it; else the error is ErrRace.
	SetSale(ctx context.Context, p Product) error
	// SubscriptionsOf counts the subscriptions of a product that nobody has cancelled: those whose last day to cancel is on
	// a day or after it, and those for which it was before that, but not before since.
	SubscriptionsOf(ctx context.Context, p ProductID, since, day Day) (SubscriptionCounts, error)
	// BeginReview notes that all running subscriptions of a product are to be looked at anew, from the first on.
	BeginReview(ctx context.Context, p ProductID) error
	// NextReview returns one that is to be gone on with; ErrNone when there is none.
	NextReview(ctx context.Context) (Review, error)
	// KeepReview writes where a review goes on, what is After then; it is over when that is empty. ErrRace when the review
	// is not as it was read: it was begun anew meanwhile, or another process went on with it.
	KeepReview(ctx context.Context, r Review, next string) error
}

// SubscriptionCounts are how many subscriptions of a product run.
type SubscriptionCounts struct {
	Open, Missed       int // by whether the last day to cancel has passed
	OpenEnd, MissedEnd Day // when the last of them ends; zero: there is none
}

// Review is how far a product's running subscriptions have been looked at anew.
type Review struct {
	Product ProductID
	Code    string // the product's
	Round   int64  // how often it was begun
	After   string // for RunningFilter.After
}
