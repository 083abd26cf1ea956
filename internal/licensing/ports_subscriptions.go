package licensing

import (
	"context"
	"time"
)

// SubscriptionTx is subscriptions and periods; written by subscriptions.
type SubscriptionTx interface {
	InsertSubscription(ctx context.Context, s Subscription) error
	SubscriptionOf(ctx context.Context, l LicenseID) (Subscription, error)
	// AppendPeriod closes the last period with outcome extended, adds the next, and writes what comes after that. It
	// reports false, and does nothing, when a period of that number exists.
	AppendPeriod(ctx context.Context, s Subscription, next Period) (bool, error)
	// UpdateSubscription writes state, cancellation, what comes with the next period, and when it is due next, when the version is still s.Version;
	// else ErrRace.
	UpdateSubscription(ctx context.Context, s Subscription) error
	// PostponeSubscription writes when it is due next, when what is kept says that it is due earlier, and its place in lists;
	// else, and when the version is another than s.Version, it does nothing.
	PostponeSubscription(ctx context.Context, s Subscription) error
	// InsertCharge keeps what more units cost within a period of a subscription, at this moment.
	InsertCharge(ctx context.Context, s SubscriptionID, c Charge) error
	// ChargesOf returns what more units of a subscription cost, oldest first.
	ChargesOf(ctx context.Context, s SubscriptionID) ([]PlacedCharge, error)
	// DueSubscriptions returns licenses whose subscriptions are due at an instant, the longest overdue first.
	DueSubscriptions(ctx context.Context, at time.Time, limit int) ([]LicenseID, error)
}

// ReceiptTx is the receipts of cancellations; written by subscriptions.
type ReceiptTx interface {
	// NextReceipt takes the number of the next receipt of a license: no other receipt gets it.
	NextReceipt(ctx context.Context, l License) (seq int64, err error)
	// FinishReceipt writes what a receipt says, whose Seq NextReceipt took in this transaction.
	FinishReceipt(ctx context.Context, r Receipt) error
	// ReceiptsOf returns the receipts of a license, newest first.
	ReceiptsOf(ctx context.Context, l LicenseID) ([]Receipt, error)
	// WithdrawReceipts says of a license's receipts that their cancellation was taken back now.
	WithdrawReceipts(ctx context.Context, l LicenseID) error
}
