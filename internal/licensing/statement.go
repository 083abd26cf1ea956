package licensing

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Month is a month of the calendar. The zero Month is none.
type Month struct {
	Year  int
	Month time.Month
}

// MonthOf returns the month in which a day lies.
func MonthOf(d Day) Month { return Month{d.Year, d.Month} }

// ParseMonth reads a month in the form 2027-01.
func ParseMonth(s string) (Month, error) {
	d, err := ParseDay(s + "-01")
	if err != nil {
		return Month{}, fmt.Errorf("%q is not a month of the form 2027-01", s)
	}
	return MonthOf(d), nil
}

// String returns the form 2027-01; the zero Month is the empty string.
func (m Month) String() string {
	if m == (Month{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", m.Year, m.Month)
}

// Long is the month for a person: January 2027.
func (m Month) Long() string { return fmt.Sprintf("%s %d", m.Month, m.Year) }

// MarshalText implements encoding.TextMarshaler with the form 2027-01.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; empty text is the zero Month.
func (m *Month) UnmarshalText(b []byte) (err error) {
	*m = Month{}
	if len(b) > 0 {
		*m, err = ParseMonth(string(b))
	}
	return err
}

// First is its first day.
func (m Month) First() Day { return Day{m.Year, m.Month, 1} }

// Last is its last day.
func (m Month) Last() Day { return m.First().MonthEnd() }

// Next is the month that follows.
func (m Month) Next() Month { return MonthOf(m.First().AddMonths(1)) }

// Before reports whether m comes before other.
func (m Month) Before(other Month) bool { return m.First().Before(other.First()) }

// StatementDays is how many whole days after a month's end its statements stay open, for what was done in it and is
// recorded late.
const StatementDays = 3

// ClosesOn is the day on which the clock closes the statements of a month.
func (m Month) ClosesOn() Day { return m.Last().AddDays(StatementDays + 1) }

// StatementID names a Statement.
type StatementID string

// EntryID names a StatementEntry.
type EntryID string

// EntryKind says what an entry of a statement is about.
type EntryKind string

// The kinds of entries.
const (
	EntryCreated    EntryKind = "created"    // a line was ordered, with all its licenses
	EntryExtended   EntryKind = "extended"   // a subscription got its next period
	EntryCharged    EntryKind = "charged"    // something was charged during a period
	EntryCredited   EntryKind = "credited"   // days of a period were charged back, for the subscription ends before them
	EntryRevoked    EntryKind = "revoked"    // a license is not to be used any more
	EntryReinstated EntryKind = "reinstated" // one that was revoked may be used again
)

// StatementEntry is one thing that happened to the licenses of a group, as it was then. It is never changed, and stands in
// one statement: that of its month, or, when that was closed before it was recorded, in the next that is closed.
type StatementEntry struct {
	ID          EntryID   `json:"id"`
	Group       GroupID   `json:"-"` // that owned the license
	Key         string    `json:"-"` // what it is about: so one thing is entered once
	On          Day       `json:"on"`
	Kind        EntryKind `json:"kind"`
	OrderNumber string    `json:"orderNumber"`
	DataFields  []Value   `json:"dataFields,omitempty"` // of the order, but hidden ones: the reseller's own order number, …
	Customer    Customer  `json:"customer"`
	ProductCode string    `json:"product"`
	ProductName string    `json:"productName"`
	Quantity    int       `json:"quantity"`         // of licenses, for every kind
	Units       int64     `json:"units,omitempty"`  // how many are charged: seats × quantity, also where they cost nothing; less than 0 when they are charged back; 0 for an entry that charges none
	Unit        *Money    `json:"unit,omitempty"`   // the price of one, where it is known
	Amount      *Money    `json:"amount,omitempty"` // nil: no charge
	Period      *Period   `json:"period,omitempty"` // of an extension; of a charge the days that it is for
	Reason      string    `json:"reason,omitempty"`
	// Stored is how it is stored, as JSON: what a closed statement's hash is over, so that what entries are given later
	// does not change it. Empty for one that is not stored.
	Stored string `json:"-"`
}

// Statement is what happened to the licenses of a group in a month.
type Statement struct {
	ID        StatementID
	Group     GroupID
	GroupCode string
	GroupName string
	Month     Month
	ClosedAt  time.Time        // business clock; zero: it is open, and more may come
	Count     int              // of entries
	Sums      []Money          // of amounts, one for each currency, by currency
	Hash      string           // hexadecimal SHA-256 of what it says; empty while it is open
	Entries   []StatementEntry // by day; nil in lists
	Documents []Document       // what other systems were told of it, oldest first; nil in lists
}

// Open reports whether more may come.
func (s Statement) Open() bool { return s.ClosedAt.IsZero() }

// Corrects returns the month of an entry that was recorded after that month was closed; ok is false for one of the
// statement's own month.
func (s Statement) Corrects(e StatementEntry) (m Month, ok bool) {
	m = MonthOf(e.On)
	return m, m.Before(s.Month)
}

// SumOf adds amounts up, for each currency by itself.
func SumOf(entries []StatementEntry) []Money {
	sums := map[string]int64{}
	for _, e := range entries {
		if e.Amount != nil {
			sum, more := sums[e.Amount.Currency], e.Amount.Minor
			if more > math.MaxInt64-max(sum, 0) {
				more = math.MaxInt64 - sum // as the amount of a period that no integer holds
			}
			sums[e.Amount.Currency] = sum + more
		}
	}
	all := make([]Money, 0, len(sums))
	for currency, minor := range sums {
		all = append(all, Money{Minor: minor, Currency: currency})
	}
	slices.SortFunc(all, func(a, b Money) int { return strings.Compare(a.Currency, b.Currency) })
	return all
}

// Sealed returns the statement closed at an instant: with count, sums and hash of its entries.
func (s Statement) Sealed(at time.Time) Statement {
	s.ClosedAt, s.Count, s.Sums = at, len(s.Entries), SumOf(s.Entries)
	s.Hash = s.hash()
	return s
}

// Whole reports whether a closed statement says what it said when it was closed.
func (s Statement) Whole() bool { return s.Hash == s.hash() }

// hash is over {"group":…,"month":…,"entries":[…]}, without blanks, with every entry as it is stored.
func (s Statement) hash() string {
	h := sha256.New()
	group, _ := json.Marshal(s.GroupCode) // a text always encodes
	fmt.Fprintf(h, `{"group":%s,"month":"%s","entries":[`, group, s.Month)
	for i, e := range s.Entries {
		if i > 0 {
			h.Write([]byte{','})
		}
		h.Write([]byte(e.Stored))
	}
	h.Write([]byte("]}"))
	return hex.EncodeToString(h.Sum(nil))
}

// NextToClose returns the month whose statements are closed next: the one after the newest that is closed, or a later one
// when nothing was recorded for it. oldest is the day of the oldest entry that is in no statement.
func NextToClose(newest Month, oldest Day) Month {
	m := MonthOf(oldest)
	if newest != (Month{}) && !newest.Before(m) {
		return newest.Next()
	}
	return m
}
