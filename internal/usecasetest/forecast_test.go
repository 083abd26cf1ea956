package usecasetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// foreseen are the lines up to a day as somebody reads them.
func (h *house) foreseen(t testing.TB, actor licensing.Actor, f subscriptions.ForecastFilter) (all []subscriptions.ForecastLine) {
	t.Helper()
	must(t, h.subscriptions.ForecastLines(t.Context(), actor, f, func(_ licensing.Day, lines []subscriptions.ForecastLine) error {
		all = append(all, lines...)
		return nil
	}))
	return all
}

// foretold is a line in words: what happens when, to which period, and at which price.
func foretold(l subscriptions.ForecastLine) string {
	s := fmt.Sprintf("%s %s %d %s", l.On, l.Kind, l.Period.Number, l.Period.End)
	if l.Amount != nil {
		s += fmt.Sprintf(" %d %s", l.Amount.Minor, l.Amount.Currency)
	}
	if l.Spared {
		s += " spared"
	}
	return s
}

func inWords(lines []subscriptions.ForecastLine) (all []string) {
	for _, l := range lines {
		all = append(all, foretold(l))
	}
	return all
}

// drawnPlan is some plan by which a product can be sold.
func drawnPlan(rt *rapid.T) *licensing.Plan {
	for {
		p := licensing.Plan{
			Type:           rapid.SampledFrom([]licensing.SubscriptionType{licensing.LicenseSubscription, licensing.MaintenanceSubscription}).Draw(rt, "type"),
			Term:           licensing.Term{Months: rapid.SampledFrom([]int{1, 3, 12, 24}).Draw(rt, "months")},
			Cancellation:   rapid.SampledFrom([]licensing.Term{{}, {Days: 7}, {Days: 30}, {Months: 1}, {Months: 3}}).Draw(rt, "notice"),
			ExtensionPrice: rapid.SampledFrom([]licensing.ExtensionPrice{licensing.PriceThen, licensing.PriceKept}).Draw(rt, "price of extensions"),
			Align:          rapid.SampledFrom([]licensing.Alignment{licensing.AlignNone, licensing.AlignNone, licensing.AlignMonth, licensing.AlignYear}).Draw(rt, "align"),
		}
		if rapid.Bool().Draw(rt, "extended otherwise") {
			p.Extension = &licensing.Term{Months: rapid.SampledFrom([]int{1, 6, 12}).Draw(rt, "extension"), Days: rapid.SampledFrom([]int{0, 0, 3}).Draw(rt, "days")}
		}
		if rapid.Bool().Draw(rt, "limited") {
			p.MostExtensions = new(rapid.IntRange(0, 3).Draw(rt, "most"))
		}
		if p.Check() == nil {
			return &p
		}
	}
}

