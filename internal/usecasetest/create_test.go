package usecasetest

import (
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/signing"
)

// berlin is the instant at which a day begins in the demo's zone.
func berlin(d licensing.Day) *time.Time {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return new(d.Begin(zone))
}

func euros(n int64) *licensing.Money { return &licensing.Money{Minor: n * 100, Currency: "EUR"} }

// TestCreate creates each of the demo's products on 21 November 2026.
func TestCreate(t *testing.T) {
	for _, c := range []struct {
		name       string
		in         ordering.CreateLicense
		parameters []licensing.Value
		expires    *time.Time
		maintained licensing.Day
		period     licensing.Period // of a subscription
		units      int64
		amount     *licensing.Money
		seats      int64
	}{
		{
			name: "perpetual", in: with(design(), func(in *ordering.CreateLicense) { in.Quantity = new(2) }),
			parameters: values("seats", "5", "edition", "pro"), units: 10, amount: euros(3900), seats: 5,
		},
		{name: "trial", in: trial(), parameters: values("days", "30"), expires: berlin(day(2026, 12, 21)), units: 1, seats: 1},
		{name: "event", in: event(), parameters: values("until", "2026-12-21"), expires: berlin(day(2026, 12, 22)), units: 1, amount: euros(42), seats: 1},
		{
			name: "license subscription", in: suite(), parameters: values("seats", "10"), expires: berlin(day(2027, 11, 21)), units: 10, amount: euros(1800), seats: 10,
			period: charged(licensing.Period{Number: 1, Start: day(2026, 11, 21), End: day(2027, 11, 20), CancelBy: day(2027, 10, 21)}, 10, 1800),
		},
		{
			name: "maintenance subscription", in: care(), parameters: values("seats", "1"), maintained: day(2027, 11, 30), units: 1, amount: euros(78), seats: 1,
			period: charged(licensing.Period{Number: 1, Start: day(2026, 11, 21), End: day(2027, 11, 30), CancelBy: day(2027, 8, 31)}, 1, 78),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, h *house) {
				anna := h.anna(t)
				out := h.create(t, anna, c.in)
				order := h.order(t, anna, out.OrderNumber)
				same(t, "answer", out.Licenses, order.Licenses)
				if len(order.Licenses) != 1 || len(order.Lines) != 1 {
					t.Fatalf("%d lines, %d licenses, want one each", len(order.Lines), len(order.Licenses))
				}
				l := order.Licenses[0]
				same(t, "customer", order.Customer, bright)
				same(t, "owner", []string{order.GroupCode, l.GroupCode, order.CreatedBy}, []string{"northwind", "northwind", "Anna Lindqvist"})
				same(t, "parameters", l.Parameters, c.parameters)
				same(t, "data fields", l.DataFields, c.in.DataFields)
				same(t, "expires", l.ExpiresAt, c.expires)
				same(t, "maintained", l.MaintenanceUntil, c.maintained)
				same(t, "created", l.CreatedAt, soldOn)
				same(t, "line", []any{order.Lines[0].Units, order.Lines[0].Amount, order.Lines[0].Tickets}, []any{c.units, c.amount, []string{l.Ticket}})
				if c.period.Number == 0 {
					same(t, "subscription", l.Subscription, (*licensing.Subscription)(nil))
				} else {
					same(t, "periods", l.Subscription.Periods, []licensing.Period{c.period})
					same(t, "state", l.Subscription.State, licensing.SubscriptionActive)
				}
				checkFile(t, h, l, c.seats)
				same(t, "documents", unnamed(order.Documents), []licensing.Document{
					{Connector: "erp", Kind: licensing.TellOrderCreated, State: licensing.MessageWaiting, At: soldOn, NextTry: soldOn},
				})
				history := got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), anna, l.ID))
				same(t, "history", []string{history[0].Action, history[0].By}, []string{"license.created", "Anna Lindqvist"})
				same(t, "by ticket, as people type it", got[licensing.License](t)(h.ordering.License(t.Context(), anna, strings.ToLower(strings.ReplaceAll(l.Ticket, "-", " ")))), l)
			})
		})
	}
}

// checkFile reads the newest license file as software does, and holds it against the license.
func checkFile(t testing.TB, h *house, l licensing.License, seats int64) {
	t.Helper()
	payload := got[[]byte](t)(signing.Verify([]byte(l.File), []ed25519.PublicKey{h.publicKey}, ""))
	d := got[signing.Description](t)(signing.Describe(payload))
	parameters := map[string]string{}
	for _, v := range l.Parameters {
		parameters[v.Name] = v.Value
	}
	want := signing.Description{
		Ticket: l.Ticket, Product: l.ProductCode, Name: l.ProductName, Category: l.CategoryCode, OrderNumber: l.OrderNumber, Quantity: l.Quantity, MaxMachines: seats,
		Status: "ACTIVE", Expiry: l.ExpiresAt, MaintenanceUntil: l.MaintenanceUntil.String(), Parameters: parameters, Issued: h.wall.Now(),
	}
	if edition, ok := parameters["edition"]; ok && l.ProductCode == "AUR-DESIGN" {
		names := []string{"layout", "drawing", "prepress", "color-management", "scripting"}[:map[string]int{"standard": 2, "pro": 4, "ultimate": 5}[edition]]
		want.Features, want.FeatureNames = new(uint32(1)<<len(names)-1), names
	}
	same(t, "license file", d, want)
}

