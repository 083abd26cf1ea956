package licensing

// LicenseFilter narrows a list of licenses. Empty fields do not narrow.
type LicenseFilter struct {
	Query   string // part of a ticket, customer or order number, data field
	State   LicenseState
	Kind    string // "subscription"
	Product string
	Sort    LicenseSort
	After   string // where the page before ended: its Next
	Limit   int    // 1 to 500
}

// LicenseSort is an order of a list of licenses.
type LicenseSort string

// The orders of a list of licenses.
const (
	SortCreated  LicenseSort = ""         // newest first
	SortCancelBy LicenseSort = "cancelBy" // soonest last day to cancel first; only what can be cancelled
)

// Cursor is where a page that ends with l ends; the next page begins after it.
func (s LicenseSort) Cursor(l License) string {
	if s == SortCancelBy && l.Subscription != nil {
		return l.Subscription.Last().CancelBy.String() + "/" + string(l.ID)
	}
	return string(l.ID)
}

// OrderFilter narrows a list of orders.
type OrderFilter struct {
	Query  string
	Before int64 // orders with a smaller sequence number; 0: from the newest
	Limit  int
}
