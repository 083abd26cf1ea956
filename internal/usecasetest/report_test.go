package usecasetest

import (
	"fmt"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// reportOf is what a system reports of an order.
func reportOf(order, connector string, state licensing.MessageState, number, message string) ordering.ReportDocument {
	return ordering.ReportDocument{
		OrderNumber: order, DocumentReport: licensing.DocumentReport{Connector: connector, State: state, Number: number, Message: message},
	}
}

// documents are what a reader of an order sees of them.
func documents(o licensing.Order) (all []string) {
	for _, d := range o.Documents {
		all = append(all, d.Connector+" "+string(d.Kind)+" "+string(d.State)+" "+d.Number+d.LastError)
	}
	return all
}

// TestReportDocument reports for a system that was to be called, which is then not called, and for one that polls.
func TestReportDocument(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, erp := h.anna(t), h.erpAccount(t)
		l := h.create(t, anna, suite()).Licenses[0]
		report := func(actor licensing.Actor, in ordering.ReportDocument) []string {
			out, replayed, err := h.ordering.ReportDocument(t.Context(), actor, licensing.NewID(), in)
			must(t, err)
			same(t, "replayed", replayed, false)
			return documents(out.Order)
		}
		same(t, "for the ERP", report(erp, reportOf(l.OrderNumber, "erp", licensing.MessageAccepted, "D-1", "")), []string{"erp orderCreated accepted D-1"})
		for _, m := range h.messages(t, l.Order) {
			same(t, "to be sent again", got[time.Duration](t)(h.connecting.Send(t.Context(), m.ID)), time.Duration(0))
		}
		same(t, "calls", h.erp.tries(), 0)

		same(t, "for a shop", report(anna, reportOf(l.OrderNumber, "shop", licensing.MessageRejected, "", "blocked")), []string{"erp orderCreated accepted D-1", "shop documentReported rejected blocked"})
		same(t, "after all", report(anna, reportOf(l.OrderNumber, " shop ", licensing.MessageAccepted, "SO-7", "")), []string{"erp orderCreated accepted D-1", "shop documentReported accepted SO-7"})
		same(t, "the same again", report(anna, reportOf(l.OrderNumber, "shop", licensing.MessageAccepted, "SO-7", "")), []string{"erp orderCreated accepted D-1", "shop documentReported accepted SO-7"})
		same(t, "a second document", len(report(anna, reportOf(l.OrderNumber, "shop", licensing.MessageAccepted, "SO-8", ""))), 3)

		in := reportOf(l.OrderNumber, "shop", licensing.MessageAccepted, "SO-9", "")
		first, _, err := h.ordering.ReportDocument(t.Context(), anna, "id", in)
		must(t, err)
		unchanged(t, h, "a replay", func() {
			again, replayed, err := h.ordering.ReportDocument(t.Context(), anna, "id", in)
			must(t, err)
			same(t, "replayed", replayed, true)
			same(t, "documents", documents(again.Order), documents(first.Order))
		})
	})
}

func TestReportDocumentRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := h.create(t, h.anna(t), suite()).Licenses[0]
		in := reportOf(l.OrderNumber, "shop", licensing.MessageAccepted, "SO-1", "")
		for name, c := range map[string]struct {
			actor     licensing.Actor
			requestID string
			in        ordering.ReportDocument
			code      licensing.Code
			field     string
		}{
			"for a system of the house":    {h.anna(t), "a", reportOf(l.OrderNumber, "erp", licensing.MessageAccepted, "D-1", ""), licensing.CodeDenied, "connector"},
			"of an order beyond sight":     {h.as(t, "freya@fjord.example", "fjord"), "b", in, licensing.CodeNotFound, "orderNumber"},
			"of an order that there isn't": {h.anna(t), "c", reportOf("K26-99999", "shop", licensing.MessageAccepted, "D-1", ""), licensing.CodeNotFound, "orderNumber"},
			"without a request id":         {h.anna(t), " ", in, licensing.CodeInvalidRequest, "requestId"},
		} {
			unchanged(t, h, name, func() {
				_, _, err := h.ordering.ReportDocument(t.Context(), c.actor, c.requestID, c.in)
				refused(t, name, err, c.code, c.field)
			})
		}
	})
}

// TestReportReplayedAfterMove holds that a replay hands out no license that is beyond sight by now, and that its states are
// those of the first answer.
func TestReportReplayedAfterMove(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, anna := h.isv(t), h.anna(t)
		order := h.create(t, isv, with(suite(), func(in *ordering.CreateLicense) { in.Group, in.Separate, in.Quantity = "northwind", true, new(2) }))
		in := reportOf(order.OrderNumber, "shop", licensing.MessageAccepted, "SO-9", "")
		first, _, err := h.ordering.ReportDocument(t.Context(), anna, "id", in)
		must(t, err)
		h.setBusinessDay(t, day(2026, 12, 24))
		again, _, err := h.ordering.ReportDocument(t.Context(), anna, "id", in)
		must(t, err)
		same(t, "as of", again.At, first.At)
		_, _, err = h.ordering.MoveLicenses(t.Context(), isv, "move", ordering.MoveLicenses{Licenses: []licensing.LicenseID{order.Licenses[1].ID}, Group: "fjord", Reason: "sold on"})
		must(t, err)
		if _, _, err = h.ordering.ReportDocument(t.Context(), anna, "id", in); err == nil {
			t.Error("a replay shows a license that was moved away")
		}
	})
}

