package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
)

var licenses = map[string]func(*testing.T, licensing.Store){
	"a license round-trips": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			for i, text := range append(odd, long()) {
				o := w.order(w.ice, licensing.Customer{Name: text})
				o.DataFields, o.Test = []licensing.Value{{Name: "ext", Value: text}}, i%2 == 1
				o = w.place(t, tx, o)
				l := w.license(t, o)
				l.Quantity, l.State, l.ProductName = 10_000-i, licensing.LicenseSuspended, text
				l.Parameters = []licensing.Value{{Name: "seats", Value: "5"}, {Name: "licensee", Value: text}}
				if i > 0 {
					l.ExpiresAt = new(time.Date(2027, 11, 20, 23, 0, 0, i*1000, time.UTC))
					l.MaintenanceUntil = licensing.Day{Year: 2028, Month: time.February, Date: 29}
				}
				must(t, tx.InsertLicense(t.Context(), l, w.offer))
				same(t, "by id", got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID)), l)
				same(t, "by ticket", got[licensing.License](t)(tx.LicenseByTicket(t.Context(), l.Ticket)), l)
				_, err := tx.LicenseByTicket(t.Context(), strings.ToLower(l.Ticket))
				none(t, "a ticket in another case", err)
			}
			_, err := tx.LicenseByID(t.Context(), "none")
			none(t, "unknown id", err)
		})
	},
	"times are cut to microseconds in UTC": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		at := time.Date(2027, 11, 20, 23, 0, 0, 999_999_999, time.FixedZone("east", 60*60))
		want := at.UTC().Truncate(time.Microsecond)
		exact := func(t time.Time) string { return t.Format(time.RFC3339Nano) } // its zone as well
		o := w.order(w.north, licensing.Customer{Name: "x"})
		o.CreatedAt = at
		write(t, s, func(tx licensing.Tx) {
			o = w.place(t, tx, o)
			l := w.license(t, o)
			l.ExpiresAt = &at
			must(t, tx.InsertLicense(t.Context(), l, w.offer))
			back := got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID))
			same(t, "expires", exact(*back.ExpiresAt), exact(want))
			same(t, "created", exact(back.CreatedAt), exact(want))
			back.ExpiresAt = new(at.Add(time.Hour))
			must(t, tx.UpdateLicense(t.Context(), back))
			back = got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID))
			same(t, "expires after an update", exact(*back.ExpiresAt), exact(want.Add(time.Hour)))
			same(t, "order created", exact(got[licensing.Order](t)(tx.OrderByNumber(t.Context(), o.Number)).CreatedAt), exact(want))
		})
	},
	"an update of an old version is a race": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		_, l := w.placed(t, s, w.north, licensing.Customer{Name: "x"})
		update := func(ctx context.Context, tx licensing.Tx) error {
			changed := l
			changed.State, changed.ExpiresAt, changed.MaintenanceUntil = licensing.LicenseRevoked, new(someTime), licensing.Day{Year: 2027, Month: time.May, Date: 1}
			return tx.UpdateLicense(ctx, changed)
		}
		write(t, s, func(tx licensing.Tx) { must(t, update(t.Context(), tx)) })
		raced(t, s, update)
		l.State, l.ExpiresAt, l.MaintenanceUntil, l.Version = licensing.LicenseRevoked, new(someTime), licensing.Day{Year: 2027, Month: time.May, Date: 1}, 2
		write(t, s, func(tx licensing.Tx) {
			same(t, "updated once", got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID)), l)
			l.ExpiresAt, l.MaintenanceUntil = nil, licensing.Day{}
			must(t, tx.UpdateLicense(t.Context(), l))
			l.Version++
			same(t, "back to none", got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID)), l)
		})
	},
	"files are numbered, and the newest counts": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		_, l := w.placed(t, s, w.north, licensing.Customer{Name: "x"})
		var want []licensing.LicenseFile
		for i, text := range []string{"-----BEGIN LICENSE FILE-----\nfirst\n", long(), "third"} {
			write(t, s, func(tx licensing.Tx) {
				must(t, tx.InsertLicenseFile(t.Context(), l.ID, text))
				want = append(want, licensing.LicenseFile{Number: i + 1, Text: text, IssuedAt: tx.Now().Wall})
				back := got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID))
				same(t, "newest", []any{back.File, back.FileIssuedAt}, []any{text, tx.Now().Wall})
			})
		}
		read(t, s, func(tx licensing.Tx) {
			same(t, "files", got[[]licensing.LicenseFile](t)(tx.LicenseFiles(t.Context(), l.ID)), want)
			same(t, "of nothing", len(got[[]licensing.LicenseFile](t)(tx.LicenseFiles(t.Context(), "none"))), 0)
		})
	},
}

