package licensing

// What one use case tells the others crosses as one of these, in the same transaction.

// LicenseCreated says that a license exists; its row and its order's are written.
type LicenseCreated struct {
	License *License // subscribers may complete it
	Plan    *Plan    // nil without a subscription
	First   Period   // the first period, with a Plan
}

// OrderPlaced says that a line with all its licenses was added to an order, new or not.
type OrderPlaced struct {
	Order    Order // with the line alone, and the licenses that it yielded
	Extended bool  // the order existed before
}

// LicenseExtended says that nobody cancelled in time: the next period exists, and the license runs on.
type LicenseExtended struct {
	License License // as it is now
	Period  Period
}

// CancellationReceived says that a subscription will end on its end date.
type CancellationReceived struct{ License License }

// SubscriptionRanOut says that the last period of a cancelled subscription is over.
type SubscriptionRanOut struct{ License License }