// TestReportSilencesNoRevocation holds that a report settles what is told of the order itself: a revocation of its license
// goes out whatever is reported, and is no document that it could be about.
func TestReportSilencesNoRevocation(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, erp := h.anna(t), h.erpAccount(t)
		l := h.create(t, anna, suite()).Licenses[0]
		_, _, err := h.ordering.ReportDocument(t.Context(), erp, "first", reportOf(l.OrderNumber, "erp", licensing.MessageAccepted, "D-1", ""))
		must(t, err)
		_, _, err = h.ordering.ChangeState(t.Context(), anna, "revoke", licensing.ToRevoke, ordering.ChangeState{Ticket: l.Ticket, Reason: "unpaid"})
		must(t, err)
		before := documents(h.order(t, anna, l.OrderNumber))
		out, _, err := h.ordering.ReportDocument(t.Context(), erp, "second", reportOf(l.OrderNumber, "erp", licensing.MessageAccepted, "D-2", ""))
		must(t, err)
		same(t, "documents", documents(out.Order), append(before, "erp documentReported accepted D-2"))
		var revocation licensing.Message
		for _, m := range h.messages(t, l.Order) {
			if m.Kind == licensing.TellLicenseRevoked {
				revocation = m
			}
		}
		same(t, "the revocation", revocation.State, licensing.MessageWaiting)
		in := reportOf(l.OrderNumber, "erp", licensing.MessageAccepted, "D-3", "")
		in.About = revocation.ID
		unchanged(t, h, "a report about the revocation", func() {
			_, _, err := h.ordering.ReportDocument(t.Context(), erp, "third", in)
			refused(t, "about the revocation", err, licensing.CodeConflict, "")
		})
	})
}

// TestReportAboutOneMessage settles what was seen waiting, with a number that stands there already, and nothing once it was
// answered.
func TestReportAboutOneMessage(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, isv, erp := h.anna(t), h.isv(t), h.erpAccount(t)
		order := h.create(t, anna, suite()).OrderNumber
		_, _, err := h.ordering.ReportDocument(t.Context(), erp, "first", reportOf(order, "erp", licensing.MessageAccepted, "D-1", ""))
		must(t, err)
		h.create(t, anna, with(suite(), func(in *ordering.CreateLicense) { in.OrderNumber = order }))
		in := reportOf(order, "erp", licensing.MessageAccepted, "D-1", "")
		again, _, err := h.ordering.ReportDocument(t.Context(), erp, "again", in)
		must(t, err)
		same(t, "what stands there already", documents(again.Order), []string{"erp orderCreated accepted D-1", "erp orderExtended waiting "})
		in.About = again.Order.Documents[1].ID
		unchanged(t, h, "by a reseller", func() {
			_, _, err := h.ordering.ReportDocument(t.Context(), anna, "reseller", in)
			refused(t, "by a reseller", err, licensing.CodeDenied, "connector")
		})
		settled, _, err := h.ordering.ReportDocument(t.Context(), isv, "by hand", in)
		must(t, err)
		same(t, "by hand", documents(settled.Order), []string{"erp orderCreated accepted D-1", "erp orderExtended accepted D-1"})
		unchanged(t, h, "once more", func() {
			_, _, err := h.ordering.ReportDocument(t.Context(), isv, "once more", in)
			refused(t, "once more", err, licensing.CodeConflict, "")
		})
		told := func(actor licensing.Actor) (all []string) {
			for _, e := range got[[]licensing.HistoryEntry](t)(h.ordering.Reports(t.Context(), actor, order)) {
				_, byHand := licensing.ValueOf(e.Detail, "message")
				_, why := licensing.ValueOf(e.Detail, "reason")
				all = append(all, fmt.Sprint(e.By, e.FromAbove, byHand, why))
			}
			return all
		}
		same(t, "told to the ISV", told(isv)[0], isv.UserName+"false true true")
		same(t, "told to a reseller", told(anna)[0], "true true false")
		same(t, "reports", len(told(anna)), 2) // what stands there already is none
	})
}

// TestReportOfTheSame holds that a report of what stands there already leaves no trace, and that a number that was accepted is
// not rejected.
func TestReportOfTheSame(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		order := h.create(t, anna, suite()).OrderNumber
		step := func(state licensing.MessageState, number, message string, want ...string) {
			t.Helper()
			out, _, err := h.ordering.ReportDocument(t.Context(), anna, licensing.NewID(), reportOf(order, "shop", state, number, message))
			must(t, err)
			told := got[[]licensing.HistoryEntry](t)(h.ordering.Reports(t.Context(), anna, order))
			same(t, "documents and reports", []any{documents(out.Order)[1:], len(told)}, []any{want[1:], len(want[0])})
		}
		step(licensing.MessageRejected, "", "blocked", "I", "shop documentReported rejected blocked")
		step(licensing.MessageRejected, "", "blocked", "I", "shop documentReported rejected blocked")
		step(licensing.MessageRejected, "", "unpaid", "II", "shop documentReported rejected unpaid")
		step(licensing.MessageAccepted, "SO-1", "by hand", "III", "shop documentReported accepted SO-1by hand")
		step(licensing.MessageAccepted, "SO-1", "", "III", "shop documentReported accepted SO-1by hand")
		unchanged(t, h, "rejecting what was accepted", func() {
			_, _, err := h.ordering.ReportDocument(t.Context(), anna, "rejecting", reportOf(order, "shop", licensing.MessageRejected, "SO-1", "stopped"))
			refused(t, "rejecting what was accepted", err, licensing.CodeConflict, "")
		})
		step(licensing.MessageRejected, "SO-2", "stopped", "IIII", "shop documentReported accepted SO-1by hand", "shop documentReported rejected SO-2stopped")
	})
}
