package licensing

import (
	"context"
	"time"
)

// ListTx is lists of what is within sight, in pages by keyset. An order of a list is total, so that pages neither
// repeat nor skip what stays as it is.
type ListTx interface {
	// LicenseRows returns a page of the list of licenses, light: without files, orders and periods.
	LicenseRows(ctx context.Context, s Sight, f LicenseFilter) ([]LicenseRow, error)
	// ListLicenses is LicenseRows with everything of a license but its files.
	ListLicenses(ctx context.Context, s Sight, f LicenseFilter) ([]License, error)
	// CountLicenses counts what a filter finds, and stops at most; 0 counts all, however long it takes.
	CountLicenses(ctx context.Context, s Sight, f LicenseFilter, most int) (Count, error)
	// OrderRows returns a page of the list of orders.
	OrderRows(ctx context.Context, s Sight, f OrderFilter) ([]OrderRow, error)
	CountOrders(ctx context.Context, s Sight, f OrderFilter, most int) (Count, error)
	// CustomerRows returns a page of the list of customers, by name unless the filter says otherwise.
	CustomerRows(ctx context.Context, s Sight, f CustomerFilter) ([]CustomerRow, error)
	CountCustomers(ctx context.Context, s Sight, f CustomerFilter, most int) (Count, error)
	// CustomerByID finds a customer, with his number of licenses and orders within sight.
	CustomerByID(ctx context.Context, s Sight, id CustomerID) (CustomerRow, error)
	// LicensesPerDay counts the licenses created on each day from a day on.
	LicensesPerDay(ctx context.Context, s Sight, from Day) (map[Day]int, error)
}

// Count is how many rows a filter finds.
type Count struct {
	N    int
	More bool // there are more than N; counting on would have taken long
}

// LicenseFilter narrows a list of licenses. Empty fields do not narrow. Deleted licenses are in no list.
type LicenseFilter struct {
	Query    string         `json:"query,omitempty"`  // beginnings of words: ticket, customer, order number, data fields
	States   []LicenseState `json:"states,omitempty"` // any of them
	Kind     string         `json:"kind,omitempty"`   // of the product, such as "subscription"
	Product  string         `json:"product,omitempty"`
	Category string         `json:"category,omitempty"`
	Group    string         `json:"group,omitempty"` // the code of the one group that owns it
	Below    string         `json:"below,omitempty"` // a group's code: it and all below it
	Customer CustomerID     `json:"customer,omitempty"`
	// CustomerNumber is compared without regard to case.
	CustomerNumber string `json:"customerNumber,omitempty"`
	// ChangedSince is the instant, by the business clock, at or after which it was changed last.
	ChangedSince time.Time `json:"changedSince,omitzero"`
	CreatedFrom  Day       `json:"createdFrom,omitzero"` // both ends are included, as in the following
	CreatedTo    Day       `json:"createdTo,omitzero"`
	EndsFrom     Day       `json:"endsFrom,omitzero"` // the last licensed day, or the last with maintenance
	EndsTo       Day       `json:"endsTo,omitzero"`
	DataFields   []Value   `json:"dataFields,omitempty"` // whole values; all of them
	// ExactFields says that each of DataFields is exactly so. Else spellings that fold to the same are the same.
	ExactFields bool         `json:"-"`
	Without     []CategoryID `json:"-"`                     // not in these categories
	QueryFields []string     `json:"-"`                     // the data fields whose values Query looks at; nil: all
	Cancellable bool         `json:"cancellable,omitempty"` // only with a running subscription that nobody has cancelled
	IDs         []LicenseID  `json:"ids,omitempty"`         // only these; at most 1,000
	Sort        LicenseSort  `json:"sort,omitempty"`
	Reverse     bool         `json:"reverse,omitempty"` // the opposite of the order's natural direction
	// Which page: what follows the row with the cursor After, or stands right before the one with Before, or the first.
	After  string `json:"-"`
	Before string `json:"-"`
	Limit  int    `json:"-"` // 1 to 1,000
}

// LicenseSort is an order of a list of licenses.
type LicenseSort string

// The orders of a list of licenses, each with its natural direction. What has no such day comes last.
const (
	SortCreated  LicenseSort = ""         // newest first
	SortCustomer LicenseSort = "customer" // by name
	SortEnds     LicenseSort = "ends"     // soonest first
	SortCancelBy LicenseSort = "cancelBy" // soonest last day to cancel first
	SortProduct  LicenseSort = "product"  // by name
)

// LicenseSorts are the orders that a list of licenses has.
var LicenseSorts = []LicenseSort{SortCreated, SortCustomer, SortEnds, SortCancelBy, SortProduct}

// Cursor is where a page of licenses by their creation ends that ends with l.
func (s LicenseSort) Cursor(l License) string { return string(l.ID) }

