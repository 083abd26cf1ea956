package storetest

import (
	"context"
	"testing"
	"time"

	"kontor/internal/licensing"
)

var changes = map[string]func(*testing.T, licensing.Store){
	"everything that changes of a license round-trips": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		_, l := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		order := l
		for i, text := range odd {
			write(t, s, func(tx licensing.Tx) {
				l.Customer = licensing.Customer{Name: "n" + text, Number: text}
				l.CustomerID = got[licensing.CustomerID](t)(tx.UpsertCustomer(t.Context(), w.south.ID, l.Customer, false))
				l.DataFields = []licensing.Value{{Name: "ext", Value: text}}
				l.Parameters = []licensing.Value{{Name: "seats", Value: "7"}, {Name: "licensee", Value: text}}
				l.State, l.ExpiresAt = licensing.LicenseSuspended, new(someTime.Add(time.Duration(i)*time.Microsecond))
				must(t, tx.UpdateLicense(t.Context(), l))
				l.Version++
			})
			read(t, s, func(tx licensing.Tx) {
				same(t, "changed", got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID)), l)
			})
		}
		write(t, s, func(tx licensing.Tx) {
			l.Group, l.GroupCode, l.GroupName = w.south.ID, w.south.Code, w.south.Name
			must(t, tx.UpdateLicense(t.Context(), l))
			l.Version++
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "moved", got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID)), l)
			south := licensing.Sight{Group: w.south.ID}
			same(t, "listed where it is", len(got[[]licensing.License](t)(tx.ListLicenses(t.Context(), south, licensing.LicenseFilter{Limit: 10}))), 1)
			same(t, "and not where it was", len(got[[]licensing.License](t)(tx.ListLicenses(t.Context(), licensing.Sight{Group: w.north.ID}, licensing.LicenseFilter{Limit: 10}))), 0)
			o := got[licensing.Order](t)(tx.OrderByNumber(t.Context(), l.OrderNumber))
			same(t, "its order", []any{o.GroupCode, o.Customer, o.DataFields}, []any{"north", order.Customer, order.DataFields})
		})
		write(t, s, func(tx licensing.Tx) { // back to what the order says
			l.Customer, l.DataFields, l.CustomerID = order.Customer, order.DataFields, w.customer
			must(t, tx.UpdateLicense(t.Context(), l))
			l.Version++
			same(t, "as the order", got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID)), l)
		})
	},
	"no data fields are other than the order's": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o := w.order(w.north, licensing.Customer{Name: "x"})
		o.DataFields = []licensing.Value{{Name: "ext", Value: "1"}}
		write(t, s, func(tx licensing.Tx) {
			o = w.place(t, tx, o)
			l := w.license(t, o)
			must(t, tx.InsertLicense(t.Context(), l, w.offer))
			l.DataFields = nil
			must(t, tx.UpdateLicense(t.Context(), l))
			same(t, "none", len(got[licensing.License](t)(tx.LicenseByID(t.Context(), l.ID)).DataFields), 0)
		})
	},
	"a deleted license is found by nothing": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l := w.subscribed(t, s, cancelBy)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertLicenseFile(t.Context(), l.ID, "file"))
			l.State = licensing.LicenseDeleted
			must(t, tx.UpdateLicense(t.Context(), l))
		})
		read(t, s, func(tx licensing.Tx) {
			_, err := tx.LicenseByID(t.Context(), l.ID)
			none(t, "by id", err)
			_, err = tx.LicenseByTicket(t.Context(), l.Ticket)
			none(t, "by ticket", err)
			_, err = tx.SubscriptionOf(t.Context(), l.ID)
			none(t, "its subscription", err)
			same(t, "in a list", len(got[[]licensing.License](t)(tx.ListLicenses(t.Context(), w.everything(), licensing.LicenseFilter{Limit: 10}))), 0)
			same(t, "of its line", len(got[[]licensing.License](t)(tx.LicensesOfLine(t.Context(), l.Line))), 0)
			same(t, "per day", len(got[map[licensing.Day]int](t)(tx.LicensesPerDay(t.Context(), w.everything(), licensing.Day{Year: 1}))), 0)
			same(t, "its files", len(got[[]licensing.LicenseFile](t)(tx.LicenseFiles(t.Context(), l.ID))), 1)
		})
	},
	"a subscription ends by revocation and comes back": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		l := w.subscribed(t, s, cancelBy)
		want := *l.Subscription
		update := func(change func(*licensing.Subscription)) {
			t.Helper()
			change(&want)
			write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateSubscription(t.Context(), want)) })
			want.Version++
			want.Periods[0].Outcome = licensing.PeriodOpen
			if want.State == licensing.SubscriptionEnded {
				want.Periods[0].Outcome = licensing.PeriodEnded
			}
			read(t, s, func(tx licensing.Tx) {
				same(t, "read", got[licensing.Subscription](t)(tx.SubscriptionOf(t.Context(), l.ID)), want)
				due := got[[]licensing.LicenseID](t)(tx.DueSubscriptions(t.Context(), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), 10))
				same(t, "due", len(due) == 1, want.State != licensing.SubscriptionEnded)
			})
		}
		update(func(s *licensing.Subscription) {
			s.State, s.RevokedOn = licensing.SubscriptionEnded, licensing.Day{Year: 2027, Month: time.March, Date: 1}
		})
		update(func(s *licensing.Subscription) { s.State, s.RevokedOn = licensing.SubscriptionActive, licensing.Day{} })
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.UpdateSubscription(ctx, *l.Subscription) })
	},
	"found by what changed since": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		one := w.subscribed(t, s, cancelBy)
		_, two := w.placed(t, s, w.north, licensing.Customer{Name: "x"})
		write(t, s, func(tx licensing.Tx) { must(t, tx.SetSetting(t.Context(), "clock.offset", "100h")) })
		var at time.Time
		found := func() (ids []licensing.LicenseID) {
			read(t, s, func(tx licensing.Tx) {
				for _, l := range got[[]licensing.License](t)(tx.ListLicenses(t.Context(), w.everything(), licensing.LicenseFilter{ChangedSince: at, Limit: 10})) {
					ids = append(ids, l.ID)
				}
			})
			return ids
		}
		write(t, s, func(tx licensing.Tx) {
			at = tx.Now().Business
			must(t, tx.UpdateLicense(t.Context(), two))
		})
		same(t, "the license itself", found(), []licensing.LicenseID{two.ID})
		write(t, s, func(tx licensing.Tx) {
			sub := *one.Subscription
			sub.State = licensing.SubscriptionCancelled
			must(t, tx.UpdateSubscription(t.Context(), sub))
		})
		same(t, "its subscription", found(), []licensing.LicenseID{two.ID, one.ID})
	},
}
