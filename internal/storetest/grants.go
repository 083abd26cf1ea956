package storetest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// chained is a world with a chain of grants: the root gives the tree of north, ada passes it on to ice and to herself.
type chained struct {
	world
	top, ice, ended, root licensing.Grant
}

func makeChained(t *testing.T, s licensing.Store) (c chained) {
	t.Helper()
	c.world = makeWorld(t, s)
	day := licensing.DayOf(someTime, time.UTC)
	c.root = grant("tree:root", licensing.Any, licensing.Any)
	c.top = grant("tree:north", "partner", "create")
	c.top.Under = c.root.ID
	c.ice = grant("tree:ice", "partner", "create")
	c.ice.GivenBy, c.ice.Under, c.ice.Until = c.member.ID, c.top.ID, day.AddDays(40000)
	c.ended = grant("group:ice", "partner", "create")
	c.ended.GivenBy, c.ended.Under, c.ended.Until = c.member.ID, c.ice.ID, licensing.Day{Year: 2001, Month: 1, Date: 31}
	write(t, s, func(tx licensing.Tx) {
		for _, g := range []licensing.Grant{c.root, c.top, c.ice, c.ended} {
			must(t, tx.InsertGrant(t.Context(), g))
		}
	})
	return c
}

func byID(grants ...licensing.Grant) []licensing.Grant {
	slices.SortFunc(grants, func(a, b licensing.Grant) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return grants
}

var grants = map[string]func(*testing.T, licensing.Store){
	"found by holder, giver, reach, place and tree": func(t *testing.T, s licensing.Store) {
		c := makeChained(t, s)
		other := grant("member:ada@north.example/north", "internal", licensing.Any)
		south := grant("group:south", licensing.Any, "revoke")
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertGrant(t.Context(), other))
			must(t, tx.InsertGrant(t.Context(), south))
		})
		read(t, s, func(tx licensing.Tx) {
			ctx, list := t.Context(), got[[]licensing.Grant](t)
			same(t, "to", list(tx.GrantsTo(ctx, "tree:ice")), byID(c.ice))
			same(t, "to nobody", list(tx.GrantsTo(ctx, "tree:fire")), []licensing.Grant{})
			same(t, "given by", list(tx.GrantsGivenBy(ctx, c.member.ID)), byID(c.ice, c.ended))
			same(t, "given by nobody", list(tx.GrantsGivenBy(ctx, "none")), []licensing.Grant{})
			same(t, "reaching", list(tx.GrantsReaching(ctx, c.member.ID)), byID(c.root, c.top, other))
			same(t, "reaching nobody", list(tx.GrantsReaching(ctx, "none")), []licensing.Grant{})
			same(t, "under", list(tx.GrantsUnder(ctx, c.top.ID)), byID(c.top, c.ice, c.ended))
			same(t, "under a leaf", list(tx.GrantsUnder(ctx, c.ended.ID)), byID(c.ended))
			same(t, "under none", list(tx.GrantsUnder(ctx, "none")), []licensing.Grant{})
			same(t, "within", list(tx.GrantsWithin(ctx, c.north.ID)), byID(c.top, c.ice, c.ended, other))
			same(t, "within a leaf", list(tx.GrantsWithin(ctx, c.world.ice.ID)), byID(c.ice, c.ended))
			same(t, "categories", got[[]string](t)(tx.GrantedCategories(ctx, c.north.ID)), []string{"internal", "partner"})
			same(t, "any category", got[[]string](t)(tx.GrantedCategories(ctx, c.south.ID)), []string{licensing.Any})
			same(t, "no category", got[[]string](t)(tx.GrantedCategories(ctx, "none")), []string{})
		})
	},
	"the way up": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		codes := func(groups []licensing.Group) (codes []string) {
			for _, g := range groups {
				codes = append(codes, g.Code)
			}
			return codes
		}
		read(t, s, func(tx licensing.Tx) {
			list := got[[]licensing.Group](t)
			same(t, "up", codes(list(tx.Lineage(t.Context(), w.ice.ID))), []string{"ice", "north", "root"})
			same(t, "up from the top", codes(list(tx.Lineage(t.Context(), w.root.ID))), []string{"root"})
			same(t, "up from nowhere", codes(list(tx.Lineage(t.Context(), "none"))), []string{})
		})
	},
	"changed in giver, place and end": func(t *testing.T, s licensing.Store) {
		c := makeChained(t, s)
		start := got[int64](t)(s.PolicyVersion(t.Context()))
		changed := c.ice
		changed.GivenBy, changed.Under, changed.Until = "", c.root.ID, licensing.Day{}
		write(t, s, func(tx licensing.Tx) { must(t, tx.ChangeGrant(t.Context(), changed)) })
		read(t, s, func(tx licensing.Tx) {
			same(t, "grant", got[licensing.Grant](t)(tx.GrantByID(t.Context(), changed.ID)), changed)
		})
		changes, _, err := s.PolicyChanges(t.Context(), start)
		must(t, err)
		same(t, "changes", changes, []licensing.PolicyChange{{Version: start + 1, Subject: "tree:ice"}})
		none(t, "one that is not there", s.Write(t.Context(), func(tx licensing.Tx) error {
			return tx.ChangeGrant(t.Context(), grant("tree:ice", "partner", "create"))
		}))
	},
	"one that something hangs under cannot be deleted": func(t *testing.T, s licensing.Store) {
		c := makeChained(t, s)
		err := s.Write(t.Context(), func(tx licensing.Tx) error { return tx.DeleteGrant(t.Context(), c.ice.ID) })
		if err == nil {
			t.Error("it was deleted")
		}
	},
	"ended grants are in no line, and the lines say when the next one ends": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		zone := got[*time.Location](t)(time.LoadLocation("Europe/Berlin"))
		g := grant("group:north", "partner", "create")
		later, past := grant("group:north", "partner", "modify"), grant("group:north", "internal", "create")
		var today licensing.Day
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.SetSetting(t.Context(), "zone", zone.String()))
			today = licensing.DayOf(tx.Now().Business, zone)
			g.Until, later.Until, past.Until = today.AddDays(3), today.AddDays(9), today.AddDays(-1)
			for _, g := range []licensing.Grant{g, later, past} {
				must(t, tx.InsertGrant(t.Context(), g))
			}
		})
		check := func(what string, want ...licensing.Grant) (ends time.Duration) {
			t.Helper()
			p := got[licensing.Policy](t)(s.PolicyLines(t.Context(), w.member.ID))
			var ids []string
			for _, l := range p.Lines {
				if l[0] == "p" {
					ids = append(ids, l[4])
				}
			}
			slices.Sort(ids)
			var wanted []string
			for _, g := range byID(want...) {
				wanted = append(wanted, string(g.ID))
			}
			same(t, what, ids, wanted)
			return p.Ends
		}
		near := func(what string, got, want time.Duration) {
			t.Helper()
			if got > want || got < want-time.Hour { // it was computed before, on the same clock
				t.Errorf("%s: %v, want up to an hour less than %v", what, got, want)
			}
		}
		var now licensing.Moment
		read(t, s, func(tx licensing.Tx) { now = tx.Now() })
		near("ends", check("on the first day", g, later), g.Until.AddDays(1).Begin(zone).Sub(now.Business))
		move := func(to time.Time) {
			t.Helper()
			write(t, s, func(tx licensing.Tx) {
				must(t, tx.SetSetting(t.Context(), "clock.offset", to.Sub(tx.Now().Wall).String()))
			})
		}
		start := got[int64](t)(s.PolicyVersion(t.Context()))
		move(g.Until.Begin(zone).Add(12 * time.Hour))
		changes, _, err := s.PolicyChanges(t.Context(), start)
		must(t, err)
		same(t, "changes", changes, []licensing.PolicyChange{{Version: start + 1, Subject: licensing.Any}})
		near("ends", check("on its last day", g, later), 12*time.Hour)
		move(g.Until.AddDays(1).Begin(zone))
		near("ends", check("the day after", later), later.Until.AddDays(1).Begin(zone).Sub(g.Until.AddDays(1).Begin(zone)))
		move(later.Until.AddDays(1).Begin(zone))
		same(t, "ends", check("when all have ended"), time.Duration(0))
	},
	"who holds the policy makes other writers wait": func(t *testing.T, s licensing.Store) {
		makeWorld(t, s)
		g := grant("tree:ice", "partner", "create")
		var all sync.WaitGroup
		for range 8 { // each inserts what is not there: without the lock, several would see none
			all.Go(func() {
				err := s.Write(t.Context(), func(tx licensing.Tx) error {
					if err := tx.LockPolicy(t.Context()); err != nil {
						return err
					}
					there, err := tx.GrantsTo(t.Context(), g.Who)
					if err != nil || len(there) > 0 {
						return err
					}
					return tx.InsertGrant(context.WithoutCancel(t.Context()), grant(g.Who, g.Category, g.Action))
				})
				if err != nil {
					t.Errorf("write: %v", err)
				}
			})
		}
		all.Wait()
		read(t, s, func(tx licensing.Tx) {
			same(t, "grants", len(got[[]licensing.Grant](t)(tx.GrantsTo(t.Context(), g.Who))), 1)
		})
	},
	"live licenses by category": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		read(t, s, func(tx licensing.Tx) {
			same(t, "none", got[map[string]int](t)(tx.LookedAfter(t.Context(), w.member.ID)), map[string]int{})
		})
		for range 2 {
			w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		}
		write(t, s, func(tx licensing.Tx) {
			o := w.place(t, tx, w.order(w.north, licensing.Customer{Name: "Bright Studio"}))
			over, gone := w.license(t, o), w.license(t, o)
			over.ExpiresAt, gone.State = new(someTime.AddDate(-10, 0, 0)), licensing.LicenseRevoked
			must(t, tx.InsertLicense(t.Context(), over, w.offer))
			must(t, tx.InsertLicense(t.Context(), gone, w.offer))
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "two", got[map[string]int](t)(tx.LookedAfter(t.Context(), w.member.ID)), map[string]int{"partner": 2})
			same(t, "of all", got[map[licensing.MembershipID]map[string]int](t)(tx.LookedAfterIn(t.Context(), w.everything())), map[licensing.MembershipID]map[string]int{w.member.ID: {"partner": 2}})
			same(t, "beside", len(got[map[licensing.MembershipID]map[string]int](t)(tx.LookedAfterIn(t.Context(), licensing.Sight{Group: w.south.ID, Below: true}))), 0)
			same(t, "of another", got[map[string]int](t)(tx.LookedAfter(t.Context(), "none")), map[string]int{})
		})
	},
}