// LicenseRow is a license in a list.
type LicenseRow struct {
	ID                LicenseID
	Ticket            string // whole; pages show its beginning
	OrderNumber       string
	Group             GroupID
	GroupCode         string
	GroupName         string
	CategoryCode      string
	CategoryName      string
	ProductCode       string
	ProductName       string
	Kind              string
	Quantity          int
	Seats             int          // of one license; 0: the product has none
	State             LicenseState // as stored; see StateAt
	CreatedAt         time.Time
	ExpiresAt         *time.Time
	Ends              Day               // the last licensed day, or the last with maintenance; zero: none
	CancelBy          Day               // zero: there is no subscription, or it has ended, or ends by itself
	Discontinued      bool              // it ends because its product is no longer sold
	SubscriptionState SubscriptionState // "": none
	Customer          Customer
	DataFields        []Value
	Yearly            *Money // what a year of its subscription costs, with the seats that are agreed for later; nil: nothing, or no subscription
	Test              bool
	Cursor            string // for After and Before, in the order that was asked for
}

// StateAt is License.StateAt.
func (r LicenseRow) StateAt(t time.Time) LicenseState {
	return License{State: r.State, ExpiresAt: r.ExpiresAt}.StateAt(t)
}

// OrderFilter narrows a list of orders. Empty fields do not narrow.
type OrderFilter struct {
	Query       string       `json:"query,omitempty"` // beginnings of words: number, customer, data fields
	Product     string       `json:"product,omitempty"`
	Below       string       `json:"below,omitempty"` // a group's code: it and all below it
	Customer    CustomerID   `json:"customer,omitempty"`
	CreatedFrom Day          `json:"createdFrom,omitzero"`
	CreatedTo   Day          `json:"createdTo,omitzero"`
	DataFields  []Value      `json:"dataFields,omitempty"` // as LicenseFilter has them
	Without     []CategoryID `json:"-"`                    // no line is in these categories
	QueryFields []string     `json:"-"`                    // as LicenseFilter has them
	Sort        OrderSort    `json:"sort,omitempty"`
	Reverse     bool         `json:"reverse,omitempty"`
	// Which page: what follows the row with the cursor After, or stands right before the one with Before, or the first.
	After  string `json:"-"`
	Before string `json:"-"`
	Limit  int    `json:"-"` // 1 to 1,000
}

// OrderSort is an order of a list of orders.
type OrderSort string

// The orders of a list of orders.
const (
	OrdersByCreated  OrderSort = ""         // newest first
	OrdersByCustomer OrderSort = "customer" // by name
)

// OrderRow is an order in a list.
type OrderRow struct {
	ID         OrderID
	Number     string
	Group      GroupID
	GroupCode  string
	GroupName  string
	Customer   Customer
	DataFields []Value
	Test       bool
	CreatedAt  time.Time
	Products   []string     // names, by line
	Categories []CategoryID // by line
	Amount     *Money       // the sum of the lines; nil: nothing is charged
	Document   *Document    // the newest message about it; nil: nothing is passed on
	Cursor     string
}

// CustomerFilter narrows a list of customers. Empty fields do not narrow.
type CustomerFilter struct {
	Query   string       `json:"query,omitempty"` // beginnings of words: name, company, number, e-mail address
	Below   string       `json:"below,omitempty"` // a group's code: it and all below it
	Sort    CustomerSort `json:"sort,omitempty"`
	Reverse bool         `json:"reverse,omitempty"`
	// Which page: what follows the row with the cursor After, or stands right before the one with Before, or the first.
	After  string `json:"-"`
	Before string `json:"-"`
	Limit  int    `json:"-"` // 1 to 1,000
}

// CustomerSort is an order of a list of customers.
type CustomerSort string

// The orders of a list of customers.
const (
	CustomersByName    CustomerSort = ""        // by company, or name
	CustomersByCreated CustomerSort = "created" // newest first
)

// CustomerRow is a customer in a list.
type CustomerRow struct {
	ID        CustomerID
	Group     GroupID
	GroupCode string
	GroupName string
	Customer  Customer
	CreatedAt time.Time
	Licenses  int // within sight
	Orders    int // within sight
	Cursor    string
}

// PeopleFilter narrows and orders a list of memberships. Empty fields do not narrow.
type PeopleFilter struct {
	Query string // part of a name or an e-mail address, in any spelling that folds to the same
	Group string // a group's code
	Below bool   // with Group: the groups below it as well
	Role  Role   // empty: admins and members; service accounts are listed when they are asked for
	State PersonState
	Sort  PeopleSort
	Desc  bool // the other way round
	// Which page: what follows the membership with the id After, or stands right before the one with Before, or the first.
	After  string
	Before string
	Limit  int // 1 to 500
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
