package licensing

import "time"

// What one use case tells the others crosses as one of these, in the same transaction.

// LicenseCreated says that a license exists; its row and its order's are written.
type LicenseCreated struct {
	License *License // subscribers may complete it
	Plan    *Plan    // nil without a subscription
	First   Period   // the first period, with a Plan
	Unit    *Money   // what one unit costs; nil: no charge
}

// OrderAsked says that lines are about to be made that yield so many licenses: nothing is written yet, and who refuses it now
// spares the work.
type OrderAsked struct {
	Licenses int
}

// OrderPlaced says that lines with all their licenses were added to an order, new or not.
type OrderPlaced struct {
	Order    Order // with these lines alone, and the licenses that they yielded
	Extended bool  // the order existed before
}

// LicenseExtended says that nobody cancelled in time: the next period exists, and the license runs on.
type LicenseExtended struct {
	License License // as it is now
	Period  Period
	// Reason is why the ISV let it run on after its last day to cancel; empty: nobody had cancelled.
	Reason string
}

// CancellationReceived says that a subscription will end on its end date.
type CancellationReceived struct{ License License }

// CancellationWithdrawn says that a subscription is extended again unless somebody cancels.
type CancellationWithdrawn struct{ License License }

// SubscriptionRanOut says that the last period of a cancelled subscription is over.
type SubscriptionRanOut struct{ License License }

// SubscriptionWaits says that something is about to be done that depends on everything being done before that the clock
// demands of a license's subscription.
type SubscriptionWaits struct {
	License License
	Until   time.Time // by the business clock; what became due later is left
}

// LicenseModified says that customer, parameters or data fields of a license have other values now.
type LicenseModified struct {
	Before, License License // the latter but for its subscription
	// Coming are the parameters that the license has from later periods on.
	Coming []Coming
	// Charges are what more seats cost in the periods that exist.
	Charges []Charge
}

// LicenseIsSuspended says that a license is not to be used until it is reinstated. Its subscription runs on.
type LicenseIsSuspended struct {
	License License // as it is now
	From    LicenseState
	Reason  string
}

// LicenseIsRevoked says that a license is not to be used any more; its subscription ends this day.
type LicenseIsRevoked struct {
	License License // as it is now, but for the subscription
	From    LicenseState
	Reason  string
}

// LicenseReinstated says that a license which was suspended or revoked may be used again.
type LicenseReinstated struct {
	License License // as it is now, but for the subscription
	From    LicenseState
	Reason  string
}

// LicenseMoved says that a license belongs to another group; its order stays where it was.
type LicenseMoved struct {
	License   License // as it is now
	FromGroup string  // the code of the group that owned it
	Reason    string
}

// LicenseIsDeleted says that a test license is found by nobody any more.
type LicenseIsDeleted struct {
	License License // as it was last
	Reason  string
}

// SaleChanged says that a product was deactivated, or is sold again.
type SaleChanged struct {
	Product Product // as it is now
	Before  Sale
}

// SubscriptionReviewed says that a subscription ends with its last period, or is extended again, because of its product.
type SubscriptionReviewed struct{ License License }

// SubscriptionOverridden says that an ISV admin let a subscription end, or run on, after the last day to cancel.
type SubscriptionOverridden struct {
	Before, License License
	Charges         []Charge // what is charged by it, or back
	Reason          string
}

// MailWritten says that somebody is to be sent a mail in plain text. Its text is sealed when it is kept, for it may hold a
// link that lets somebody in.
type MailWritten struct {
	ID                       MailID // a new one, or the DerivedID of what it tells, of which there is one mail then at the most
	Recipient, Subject, Text string
}

// MailNeedless says that a mail is not to be sent any more, if it still waits, and why.
type MailNeedless struct {
	ID  MailID
	Why string
}

// StatementClosed says that a month's statement of a group will not change any more.
type StatementClosed struct{ Statement Statement }

// DocumentReported says what another system has reported of its document about an order.
type DocumentReported struct {
	Order  Order
	Report DocumentReport
	About  MessageID // the message that it settles, and no other; "": whichever is open
}
