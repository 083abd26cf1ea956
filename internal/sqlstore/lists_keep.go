package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// never stands for a day that a row does not have: it sorts after every day.
const never = "~"

// shownLicense is what a row of the list shows and nothing is sorted or narrowed by.
type shownLicense struct {
	Ticket      string             `json:"t"`
	OrderNumber string             `json:"o"`
	ProductCode string             `json:"p"`
	ProductName string             `json:"n"`
	Quantity    int                `json:"q"`
	Seats       int                `json:"s,omitempty"`
	CreatedAt   time.Time          `json:"c"`
	Customer    licensing.Customer `json:"u"`
	DataFields  []licensing.Value  `json:"f,omitempty"`
	Yearly      *licensing.Money   `json:"y,omitempty"`
	Test        bool               `json:"x,omitempty"`
	// Discontinued: its subscription ends because its product is no longer sold.
	Discontinued bool `json:"z,omitempty"`
}

// relist brings the list up to date with what this transaction wrote: of licenses, their subscriptions, their customers.
// Methods that write such say so in t.stale; the list is written at the end, or when somebody looks at it, so that a license
// of which several things change is listed once.
func (t *tx) relist(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(t.stale)) { // in one order for all, so that none waits for another in a circle
		if t.stale[id] {
			if err := t.q.TouchLicense(ctx, db.TouchLicenseParams{ID: string(id), ChangedAt: &t.now.Business}); err != nil {
				return err
			}
		}
		if err := t.relistLicense(ctx, id); err != nil {
			return err
		}
	}
	clear(t.stale)
	return nil
}

func (t *tx) relistLicense(ctx context.Context, id licensing.LicenseID) error {
	r, err := one(t.q.LicenseToList(ctx, string(id)))
	if err != nil {
		return err
	}
	arg := db.ListLicenseParams{
		ID: r.ID, GroupID: r.GroupID, CategoryID: r.CategoryID, ProductID: r.ProductID, CustomerID: r.CustomerID, State: r.State,
		Subscription: value(r.SubscriptionState), Kind: r.Kind, ExpiresAt: r.ExpiresAt, ChangedAt: r.ChangedAt, CreatedDay: r.CreatedDay,
		ByEnds: never, ByCancel: never, ByProduct: sortKey(r.ProductName),
	}
	shown, err := shownOf(r)
	if err != nil {
		return err
	}
	if r.ExpiresAt != nil {
		arg.ByEnds = licensing.DayOf(r.ExpiresAt.Add(-time.Microsecond), t.now.Zone).String()
	} else if r.MaintenanceUntil != "" {
		arg.ByEnds = r.MaintenanceUntil
	}
	if arg.ByCancel, shown.Discontinued, err = listedCancelBy(r); err != nil {
		return err
	}
	arg.Shown, arg.ByCustomer = toJSON(shown), sortKey(displayName(shown.Customer))
	var words vocabulary
	words.addTicket(shown.Ticket)
	words.addOrder(shown.OrderNumber)
	words.addCustomer(shown.Customer)
	words.addFields(shown.DataFields)
	arg.Words = words.text()
	seq, err := t.q.ListLicense(ctx, arg)
	if err != nil {
		return err
	}
	return t.reword(ctx, "license_word", seq, wordsIn(r.Words), words.words)
}

// listedCancelBy is the last day to cancel of a subscription that runs; never when it runs out by itself, and whether that is
// because its product is no longer sold.
func listedCancelBy(r db.LicenseToListRow) (by string, discontinued bool, err error) {
	s := licensing.Subscription{State: licensing.SubscriptionState(value(r.SubscriptionState))}
	switch s.State {
	case licensing.SubscriptionCancelled:
		return value(r.CancelBy), false, nil
	case licensing.SubscriptionActive:
	default:
		return never, false, nil
	}
	if s.Plan, err = fromJSON[licensing.Plan](value(r.Plan)); err != nil {
		return never, false, err
	}
	if r.Unextended != "" {
		if s.Unextended, err = fromJSON[[]licensing.Span](r.Unextended); err != nil {
			return never, false, err
		}
	}
	last := licensing.Period{Number: int(value(r.LastNumber))}
	if last.CancelBy, err = parseDay(value(r.CancelBy)); err != nil {
		return never, false, err
	}
	s.Periods = []licensing.Period{last}
	if !s.Extends() {
		return never, s.Discontinued(), nil
	}
	return value(r.CancelBy), false, nil
}

