package licensing

import "time"

// LicenseFilter narrows a list of licenses. Empty fields do not narrow.
type LicenseFilter struct {
	Query   string // part of a ticket, customer or order number, data field
	State   LicenseState
	Kind    string // "subscription"
	Product string
	// What systems ask for by FindLicenses beside it.
	Group          string    // the code of the one group that owns it
	Category       string    // a code
	CustomerNumber string    // folded: case does not matter
	DataField      Value     // a data field with exactly this value; no name: any
	ChangedSince   time.Time // changed at this instant or after it, by the business clock; zero: ever
	Sort           LicenseSort
	After          string // where the page before ended: its Next
	Limit          int    // 1 to 500
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

// PeopleFilter narrows and orders a list of memberships. Empty fields do not narrow.
type PeopleFilter struct {
	Query string // part of a name or an e-mail address, in any spelling that folds to the same
	Group string // a group's code
	Below bool   // with Group: the groups below it as well
	Role  Role   // empty: admins and members; service accounts are listed when they are asked for
	State PersonState
	Sort  PeopleSort
	Desc  bool   // the other way round
	After string // where the page before ended: its Next
	Limit int    // 1 to 500
}

// PersonState is what a list of memberships can be narrowed to.
type PersonState string

// The states of a membership. Removed ones are never listed.
const (
	PersonActive    PersonState = "active"
	PersonSuspended PersonState = "suspended"
)

// PeopleSort is an order of a list of memberships.
type PeopleSort string

// The orders of a list of memberships. What is equal is in order of creation.
const (
	SortName  PeopleSort = ""      // by folded name
	SortEmail PeopleSort = "email" // by address
	SortGroup PeopleSort = "group" // by the group's folded name, then by name
	SortSince PeopleSort = "since" // the newest last
)