// TestForecastComesTrue sells by plans of any kind, cancels some, tries out to cancel others, and asks what will happen:
// then it does what it tried, lets the time pass in one go or step by step, and what happened is what was foreseen, at the
// price that was foreseen.
func TestForecastComesTrue(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.offered(t, catalog.EditProduct{Code: "DRAWN", Name: "Drawn", Kind: licensing.KindSubscription, Plan: monthly().Plan})
		rapid.Check(t, func(rt *rapid.T) {
			h.forget(t)
			today := day(2026, 11, 21).AddDays(rapid.IntRange(0, 800).Draw(rt, "begins"))
			h.setBusinessDay(t, today)
			var sold []licensing.License
			for range rapid.IntRange(1, 3).Draw(rt, "sold") {
				sold = append(sold, h.sellDrawn(t, rt))
			}
			// Some time goes by without a sweep, so that something may be overdue, and some are cancelled.
			today = today.AddDays(rapid.SampledFrom([]int{0, 10, 100, 500}).Draw(rt, "later"))
			h.setBusinessDay(t, today)
			var tried []licensing.LicenseID
			for i, l := range sold {
				switch rapid.IntRange(0, 2).Draw(rt, "what of it") {
				case 0:
					h.cancelIfPossible(t, l)
				case 1:
					tried = append(tried, l.ID)
				}
				sold[i] = h.license(t, l.ID)
			}
			if s := rapid.SampledFrom([]licensing.Sale{licensing.SaleOn, licensing.SaleOn, licensing.SaleGoOn, licensing.SaleEnds}).Draw(rt, "sale"); s != licensing.SaleOn {
				h.setSale(t, "DRAWN", s)
				must(t, h.subscriptions.ReviewAll(t.Context()))
			}
			until := today.AddDays(rapid.SampledFrom([]int{0, 1, 30, 200, 400, 1200}).Draw(rt, "until"))
			want := expected(rt, h.foreseen(t, h.anna(t), subscriptions.ForecastFilter{Until: until, Tried: tried}), until)
			for _, l := range sold { // now it is done
				if slices.Contains(tried, l.ID) {
					h.cancelIfPossible(t, l)
				}
			}
			for step := rapid.SampledFrom([]int{1200, 150}).Draw(rt, "step"); ; {
				h.extendDue(t)
				if today == until {
					break
				}
				today = today.AddDays(min(step, today.DaysUntil(until)))
				h.setBusinessDay(t, today)
			}
			for _, before := range sold {
				if got := happened(before, h.license(t, before.ID)); !slices.Equal(got, want[before.ID]) {
					rt.Fatalf("foreseen %q\nhappened %q", want[before.ID], got)
				}
			}
		})
	})
}

// forget takes what earlier rounds left behind out of the clock's hands.
func (h *house) forget(t testing.TB) {
	t.Helper()
	for _, sql := range []string{"UPDATE subscription SET due_at = NULL, state = 'ended'", "UPDATE license_list SET subscription = 'ended'", "UPDATE product SET sale = '', unextended = ''"} {
		_, err := h.store.Pool().ExecContext(t.Context(), sql)
		must(t, err)
	}
}

// sellDrawn sells the product by some plan and at some price.
func (h *house) sellDrawn(t *testing.T, rt *rapid.T) licensing.License {
	t.Helper()
	plan := got[[]byte](t)(json.Marshal(drawnPlan(rt)))
	cents := rapid.SampledFrom([]*int64{nil, new(int64(1)), new(int64(9900))}).Draw(rt, "price")
	_, err := h.store.Pool().ExecContext(t.Context(), "UPDATE product SET plan = $1, price_minor = $2, price_currency = 'EUR' WHERE code = 'DRAWN'", string(plan), cents)
	must(t, err)
	in := ordering.CreateLicense{Category: "partner", Product: "DRAWN", Customer: licensing.Customer{Name: "Ada"}, Quantity: new(rapid.IntRange(1, 3).Draw(rt, "quantity"))}
	return h.create(t, h.anna(t), in).Licenses[0]
}

// cancelIfPossible cancels what can be cancelled; what ends by itself, or is cancelled, cannot.
func (h *house) cancelIfPossible(t testing.TB, l licensing.License) {
	t.Helper()
	_, _, err := h.subscriptions.Cancel(t.Context(), h.anna(t), licensing.NewID(), subscriptions.Cancel{Ticket: l.Ticket})
	var refusal *licensing.Error
	if err != nil && (!errors.As(err, &refusal) || refusal.Code != licensing.CodeConflict) {
		t.Fatal(err)
	}
}

// expected is what is to have happened by the end of a day to each license. Lines have to be in order.
func expected(rt *rapid.T, lines []subscriptions.ForecastLine, until licensing.Day) map[licensing.LicenseID][]string {
	want := map[licensing.LicenseID][]string{}
	for i, l := range lines {
		if i > 0 && l.On.Before(lines[i-1].On) || l.On.After(until) {
			rt.Fatalf("out of order: %q", inWords(lines))
		}
		switch {
		case l.Spared:
		case l.Kind == licensing.ForecastEnded && l.On != until: // it is told of on the last licensed day, and written after it
			want[l.Of.ID] = append(want[l.Of.ID], fmt.Sprintf("%s ended %d", l.On, l.Period.Number))
		case l.Kind == licensing.ForecastExtended:
			want[l.Of.ID] = append(want[l.Of.ID], foretold(l))
		}
	}
	return want
}

