package portal

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"kontor/internal/licensing"
)

const (
	latelyShown = 5 // licenses created lately
	beginShown  = 4 // offers to begin with
	weeksShown  = 12
	dueShown    = 6 // last days to cancel
)

// homePage is what the home page shows.
type homePage struct {
	attention
	deadlines
	Total  licensing.Count // all licenses within sight
	Book   offerBook
	Begin  []licensing.Offer
	Lately []licensing.License
	Weeks  weeks
	// Next are the periods that follow the first of Due if nobody cancels, with their prices; nil when none does.
	Next []*licensing.Period
	// Exports are those that are on their way or ready since a day.
	Exports []licensing.Export
}

func (s *site) home(v *visit) error {
	begin, err := s.services.Catalog.FirstOffers(v.ctx(), v.actor, beginShown)
	if err != nil {
		return err
	}
	page := homePage{attention: v.attention, Begin: begin}
	lately, err := s.services.Ordering.Licenses(v.ctx(), v.actor, licensing.LicenseFilter{Limit: latelyShown})
	if err != nil {
		return err
	}
	page.Lately, page.Total = lately.Licenses, lately.All
	if page.deadlines, err = s.deadlines(v); err != nil {
		return err
	}
	for _, l := range page.shown() {
		next, err := s.services.Subscriptions.NextPeriod(v.ctx(), v.actor, l.ID)
		if err != nil {
			return err
		}
		page.Next = append(page.Next, next)
	}
	shown := slices.Concat(page.Lately, page.Due)
	if page.Later != nil {
		shown = append(shown, *page.Later)
	}
	if page.Book, err = s.bookOf(v, shown...); err != nil {
		return err
	}
	first := firstWeek(v.today())
	perDay, err := s.services.Ordering.LicensesPerDay(v.ctx(), v.actor, first)
	if err != nil {
		return err
	}
	page.Weeks = countWeeks(perDay, v.today())
	if page.Exports, err = s.lateExports(v); err != nil {
		return err
	}
	return v.show(http.StatusOK, home(page))
}

// greeting is the second line of the page: how much there is, and how much of it asks for something.
func (p homePage) greeting(ctx context.Context) string {
	n := p.Count()
	switch {
	case p.Total.N == 0 && n == 0:
		return T(ctx, "home.totalNone")
	case n == 0:
		return T(ctx, "home.total", "Count", p.Total.N, "N", capital(countText(ctx, p.Total))) + " " + T(ctx, "home.attentionNone")
	}
	total := T(ctx, "home.total", "Count", p.Total.N, "N", capital(countText(ctx, p.Total)))
	return total + " " + capital(T(ctx, "home.attention", "Count", n, "N", spelled(ctx, n)))
}

// shown are the last days to cancel that the page lists.
func (p homePage) shown() []licensing.License { return p.Due[:min(len(p.Due), dueShown)] }

// runsOn is what happens if nobody cancels: "If nobody cancels, it runs on to 29 Dec 2027 for 2,160.00 EUR."
func runsOn(ctx context.Context, next *licensing.Period) string {
	switch {
	case next == nil:
		return ""
	case next.Amount == nil:
		return T(ctx, "home.runsOn", "Day", dayShort(ctx, next.End))
	}
	return T(ctx, "home.runsOnFor", "Day", dayShort(ctx, next.End), "Price", money(next.Amount))
}

// subject is what the messages are about: orders, or statements of a month.
func (e errand) subject(ctx context.Context) string {
	if m := e.First(); m.Statement != "" {
		return T(ctx, "home.statements", "Count", len(e.Messages), "N", number(len(e.Messages)), "Month", monthLong(ctx, m.Content.Month), "Group", m.Content.Group)
	}
	return e.orderNumbers(ctx)
}

// address leads to the first of them.
func (e errand) address(ctx context.Context) string {
	if m := e.First(); m.Statement != "" {
		return at(ctx, "statements", m.Content.Group, m.Content.Month.String())
	}
	return at(ctx, "orders", e.Messages[0].OrderNumber)
}

// orderNumbers is "Order K26-10481" or "Orders K26-10481, K26-10482 and 3 more".
func (e errand) orderNumbers(ctx context.Context) string {
	const named = 3
	var numbers []string
	for _, w := range e.Messages {
		if len(numbers) == 0 || numbers[len(numbers)-1] != w.OrderNumber {
			numbers = append(numbers, w.OrderNumber)
		}
	}
	more := len(numbers) - named
	if more > 0 {
		numbers = numbers[:named]
	}
	text := T(ctx, "home.orders", "Count", len(numbers), "Numbers", strings.Join(numbers, ", "))
	if more > 0 {
		text = T(ctx, "home.more", "Text", text, "N", number(more))
	}
	return text
}
