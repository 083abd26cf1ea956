package portal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"kontor/internal/licensing"
)

// licensesShown is how many licenses an order's page shows in full; an order of separate tickets can have thousands.
const licensesShown = 25

// orderPage is what the page of an order shows.
type orderPage struct {
	Order   licensing.Order
	Book    offerBook
	Way     []step
	Extends bool                     // the actor may add a line
	Reports []licensing.HistoryEntry // what was reported of it, by systems and by hand
}

func (s *site) order(v *visit) error {
	page, err := s.orderPage(v)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, order(page, nil))
}

func (s *site) orderPage(v *visit) (p orderPage, err error) {
	if p.Order, err = s.services.Ordering.Order(v.ctx(), v.actor, v.Param("number")); err != nil {
		return p, err
	}
	if p.Book, err = s.bookOf(v, p.Order.Licenses...); err != nil {
		return p, err
	}
	offers, err := s.services.Catalog.FirstOffers(v.ctx(), v.actor, 1)
	if err != nil {
		return p, err
	}
	p.Extends, p.Way = len(offers) > 0, stepsOf(v.ctx(), p.Order.Way())
	p.Reports, err = s.services.Ordering.Reports(v.ctx(), v.actor, p.Order.Number)
	return p, err
}

// orderWay answers the order's page, which asks every two seconds how far the passing-on is. When nothing has
// changed it says so, and what a screen reader is reading stays as it is.
func (s *site) orderWay(v *visit) error {
	o, err := s.services.Ordering.OrderWay(v.ctx(), v.actor, v.Param("number"))
	if err != nil {
		return err
	}
	return v.showSteps(track{Page: at(v.ctx(), "orders", o.Number), Steps: stepsOf(v.ctx(), o)})
}

// track is how far what a page shows is.
type track struct {
	Page  string // its address
	Steps []step
	Again bool // a button has it tried again now
}

// showSteps answers with the steps of a page, unless they are those that it shows.
func (v *visit) showSteps(w track) error {
	if v.Query("seen") == fingerprint(w.Steps) {
		v.Header("Cache-Control", "no-store")
		v.Status(http.StatusNoContent)
		v.Writer.WriteHeaderNow()
		return nil
	}
	return v.show(http.StatusOK, waySteps(w))
}

// step is one thing that happens to an order after it was created.
type step struct {
	Icon  string
	Color string
	Time  string // at the right: when, or when next
	Due   bool   // the time is one to come
	Title string
	Text  string
	Open  bool // it is under way or to come

	Settle string // where somebody who may can settle it by hand; empty: nobody, or not he
	About  string // what Settle is about, for screen readers
}

// stepsOf tells how far an order is, in words: what has happened, what is under way, what is to come.
func stepsOf(ctx context.Context, o licensing.OrderWay) []step {
	now := visitOf(ctx).now
	done := func(at time.Time, key string, args ...any) step {
		return step{Icon: "circle-check-f", Color: "k-ok", Time: stamp(ctx, at, now.Today(), now.Zone), Title: T(ctx, key, args...)}
	}
	licenses, signed := o.Licenses()
	steps := []step{done(o.CreatedAt, "way.created", "Count", licenses)}
	if signed > 0 {
		steps = append(steps, done(o.CreatedAt, "way.signed", "Count", signed))
	}
	for _, d := range o.Documents {
		of := documentSteps(ctx, d)
		if settleable(visitOf(ctx), d) {
			of[0].Settle, of[0].About = at(ctx, "orders", o.Number, "settle", string(d.ID)), T(ctx, "settle.about", "Connector", connectorName(ctx, d.Connector))
		}
		steps = append(steps, of...)
	}
	return steps
}