// happened is what the clock did to a license, in the words of expected.
func happened(before, after licensing.License) (all []string) {
	periods := after.Subscription.Periods
	for i := len(before.Subscription.Periods); i < len(periods); i++ {
		all = append(all, foretold(subscriptions.ForecastLine{ForecastEvent: licensing.ForecastEvent{
			On: periods[i-1].CancelBy.AddDays(1), Kind: licensing.ForecastExtended, Period: periods[i], Amount: periods[i].Amount,
		}}))
	}
	if after.Subscription.State == licensing.SubscriptionEnded {
		last := after.Subscription.Last()
		all = append(all, fmt.Sprintf("%s ended %d", last.End, last.Number))
	}
	return all
}

// TestForecast foretells the demo's two products to the day, what is overdue included, and what trying out spares.
func TestForecast(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.forget(t)
		anna := h.anna(t)
		suite, care := h.create(t, anna, suite()).Licenses[0], h.create(t, anna, care()).Licenses[0]
		until := day(2027, 12, 31)
		common := []string{
			"2027-08-01 reminder 1 2027-11-30", "2027-08-24 reminder 1 2027-11-30", "2027-08-31 cancelBy 1 2027-11-30",
			"2027-09-01 extended 2 2028-11-30 7800 EUR", "2027-09-21 reminder 1 2027-11-20", "2027-10-14 reminder 1 2027-11-20", "2027-10-21 cancelBy 1 2027-11-20",
		}
		lines := h.foreseen(t, anna, subscriptions.ForecastFilter{Until: until})
		same(t, "nobody does anything", inWords(lines), append(slices.Clone(common), "2027-10-22 extended 2 2028-11-20 180000 EUR"))
		first := lines[0].Of
		same(t, "license", []any{first.ID, first.Ticket, first.GroupCode, first.ProductCode, first.Customer, first.Seats}, []any{care.ID, care.Ticket, "northwind", "AUR-CARE", bright, 1})
		same(t, "the clock's day", lines[0].Overdue(day(2027, 8, 1)), false)

		tried := h.foreseen(t, anna, subscriptions.ForecastFilter{Until: until, Tried: []licensing.LicenseID{suite.ID}})
		same(t, "one tried out", inWords(tried), []string{
			common[0], common[1], common[2], common[3], common[4] + " spared", common[5] + " spared", common[6],
			"2027-10-22 extended 2 2028-11-20 180000 EUR spared", "2027-11-20 ended 1 2027-11-20 180000 EUR",
		})
		unchanged(t, h, "trying out", func() {
			h.foreseen(t, anna, subscriptions.ForecastFilter{Until: until, Tried: []licensing.LicenseID{suite.ID, care.ID}})
		})

		picture := got[subscriptions.Forecast](t)(h.subscriptions.Forecast(t.Context(), anna, subscriptions.ForecastView{
			ForecastFilter: subscriptions.ForecastFilter{Until: until, Tried: []licensing.LicenseID{suite.ID}}, Lines: 2, From: day(2027, 8, 1), Months: 2,
		}))
		same(t, "counted", []int{picture.Subscriptions, picture.Ends, picture.Extends, picture.Final, len(picture.Tried), picture.Total, picture.Before}, []int{2, 2, 1, 1, 1, 5, 0})
		same(t, "sum", picture.Values[0].Total, subscriptions.ForecastMonth{Extends: 7800, Ends: 180000, Less: 180000, More: 180000})
		same(t, "November", picture.Values[0].Months[12], subscriptions.ForecastMonth{First: day(2027, 11, 1), Extends: 7800, Ends: 180000, Less: 180000, More: 180000})
		same(t, "calendar", picture.Days, map[licensing.Day]subscriptions.ForecastDay{day(2027, 8, 31): {CancelBy: 1}, day(2027, 9, 1): {Extended: 1}})
		same(t, "first page", inWords(picture.Lines), common[2:4])
		next := got[subscriptions.Forecast](t)(h.subscriptions.Forecast(t.Context(), anna, subscriptions.ForecastView{
			ForecastFilter: subscriptions.ForecastFilter{Until: until}, Lines: 9, After: picture.Next,
		}))
		same(t, "second page", append(inWords(next.Lines), fmt.Sprint(next.Before, next.Next)), []string{common[6], "2027-10-22 extended 2 2028-11-20 180000 EUR", "2"})

		h.setBusinessDay(t, day(2027, 11, 1)) // and no sweep was there
		late := h.foreseen(t, anna, subscriptions.ForecastFilter{Until: day(2027, 11, 2)})
		same(t, "overdue", inWords(late), []string{"2027-09-01 extended 2 2028-11-30 7800 EUR", "2027-10-22 extended 2 2028-11-20 180000 EUR"})
		same(t, "told as overdue", late[0].Overdue(day(2027, 11, 1)), true)
	})
}

