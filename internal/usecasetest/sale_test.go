package usecasetest

import (
	"slices"
	"strings"
	"testing"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// setSale says whether a product is sold, without what follows in jobs.
func (h *house) setSale(t testing.TB, code string, s licensing.Sale) licensing.Product {
	t.Helper()
	p := got[catalog.SalePreview](t)(h.catalog.PreviewSale(t.Context(), h.isv(t), code)).Product
	p, _, err := h.catalog.SetSale(t.Context(), h.isv(t), licensing.NewID(), catalog.SetSale{Code: code, Sale: s, Version: p.Version})
	must(t, err)
	return p
}

// listed is a license's row of the list.
func (h *house) listed(t testing.TB, id licensing.LicenseID) licensing.LicenseRow {
	t.Helper()
	all := got[ordering.LicenseList](t)(h.ordering.LicenseList(t.Context(), h.isv(t), licensing.LicenseFilter{Limit: 100})).Licenses
	return all[slices.IndexFunc(all, func(r licensing.LicenseRow) bool { return r.ID == id })]
}

// fed is what the feed says of a ticket.
func (h *house) fed(t testing.TB, ticket string) []string {
	t.Helper()
	return kinds(h.changes(t, h.erpAccount(t), "", 500).Changes, ticket)
}

// TestDeactivatedProductEnds deactivates a product so that its subscriptions end: nothing new is sold, nobody is reminded,
// each ends with the period that it has, and its owner's admin can cancel it even so, also without the category.
func TestDeactivatedProductEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, isv := h.anna(t), h.isv(t)
		l := h.create(t, anna, suite()).Licenses[0]
		other := h.create(t, anna, suite()).Licenses[0]
		h.setBusinessDay(t, day(2027, 6, 1))
		preview := got[catalog.SalePreview](t)(h.catalog.PreviewSale(t.Context(), isv, "AUR-SUITE"))
		same(t, "preview", preview.Subscriptions, licensing.SubscriptionCounts{Open: 2, OpenEnd: day(2027, 11, 20)})
		h.setSale(t, "AUR-SUITE", licensing.SaleEnds)

		unchanged(t, h, "selling it", func() {
			_, _, err := h.ordering.CreateLicense(t.Context(), anna, "new", suite())
			refused(t, "creating", err, licensing.CodeInvalidRequest, "product")
			if !strings.Contains(err.Error(), "Aurora Suite (AUR-SUITE) is deactivated") {
				t.Errorf("it is refused with %v", err)
			}
			_, err = h.ordering.Quote(t.Context(), anna, suite())
			refused(t, "quoting", err, licensing.CodeInvalidRequest, "product")
			_, err = h.catalog.Offer(t.Context(), anna, "partner", "AUR-SUITE")
			refused(t, "the form", err, licensing.CodeInvalidRequest, "product")
		})
		for _, c := range got[[]catalog.CategoryOffers](t)(h.catalog.Offers(t.Context(), anna, "", "")) {
			for _, o := range c.Offers {
				if o.Product.Code == "AUR-SUITE" {
					t.Error("it can be chosen still")
				}
			}
		}
		named := got[[]licensing.Offer](t)(h.catalog.OffersNamed(t.Context(), anna, []catalog.OfferName{{Category: "partner", Product: "AUR-SUITE"}}))
		same(t, "its offer can be read", named[0].Product.Sale, licensing.SaleEnds)

		// The rule holds at once; what is kept beside it follows.
		sub := got[licensing.Subscription](t)(h.subscriptions.Subscription(t.Context(), anna, l.Ticket))
		_, extends := sub.Next()
		same(t, "extends", []bool{extends, sub.Discontinued()}, []bool{false, true})
		must(t, h.subscriptions.ReviewAll(t.Context()))
		same(t, "in the list", []any{h.listed(t, l.ID).Discontinued, h.listed(t, l.ID).CancelBy}, []any{true, licensing.Day{}})
		same(t, "history", h.newest(t, anna, l.ID).Action, "subscription.discontinued")
		same(t, "feed", h.fed(t, l.Ticket), []string{"licenseCreated", "subscriptionDiscontinued"})
		same(t, "foreseen", inWords(h.foreseen(t, anna, subscriptions.ForecastFilter{Until: day(2029, 1, 1)})), []string{
			"2027-11-20 ended 1 2027-11-20 180000 EUR", "2027-11-20 ended 1 2027-11-20 180000 EUR",
		})

		h.setBusinessDay(t, day(2027, 10, 21))
		same(t, "reminders", h.remindDue(t), []string(nil))
		h.revokeAll(t, h.ben(t)) // what she passed on
		h.revokeAll(t, anna)     // anna may do nothing any more, and is an admin of the owning group
		out := h.cancel(t, anna, subscriptions.Cancel{Ticket: other.Ticket, Reason: "moved"})
		same(t, "cancelled", []any{out.InTime, out.EndsOn, out.Receipt.Facts.EndsOn}, []any{true, day(2027, 11, 20), day(2027, 11, 20)})

		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "extensions", h.extendDue(t), 0)
		_, _, err := h.subscriptions.Cancel(t.Context(), anna, licensing.NewID(), subscriptions.Cancel{Ticket: l.Ticket})
		refused(t, "cancelling what ends in any case", err, licensing.CodeConflict, "")
		h.setBusinessDay(t, day(2027, 11, 21))
		same(t, "ends", h.extendDue(t), 2)
		same(t, "told", h.told(t, l.Order), []string{"orderCreated", "subscriptionEnded 1"})
		same(t, "state", h.license(t, l.ID).Subscription.State, licensing.SubscriptionEnded)
	})
}

