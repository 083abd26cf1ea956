package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// pageSize is how many rows a list shows.
const pageSize = 25

// shownTicket is how many characters of a ticket lists and addresses show: two groups.
const shownTicket = 11

// licensesPage is what the list of licenses shows.
type licensesPage struct {
	ordering.LicensePage
	Filter licenseQuery
	Book   offerBook
}

// licenseQuery is the list's address: everything that narrows, sorts and pages it.
type licenseQuery struct {
	Query string
	State licensing.LicenseState
	Type  string // "subscription" or ""
	Sort  licensing.LicenseSort
	After string // the cursor of the page before
	From  int    // how many rows stand before this page
}

func (s *site) licenses(v *visit) error {
	q := readLicenseQuery(v)
	if ticket, err := licensing.ParseTicket(q.Query); err == nil { // it stands in no address; without scripts it came so far
		return v.goTo(query(at(v.ctx(), "licenses"), "q", ticket[:shownTicket]))
	}
	page := licensesPage{Filter: q}
	var err error
	page.LicensePage, err = s.services.Ordering.Licenses(v.ctx(), v.actor, licensing.LicenseFilter{
		Query: q.Query, State: q.State, Kind: q.Type, Sort: q.Sort, After: q.After, Limit: pageSize,
	})
	if err != nil {
		return err
	}
	if _, page.Book, err = s.offersFor(v); err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, licenseResults(page))
	}
	return v.show(http.StatusOK, licenses(page))
}

// readLicenseQuery reads the address. What it does not know narrows nothing.
func readLicenseQuery(v *visit) licenseQuery {
	q := licenseQuery{Query: strings.TrimSpace(v.Query("q")), After: v.Query("after")}
	if n, err := strconv.Atoi(v.Query("from")); err == nil && n > 0 && q.After != "" {
		q.From = n
	}
	for _, state := range licenseStates {
		if v.Query("state") == string(state) {
			q.State = state
		}
	}
	if v.Query("type") == "subscription" {
		q.Type = "subscription"
	}
	if v.Query("sort") == string(licensing.SortCancelBy) {
		q.Sort = licensing.SortCancelBy
	}
	return q
}

// licenseStates are the states that one can ask for.
var licenseStates = []licensing.LicenseState{licensing.LicenseActive, licensing.LicenseExpired, licensing.LicenseSuspended, licensing.LicenseRevoked}

// address is the list's address with a query; another query begins at its first page.
func (q licenseQuery) address(ctx context.Context) string {
	from := ""
	if q.After != "" {
		from = strconv.Itoa(q.From)
	}
	return query(at(ctx, "licenses"), "q", q.Query, "state", string(q.State), "type", q.Type, "sort", string(q.Sort), "after", q.After, "from", from)
}

func (q licenseQuery) withState(s licensing.LicenseState) licenseQuery {
	q.State, q.After, q.From = s, "", 0
	return q
}

func (q licenseQuery) withType(t string) licenseQuery {
	q.Type, q.After, q.From = t, "", 0
	return q
}

func (q licenseQuery) withSort(s licensing.LicenseSort) licenseQuery {
	q.Sort, q.After, q.From = s, "", 0
	return q
}

func (q licenseQuery) first() licenseQuery { return q.withSort(q.Sort) }

// next is the page after this one, which shows n rows and ends at a cursor.
func (q licenseQuery) next(cursor string, n int) licenseQuery {
	q.After, q.From = cursor, q.From+n
	return q
}

// narrowed reports whether anything is asked for at all.
func (q licenseQuery) narrowed() bool {
	return q.Query != "" || q.State != "" || q.Type != "" || q.Sort == licensing.SortCancelBy
}

// count is the second line of the page: "61 of 214 in Northwind".
func (p licensesPage) count(ctx context.Context) string {
	group := visitOf(ctx).actor.GroupName
	if p.Filter.narrowed() {
		return T(ctx, "licenses.some", "N", number(p.Total), "All", number(p.All), "Group", group)
	}
	return T(ctx, "licenses.all", "Count", p.All, "N", number(p.All), "Group", group)
}

// rows is "1 to 25 of 61".
func (p licensesPage) rows(ctx context.Context) string {
	return T(ctx, "licenses.rows", "From", number(p.Filter.From+1), "To", number(p.Filter.From+len(p.Licenses)), "N", number(p.Total))
}

// ends is the last licensed day of a license in the list, and for maintenance the last day with it.
func ends(ctx context.Context, l licensing.License) string {
	if day, ok := lastDayOf(ctx, l); ok {
		return dayShort(ctx, day)
	}
	if !l.MaintenanceUntil.IsZero() {
		return dayShort(ctx, l.MaintenanceUntil)
	}
	return ""
}

// booksNumber is the first data field of an order, which is how the buyer calls it.
func booksNumber(fields []licensing.Value) string {
	if len(fields) == 0 {
		return ""
	}
	return fields[0].Value
}