// documentSteps is one message to one connector: with its answer, or what is in the way of one.
func documentSteps(ctx context.Context, d licensing.Document) []step {
	now, name := visitOf(ctx).now, connectorName(ctx, d.Connector)
	about, kept, person := "", "way.waitingText", "way.person"
	switch d.Kind {
	case licensing.TellOrderCreated:
	case licensing.TellStatementClosed:
		kept, person = "way.statementWaiting", "way.statementPerson"
	default:
		about = T(ctx, "way.kind."+string(d.Kind))
	}
	number := step{Icon: "circle-dashed", Color: "k-off", Title: T(ctx, "way.number", "Connector", name), Text: T(ctx, "way.numberText", "Connector", name), Open: true}
	switch d.State {
	case licensing.MessageAccepted:
		s := step{Icon: "circle-check-f", Color: "k-ok", Time: stamp(ctx, d.At, licensing.DayOf(now.Wall, now.Zone), now.Zone), Title: T(ctx, "way.accepted", "Connector", name), Text: sentences(about, documentNumber(ctx, d.Number), d.SaidTo(visitOf(ctx).actor))}
		return []step{s}
	case licensing.MessageRejected:
		return []step{{Icon: "alert-triangle", Color: "k-bad", Time: stamp(ctx, d.At, licensing.DayOf(now.Wall, now.Zone), now.Zone), Title: T(ctx, "way.rejected", "Connector", name), Text: sentences(about, documentNumber(ctx, d.Number), T(ctx, person, "ISV", lookOf(ctx).isv), d.SaidTo(visitOf(ctx).actor))}}
	case licensing.MessageFailed:
		return []step{{Icon: "alert-triangle", Color: "k-bad", Time: stamp(ctx, d.At, licensing.DayOf(now.Wall, now.Zone), now.Zone), Title: T(ctx, "way.failed", "Connector", name), Text: sentences(about, T(ctx, person, "ISV", lookOf(ctx).isv), d.SaidTo(visitOf(ctx).actor))}}
	case licensing.MessageWaiting:
		if d.Attempts > 0 {
			return []step{{
				Icon: "clock", Color: "k-wait", Due: true, Open: true, Time: T(ctx, "message.nextTry", "Time", nextTry(ctx, d.NextTry, now)),
				Title: T(ctx, "way.waiting", "Connector", name),
				Text:  sentences(about, T(ctx, kept), d.SaidTo(visitOf(ctx).actor), T(ctx, "way.tries", "Count", d.Attempts)),
			}, number}
		}
	}
	return []step{{Icon: "clock", Color: "k-wait", Open: true, Title: T(ctx, "way.passing", "Connector", name), Text: about}, number}
}

// documentNumber is a sentence that names the other system's document; empty where it has no number.
func documentNumber(ctx context.Context, number string) string {
	if number == "" {
		return ""
	}
	return T(ctx, "way.document", "Number", number)
}

// connectorName is how people call a connector's system.
func connectorName(ctx context.Context, code string) string {
	if name := visitOf(ctx).site.config.ConnectorNames[code]; name != "" {
		return name
	}
	return code
}

// saidForInsiders is what went wrong at the last try, for the maker's own people: it can name addresses and the like
// that are nobody else's business.
func saidForInsiders(ctx context.Context, text string) string {
	if !visitOf(ctx).actor.GroupIsISV {
		return ""
	}
	return text
}

// underWay reports whether something is still to come by itself.
func underWay(steps []step) bool {
	for _, s := range steps {
		if s.Open {
			return true
		}
	}
	return false
}

// fingerprint tells one state of the steps from another.
func fingerprint(steps []step) string {
	sum := sha256.Sum256(fmt.Append(nil, steps))
	return hex.EncodeToString(sum[:8])
}

// countsSeats reports whether the lines count seats, as those of statements do, and not licenses alone.
func (p orderPage) countsSeats() bool {
	return slices.ContainsFunc(p.Order.Lines, func(l licensing.Line) bool { return l.Units > int64(l.Quantity) })
}

