package usecasetest

import (
	"strings"
	"sync"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// flexible adds a product to the category partner of which everything can change in its own way, and returns the input
// that creates a license of it.
func (h *house) flexible(t testing.TB) ordering.CreateLicense {
	t.Helper()
	h.write(t, func(tx licensing.Tx) error {
		partner, err := tx.Offer(t.Context(), "partner", "AUR-DESIGN")
		if err != nil {
			return err
		}
		p := licensing.Product{
			ID: licensing.ProductID(licensing.NewID()), Code: "FLEX", Name: "Flexible", Kind: licensing.KindLimited, FileForm: licensing.FileSigned,
			Parameters: []licensing.Parameter{
				{Name: "seats", Type: "number", Label: "Seats", Sets: licensing.SetsSeats},
				{Name: "edition", Type: "selection", Label: "Edition", Sets: licensing.SetsText},
				{Name: "licensee", Type: "text", Label: "Licensee", Sets: licensing.SetsText},
				{Name: "until", Type: "date", Label: "Licensed until", Sets: licensing.SetsUntil},
				{Name: "serial", Type: "text", Label: "Serial", Sets: licensing.SetsText},
				{Name: "region", Type: "text", Label: "Region", Sets: licensing.SetsText},
			},
		}
		if err := tx.InsertProduct(t.Context(), p); err != nil {
			return err
		}
		o := licensing.Offer{ID: licensing.OfferID(licensing.NewID()), Category: partner.Category, Product: p, Rules: map[string]licensing.Rule{
			"seats":    {Minimum: "1", Maximum: "50", Step: "1", Change: licensing.ChangeUp},
			"edition":  {Options: []licensing.Option{{Value: "standard", Label: "Standard"}, {Value: "pro", Label: "Pro"}}, Change: licensing.ChangeAny},
			"licensee": {Optional: true, MaxLength: 20, Change: licensing.ChangeAny},
			"until":    {Minimum: "+0d", Maximum: "+30d", Change: licensing.ChangeAny},
			"serial":   {MaxLength: 20},
			"region":   {Fixed: new("EU"), Change: licensing.ChangeAny},
		}}
		return tx.InsertOffer(t.Context(), o)
	})
	return ordering.CreateLicense{
		Category: "partner", Product: "FLEX", Customer: bright, DataFields: values("externalOrderNumber", "PO-4711"),
		Parameters: values("seats", "3", "edition", "standard", "licensee", "Bright", "until", "2026-12-01", "serial", "S-1"),
	}
}

// modify carries out what has to succeed.
func (h *house) modify(t testing.TB, actor licensing.Actor, in ordering.ModifyLicense) licensing.License {
	t.Helper()
	out, replayed, err := h.ordering.ModifyLicense(t.Context(), actor, licensing.NewID(), in)
	must(t, err)
	if replayed {
		t.Error("a new request is said to be replayed")
	}
	return out.License
}

// newest is the newest entry of a license's history, without the grant, as an actor reads it.
func (h *house) newest(t testing.TB, actor licensing.Actor, id licensing.LicenseID) licensing.HistoryEntry {
	t.Helper()
	e := got[[]licensing.HistoryEntry](t)(h.ordering.History(t.Context(), actor, id))[0]
	var detail []licensing.Value
	for _, v := range e.Detail {
		if v.Name != "grant" {
			detail = append(detail, v)
		}
	}
	e.Detail = detail
	return e
}

func TestModify(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), h.flexible(t)).Licenses[0]
		h.setBusinessDay(t, day(2026, 11, 25))
		harbor := licensing.Customer{Number: "C-9", Name: "Grace Hopper", Company: "Harbor", Country: "US"}
		for _, c := range []struct {
			name   string
			in     ordering.ModifyLicense
			change func(*licensing.License)
			detail []licensing.Value
			file   bool // its content shows it
		}{
			{
				"seats rise", ordering.ModifyLicense{Parameters: values("seats", "5")},
				func(l *licensing.License) { l.Parameters[0].Value = "5" }, values("parameter.seats", "3 → 5"), true,
			},
			{
				"several at once", ordering.ModifyLicense{Parameters: values("edition", "pro", "until", "2026-12-21", "serial", "S-1", "region", "EU")},
				func(l *licensing.License) {
					l.Parameters[1].Value, l.Parameters[3].Value, l.ExpiresAt = "pro", "2026-12-21", berlin(day(2026, 12, 22))
				}, values("parameter.edition", "standard → pro", "parameter.until", "2026-12-01 → 2026-12-21", "expires", "2026-12-01 → 2026-12-21"), true,
			},
			{
				"an optional one left out", ordering.ModifyLicense{Parameters: values("licensee", "")},
				func(l *licensing.License) { l.Parameters = append(l.Parameters[:2:2], l.Parameters[3:]...) }, values("parameter.licensee", "Bright → "), true,
			},
			{
				"the customer", ordering.ModifyLicense{Customer: &harbor},
				func(l *licensing.License) { l.Customer = harbor },
				values("customer.number", "C-1 → C-9", "customer.name", "Bright Studio → Grace Hopper", "customer.company", " → Harbor",
					"customer.email", "office@bright.example → ", "customer.country", "DE → US", "customer.language", "de → "), false,
			},
			{
				"a data field", ordering.ModifyLicense{DataFields: values("externalOrderNumber", "PO-1")},
				func(l *licensing.License) { l.DataFields[0].Value = "PO-1" }, values("dataField.externalOrderNumber", "PO-4711 → PO-1"), false,
			},
			{
				"a data field left out", ordering.ModifyLicense{DataFields: values("externalOrderNumber", "")},
				func(l *licensing.License) { l.DataFields = nil }, values("dataField.externalOrderNumber", "PO-1 → "), false,
			},
		} {
			want := h.license(t, l.ID)
			files, told := len(h.files(t, l.ID)), len(h.told(t, l.Order))
			c.in.Ticket = strings.ToLower(l.Ticket)
			c.change(&want)
			was := h.license(t, l.ID)
			out := h.modify(t, h.ben(t), c.in)
			now := h.license(t, l.ID)
			same(t, c.name+": answered", out, now)
			if c.file {
				files++
				want.File, want.FileIssuedAt = now.File, now.FileIssuedAt
				if now.File == was.File {
					t.Errorf("%s: the file is the old one", c.name)
				}
				checkFile(t, h, now, 5)
			}
			want.Version, want.CustomerID = now.Version, now.CustomerID
			same(t, c.name, now, want)
			same(t, c.name+": files", len(h.files(t, l.ID)), files)
			e := h.newest(t, h.anna(t), l.ID)
			same(t, c.name+": history", []any{e.By, e.Action, e.Detail}, []any{"Ben Hartmann", "license.modified", c.detail})
			messages := h.messages(t, l.Order)
			same(t, c.name+": told", len(messages), told+1)
			m := messages[told]
			same(t, c.name+": what is told", []any{m.Kind, m.Content.Customer, m.Content.DataFields, m.Content.Licenses[0].Parameters, m.Content.Licenses[0].State},
				[]any{licensing.TellLicenseModified, now.Customer, now.DataFields, now.Parameters, licensing.LicenseActive})
		}
		order := h.order(t, h.anna(t), l.OrderNumber)
		same(t, "the order's own", []any{order.Customer, order.DataFields}, []any{bright, values("externalOrderNumber", "PO-4711")})
		again := h.modify(t, h.ben(t), ordering.ModifyLicense{Ticket: l.Ticket, Customer: &harbor, Parameters: values("seats", "5", "serial", "S-1")})
		same(t, "what is no change", again, h.license(t, l.ID))
		same(t, "newest after what is no change", h.newest(t, h.anna(t), l.ID).Detail, values("dataField.externalOrderNumber", "PO-1 → "))
	})
}

