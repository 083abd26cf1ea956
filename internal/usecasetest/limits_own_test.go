package usecasetest

import (
	"testing"

	"kontor/internal/access"
	"kontor/internal/calls"
	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

func own(n int) *licensing.OwnLimit { return &licensing.OwnLimit{N: n} }

// TestOwnLimitsHoldOverProcesses changes the limits of an account in one process, and calls in both.
func TestOwnLimitsHoldOverProcesses(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		limits := licensing.CallLimits{PerMinute: 4, Licenses: 3}
		houses := []*process{{open(t, h.address, h.wall, h.erp, limits), nil}, {open(t, h.address, h.wall, h.erp, limits), nil}}
		for _, p := range houses {
			p.log = p.callLog(t, calls.Config{Limits: limits})
		}
		set := func(l licensing.OwnLimits) {
			t.Helper()
			_, _, err := houses[0].access.SetAllowance(t.Context(), h.isv(t), "", access.SetAllowance{Membership: h.erpAccount(t).ID, Allowance: licensing.Allowance{Limits: l}})
			must(t, err)
		}
		called := 0
		admitted := func(want int) {
			t.Helper()
			for n := range want + 1 {
				called++
				p := houses[called%2]
				actor := got[licensing.Actor](t)(p.tries(t, erpName, demo.Password, office))
				if err := p.log.Admit(t.Context(), actor); (err == nil) != (n < want) {
					t.Errorf("call %d of %d: %v", n+1, want, err)
				}
			}
		}
		admitted(4) // the house's
		set(licensing.OwnLimits{PerMinute: own(6)})
		admitted(2) // more
		set(licensing.OwnLimits{PerMinute: own(0), PerDay: own(8)})
		admitted(2)
		set(licensing.OwnLimits{PerMinute: own(0)})
		must(t, houses[1].log.Admit(t.Context(), got[licensing.Actor](t)(houses[1].tries(t, erpName, demo.Password, office)))) // no limit at all
		set(licensing.OwnLimits{PerDay: own(20)})
		admitted(0) // the house's again: the minute has its 8 already
		u := got[calls.Use](t)(houses[1].log.Use(t.Context(), h.isv(t), h.erpAccount(t).ID, false))
		same(t, "limits and use", []any{u.Limits, u.House, u.Used}, []any{licensing.CallLimits{PerMinute: 4, PerDay: 20, Licenses: 3}, limits, licensing.CallUse{InMinute: 8, InDay: 8}})

		create := func(id string, n int) error {
			called++
			p := houses[called%2]
			actor := got[licensing.Actor](t)(p.tries(t, erpName, demo.Password, office))
			_, _, err := p.ordering.CreateLicense(t.Context(), actor, id, ordering.CreateLicense{
				Category: "partner", Product: "AUR-SUITE", Group: "northwind", Quantity: &n, Separate: true, Customer: licensing.Customer{Name: "Ute Brückner"}, Parameters: []licensing.Value{{Name: "seats", Value: "3"}},
			})
			return err
		}
		must(t, create("a", 2))
		refused(t, "beyond the house's", create("b", 2), licensing.CodeExhausted, "")
		set(licensing.OwnLimits{Licenses: own(4)})
		must(t, create("b", 2))
		refused(t, "beyond its own", create("c", 1), licensing.CodeExhausted, "")
		u = got[calls.Use](t)(houses[0].log.Use(t.Context(), h.isv(t), h.erpAccount(t).ID, false))
		same(t, "licenses of the day", u.Used.Licenses, 4)
	})
}

// process is a process with its log of calls.
type process struct {
	*house
	log *calls.Service
}

// TestOwnLimitsAreSet holds who may set which, and what the history says.
func TestOwnLimitsAreSet(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		limits := licensing.CallLimits{PerMinute: 60, PerDay: 1_000}
		h = open(t, h.address, h.wall, h.erp, limits)
		m, anna := h.madeAccount(t).Account.Membership, h.anna(t)
		set := func(by licensing.Actor, l licensing.OwnLimits) (access.AllowanceRow, error) {
			row, _, err := h.access.SetAllowance(t.Context(), by, "", access.SetAllowance{Membership: m.ID, Allowance: licensing.Allowance{Limits: l}})
			return row, err
		}
		unchanged(t, h, "refusals", func() {
			for field, l := range map[string]licensing.OwnLimits{
				"callsPerMinute": {PerMinute: own(61)}, "callsPerDay": {PerDay: &licensing.OwnLimit{Firm: true}}, "licensesPerDay": {Licenses: own(-1)},
			} {
				_, err := set(anna, l)
				refused(t, field, err, licensing.CodeInvalidRequest, field)
			}
		})
		row, err := set(h.isv(t), licensing.OwnLimits{PerMinute: own(600), PerDay: own(0)})
		must(t, err)
		same(t, "firm", []any{row.Limits, row.House}, []any{licensing.OwnLimits{PerMinute: &licensing.OwnLimit{N: 600, Firm: true}, PerDay: &licensing.OwnLimit{Firm: true}}, limits})
		row, err = set(anna, licensing.OwnLimits{PerMinute: own(600), Licenses: own(9)})
		must(t, err)
		same(t, "left and lowered", row.Limits, licensing.OwnLimits{PerMinute: &licensing.OwnLimit{N: 600, Firm: true}, Licenses: own(9)})
		unchanged(t, h, "what is firm", func() {
			for _, l := range []licensing.OwnLimits{{}, {PerMinute: own(0)}, {PerMinute: own(601)}} {
				_, err := set(anna, l)
				refused(t, "loosened", err, licensing.CodeInvalidRequest, "callsPerMinute")
			}
		})
		newest := got[[]licensing.HistoryEntry](t)(h.access.PersonHistory(t.Context(), anna, m.ID))[0]
		same(t, "history", newest.Action, "serviceAccount.allowanceChanged")
		same(t, "what changed", newest.Detail, []licensing.Value{licensing.FromTo("callsPerDay", "0", ""), licensing.FromTo("licensesPerDay", "", "9")})
	})
}