// TestDeactivatedProductGoesOn extends as before what nobody cancels; the owner's admin can cancel without the category.
func TestDeactivatedProductGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0]
		h.setSale(t, "AUR-SUITE", licensing.SaleGoOn)
		must(t, h.subscriptions.ReviewAll(t.Context()))
		same(t, "feed", h.fed(t, l.Ticket), []string{"licenseCreated"})
		_, _, err := h.ordering.CreateLicense(t.Context(), anna, "new", suite())
		refused(t, "creating", err, licensing.CodeInvalidRequest, "product")
		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "extensions", h.extendDue(t), 1)
		h.revokeAll(t, h.ben(t)) // what she passed on
		h.revokeAll(t, anna)
		out := h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		same(t, "receipt", []any{out.Receipt.Facts.InTime, out.Receipt.Facts.EndsOn}, []any{false, day(2028, 11, 20)})
	})
}

// TestReactivatedProduct is sold again: what could still be cancelled goes on, and what nobody could rely on ends. Neither
// depends on jobs having run in time.
func TestReactivatedProduct(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, isv := h.anna(t), h.isv(t)
		missed := h.create(t, anna, suite()).Licenses[0] // last day to cancel 21 October 2027
		h.setBusinessDay(t, day(2027, 1, 10))
		later := h.create(t, anna, suite()).Licenses[0] // 10 December 2027
		h.setBusinessDay(t, day(2027, 6, 1))
		h.setSale(t, "AUR-SUITE", licensing.SaleEnds)
		must(t, h.subscriptions.ReviewAll(t.Context()))
		h.setBusinessDay(t, day(2027, 11, 1))
		same(t, "extensions", h.extendDue(t), 0)
		preview := got[catalog.SalePreview](t)(h.catalog.PreviewSale(t.Context(), isv, "AUR-SUITE"))
		same(t, "preview", preview.Subscriptions, licensing.SubscriptionCounts{Open: 1, OpenEnd: day(2028, 1, 9), Missed: 1, MissedEnd: day(2027, 11, 20)})
		h.setSale(t, "AUR-SUITE", licensing.SaleOn)
		h.create(t, anna, suite())
		must(t, h.subscriptions.ReviewAll(t.Context()))
		same(t, "history", []string{h.newest(t, anna, missed.ID).Action, h.newest(t, anna, later.ID).Action}, []string{"subscription.discontinued", "subscription.resumed"})
		same(t, "in the list", []bool{h.listed(t, missed.ID).Discontinued, h.listed(t, later.ID).Discontinued}, []bool{true, false})
		h.setBusinessDay(t, day(2027, 12, 9))
		if to := h.remindDue(t); len(to) == 0 {
			t.Error("nobody is reminded of what goes on")
		}
		h.setBusinessDay(t, day(2027, 12, 11))
		h.extendDue(t)
		same(t, "ended", h.license(t, missed.ID).Subscription.State, licensing.SubscriptionEnded)
		same(t, "extended", h.license(t, later.ID).Subscription.Last().End, day(2029, 1, 9))
	})
}

