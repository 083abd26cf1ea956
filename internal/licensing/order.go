package licensing

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Customer is for whom something was bought.
type Customer struct {
	Number   string `json:"number,omitempty"`
	Name     string `json:"name"`
	Company  string `json:"company,omitempty"`
	Email    string `json:"email,omitempty"`
	Country  string `json:"country,omitempty"`  // ISO 3166-1 alpha-2
	Language string `json:"language,omitempty"` // BCP 47
}

// Order is what was bought, for which customer. Everything of it that a reader with sight may see is here.
type Order struct {
	ID         OrderID   `json:"-"`
	Number     string    `json:"number"`
	Group      GroupID   `json:"-"`
	GroupCode  string    `json:"group"`
	GroupName  string    `json:"groupName"`
	Customer   Customer  `json:"customer"`
	DataFields []Value   `json:"dataFields,omitempty"`
	Test       bool      `json:"test,omitempty"`
	CreatedAt  time.Time `json:"createdAt"`
	CreatedBy  string    `json:"createdBy"` // the name of who created it; "" when he stands beyond the reader's sight
	// Creator is the membership that created it.
	Creator   MembershipID `json:"-"`
	Lines     []Line       `json:"lines"`
	Licenses  []License    `json:"licenses"`
	Documents []Document   `json:"documents,omitempty"`
}

// OrderWay is how far an order is, without what it consists of: pages ask for it again and again.
type OrderWay struct {
	Number    string
	Group     GroupID
	CreatedAt time.Time
	Parts     []OrderPart // by group: licenses move
	Documents []Document
}

// OrderPart is how many of an order's licenses are in a group.
type OrderPart struct {
	Group    GroupID
	Licenses int
	Signed   int // those that have a license file
}

// Way is how far the order is.
func (o Order) Way() OrderWay {
	way := OrderWay{Number: o.Number, Group: o.Group, CreatedAt: o.CreatedAt, Documents: o.Documents}
	at := map[GroupID]int{}
	for _, l := range o.Licenses {
		i, ok := at[l.Group]
		if !ok {
			i = len(way.Parts)
			at[l.Group] = i
			way.Parts = append(way.Parts, OrderPart{Group: l.Group})
		}
		way.Parts[i].Licenses++
		if l.File != "" {
			way.Parts[i].Signed++
		}
	}
	return way
}

// Licenses is how many licenses there are, and how many of them have a license file.
func (w OrderWay) Licenses() (all, signed int) {
	for _, p := range w.Parts {
		all += p.Licenses
		signed += p.Signed
	}
	return all, signed
}

// Line is one offer with a quantity.
type Line struct {
	ID           LineID     `json:"-"`
	Order        OrderID    `json:"-"`
	Position     int        `json:"position"` // from 1
	ExternalLine string     `json:"externalLine,omitempty"`
	Category     CategoryID `json:"-"`
	CategoryCode string     `json:"category"`
	CategoryName string     `json:"categoryName"`
	Product      ProductID  `json:"-"`
	ProductCode  string     `json:"product"`
	ProductName  string     `json:"productName"`
	Quantity     int        `json:"quantity"`
	Unit         *Money     `json:"unit,omitempty"`   // the price of one
	Units        int64      `json:"units,omitempty"`  // how many are charged: seats × quantity
	Amount       *Money     `json:"amount,omitempty"` // Unit × Units; nil: no charge
	Tickets      []string   `json:"tickets,omitempty"`
}

// MaxExternalLine is how many characters the name of a line has at most that another system gave it.
const MaxExternalLine = 255

// CheckExternalLine returns the name that another system has for a line, cleaned; empty is none.
func CheckExternalLine(name string) (string, error) {
	var problems Problems
	checkLine(&problems, "externalLine", &name, 0, MaxExternalLine)
	return name, problems.OrNil()
}

// LineDataFields are the data fields that a line was created with: those of its licenses. Lines of one order may differ.
func (o Order) LineDataFields(line LineID) []Value {
	for _, l := range o.Licenses {
		if l.Line == line {
			return l.DataFields
		}
	}
	return nil
}