// TestModifyCountsFromCreation modifies many days after the creation: limits that are relative have not moved.
func TestModifyCountsFromCreation(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), h.flexible(t)).Licenses[0]
		short := h.create(t, h.anna(t), trial()).Licenses[0]
		modify := func(ticket, name, value string) error {
			_, _, err := h.ordering.ModifyLicense(t.Context(), h.anna(t), licensing.NewID(), ordering.ModifyLicense{Ticket: ticket, Parameters: values(name, value)})
			return err
		}
		for _, today := range []licensing.Day{day(2026, 11, 22), day(2026, 11, 30), day(2026, 12, 1)} {
			h.setBusinessDay(t, today)
			refused(t, "a day beyond 30 from creation", modify(l.Ticket, "until", "2026-12-22"), licensing.CodeInvalidParameter, "until")
			refused(t, "a day before creation", modify(l.Ticket, "until", "2026-11-20"), licensing.CodeInvalidParameter, "until")
			refused(t, "a longer trial", modify(short.Ticket, "days", "60"), licensing.CodeInvalidParameter, "days")
		}
		must(t, modify(l.Ticket, "until", "2026-12-21"))
		refused(t, "a day that is over", modify(l.Ticket, "until", "2026-11-30"), licensing.CodeInvalidParameter, "until")
		must(t, modify(l.Ticket, "until", "2026-12-01"))
		same(t, "ends", h.license(t, l.ID).ExpiresAt, berlin(day(2026, 12, 2)))
		h.setBusinessDay(t, day(2026, 12, 2))
		refused(t, "once it has expired", modify(l.Ticket, "until", "2026-12-21"), licensing.CodeConflict, "")
		same(t, "the trial", h.license(t, short.ID).ExpiresAt, berlin(day(2026, 12, 21)))
	})
}

func TestModifyRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		in := h.flexible(t)
		l := h.create(t, h.anna(t), in).Licenses[0]
		revoked := h.create(t, h.anna(t), in).Licenses[0]
		h.change(t, h.anna(t), licensing.ToRevoke, revoked.Ticket)
		parameters := func(pairs ...string) ordering.ModifyLicense {
			return ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values(pairs...)}
		}
		for name, c := range map[string]struct {
			actor licensing.Actor
			id    string
			in    ordering.ModifyLicense
			code  licensing.Code
			field string
		}{
			"seats fall":                {h.ben(t), "id", parameters("seats", "2"), licensing.CodeInvalidParameter, "seats"},
			"too many seats":            {h.ben(t), "id", parameters("seats", "51"), licensing.CodeInvalidParameter, "seats"},
			"no seats":                  {h.ben(t), "id", parameters("seats", ""), licensing.CodeInvalidParameter, "seats"},
			"what never changes":        {h.ben(t), "id", parameters("serial", "S-2"), licensing.CodeInvalidParameter, "serial"},
			"a fixed one":               {h.ben(t), "id", parameters("region", "US"), licensing.CodeInvalidParameter, "region"},
			"no such parameter":         {h.ben(t), "id", parameters("color", "red"), licensing.CodeInvalidParameter, "color"},
			"twice":                     {h.ben(t), "id", parameters("seats", "5", "seats", "6"), licensing.CodeInvalidParameter, "seats"},
			"no such data field":        {h.ben(t), "id", ordering.ModifyLicense{Ticket: l.Ticket, DataFields: values("x", "y")}, licensing.CodeInvalidParameter, "x"},
			"no customer's name":        {h.ben(t), "id", ordering.ModifyLicense{Ticket: l.Ticket, Customer: &licensing.Customer{Number: "1"}}, licensing.CodeInvalidRequest, "customer.name"},
			"nothing named":             {h.ben(t), "id", ordering.ModifyLicense{Ticket: l.Ticket}, licensing.CodeInvalidRequest, ""},
			"no request id":             {h.ben(t), " ", parameters("seats", "5"), licensing.CodeInvalidRequest, "requestId"},
			"no ticket":                 {h.ben(t), "id", ordering.ModifyLicense{Ticket: "x", Parameters: values("seats", "5")}, licensing.CodeInvalidRequest, "ticket"},
			"another version":           {h.ben(t), "id", ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "5"), Version: 7}, licensing.CodeConflict, ""},
			"a revoked one":             {h.ben(t), "id", ordering.ModifyLicense{Ticket: revoked.Ticket, Parameters: values("seats", "5")}, licensing.CodeConflict, ""},
			"a member of another group": {h.as(t, "ben@northwind.example", "fjord"), "id", parameters("seats", "5"), licensing.CodeNotFound, "ticket"},
			"a member above":            {h.staff(t), "id", parameters("seats", "5"), licensing.CodeNotFound, "ticket"},
		} {
			unchanged(t, h, name, func() {
				_, _, err := h.ordering.ModifyLicense(t.Context(), c.actor, c.id, c.in)
				refused(t, name, err, c.code, c.field)
			})
		}
		h.revokeAll(t, h.ben(t))
		unchanged(t, h, "without modify", func() {
			_, _, err := h.ordering.ModifyLicense(t.Context(), h.ben(t), "id", parameters("seats", "5"))
			refused(t, "without modify", err, licensing.CodeDenied, "ticket")
			_, err = h.ordering.ModifyForm(t.Context(), h.ben(t), l.ID)
			refused(t, "the form without modify", err, licensing.CodeDenied, "ticket")
		})
	})
}

