package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/access"
	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// pageSize is how many rows a list shows.
const pageSize = 25

// shownTicket is how many characters of a ticket lists and addresses show: two groups.
const shownTicket = 11

// licensesPage is what the list of licenses shows.
type licensesPage struct {
	listView
	Licenses []licensing.LicenseRow
	Moved    movedLicenses
}

// licenseFilters are the names that the list's address knows.
var licenseFilters = []string{
	"q", "state", "type", "product", "category", "below", "customer", "createdFrom", "createdTo", "endsFrom", "endsTo", "sort", "dir",
}

func (s *site) licenses(v *visit) error {
	q := readList(v, licenseFilters, "licenses")
	if ticket, err := licensing.ParseTicket(q.get("q")); err == nil { // it stands in no address; without scripts it came so far
		return v.goTo(q.with("q", ticket[:shownTicket]).address(v.ctx()))
	}
	choices, err := s.choicesOf(v)
	if err != nil {
		return err
	}
	page := licensesPage{Moved: readMoved(v, choices.Groups), listView: listView{Query: q, Name: "licenses", Find: T(v.ctx(), "licenses.find"), Columns: licenseColumns(v.ctx(), choices)}}
	if s.chosenColumns(v, page.Name, page.Columns) {
		return v.goTo(q.address(v.ctx()))
	}
	f := licenseFilterOf(q)
	f.Limit = pageSize
	found, err := s.services.Ordering.LicenseList(v.ctx(), v.actor, f)
	if err != nil {
		return err
	}
	page.Licenses, page.Page, page.Rows = found.Licenses, found.Page, len(found.Licenses)
	page.Filters = licenseFilterForm(v.ctx(), q, choices)
	if page.Chips, err = s.licenseChips(v, q, page.Filters); err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, licenseResults(page))
	}
	return v.show(http.StatusOK, licenses(page))
}

// licenseFilterOf turns an address into what the use case takes.
func licenseFilterOf(q listQuery) licensing.LicenseFilter {
	f := licensing.LicenseFilter{
		Query: q.get("q"), Product: q.get("product"), Category: q.get("category"), Below: q.get("below"), Customer: licensing.CustomerID(q.get("customer")),
		CreatedFrom: q.day("createdFrom"), CreatedTo: q.day("createdTo"), EndsFrom: q.day("endsFrom"), EndsTo: q.day("endsTo"),
		Sort: licensing.LicenseSort(q.get("sort")), Reverse: q.reverse(), After: q.After, Before: q.Before, DataFields: q.fields(),
	}
	if slices.Contains(licenseKinds, licensing.ProductKind(q.get("type"))) {
		f.Kind = q.get("type")
	}
	for _, state := range licenseStates {
		for _, wanted := range q.Values["state"] {
			if wanted == string(state) {
				f.States = append(f.States, state)
			}
		}
	}
	return f
}

// fields are the data fields that narrow.
func (q listQuery) fields() (all []licensing.Value) {
	for _, v := range q.hidden() {
		if name, ok := strings.CutPrefix(v.Name, fieldFilter); ok {
			all = append(all, licensing.Value{Name: name, Value: v.Value})
		}
	}
	return all
}

// licenseStates are the states that one can ask for.
var licenseStates = []licensing.LicenseState{licensing.LicenseActive, licensing.LicenseExpired, licensing.LicenseSuspended, licensing.LicenseRevoked}

// licenseKinds are the kinds of products that one can ask for.
var licenseKinds = []licensing.ProductKind{licensing.KindPerpetual, licensing.KindLimited, licensing.KindSubscription, licensing.KindKey}

// listChoices are the names that filters offer.
type listChoices struct {
	catalog.Choices
	Groups []access.GroupName
}

// choicesOf asks for what filters offer: what the actor may license, and the groups that he sees.
func (s *site) choicesOf(v *visit) (c listChoices, err error) {
	if c.Choices, err = s.services.Catalog.Choices(v.ctx(), v.actor); err != nil {
		return c, err
	}
	c.Groups, err = s.groupChoices(v)
	return c, err
}

// groupChoices are the groups that filters offer; none when the actor sees his own alone.
func (s *site) groupChoices(v *visit) ([]access.GroupName, error) {
	if !v.actor.Role.Below() {
		return nil, nil
	}
	return s.services.People.GroupNames(v.ctx(), v.actor)
}