// DifferingFields are the names of the data fields that the lines have each for itself, because they differ. A line that is added
// says those anew; of all others it has what the order has.
func (o Order) DifferingFields() map[string]bool {
	differing := map[string]bool{}
	for _, l := range o.Lines {
		for _, v := range o.LineDataFields(l.ID) {
			if _, ok := ValueOf(o.DataFields, v.Name); !ok {
				differing[v.Name] = true
			}
		}
	}
	return differing
}

// LicenseState is where a license stands.
type LicenseState string

// The states of a license. Expired follows from the expiration time and is not stored.
const (
	LicenseActive    LicenseState = "active"
	LicenseSuspended LicenseState = "suspended"
	LicenseRevoked   LicenseState = "revoked"
	LicenseExpired   LicenseState = "expired"
	LicenseDeleted   LicenseState = "deleted" // a test license that nobody finds any more; row, ticket and audit stay
)

// License is what the customer gets. The ticket is its public name: no password, but it stands in no address and no
// log.
type License struct {
	ID               LicenseID     `json:"id"`
	Ticket           string        `json:"ticket"` // in groups, as people read it
	Order            OrderID       `json:"-"`
	OrderNumber      string        `json:"orderNumber"`
	Line             LineID        `json:"-"`
	Group            GroupID       `json:"-"`
	GroupCode        string        `json:"group"`
	GroupName        string        `json:"groupName"`
	CategoryCode     string        `json:"category"`
	CategoryName     string        `json:"categoryName"`
	ProductCode      string        `json:"product"`
	ProductName      string        `json:"productName"`
	Quantity         int           `json:"quantity"`
	State            LicenseState  `json:"state"` // as stored; see StateAt
	CreatedAt        time.Time     `json:"createdAt"`
	ExpiresAt        *time.Time    `json:"expiresAt,omitempty"`        // the instant from which it is not licensed
	MaintenanceUntil Day           `json:"maintenanceUntil,omitempty"` // the last day with maintenance; zero: none
	Parameters       []Value       `json:"parameters,omitempty"`
	DataFields       []Value       `json:"dataFields,omitempty"` // the order's, until the license is modified
	Customer         Customer      `json:"customer"`             // the order's, until the license is modified
	CustomerID       CustomerID    `json:"-"`                    // in the license's group
	FileForm         FileForm      `json:"-"`
	File             string        `json:"file,omitempty"` // the newest license file
	FileIssuedAt     time.Time     `json:"fileIssuedAt,omitzero"`
	Subscription     *Subscription `json:"subscription,omitempty"`
	Test             bool          `json:"test,omitempty"`
	Definitions      []Parameter   `json:"-"` // what the product says of its parameters
	Price            *Money        `json:"-"` // what one unit of the product costs now; nil: no charge
	Version          int64         `json:"-"`
}

// StateAt is the state at an instant: an active license whose expiration has come is expired.
func (l License) StateAt(t time.Time) LicenseState {
	if l.State == LicenseActive && l.ExpiresAt != nil && !t.Before(*l.ExpiresAt) {
		return LicenseExpired
	}
	return l.State
}

// HistoryEntry is one thing that happened to an order or a license, from the audit trail.
type HistoryEntry struct {
	At        time.Time // business time
	By        string    // the name of who did it; empty when that is from above
	ByGroup   string    // the code of the group that he acted in; empty for the clock, and when that is from above
	FromAbove bool      // it was done by somebody beyond the reader's sight, who is not named
	Action    string    // "license.created", "subscription.extended", …
	Detail    []Value
}

// OrderNumber makes the number that people and other systems call an order by: K, the year of its creation in the
// ISV's zone, and a number that is never used twice.
func OrderNumber(created Day, seq int64) string {
	return fmt.Sprintf("K%02d-%d", created.Year%100, orderNumberBase+seq)
}

// ParseOrderNumber returns the sequence number in an order number. Whether the year fits, its reader checks.
func ParseOrderNumber(s string) (seq int64, ok bool) {
	year, n, found := strings.Cut(strings.ToUpper(strings.TrimSpace(s)), "-")
	if !found || len(year) != 3 || year[0] != 'K' || len(n) > 15 {
		return 0, false
	}
	number, err := strconv.ParseInt(n, 10, 64)
	return number - orderNumberBase, err == nil && number > orderNumberBase
}

// orderNumberBase makes the first order number have five digits, as the following ones.
const orderNumberBase = 10000