func TestCreateAtTheLimits(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for name, in := range map[string]ordering.CreateLicense{
			"least seats":              with(suite(), func(in *ordering.CreateLicense) { in.Parameters = values("seats", "1") }),
			"most seats":               with(suite(), func(in *ordering.CreateLicense) { in.Parameters = values("seats", "50") }),
			"most quantity":            with(trial(), func(in *ordering.CreateLicense) { in.Quantity = new(10_000) }),
			"until today":              with(event(), func(in *ordering.CreateLicense) { in.Parameters = values("until", "2026-11-21") }),
			"fixed value repeated":     with(trial(), func(in *ordering.CreateLicense) { in.Parameters = values("days", "30") }),
			"optional parameter empty": with(design(), func(in *ordering.CreateLicense) { in.Parameters = append(in.Parameters, values("licensee", "")...) }),
			"longest text": with(design(), func(in *ordering.CreateLicense) {
				in.Parameters = append(in.Parameters, values("licensee", strings.Repeat("ü", 200))...)
			}),
			"own group named":        with(design(), func(in *ordering.CreateLicense) { in.Group = "northwind" }),
			"start today":            with(suite(), func(in *ordering.CreateLicense) { in.StartDate = day(2026, 11, 21) }),
			"customer by name alone": with(design(), func(in *ordering.CreateLicense) { in.Customer = licensing.Customer{Name: "Åse"} }),
		} {
			if _, _, err := h.ordering.CreateLicense(t.Context(), h.anna(t), name, in); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestMarkupIsText holds that what looks like HTML, SQL or a template is kept as it came.
func TestMarkupIsText(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		text := `<script>alert("1")</script> & 'x'; DROP TABLE license; {{.}} %s \0 👩‍👩‍👧‍👦`
		in := design()
		in.Customer = licensing.Customer{Name: text, Company: text}
		in.Parameters = append(in.Parameters, values("licensee", text)...)
		in.DataFields = values("externalOrderNumber", text)
		l := h.create(t, h.anna(t), in).Licenses[0]
		licensee, _ := licensing.ValueOf(l.Parameters, "licensee")
		same(t, "texts", []string{l.Customer.Name, l.Customer.Company, licensee, l.DataFields[0].Value}, []string{text, text, text, text})
		checkFile(t, h, l, 5)
	})
}

func TestSeparateTickets(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		in := suite()
		in.Quantity, in.Separate = new(7), true
		order := h.order(t, anna, h.create(t, anna, in).OrderNumber)
		tickets := map[string]bool{}
		for _, l := range order.Licenses {
			tickets[l.Ticket] = true
			same(t, "quantity", l.Quantity, 1)
			same(t, "periods", len(l.Subscription.Periods), 1)
			checkFile(t, h, l, 10)
		}
		same(t, "tickets", len(tickets), 7)
		same(t, "line", []any{len(order.Lines), order.Lines[0].Quantity, order.Lines[0].Amount, len(order.Lines[0].Tickets)}, []any{1, 7, euros(12_600), 7})
		same(t, "messages", len(order.Documents), 1)
	})
}

func TestTestLicenses(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		in := design()
		in.Test = true
		out := h.create(t, h.anna(t), in)
		order := h.order(t, h.anna(t), out.OrderNumber)
		same(t, "test", []bool{order.Test, order.Licenses[0].Test}, []bool{true, true})
		h.read(t, func(tx licensing.Tx) {
			all := got[[]licensing.Message](t)(tx.MessagesOf(t.Context(), order.ID))
			same(t, "told", all[0].Content.Test, true)
		})
	})
}

func TestTargetGroup(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		in := func(group string) ordering.CreateLicense {
			return with(design(), func(in *ordering.CreateLicense) { in.Group = group })
		}
		for _, group := range []string{"", "aurora", "northwind", "nordic", "fjord"} {
			out := h.create(t, h.erpAccount(t), in(group))
			want := group
			if group == "" {
				want = "aurora"
			}
			same(t, "owner", out.Licenses[0].GroupCode, want)
		}
		for _, c := range []struct {
			actor licensing.Actor
			group string
		}{
			{h.anna(t), "aurora"}, {h.anna(t), "nordic"}, {h.anna(t), "nowhere"}, {h.anna(t), "NORTHWIND"}, {h.ben(t), "fjord"},
			{h.staff(t), "northwind"}, // a member's sight does not reach below
		} {
			what := fmt.Sprintf("%s for %s", c.actor.UserName, c.group)
			unchanged(t, h, what, func() {
				_, _, err := h.ordering.CreateLicense(t.Context(), c.actor, licensing.NewID(), in(c.group))
				refused(t, what, err, licensing.CodeDenied, "group")
			})
		}
	})
}
