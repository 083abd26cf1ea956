package usecasetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// outcomes are what came of each, by license: how it ends, or why it did not.
func outcomes(all []subscriptions.CancelledOne) map[licensing.LicenseID]string {
	by := map[licensing.LicenseID]string{}
	for _, one := range all {
		by[one.ID] = fmt.Sprintf("%v %v %s", one.Done.InTime, one.Done.EndsOn, one.Done.Receipt.Number)
		if one.Refused != nil {
			by[one.ID] = string(one.Refused.Code)
		}
	}
	return by
}

// TestCancelMany previews and cancels a choice in which some can be cancelled, some are late, and some cannot.
func TestCancelMany(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		late := h.create(t, anna, suite()).Licenses[0]
		missed := h.create(t, anna, suite()).Licenses[0]
		h.setBusinessDay(t, day(2027, 6, 1))
		good := h.create(t, anna, suite()).Licenses[0]
		done := h.create(t, anna, suite()).Licenses[0]
		h.cancel(t, anna, subscriptions.Cancel{Ticket: done.Ticket})
		perpetual := h.create(t, anna, design()).Licenses[0]
		elsewhere := h.create(t, h.isv(t), suite()).Licenses[0]
		h.setBusinessDay(t, day(2027, 10, 22))
		ids := []licensing.LicenseID{good.ID, late.ID, done.ID, perpetual.ID, elsewhere.ID, missed.ID, good.ID, "none"}

		previews := map[licensing.LicenseID]string{}
		unchanged(t, h, "a preview", func() {
			for _, one := range got[[]subscriptions.PreviewedOne](t)(h.subscriptions.PreviewCancelMany(t.Context(), anna, ids)) {
				previews[one.License.ID] = fmt.Sprintf("%v %v %d", one.Preview.InTime, one.Preview.Last.End, one.Preview.Spared.Number)
				if one.Refused != nil {
					previews[one.License.ID] = string(one.Refused.Code)
				}
			}
		})
		same(t, "previews", previews, map[licensing.LicenseID]string{
			good.ID: "true 2028-05-31 2", late.ID: "false 2028-11-20 3", missed.ID: "false 2028-11-20 3", done.ID: "conflict", perpetual.ID: "conflict",
		})

		in := subscriptions.CancelMany{Licenses: ids, Late: []licensing.LicenseID{late.ID}, Reason: "we move on"}
		first := got[[]subscriptions.CancelledOne](t)(h.subscriptions.CancelMany(t.Context(), anna, "id", in))
		same(t, "each once", len(first), 7)
		for _, one := range first {
			if one.Refused == nil {
				checkReceipt(t, h, one.Done.Receipt)
				same(t, "reason", one.Done.Receipt.Facts.Reason, "we move on")
			}
		}
		by := outcomes(first)
		numbers := []string{by[good.ID][len(by[good.ID])-9:], by[late.ID][len(by[late.ID])-9:]}
		slices.Sort(numbers)
		same(t, "numbers", numbers, []string{"R27-10002", "R27-10003"})
		if !strings.HasPrefix(by[good.ID], "true 2028-05-31") || !strings.HasPrefix(by[late.ID], "false 2028-11-20") {
			t.Errorf("got %v", by)
		}
		for id, want := range map[licensing.LicenseID]licensing.Code{
			done.ID: licensing.CodeConflict, perpetual.ID: licensing.CodeConflict, missed.ID: licensing.CodeConflict, elsewhere.ID: licensing.CodeNotFound, "none": licensing.CodeNotFound,
		} {
			same(t, "refused "+string(id), by[id], string(want))
		}
		same(t, "late without a word of it runs on", h.license(t, missed.ID).Subscription.State, licensing.SubscriptionActive)
		unchanged(t, h, "again", func() {
			slices.Reverse(in.Licenses)
			same(t, "again", outcomes(got[[]subscriptions.CancelledOne](t)(h.subscriptions.CancelMany(t.Context(), anna, "id", in))), by)
		})
		unchanged(t, h, "another content", func() {
			in.Reason = "another"
			_, err := h.subscriptions.CancelMany(t.Context(), anna, "id", in)
			refused(t, "another content", err, licensing.CodeRequestIDReused, "requestId")
		})
	})
}

// TestCancelManyIsTakenUpAgain breaks off after some; asked again, it does what is left, and nothing twice.
func TestCancelManyIsTakenUpAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		in := subscriptions.CancelMany{Reason: "r"}
		for range 4 {
			in.Licenses = append(in.Licenses, h.create(t, anna, suite()).Licenses[0].ID)
		}
		some := in
		some.Licenses = in.Licenses[:2] // as far as it came
		before := outcomes(got[[]subscriptions.CancelledOne](t)(h.subscriptions.CancelMany(t.Context(), anna, "id", some)))
		after := outcomes(got[[]subscriptions.CancelledOne](t)(h.subscriptions.CancelMany(t.Context(), anna, "id", in)))
		for _, id := range some.Licenses {
			same(t, "what was done", after[id], before[id])
		}
		for _, id := range in.Licenses {
			same(t, "receipts", len(h.receipts(t, anna, id)), 1)
		}
	})
}

func TestCancelManyRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0].ID
		tooMany := make([]licensing.LicenseID, subscriptions.MaxCancelled+1)
		for i := range tooMany {
			tooMany[i] = licensing.LicenseID(fmt.Sprint(i))
		}
		for name, c := range map[string]struct {
			id    string
			in    subscriptions.CancelMany
			field string
		}{
			"nothing":        {"id", subscriptions.CancelMany{}, "licenses"},
			"too many":       {"id", subscriptions.CancelMany{Licenses: tooMany}, "licenses"},
			"a long reason":  {"id", subscriptions.CancelMany{Licenses: []licensing.LicenseID{l}, Reason: strings.Repeat("x", 501)}, "reason"},
			"no request id":  {" ", subscriptions.CancelMany{Licenses: []licensing.LicenseID{l}}, "requestId"},
			"too long an id": {strings.Repeat("x", 250), subscriptions.CancelMany{Licenses: []licensing.LicenseID{l}}, "requestId"},
		} {
			unchanged(t, h, name, func() {
				_, err := h.subscriptions.CancelMany(t.Context(), anna, c.id, c.in)
				refused(t, name, err, licensing.CodeInvalidRequest, c.field)
			})
		}
		_, err := h.subscriptions.PreviewCancelMany(t.Context(), h.as(t, "ben@northwind.example", "fjord"), []licensing.LicenseID{l})
		refused(t, "beyond sight", err, licensing.CodeNotFound, "licenses")
		h.revokeAll(t, h.ben(t))
		all := got[[]subscriptions.CancelledOne](t)(h.subscriptions.CancelMany(t.Context(), h.ben(t), "id", subscriptions.CancelMany{Licenses: []licensing.LicenseID{l}}))
		same(t, "without modify", outcomes(all)[l], "denied")
	})
}