// found are the customers' names of the licenses that a filter finds, in order.
func found(t *testing.T, tx licensing.Tx, s licensing.Sight, f licensing.LicenseFilter) []string {
	t.Helper()
	f.Limit = 500
	names := []string{}
	for _, l := range got[[]licensing.License](t)(tx.ListLicenses(t.Context(), s, f)) {
		names = append(names, l.Customer.Name)
	}
	same(t, fmt.Sprintf("count of %+v", f), got[licensing.Count](t)(tx.CountLicenses(t.Context(), s, f, 0)), licensing.Count{N: len(names)})
	return names
}

var search = map[string]func(*testing.T, licensing.Store){
	"within sight": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		for _, g := range []licensing.Group{w.root, w.north, w.ice, w.south} {
			w.placed(t, s, g, licensing.Customer{Name: g.Code})
		}
		for _, c := range []struct {
			sight licensing.Sight
			want  []string
		}{
			{licensing.Sight{Group: w.root.ID, Below: true}, []string{"south", "ice", "north", "root"}},
			{licensing.Sight{Group: w.root.ID}, []string{"root"}},
			{licensing.Sight{Group: w.north.ID, Below: true}, []string{"ice", "north"}},
			{licensing.Sight{Group: w.ice.ID, Below: true}, []string{"ice"}},
			{licensing.Sight{Group: "none", Below: true}, []string{}},
			{licensing.Sight{}, []string{}},
		} {
			read(t, s, func(tx licensing.Tx) {
				same(t, fmt.Sprintf("licenses by %+v", c.sight), found(t, tx, c.sight, licensing.LicenseFilter{}), c.want)
				var orders []string
				for _, o := range got[[]licensing.OrderRow](t)(tx.OrderRows(t.Context(), c.sight, licensing.OrderFilter{Limit: 100})) {
					orders = append(orders, o.Customer.Name)
				}
				same(t, fmt.Sprintf("orders by %+v", c.sight), orders, c.want)
			})
		}
	},
	"by customer, folded and taken literally": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		names := []string{"Brückner GmbH", "100% Wool", "100 Wool", "snake_case", "snakeXcase", `back\slash`, "backslash", "Straße 7", "ΟΔΥΣΣΕΥΣ", "İstanbul", "ﬁne ﬀonts", "O'Hara; DROP"}
		write(t, s, func(tx licensing.Tx) {
			for _, name := range names {
				_ = got[licensing.CustomerID](t)(tx.UpsertCustomer(t.Context(), w.north.ID, licensing.Customer{Name: name}, false))
			}
		})
		for _, name := range names {
			w.placed(t, s, w.north, licensing.Customer{Name: name})
		}
		for query, want := range map[string][]string{
			"bruck": {"Brückner GmbH"}, "BRÜCK": {"Brückner GmbH"}, "gmbh brück": {"Brückner GmbH"}, "rück": {}, "%": {}, "100% wool": {"100 Wool", "100% Wool"}, "_": {},
			"snake_c": {"snake_case"}, "snakex": {"snakeXcase"}, "case": {"snake_case"}, `\`: {}, `back\s`: {`back\slash`}, "backs": {"backslash"}, "strasse": {"Straße 7"}, "STRASSE": {"Straße 7"},
			"οδυσσευς": {"ΟΔΥΣΣΕΥΣ"}, "istanbul": {"İstanbul"}, "fine ff": {"ﬁne ﬀonts"}, "'": {}, "o'ha": {"O'Hara; DROP"}, "nothing like it": {}, `\%`: {}, "%%": {}, "__": {},
			strings.Repeat("x", 300): {},
		} {
			read(t, s, func(tx licensing.Tx) {
				same(t, query, found(t, tx, w.everything(), licensing.LicenseFilter{Query: query}), want)
				customers := []string{}
				for _, c := range got[[]licensing.CustomerRow](t)(tx.CustomerRows(t.Context(), w.everything(), licensing.CustomerFilter{Query: query, Limit: 10})) {
					customers = append(customers, c.Customer.Name)
				}
				slices.Sort(customers)
				slices.Sort(want)
				same(t, "customers by "+query, customers, want)
			})
		}
	},
	"by everything that a license is known by": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o := w.order(w.north, licensing.Customer{Number: "C-77", Name: "Found", Company: "Möbel AG", Email: "Office@Found.example"})
		o.DataFields = []licensing.Value{{Name: "ext", Value: "PO-4711"}}
		var l licensing.License
		write(t, s, func(tx licensing.Tx) {
			o = w.place(t, tx, o)
			l = w.license(t, o)
			must(t, tx.InsertLicense(t.Context(), l, w.offer))
		})
		w.placed(t, s, w.north, licensing.Customer{Name: "Another"})
		for _, query := range []string{l.Ticket, strings.ToLower(l.Ticket), strings.ReplaceAll(l.Ticket, "-", ""), l.Ticket[6:17], o.Number, strings.ToLower(o.Number), "c-77", "mobel", "office@found", "po-4711", "4711 möb"} {
			read(t, s, func(tx licensing.Tx) {
				same(t, query, found(t, tx, w.everything(), licensing.LicenseFilter{Query: query}), []string{"Found"})
			})
		}
		for _, query := range []string{o.Number, strings.ToLower(o.Number), "c-77", "mobel", "office@found", "po-4711", "4711 möb"} {
			read(t, s, func(tx licensing.Tx) {
				orders := got[[]licensing.OrderRow](t)(tx.OrderRows(t.Context(), w.everything(), licensing.OrderFilter{Query: query, Limit: 10}))
				if len(orders) != 1 || orders[0].ID != o.ID {
					t.Errorf("orders by %s: %v", query, orders)
				}
			})
		}
	},
	"by state, product and kind": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		for _, c := range []struct {
			name    string
			state   licensing.LicenseState
			expires time.Duration // from now; 0: never
		}{
			{"forever", licensing.LicenseActive, 0}, {"still", licensing.LicenseActive, time.Hour}, {"over", licensing.LicenseActive, -time.Microsecond},
			{"revoked", licensing.LicenseRevoked, -time.Hour}, {"suspended", licensing.LicenseSuspended, 0},
		} {
			write(t, s, func(tx licensing.Tx) {
				o := w.place(t, tx, w.order(w.north, licensing.Customer{Name: c.name}))
				l := w.license(t, o)
				l.State = c.state
				if c.expires != 0 {
					l.ExpiresAt = new(tx.Now().Business.Add(c.expires))
				}
				must(t, tx.InsertLicense(t.Context(), l, w.offer))
			})
		}
		all := []string{"suspended", "revoked", "over", "still", "forever"}
		for _, c := range []struct {
			filter licensing.LicenseFilter
			want   []string
		}{
			{licensing.LicenseFilter{States: []licensing.LicenseState{licensing.LicenseActive}}, []string{"still", "forever"}},
			{licensing.LicenseFilter{States: []licensing.LicenseState{licensing.LicenseExpired}}, []string{"over"}},
			{licensing.LicenseFilter{States: []licensing.LicenseState{licensing.LicenseRevoked}}, []string{"revoked"}},
			{licensing.LicenseFilter{States: []licensing.LicenseState{licensing.LicenseSuspended}}, []string{"suspended"}},
			{licensing.LicenseFilter{States: []licensing.LicenseState{"none"}}, []string{}},
			{licensing.LicenseFilter{Product: "APP"}, all},
			{licensing.LicenseFilter{Product: "app"}, []string{}},
			{licensing.LicenseFilter{Kind: "perpetual"}, all},
			{licensing.LicenseFilter{Kind: "subscription"}, []string{}},
			{licensing.LicenseFilter{States: []licensing.LicenseState{licensing.LicenseActive}, Query: "still"}, []string{"still"}},
		} {
			read(t, s, func(tx licensing.Tx) {
				same(t, fmt.Sprintf("%+v", c.filter), found(t, tx, w.everything(), c.filter), c.want)
			})
		}
		write(t, s, func(tx licensing.Tx) { must(t, tx.SetSetting(t.Context(), "clock.offset", "2h")) })
		read(t, s, func(tx licensing.Tx) {
			same(t, "expired by the business clock", found(t, tx, w.everything(), licensing.LicenseFilter{States: []licensing.LicenseState{licensing.LicenseExpired}}), []string{"over", "still"})
		})
	},
}