// TestReactivatedProductIsReminded sells a product again after the reminder days of its subscription have passed: its owner
// was told that it ends, so the latest one is made up for, once.
func TestReactivatedProductIsReminded(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), forNobody()).Licenses[0] // last day to cancel 21 October 2027
		h.setBusinessDay(t, day(2027, 6, 1))
		h.setSale(t, "AUR-SUITE", licensing.SaleEnds)
		must(t, h.subscriptions.ReviewAll(t.Context()))
		h.setBusinessDay(t, day(2027, 10, 18))
		same(t, "while it ends", h.remindDue(t), []string(nil))
		for _, s := range []licensing.Sale{licensing.SaleOn, licensing.SaleEnds} { // by mistake, without a reminder between
			h.setSale(t, "AUR-SUITE", s)
			must(t, h.subscriptions.ReviewAll(t.Context()))
		}
		h.setBusinessDay(t, day(2027, 10, 19))
		h.setSale(t, "AUR-SUITE", licensing.SaleOn)
		must(t, h.subscriptions.ReviewAll(t.Context()))
		same(t, "sold again", h.remindDue(t), []string{"anna@northwind.example"})
		same(t, "history", h.newest(t, h.anna(t), l.ID).Action, "subscription.reminded")
		h.setSale(t, "AUR-SUITE", licensing.SaleEnds)
		h.setSale(t, "AUR-SUITE", licensing.SaleOn)
		must(t, h.subscriptions.ReviewAll(t.Context()))
		same(t, "once", h.remindDue(t), []string(nil))
		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "extensions", h.extendDue(t), 1)
	})
}

// TestSoldWhileItIsDeactivated looks at what no review came by, because it was sold in the moment in which its product was
// deactivated: when it would have been extended, its row says that it ends, and it is not looked at again until it does.
func TestSoldWhileItIsDeactivated(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		h.setSale(t, "AUR-SUITE", licensing.SaleEnds)
		h.setBusinessDay(t, day(2027, 10, 23))
		same(t, "extensions", h.extendDue(t), 0)
		same(t, "in the list", []any{h.listed(t, l.ID).Discontinued, h.listed(t, l.ID).CancelBy}, []any{true, licensing.Day{}})
		due := func() (ids []licensing.LicenseID) {
			must(t, h.store.Read(t.Context(), func(tx licensing.Tx) (err error) {
				ids, err = tx.DueSubscriptions(t.Context(), tx.Now().Business, 10)
				return err
			}))
			return ids
		}
		same(t, "due", len(due()), 0)
		h.setBusinessDay(t, day(2027, 11, 21))
		same(t, "due at its end", due(), []licensing.LicenseID{l.ID})
		same(t, "ends", h.extendDue(t), 1)
	})
}

// TestReviewInBatches goes on where it was, and begins again when the product's sale changes meanwhile.
func TestReviewInBatches(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		all := h.create(t, h.anna(t), with(suite(), func(in *ordering.CreateLicense) { in.Quantity, in.Separate = new(60), true })).Licenses
		h.setSale(t, "AUR-SUITE", licensing.SaleEnds)
		same(t, "more", got[bool](t)(h.subscriptions.ReviewSome(t.Context())), true)
		h.setSale(t, "AUR-SUITE", licensing.SaleOn)
		h.setSale(t, "AUR-SUITE", licensing.SaleEnds)
		must(t, h.another(t).subscriptions.ReviewAll(t.Context()))
		same(t, "more", got[bool](t)(h.subscriptions.ReviewSome(t.Context())), false)
		h.setBusinessDay(t, day(2027, 11, 21))
		same(t, "end", h.extendDue(t), len(all))
		for _, l := range all {
			same(t, "periods", len(h.license(t, l.ID).Subscription.Periods), 1)
		}
	})
}

// TestOnlyISVAdminsDeactivate refuses everybody else, a version that was overtaken, and what is no choice.
func TestOnlyISVAdminsDeactivate(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		unchanged(t, h, "by others", func() {
			for _, a := range []licensing.Actor{h.anna(t), h.ben(t), h.staff(t), h.erpAccount(t)} {
				_, _, err := h.catalog.SetSale(t.Context(), a, "x", catalog.SetSale{Code: "AUR-SUITE", Sale: licensing.SaleEnds, Version: 1})
				refused(t, a.Email, err, licensing.CodeDenied, "")
				_, err = h.catalog.PreviewSale(t.Context(), a, "AUR-SUITE")
				refused(t, a.Email, err, licensing.CodeDenied, "")
			}
			_, _, err := h.catalog.SetSale(t.Context(), h.isv(t), "x", catalog.SetSale{Code: "AUR-SUITE", Sale: "sometimes", Version: 1})
			refused(t, "no choice", err, licensing.CodeInvalidRequest, "sale")
			_, _, err = h.catalog.SetSale(t.Context(), h.isv(t), "x", catalog.SetSale{Code: "NONE", Version: 1})
			refused(t, "no product", err, licensing.CodeNotFound, "product")
		})
		h.setSale(t, "AUR-SUITE", licensing.SaleGoOn)
		_, _, err := h.catalog.SetSale(t.Context(), h.isv(t), "x", catalog.SetSale{Code: "AUR-SUITE", Sale: licensing.SaleEnds, Version: 1})
		refused(t, "an old version", err, licensing.CodeConflict, "")
	})
}