// lead is the second line of the order's page.
func (p orderPage) lead(ctx context.Context) string {
	v := visitOf(ctx)
	by := p.Order.CreatedBy
	switch by {
	case "":
		by = T(ctx, "deed.above")
	case v.actor.UserName:
		by = T(ctx, "order.you")
	}
	day := licensing.DayOf(p.Order.CreatedAt, v.now.Zone)
	key := "order.lead"
	if day == v.today() {
		key = "order.leadToday"
	}
	return T(ctx, key, "Customer", customerName(p.Order.Customer), "Day", dayLong(ctx, day), "Time", clock(p.Order.CreatedAt, v.now.Zone), "By", by)
}

// works says whether the licenses work, whatever is still on its way.
func (p orderPage) works(ctx context.Context) string {
	active, now := 0, visitOf(ctx).now
	starts := map[licensing.Day]int{} // how many work from a day to come on
	for _, l := range p.Order.Licenses {
		if l.StateAt(now.Business) != licensing.LicenseActive {
			continue
		}
		if start, later := worksFrom(l, now.Today()); later {
			starts[start]++
		} else {
			active++
		}
	}
	n := len(p.Order.Licenses)
	for start, count := range starts {
		if count < n {
			break
		}
		day := dayLong(ctx, start)
		switch n {
		case 1:
			return T(ctx, "order.worksFromOne", "Day", day)
		case 2:
			return T(ctx, "order.worksFromBoth", "Day", day)
		default:
			return T(ctx, "order.worksFromAll", "N", number(n), "Day", day)
		}
	}
	switch {
	case active == n && n == 1:
		return T(ctx, "order.worksOne")
	case active == n && n == 2:
		return T(ctx, "order.worksBoth")
	case active == n:
		return T(ctx, "order.worksAll", "N", number(n))
	default:
		return T(ctx, "order.worksSome", "Active", number(active), "N", number(n))
	}
}

// worksFrom is the day to come from which a license works that was sold to start later. Maintenance that starts later keeps no
// license from working.
func worksFrom(l licensing.License, today licensing.Day) (licensing.Day, bool) {
	if l.Subscription == nil || l.Subscription.Plan.Type != licensing.LicenseSubscription {
		return licensing.Day{}, false
	}
	return l.Subscription.StartsAfter(today)
}

// starts says from when a subscription runs that is still to start; empty for one that has started.
func starts(ctx context.Context, sub licensing.Subscription) string {
	start, later := sub.StartsAfter(visitOf(ctx).today())
	if !later {
		return ""
	}
	return T(ctx, "order.starts."+string(sub.Plan.Type), "Start", dayLong(ctx, start))
}

// shown are the licenses that the page shows in full.
func (p orderPage) shown() []licensing.License {
	return p.Order.Licenses[:min(len(p.Order.Licenses), licensesShown)]
}

// particularsOf is what tells a license of the order from others: "Pro, 8 seats, to 18 Dec 2026".
func (p orderPage) particularsOf(ctx context.Context, l licensing.License) string {
	o, _ := p.Book.forReading(l)
	return strings.Join(particulars(ctx, o, l.Parameters, l.Quantity), ", ")
}

// totals are the sums of the lines, one for each currency; none when nothing is charged.
func (p orderPage) totals() (sums []licensing.Money) {
	for _, l := range p.Order.Lines {
		sums = addTo(sums, l.Amount)
	}
	return sums
}

// total is what all lines come to.
func (p orderPage) total() string {
	sums := p.totals()
	if len(sums) == 0 {
		return figure(nil)
	}
	return sumText(sums, len(sums) > 1)
}

func (p orderPage) currency() string {
	var all []string
	for _, m := range p.totals() {
		all = append(all, m.Currency)
	}
	return strings.Join(all, ", ")
}

// categories names the categories of the lines.
func (p orderPage) categories() string {
	var names []string
	for _, l := range p.Order.Lines {
		if len(names) == 0 || names[len(names)-1] != l.CategoryName {
			names = append(names, l.CategoryName)
		}
	}
	return strings.Join(names, ", ")
}

// labelOf is the label of a data field, as an offer of the order has it.
func (b offerBook) labelOf(name string) string {
	for _, o := range b {
		for _, d := range o.DataFields {
			if d.Name == name && d.Label != "" {
				return d.Label
			}
		}
	}
	return name
}