// licenseColumns are the columns of the list, the usual ones shown.
func licenseColumns(ctx context.Context, choices listChoices) []listColumn {
	all := []listColumn{
		{Name: "ticket", Label: T(ctx, "license.ticket"), Shown: true, Fixed: true},
		{Name: "license", Label: T(ctx, "license.license"), Shown: true, Fixed: true, Sorts: true, Sort: string(licensing.SortProduct)},
		{Name: "seats", Label: T(ctx, "license.seats"), Shown: true, Num: true},
		{Name: "quantity", Label: T(ctx, "lists.quantity"), Num: true},
		{Name: "customer", Label: T(ctx, "license.customer"), Shown: true, Sorts: true, Sort: string(licensing.SortCustomer)},
		{Name: "customerNumber", Label: T(ctx, "lists.customerNumber")},
		{Name: "email", Label: T(ctx, "lists.email")},
		{Name: "order", Label: T(ctx, "license.order"), Shown: len(choices.Groups) < 2},
		{Name: "number", Label: T(ctx, "license.yourNumber"), Shown: true},
		{Name: "group", Label: T(ctx, "license.group"), Shown: len(choices.Groups) > 1},
		{Name: "category", Label: T(ctx, "license.category")},
		{Name: "created", Label: T(ctx, "license.created"), Sorts: true, Sort: string(licensing.SortCreated), Down: true},
		{Name: "ends", Label: T(ctx, "license.ends"), Shown: true, Sorts: true, Sort: string(licensing.SortEnds)},
		{Name: "cancelBy", Label: T(ctx, "license.cancelBy"), Shown: true, Sorts: true, Sort: string(licensing.SortCancelBy)},
		{Name: "yearly", Label: T(ctx, "lists.yearly"), Num: true},
		{Name: "state", Label: T(ctx, "license.state"), Shown: true},
	}
	return append(all, fieldColumns(choices)...)
}

// fieldColumns are the data fields as columns.
func fieldColumns(choices listChoices) (all []listColumn) {
	for _, d := range choices.Fields {
		label := d.Label
		if label == "" {
			label = d.Name
		}
		all = append(all, listColumn{Name: fieldFilter + d.Name, Label: label})
	}
	return all
}

// licenseFilterForm are the filters of the list.
func licenseFilterForm(ctx context.Context, q listQuery, choices listChoices) []listFilter {
	states := listFilter{Name: "state", Label: T(ctx, "license.state"), Kind: "checks", Closed: true}
	for _, s := range licenseStates {
		states.Options = append(states.Options, option(q, "state", string(s), T(ctx, "state."+string(s))))
	}
	kinds := listFilter{Name: "type", Label: T(ctx, "filter.type"), Kind: "select", Closed: true}
	for _, k := range licenseKinds {
		kinds.Options = append(kinds.Options, option(q, "type", string(k), T(ctx, "lists.kind."+string(k))))
	}
	all := []listFilter{states, kinds}
	all = append(all, catalogFilters(ctx, q, choices)...)
	all = append(all, dayFilters(ctx, q, "createdFrom", "createdTo", "endsFrom", "endsTo")...)
	return append(all, fieldFilters(q, choices)...)
}

// catalogFilters are the filters by product, category and group.
func catalogFilters(ctx context.Context, q listQuery, choices listChoices) (all []listFilter) {
	products := listFilter{Name: "product", Label: T(ctx, "lists.product"), Kind: "select"}
	categories := listFilter{Name: "category", Label: T(ctx, "license.category"), Kind: "select"}
	for _, c := range choices.Categories {
		categories.Options = append(categories.Options, option(q, "category", c.Code, c.Name))
	}
	for _, p := range choices.Products {
		products.Options = append(products.Options, option(q, "product", p.Code, p.Name))
	}
	all = append(all, products, categories)
	if len(choices.Groups) > 1 {
		groups := listFilter{Name: "below", Label: T(ctx, "license.group"), Kind: "select"}
		for _, g := range choices.Groups {
			groups.Options = append(groups.Options, option(q, "below", g.Code, g.Name))
		}
		all = append(all, groups)
	}
	return all
}

// dayFilters are filters by days.
func dayFilters(ctx context.Context, q listQuery, names ...string) (all []listFilter) {
	for _, name := range names {
		all = append(all, listFilter{Name: name, Label: T(ctx, "lists."+name), Kind: "day", Value: q.get(name)})
	}
	return all
}