// TestModifyOnce sends a modification twice, and two of them at once.
func TestModifyOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), h.flexible(t)).Licenses[0]
		in := ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "5")}
		first, _, err := h.ordering.ModifyLicense(t.Context(), h.anna(t), "id", in)
		must(t, err)
		h.modify(t, h.anna(t), ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "6")})
		unchanged(t, h, "again", func() {
			again, replayed, err := h.ordering.ModifyLicense(t.Context(), h.anna(t), "id", in)
			must(t, err)
			seats, _ := licensing.ValueOf(again.License.Parameters, "seats")
			same(t, "replay", []any{replayed, seats, again.At}, []any{true, "5", first.At})
			_, _, err = h.ordering.ModifyLicense(t.Context(), h.anna(t), "id", ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "7")})
			refused(t, "another content", err, licensing.CodeRequestIDReused, "requestId")
		})
		var all sync.WaitGroup
		for _, in := range []ordering.ModifyLicense{{Parameters: values("seats", "9")}, {Parameters: values("edition", "pro")}, {DataFields: values("externalOrderNumber", "PO-2")}} {
			in.Ticket = l.Ticket
			all.Go(func() {
				if _, _, err := h.ordering.ModifyLicense(t.Context(), h.anna(t), licensing.NewID(), in); err != nil {
					t.Errorf("%+v: %v", in, err)
				}
			})
		}
		all.Wait()
		now := h.license(t, l.ID)
		same(t, "all of them", []any{now.Parameters[0].Value, now.Parameters[1].Value, now.DataFields[0].Value}, []any{"9", "pro", "PO-2"})
		same(t, "told", len(h.told(t, l.Order)), 6)
	})
}

// TestModifySubscription modifies a suspended license with a subscription: its dates stay, and it is extended with what
// it has now.
func TestModifySubscription(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		h.change(t, h.anna(t), licensing.ToSuspend, l.Ticket)
		other := licensing.Customer{Name: "Other Ltd"}
		now := h.modify(t, h.anna(t), ordering.ModifyLicense{Ticket: l.Ticket, Customer: &other})
		same(t, "dates", []any{now.ExpiresAt, now.State}, []any{berlin(day(2027, 11, 21)), licensing.LicenseSuspended})
		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "steps", h.extendDue(t), 1)
		now = h.license(t, l.ID)
		same(t, "extended", []any{now.ExpiresAt, now.State, now.Customer}, []any{berlin(day(2028, 11, 21)), licensing.LicenseSuspended, other})
		messages := h.messages(t, l.Order)
		same(t, "the ERP hears of the new customer", messages[len(messages)-1].Content.Customer, other)
		found := got[ordering.LicensePage](t)(h.ordering.Licenses(t.Context(), h.anna(t), licensing.LicenseFilter{Query: "other ltd"}))
		same(t, "found by the new customer", len(found.Licenses), 1)
		customers := got[[]licensing.CustomerRow](t)(h.ordering.Customers(t.Context(), h.anna(t), "other"))
		same(t, "the new customer's licenses", []any{len(customers), customers[0].Licenses}, []any{1, 1})
		same(t, "the old one's", got[[]licensing.CustomerRow](t)(h.ordering.Customers(t.Context(), h.anna(t), "bright"))[0].Licenses, 0)
	})
}