func shownOf(r db.LicenseToListRow) (s shownLicense, err error) {
	day, err := parseDay(r.OrderDay)
	if err != nil {
		return s, err
	}
	s = shownLicense{
		Ticket: r.Ticket, OrderNumber: licensing.OrderNumber(day, r.OrderSeq), ProductCode: r.ProductCode, ProductName: r.ProductName,
		Quantity: int(r.Quantity), CreatedAt: utc(r.CreatedAt), Test: r.Test,
	}
	if s.Customer, err = fromJSON[licensing.Customer](cmp.Or(r.OwnCustomer, r.Customer)); err != nil {
		return s, err
	}
	if s.DataFields, err = fromJSON[[]licensing.Value](cmp.Or(r.OwnDataFields, r.DataFields)); err != nil {
		return s, err
	}
	p := licensing.Product{}
	if p.Parameters, err = fromJSON[[]licensing.Parameter](r.Definitions); err != nil {
		return s, err
	}
	params, err := fromJSON[[]licensing.Value](r.Parameters)
	if err != nil {
		return s, err
	}
	if slices.ContainsFunc(p.Parameters, func(d licensing.Parameter) bool { return d.Sets == licensing.SetsSeats }) {
		s.Seats = int(licensing.Seats(params, p.Parameters))
	}
	if state := licensing.SubscriptionState(value(r.SubscriptionState)); state == licensing.SubscriptionActive || state == licensing.SubscriptionCancelled {
		plan, err := fromJSON[licensing.Plan](value(r.Plan))
		if err != nil {
			return s, err
		}
		p.Price = amount(r.PriceMinor, r.PriceCurrency)
		if plan.ExtensionPrice == licensing.PriceKept {
			p.Price = amount(r.UnitMinor, r.UnitCurrency)
		}
		then := licensing.License{Parameters: params, Subscription: &licensing.Subscription{}}
		if c := value(r.Coming); c != "" {
			if then.Subscription.Coming, err = fromJSON[[]licensing.Coming](c); err != nil {
				return s, err
			}
		}
		last := int(value(r.LastNumber))
		if state == licensing.SubscriptionActive { // what is agreed to come with the period that follows counts as well
			last++
		}
		s.Yearly = yearly(p, plan.ExtensionTerm(), then.ParametersIn(last), s.Quantity)
	}
	return s, nil
}

// yearly is what a year of a subscription costs; nil when nothing is charged, or more than can be billed.
func yearly(p licensing.Product, term licensing.Term, params []licensing.Value, quantity int) *licensing.Money {
	const daysOfMonth = 30
	_, _, amount, err := licensing.Price(p, params, quantity)
	days := int64(term.Months*daysOfMonth + term.Days)
	if err != nil || amount == nil || days <= 0 {
		return nil
	}
	return &licensing.Money{Minor: amount.Minor * 12 * daysOfMonth / days, Currency: amount.Currency}
}

// displayName is what a customer is called and sorted by: the company, or the name.
func displayName(c licensing.Customer) string {
	if strings.TrimSpace(c.Company) != "" {
		return c.Company
	}
	return c.Name
}

// listOrder puts an order into the list. Nothing that stands there changes later.
func (t *tx) listOrder(ctx context.Context, seq int64, id, group, customerID, day string, c licensing.Customer, fields []licensing.Value) error {
	created, err := parseDay(day)
	if err != nil {
		return err
	}
	var words vocabulary
	words.addOrder(licensing.OrderNumber(created, seq))
	words.addCustomer(c)
	words.addFields(fields)
	err = t.q.ListOrder(ctx, db.ListOrderParams{
		Seq: seq, ID: id, GroupID: group, CustomerID: customerID, CreatedDay: day, ByCustomer: sortKey(displayName(c)), Words: words.text(),
	})
	if err != nil {
		return err
	}
	return t.reword(ctx, "order_word", seq, nil, words.words)
}

// relistCustomer brings a customer's row of the list up to date.
func (t *tx) relistCustomer(ctx context.Context, id string) error {
	r, err := one(t.q.CustomerToList(ctx, id))
	if err != nil {
		return err
	}
	c, err := fromJSON[licensing.Customer](r.Particulars)
	if err != nil {
		return err
	}
	var words vocabulary
	words.addCustomer(c)
	seq, err := t.q.ListCustomer(ctx, db.ListCustomerParams{
		ID: r.ID, GroupID: r.GroupID, CreatedDay: licensing.DayOf(r.CreatedAt, t.now.Zone).String(), ByCustomer: sortKey(displayName(c)), Words: words.text(),
	})
	if err != nil {
		return err
	}
	return t.reword(ctx, "customer_word", seq, wordsIn(r.Words), words.words)
}

// reword makes the words of a row those that are wanted.
func (t *tx) reword(ctx context.Context, table string, seq int64, before, wanted []string) error {
	var gone, added []any
	for _, w := range before {
		if !slices.Contains(wanted, w) {
			gone = append(gone, w)
		}
	}
	for _, w := range wanted {
		if !slices.Contains(before, w) {
			added = append(added, w)
		}
	}
	number := strconv.FormatInt(seq, 10)
	if len(gone) > 0 {
		text := "DELETE FROM " + table + " WHERE seq = " + number + " AND word IN (" + placeholders(len(gone)) + ")"
		if _, err := t.sql.ExecContext(ctx, text, gone...); err != nil {
			return fmt.Errorf("words of a list: %w", err)
		}
	}
	if len(added) == 0 {
		return nil
	}
	var text strings.Builder
	text.WriteString("INSERT INTO " + table + " (word, seq) VALUES ")
	for i := range added {
		if i > 0 {
			text.WriteString(", ")
		}
		fmt.Fprintf(&text, "($%d, %s)", i+1, number)
	}
	text.WriteString(" ON CONFLICT DO NOTHING")
	if _, err := t.sql.ExecContext(ctx, text.String(), added...); err != nil {
		return fmt.Errorf("words of a list: %w", err)
	}
	return nil
}

// placeholders is "$1, $2, $3" for n parameters.
func placeholders(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "$" + strconv.Itoa(i+1)
	}
	return strings.Join(all, ", ")
}
