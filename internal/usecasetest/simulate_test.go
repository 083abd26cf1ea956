package usecasetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// TestSimulate lets an admin see the portal as a member: what he reads is the member's, he writes nothing, and the
// member's history says that he looked.
func TestSimulate(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, ben := h.anna(t), h.ben(t)
		made, _, err := h.ordering.CreateLicense(t.Context(), anna, "sell", trial())
		must(t, err)
		look, replayed, err := h.access.Simulate(t.Context(), anna, "look", access.Simulate{Member: ben.ID})
		must(t, err)
		same(t, "the look", []any{look.By, look.As.ID, look.Begun.Equal(h.wall.Now()), replayed}, []any{anna.ID, ben.ID, true, false})
		h.read(t, func(tx licensing.Tx) {
			history := got[[]licensing.HistoryEntry](t)(tx.History(t.Context(), string(ben.ID)))
			same(t, "the history", []string{history[0].Action, history[0].By}, []string{"simulation.begun", "Anna Lindqvist"})
		})

		as, err := h.access.Simulated(t.Context(), anna.User, look.By, look.As.ID, look.Begun, peer)
		must(t, err)
		same(t, "who is seen as", []any{as.ID, as.Via, as.ReadOnly()}, []any{ben.ID, licensing.ViaSimulation, true})
		if _, err := h.ordering.LicenseByID(t.Context(), as, made.Licenses[0].ID); err != nil {
			t.Errorf("a license in Ben's sight: %v", err)
		}
		files, err := h.ordering.LicenseFiles(t.Context(), as, made.Licenses[0].ID)
		must(t, err)
		if len(files) != 1 || files[0].Text != "" {
			t.Errorf("license files come along: %v", files)
		}

		before := h.rows(t)
		_, _, err = h.ordering.CreateLicense(t.Context(), as, "sell", trial()) // Anna's request, not to be answered again either
		refused(t, "creating", err, licensing.CodeDenied, "")
		_, _, err = h.ordering.CreateLicense(t.Context(), as, "other", trial())
		refused(t, "creating", err, licensing.CodeDenied, "")
		_, _, err = h.subscriptions.Cancel(t.Context(), as, "cancel", subscriptions.Cancel{Ticket: made.Licenses[0].Ticket})
		refused(t, "cancelling", err, licensing.CodeDenied, "")
		_, _, err = h.access.Simulate(t.Context(), as, "deeper", access.Simulate{Member: ben.ID})
		refused(t, "a look within a look", err, licensing.CodeDenied, "")
		if after := h.rows(t); !reflect.DeepEqual(before, after) {
			t.Errorf("something was written: %v, then %v", before, after)
		}

		must(t, h.access.EndSimulation(t.Context(), anna, access.Simulate{Member: ben.ID}))
		h.read(t, func(tx licensing.Tx) {
			history := got[[]licensing.HistoryEntry](t)(tx.History(t.Context(), string(ben.ID)))
			same(t, "the history", history[0].Action, "simulation.ended")
		})
	})
}

// TestSimulateWhom holds who may see the portal as whom: admins, and downward only.
func TestSimulateWhom(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		benInFjord, freya := h.as(t, "ben@northwind.example", "fjord"), h.as(t, "freya@fjord.example", "fjord")
		for name, c := range map[string]struct {
			by, as licensing.Actor
			want   licensing.Code
		}{
			"an ISV admin as an admin below": {h.isv(t), h.anna(t), ""},
			"an ISV admin as a member":       {h.isv(t), benInFjord, ""},
			"an admin as his own member":     {freya, benInFjord, ""},
			"an admin beside":                {h.anna(t), benInFjord, licensing.CodeNotFound},
			"an admin upward":                {freya, h.isv(t), licensing.CodeNotFound},
			"a member":                       {h.ben(t), h.anna(t), licensing.CodeDenied},
			"oneself":                        {h.anna(t), h.anna(t), licensing.CodeDenied},
			"a service account":              {h.isv(t), h.erpAccount(t), licensing.CodeDenied},
			"a service account by itself":    {h.erpAccount(t), h.ben(t), licensing.CodeDenied},
			"nobody":                         {h.isv(t), licensing.Actor{}, licensing.CodeNotFound},
		} {
			_, _, err := h.access.Simulate(t.Context(), c.by, name, access.Simulate{Member: c.as.ID})
			if c.want == "" {
				must(t, err)
			} else {
				refused(t, name, err, c.want, "member")
			}
		}
	})
}

