package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// licensePage is what the page of a license shows.
type licensePage struct {
	License    licensing.License
	Book       offerBook
	Parameters []parameterRow
	History    []licensing.HistoryEntry
	Files      []licensing.LicenseFile
	Documents  []licensing.Document // of its order, accepted ones
	Line       licensing.Line       // of its order
	Receipts   []licensing.Receipt  // of its cancellations, newest first
	Next       *licensing.Period    // that follows if nobody cancels; nil: none does
	Actions    []ordering.LicenseAction
	Again      bool                    // the actor may create one more like it
	Order      bool                    // its order is within sight too; after a move it need not be
	Admins     []licensing.Membership  // whom to ask for what the actor may not do
	Overrides  subscriptions.Overrides // what an admin of the ISV can do against the last day to cancel
	Moved      movedLicenses
}

// parameterRow is a parameter with its rule.
type parameterRow struct {
	Label, Value, Rule string
	Fixed              bool
}

func (s *site) license(v *visit) error {
	page, err := s.licensePage(v)
	if err != nil {
		return err
	}
	if v.Query("moved") == "1" && v.Query("to") == page.License.GroupCode {
		groups, err := s.groupChoices(v)
		if err != nil {
			return err
		}
		page.Moved = readMoved(v, groups)
	}
	return v.show(http.StatusOK, license(page, nil))
}

// licensePage gathers what the page of the license in the address shows.
func (s *site) licensePage(v *visit) (licensePage, error) {
	id := licensing.LicenseID(v.Param("id"))
	l, err := s.services.Ordering.LicenseByID(v.ctx(), v.actor, id)
	if err != nil {
		return licensePage{}, err
	}
	p := licensePage{License: l}
	if p.Book, err = s.bookOf(v, l); err != nil {
		return p, err
	}
	o, known := p.Book.of(l.CategoryCode, l.ProductCode)
	p.Again = known && o.Product.Sale == licensing.SaleOn
	if p.History, err = s.services.Ordering.History(v.ctx(), v.actor, id); err != nil {
		return p, err
	}
	if p.Files, err = s.services.Ordering.LicenseFiles(v.ctx(), v.actor, id); err != nil {
		return p, err
	}
	if p.Actions, err = s.services.Ordering.Actions(v.ctx(), v.actor, id); err != nil {
		return p, err
	}
	for _, a := range p.Actions {
		if len(a.Missing) > 0 && p.Admins == nil {
			if p.Admins, err = s.othersToAsk(v); err != nil {
				return p, err
			}
		}
	}
	order, err := s.services.Ordering.Order(v.ctx(), v.actor, l.OrderNumber)
	if e := licensing.AsError(err); e != nil && e.Kind != licensing.NotFound {
		return p, err
	}
	p.Order = err == nil
	p.Documents = order.Documents
	for _, line := range order.Lines {
		if line.ID == l.Line {
			p.Line = line
		}
	}
	p.Parameters = parameterRows(v.ctx(), p.Book, l)
	if l.Subscription != nil {
		if p.Next, err = s.services.Subscriptions.NextPeriod(v.ctx(), v.actor, id); err != nil {
			return p, err
		}
		if p.Receipts, err = s.services.Subscriptions.Receipts(v.ctx(), v.actor, id); err != nil {
			return p, err
		}
		p.Overrides, err = s.services.Subscriptions.Overrides(v.ctx(), v.actor, id)
		if e := licensing.AsError(err); e != nil && e.Kind != licensing.Denied {
			return p, err
		}
	}
	return p, nil
}

// parameterRows are a license's parameters, in words and with their rules where the actor's offers tell them. Values of
// parameters that nothing describes any more stand last, as they are.
func parameterRows(ctx context.Context, book offerBook, l licensing.License) (rows []parameterRow) {
	o, known := book.forReading(l)
	created, described := licensing.DayOf(l.CreatedAt, visitOf(ctx).now.Zone), map[string]bool{}
	for _, p := range o.Product.Parameters {
		value, ok := licensing.ValueOf(l.Parameters, p.Name)
		if !ok {
			continue
		}
		described[p.Name] = true
		r := o.RuleOf(p.Name)
		row := parameterRow{Label: p.LabelIn(r, languageOf(ctx)), Value: withUnit(p, valueShort(ctx, p, r, value))}
		if !known && p.Sets == licensing.SetsDays && row.Value == value {
			row.Value = T(ctx, "unit.days", "Count", value)
		}
		if l.Subscription != nil {
			for _, c := range l.Subscription.Agreed() {
				if coming, ok := licensing.ValueOf(c.Values, p.Name); ok {
					row.Value += " " + T(ctx, "changes.coming", "Value", withUnit(p, valueShort(ctx, p, r, coming)), "From", dayShort(ctx, l.Subscription.Starts(c.Period)))
				}
			}
		}
		if known {
			row.Rule, row.Fixed = ruleText(ctx, p, r, created), r.Fixed != nil
		}
		rows = append(rows, row)
	}
	for _, v := range l.Parameters {
		if !known && !described[v.Name] {
			rows = append(rows, parameterRow{Label: v.Name, Value: v.Value})
		}
	}
	return rows
}

// withUnit adds what a number counts, where the parameter's label does not say it: "30 days", but "8" of "Seats".
func withUnit(p licensing.Parameter, value string) string {
	if p.Type != "number" || p.Unit == "" || value == "" || strings.EqualFold(p.Label, p.Unit) {
		return value
	}
	return value + " " + p.Unit
}