// fieldFilters are filters by data fields.
func fieldFilters(q listQuery, choices listChoices) (all []listFilter) {
	for _, c := range fieldColumns(choices) {
		all = append(all, listFilter{Name: c.Name, Label: c.Label, Kind: "text", Value: q.get(c.Name)})
	}
	return all
}

// option is one choice of a filter.
func option(q listQuery, name, value, text string) listOption {
	o := listOption{Value: value, Text: text}
	for _, v := range q.Values[name] {
		o.Chosen = o.Chosen || v == value
	}
	return o
}

// licenseChips are the filters that hold.
func (s *site) licenseChips(v *visit, q listQuery, filters []listFilter) ([]listChip, error) {
	chips := filterChips(v.ctx(), q, filters)
	if id := q.get("customer"); id != "" {
		name := T(v.ctx(), "lists.unknown")
		c, err := s.services.Ordering.Customer(v.ctx(), v.actor, licensing.CustomerID(id))
		switch {
		case err == nil:
			name = customerName(c.Customer)
		case licensing.AsError(err).Kind != licensing.NotFound:
			return nil, err
		}
		chips = append(chips, listChip{T(v.ctx(), "license.customer"), name, q.with("customer").address(v.ctx())})
	}
	return chips, nil
}

// filterChips are the filters of a form that hold, in words.
func filterChips(ctx context.Context, q listQuery, filters []listFilter) (chips []listChip) {
	for _, f := range filters {
		values := q.Values[f.Name]
		if len(values) == 0 {
			continue
		}
		var words []string
		for _, o := range f.Options {
			if o.Chosen {
				words = append(words, lowerFirst(o.Text, f.Closed))
			}
		}
		if f.Kind == "day" {
			if day := q.day(f.Name); !day.IsZero() {
				words = []string{dayShort(ctx, day)}
			}
		}
		if len(words) == 0 && (f.Closed || f.Kind == "day") {
			continue // what there is not narrows nothing
		}
		if len(words) == 0 {
			words = values
		}
		chips = append(chips, listChip{f.Label, either(ctx, words), q.with(f.Name).address(ctx)})
	}
	if code := q.get("below"); code != "" && !slices.ContainsFunc(filters, func(f listFilter) bool { return f.Name == "below" }) { // it narrows, also who has no choice of groups
		chips = append(chips, listChip{T(ctx, "license.group"), code, q.with("below").address(ctx)})
	}
	return chips
}

// lowerFirst makes the first letter of a word small, where it stands inside of a line.
func lowerFirst(s string, inside bool) string {
	if !inside || s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// count is the second line of the page: "61 of 214 in Northwind".
func (p licensesPage) count(ctx context.Context) string {
	group := visitOf(ctx).actor.GroupName
	if p.Query.narrowed() {
		return T(ctx, "licenses.some", "N", countText(ctx, p.Page.Found), "All", countText(ctx, p.Page.All), "Group", group)
	}
	if p.Page.All.More {
		return T(ctx, "lists.manyLicenses", "N", countText(ctx, p.Page.All), "Group", group)
	}
	return T(ctx, "licenses.all", "Count", p.Page.All.N, "N", number(p.Page.All.N), "Group", group)
}

// bulkWords are the words of the bar that stands under a choice of licenses, for the script that adds up.
func bulkWords(ctx context.Context) templ.Attributes {
	return templ.Attributes{
		"data-chosen": T(ctx, "lists.chosen", "N", "#"), "data-seats": T(ctx, "lists.chosenSeats", "N", "#"), "data-yearly": T(ctx, "lists.chosenYearly", "N", "#"),
	}
}

// yearlyMinor is what a row adds to the worth of a choice.
func yearlyMinor(r licensing.LicenseRow) string {
	if r.Yearly == nil {
		return ""
	}
	return strconv.FormatInt(r.Yearly.Minor, 10) + " " + r.Yearly.Currency
}

// seatsOf is how many seats a row has; 0 when its product has none.
func seatsOf(r licensing.LicenseRow) string {
	if r.Seats == 0 {
		return ""
	}
	return number(r.Seats)
}

// booksNumber is the first data field of an order that is shown, which is how the buyer calls it.
func booksNumber(fields []licensing.Value) string {
	if len(fields) == 0 {
		return ""
	}
	return fields[0].Value
}

// fieldOf is the value of the data field that a column shows.
func fieldOf(column string, fields []licensing.Value) string {
	value, _ := licensing.ValueOf(fields, strings.TrimPrefix(column, fieldFilter))
	return value
}
