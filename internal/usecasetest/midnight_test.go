package usecasetest

import (
	"fmt"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// TestNothingBecomesLateSilently: what a preview told is held to when it is confirmed after midnight, one by one and many at
// once: what was in time does not become late, and what was late does not become late for another period.
func TestNothingBecomesLateSilently(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		l := h.create(t, anna, suite()).Licenses[0]
		other := h.create(t, anna, suite()).Licenses[0]
		ids := []licensing.LicenseID{l.ID, other.ID}
		asked := func() subscriptions.CancelMany { // what the page would send
			in := subscriptions.CancelMany{Licenses: ids, Ends: map[licensing.LicenseID]licensing.Day{}}
			for _, one := range got[[]subscriptions.PreviewedOne](t)(h.subscriptions.PreviewCancelMany(t.Context(), anna, ids)) {
				in.Ends[one.License.ID] = one.Preview.Last.End
				if !one.Preview.InTime {
					in.Late = append(in.Late, one.License.ID)
				}
			}
			return in
		}
		for i, shown := range []licensing.Day{day(2027, 10, 21), day(2028, 10, 21)} { // the last day to cancel: in time
			h.setBusinessDay(t, shown)
			h.extendDue(t)
			in := asked()
			same(t, "in time", len(in.Late), 0)
			if i == 1 { // and a form that was late a year ago
				in.Late, in.Ends = ids, map[licensing.LicenseID]licensing.Day{l.ID: day(2028, 11, 20), other.ID: day(2028, 11, 20)}
			}
			h.setBusinessDay(t, shown.AddDays(1))
			for id, what := range outcomes(got[[]subscriptions.CancelledOne](t)(h.subscriptions.CancelMany(t.Context(), anna, fmt.Sprint("after midnight ", i), in))) {
				same(t, fmt.Sprint(shown, " ", id), what, string(licensing.CodeConflict))
				same(t, "runs on", h.license(t, id).Subscription.State, licensing.SubscriptionActive)
			}
			_, _, err := h.subscriptions.Cancel(t.Context(), anna, fmt.Sprint("one ", i), subscriptions.Cancel{Ticket: l.Ticket, EndsBy: in.Ends[l.ID]})
			refused(t, "one by one", err, licensing.CodeConflict, "")
		}
		for id, what := range outcomes(got[[]subscriptions.CancelledOne](t)(h.subscriptions.CancelMany(t.Context(), anna, "told anew", asked()))) {
			same(t, "told anew "+string(id), what[:len("false 2029-11-20")], "false 2029-11-20")
		}
	})
}