// TestForecastSight: nobody foresees what he does not see, and a group that is not there, or above, is not found.
func TestForecastSight(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.forget(t)
		h.create(t, h.anna(t), suite())
		until := day(2027, 12, 31)
		same(t, "of Northwind", len(h.foreseen(t, h.ben(t), subscriptions.ForecastFilter{Until: until})), 4)
		same(t, "of all", len(h.foreseen(t, h.isv(t), subscriptions.ForecastFilter{Until: until, Group: "northwind"})), 4)
		same(t, "of another group", len(h.foreseen(t, h.isv(t), subscriptions.ForecastFilter{Until: until, Group: "nordic"})), 0)
		same(t, "of another product", len(h.foreseen(t, h.isv(t), subscriptions.ForecastFilter{Until: until, Product: "AUR-CARE"})), 0)
		same(t, "of the ISV alone", len(h.foreseen(t, h.staff(t), subscriptions.ForecastFilter{Until: until})), 0)
		for _, c := range []struct {
			actor licensing.Actor
			f     subscriptions.ForecastFilter
			code  licensing.Code
			field string
		}{
			{h.anna(t), subscriptions.ForecastFilter{Until: until, Group: "aurora"}, licensing.CodeNotFound, "group"},
			{h.anna(t), subscriptions.ForecastFilter{Until: until, Group: "nowhere"}, licensing.CodeNotFound, "group"},
			{h.anna(t), subscriptions.ForecastFilter{Until: day(2026, 11, 20)}, licensing.CodeInvalidRequest, "until"},
			{h.anna(t), subscriptions.ForecastFilter{Until: day(2036, 11, 22)}, licensing.CodeInvalidRequest, "until"},
			{h.anna(t), subscriptions.ForecastFilter{Until: until, Tried: make([]licensing.LicenseID, subscriptions.MaxTried+1)}, licensing.CodeInvalidRequest, "tried"},
		} {
			_, err := h.subscriptions.Forecast(t.Context(), c.actor, subscriptions.ForecastView{ForecastFilter: c.f})
			refused(t, fmt.Sprint(c.f.Group, c.f.Until), err, c.code, c.field)
		}
		var all int
		must(t, h.subscriptions.ForecastForOperator(t.Context(), subscriptions.ForecastFilter{Until: until}, func(_ licensing.Day, lines []subscriptions.ForecastLine) error {
			all += len(lines)
			return nil
		}))
		same(t, "for who has the database", all, 4)
	})
}

// TestTestsAreForeseenWithoutPrices holds that a test license is extended as another one, and charged as none.
func TestTestsAreForeseenWithoutPrices(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		h.create(t, anna, with(suite(), func(in *ordering.CreateLicense) { in.Test = true }))
		real := h.create(t, anna, suite()).Licenses[0]
		extended := map[bool]int{}
		for _, l := range h.foreseen(t, anna, subscriptions.ForecastFilter{Until: day(2028, 12, 31)}) {
			if l.Kind == licensing.ForecastExtended {
				extended[l.Amount != nil]++
				same(t, "charged", l.Amount != nil, l.Of.ID == real.ID)
			}
		}
		same(t, "extensions, charged and not", extended, map[bool]int{true: 2, false: 2})
	})
}
