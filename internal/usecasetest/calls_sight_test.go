package usecasetest

import (
	"strings"
	"testing"

	"kontor/internal/access"
	"kontor/internal/calls"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// TestCallsTellNothingBeyondSight: what a call was about is seen in the log by those who see it elsewhere.
func TestCallsTellNothingBeyondSight(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log, shop := h.callLog(t, calls.Config{}), h.shopAccount(t)
		h.makeGroup(t, h.anna(t), "northwind", "branch")
		in := trial()
		in.Group = "branch"
		created := h.create(t, h.anna(t), in)
		c := callOf(shop, "SHOP1", soldOn)
		c.Order, c.RequestID, c.TicketHash = created.OrderNumber, "4711", licensing.HashTicket(created.Licenses[0].Ticket)
		kept := &calls.Envelopes{Request: "<ticket>" + created.Licenses[0].Ticket + "</ticket>", Answer: "Ute"}
		log.Keep(c, kept)
		must(t, log.Close())
		sees := func(who licensing.Actor) []any {
			shown := got[calls.Shown](t)(log.Call(t.Context(), who, "SHOP1"))
			row := got[calls.List](t)(log.List(t.Context(), who, licensing.CallFilter{})).Calls[0]
			return []any{shown.Order, shown.RequestID, shown.Envelopes != nil, shown.Away, row.Order, row.RequestID}
		}
		all := []any{created.OrderNumber, "4711", true, false, created.OrderNumber, "4711"}
		nothing := []any{"", "", false, true, "", ""}
		same(t, "an admin", sees(h.anna(t)), all)
		same(t, "a member, who does not see what lies below", sees(h.ben(t)), nothing)
		_, _, err := h.access.MoveGroup(t.Context(), h.isv(t), "", access.MoveGroup{Code: "branch", Under: "nordic"})
		must(t, err)
		after := sees(h.anna(t))
		same(t, "an admin after it was moved away", after[:4], nothing[:4])
		same(t, "the ISV", sees(h.isv(t)), all)

		simulated := h.isv(t)
		simulated.Via = licensing.ViaSimulation
		shown := got[calls.Shown](t)(log.Call(t.Context(), simulated, "SHOP1"))
		same(t, "whoever looks as somebody else", []bool{shown.Envelopes == nil, shown.Hidden}, []bool{true, true})
	})
}

// TestCallsHideWhatPagesHide: values that are for the ISV's group alone are read by the account, and not in the log.
func TestCallsHideWhatPagesHide(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log := h.callLog(t, calls.Config{})
		in := h.flexible(t)
		h.hide(t, "licensee")
		in.Group, in.DataFields = "northwind", values("externalOrderNumber", "PO-4711", "margin", "40")
		l := h.create(t, h.isv(t), in).Licenses[0]
		h.modify(t, h.isv(t), ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("licensee", "Wayne", "edition", "pro")})
		made := h.madeAccount(t)
		answer := askFaceAs(h.face(t, log), soap11(`<GetLicense xmlns="urn:kontor:license:v1"><ticket>`+l.Ticket+`</ticket></GetLicense>`), shop, made.Secret).Body.String()
		for _, secret := range []string{"<value>40</value>", "<value>Wayne</value>"} {
			if !strings.Contains(answer, secret) {
				t.Errorf("the account does not get %s: %s", secret, answer)
			}
		}
		must(t, log.Close())
		reference := got[calls.List](t)(log.List(t.Context(), h.anna(t), licensing.CallFilter{})).Calls[0].Reference
		read := func(who licensing.Actor) string {
			return got[calls.Shown](t)(log.Call(t.Context(), who, reference)).Envelopes.Answer
		}
		console := func(who licensing.Actor) string { return got[string](t)(log.Veiled(t.Context(), who, answer)) }
		for name, text := range map[string]string{"log": read(h.anna(t)), "console": console(h.anna(t))} {
			if strings.Contains(text, "<value>40</value>") || strings.Contains(text, "Wayne") || !strings.Contains(text, "<value>(hidden)</value>") || !strings.Contains(text, "<value>pro</value>") {
				t.Errorf("%s: Northwind's admin reads %s", name, text)
			}
		}
		for name, text := range map[string]string{"log": read(h.isv(t)), "console": console(h.isv(t))} {
			if !strings.Contains(text, "Wayne") || strings.Contains(text, "(hidden)") {
				t.Errorf("%s: the ISV reads %s", name, text)
			}
		}
	})
}