// TestSimulationEnds ends a look with its time, and never lets somebody else go on with it.
func TestSimulationEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, ben := h.anna(t), h.ben(t)
		look, _, err := h.access.Simulate(t.Context(), anna, "look", access.Simulate{Member: ben.ID})
		must(t, err)
		_, err = h.access.Simulated(t.Context(), ben.User, look.By, look.As.ID, look.Begun, peer)
		refused(t, "somebody else's look", err, licensing.CodeNotFound, "")
		_, err = h.access.Simulated(t.Context(), anna.User, look.By, h.staff(t).ID, look.Begun, peer)
		refused(t, "another membership", err, licensing.CodeNotFound, "")
		h.wall.advance(access.SimulationLasts - time.Microsecond)
		_, err = h.access.Simulated(t.Context(), anna.User, look.By, look.As.ID, look.Begun, peer)
		must(t, err)
		h.wall.advance(time.Microsecond)
		_, err = h.access.Simulated(t.Context(), anna.User, look.By, look.As.ID, look.Begun, peer)
		refused(t, "after its time", err, licensing.CodeNotFound, "")
	})
}

// TestSimulationEndsWithWhoTakesPart ends a look when the admin stops being one, in whichever way, and when whom he
// looks as is taken out of the group.
func TestSimulationEndsWithWhoTakesPart(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, ben := h.isv(t), h.ben(t)
		change := func(do func(access.ChangePerson) error, who licensing.Actor, role licensing.Role) {
			t.Helper()
			must(t, do(access.ChangePerson{Membership: who.ID, Role: role, Reason: "Left"}))
		}
		setRole := func(in access.ChangePerson) error {
			_, _, err := h.access.SetRole(t.Context(), isv, licensing.NewID(), in)
			return err
		}
		suspend := func(in access.ChangePerson) error {
			_, _, err := h.access.Suspend(t.Context(), isv, licensing.NewID(), in)
			return err
		}
		remove := func(in access.ChangePerson) error {
			_, _, err := h.access.Remove(t.Context(), isv, licensing.NewID(), in)
			return err
		}
		for n, do := range []func(access.ChangePerson) error{setRole, suspend, remove} {
			admin := h.join(t, fmt.Sprintf("admin%d@northwind.example", n), "Mia Solberg", "northwind", licensing.RoleAdmin)
			look, _, err := h.access.Simulate(t.Context(), admin, licensing.NewID(), access.Simulate{Member: ben.ID})
			must(t, err)
			change(do, admin, licensing.RoleMember)
			_, err = h.access.Simulated(t.Context(), admin.User, look.By, look.As.ID, look.Begun, peer)
			refused(t, fmt.Sprintf("an admin no more, %d", n), err, licensing.CodeNotFound, "")
		}
		anna := h.anna(t)
		look, _, err := h.access.Simulate(t.Context(), anna, "look", access.Simulate{Member: ben.ID})
		must(t, err)
		change(remove, ben, "")
		_, err = h.access.Simulated(t.Context(), anna.User, look.By, look.As.ID, look.Begun, peer)
		refused(t, "as one who was removed", err, licensing.CodeNotFound, "")
		_, _, err = h.access.Simulate(t.Context(), anna, "again", access.Simulate{Member: ben.ID})
		refused(t, "looking as one who was removed", err, licensing.CodeNotFound, "member")
	})
}