// ruleText is a rule as a column of a table has it: "1 to 50", "Standard or Pro", "fixed", "up to 200 characters".
func ruleText(ctx context.Context, p licensing.Parameter, r licensing.Rule, created licensing.Day) string {
	limits := limitsOf(p.Type, r, created)
	switch {
	case r.Fixed != nil:
		return T(ctx, "rule.fixedWord")
	case len(limits.Options) > 0:
		return either(ctx, optionLabels(limits.Options))
	case p.Type == "number":
		return numberRange(ctx, limits, "")
	case p.Type == "date" && limits.Maximum != "":
		last, _ := licensing.ParseDay(limits.Maximum)
		return T(ctx, "rule.upTo", "Max", dayShort(ctx, last))
	case p.Type == "text" && limits.MaxLength > 0:
		return T(ctx, "field.upTo", "Count", limits.MaxLength)
	default:
		return ""
	}
}

// subscriptionSentence says above the drawing what the drawing shows.
func (p licensePage) subscriptionSentence(ctx context.Context) (key string, args []any) {
	sub := p.License.Subscription
	last := sub.Last()
	today := visitOf(ctx).today()
	licensed := T(ctx, "subscription.until."+string(sub.Plan.Type))
	if start, later := sub.StartsAfter(today); later && sub.State != licensing.SubscriptionEnded {
		licensed = T(ctx, "subscription.from."+string(sub.Plan.Type), "Start", dayLong(ctx, start))
	}
	args = []any{"End", dayLong(ctx, sub.EndsOn()), "CancelBy", dayLong(ctx, last.CancelBy), "Licensed", licensed}
	switch sub.State {
	case licensing.SubscriptionCancelled:
		return "subscription.cancelled", args
	case licensing.SubscriptionEnded:
		if !sub.RevokedOn.IsZero() {
			return "subscription.revoked", append(args, "Day", dayLong(ctx, sub.RevokedOn))
		}
		return "subscription.ended", args
	}
	next := p.Next
	if next == nil && sub.Discontinued() {
		return "subscription.discontinued", args
	}
	if next == nil {
		return "subscription.final", args
	}
	key = "subscription.active"
	args = append(args, "Next", dayLong(ctx, next.End))
	if today.After(last.CancelBy) { // it was reinstated after that, or the clock has yet to run
		key = "subscription.due"
	} else {
		args = append(args, "In", inDays(ctx, today.DaysUntil(last.CancelBy)))
	}
	if next.Amount == nil {
		return key, args
	}
	return key + "For", append(args, "Price", money(next.Amount))
}

// cancellation is the confirmation that stands on the page of a cancelled subscription: when it was received, whether
// in time, and what follows.
type cancellation struct {
	Received string
	End      string
	Late     bool
	Missed   string // the last day to cancel that had passed
	Accepted bool   // late, and accepted for an earlier end all the same
}

func (p licensePage) cancellation(ctx context.Context) (cancellation, bool) {
	sub := p.License.Subscription
	if sub == nil || sub.CancelledAt == nil || sub.State != licensing.SubscriptionCancelled {
		return cancellation{}, false
	}
	zone := visitOf(ctx).now.Zone
	day := licensing.DayOf(*sub.CancelledAt, zone)
	c := cancellation{
		Received: T(ctx, "date.at", "Day", dayLong(ctx, day), "Time", clockSeconds(*sub.CancelledAt, zone)),
		End:      dayLong(ctx, sub.EndsOn()),
	}
	if sub.Early != nil {
		c.Late, c.Accepted, c.Missed = true, true, dayLong(ctx, sub.Missed(day))
	} else if missed, late := sub.Late(day); late {
		c.Late, c.Missed = true, dayLong(ctx, missed)
	}
	return c, true
}

// lateText is how a late cancellation is confirmed.
func (c cancellation) lateText() string {
	if c.Accepted {
		return "cancel.receivedAccepted"
	}
	return "cancel.receivedLate"
}

// withdrawal is where the cancellation can be taken back; empty when its last day to cancel has passed.
func (p licensePage) withdrawal(ctx context.Context) string {
	if _, err := p.License.Subscription.Withdrawn(visitOf(ctx).today()); err != nil {
		return ""
	}
	return at(ctx, "licenses", string(p.License.ID), "withdraw")
}

// unitPrice is what one costs, as it was sold: "78.00 EUR a seat".
func (p licensePage) unitPrice(ctx context.Context) string {
	if p.Line.Unit == nil {
		return T(ctx, "price.none")
	}
	if p.Book.seats(p.License) != "" {
		return T(ctx, "price.seat", "Price", money(p.Line.Unit))
	}
	return money(p.Line.Unit)
}

// olderFiles says how many files were issued before the newest.
func (p licensePage) olderFiles(ctx context.Context) string {
	if len(p.Files) < 2 {
		return ""
	}
	return T(ctx, "file.older", "Count", len(p.Files)-1, "N", strconv.Itoa(len(p.Files)-1))
}

// actionAddress is where an action asks before it does anything.
func (p licensePage) actionAddress(ctx context.Context, a ordering.LicenseAction) string {
	if a.Name == "move" {
		return query(at(ctx, "licenses", "move"), "id", string(p.License.ID))
	}
	return at(ctx, "licenses", string(p.License.ID), a.Name)
}

// because says why the actor may not do something, and who can.
func (p licensePage) because(ctx context.Context, a ordering.LicenseAction) string {
	why := T(ctx, "changes.missing", "Action", string(a.Missing[0]), "Category", p.License.CategoryName)
	if len(p.Admins) == 0 {
		return sentences(why, T(ctx, "changes.askAbove"))
	}
	return sentences(why, T(ctx, "changes.ask", "Names", namesOf(ctx, p.Admins)))
}
