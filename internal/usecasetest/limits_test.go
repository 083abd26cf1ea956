package usecasetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/calls"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// exhausted holds that err is a limit's, and when it is worth to try again.
func exhausted(t testing.TB, err error, after time.Duration) {
	t.Helper()
	var e *licensing.Error
	if !errors.As(err, &e) || e.Code != licensing.CodeExhausted || e.After != after {
		t.Errorf("got %v, want a limit that ends in %s", err, after)
	}
}

// TestLimitsHoldOverProcesses has two processes ask at once, and again in the next minute and on the next day.
func TestLimitsHoldOverProcesses(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		limits := calls.Config{Limits: licensing.CallLimits{PerMinute: 20, PerDay: 30}}
		services := []*calls.Service{h.callLog(t, limits), h.another(t).callLog(t, limits)}
		erp, shop := h.erpAccount(t), h.shopAccount(t)
		burst := func(a licensing.Actor, n int) int {
			var admitted atomic.Int64
			var all sync.WaitGroup
			for i := range n {
				all.Go(func() {
					if err := services[i%2].Admit(t.Context(), a); err == nil {
						admitted.Add(1)
					} else if licensing.AsError(err).Code != licensing.CodeExhausted {
						t.Error(err)
					}
				})
			}
			all.Wait()
			return int(admitted.Load())
		}
		same(t, "in the first minute", burst(erp, 40), 20)
		exhausted(t, services[0].Admit(t.Context(), erp), time.Minute)
		h.wall.advance(42*time.Second + time.Millisecond)
		exhausted(t, services[1].Admit(t.Context(), erp), 18*time.Second-time.Millisecond)
		same(t, "another account", burst(shop, 1), 1)
		h.wall.advance(time.Minute)
		same(t, "in the second minute", burst(erp, 40), 10) // of the day's 30
		exhausted(t, services[0].Admit(t.Context(), erp), 14*time.Hour-(102*time.Second+time.Millisecond))
		h.wall.advance(14 * time.Hour)
		same(t, "on the next day", burst(erp, 1), 1)
	})
}

// TestLicensesADay creates up to the limit and beyond it, with a replay between.
func TestLicensesADay(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		one := open(t, h.address, h.wall, h.erp, licensing.CallLimits{Licenses: 3})
		two := open(t, h.address, h.wall, h.erp, licensing.CallLimits{Licenses: 3})
		erp := h.erpAccount(t)
		erp.Via = "soap"
		create := func(h *house, id string, n int) error {
			_, _, err := h.ordering.CreateLicense(t.Context(), erp, id, ordering.CreateLicense{
				Category: "partner", Product: "AUR-SUITE", Group: "northwind", Quantity: &n, Separate: true, Customer: licensing.Customer{Name: "Ute Brückner"}, Parameters: []licensing.Value{{Name: "seats", Value: "3"}},
			})
			return err
		}
		must(t, create(two, "a", 2))
		must(t, create(one, "a", 2)) // again
		before := h.rows(t)
		exhausted(t, create(two, "b", 2), 14*time.Hour)
		same(t, "nothing is written", fmt.Sprint(h.rows(t)), fmt.Sprint(before))
		must(t, create(one, "c", 1))
		must(t, create(two, "a", 2)) // a replay at the limit
		exhausted(t, create(one, "d", 1), 14*time.Hour)
		h.wall.advance(14 * time.Hour)
		must(t, create(two, "b", 2))
	})
}

// TestLicensesADayAtOnce has two processes create at once, exactly up to the limit.
func TestLicensesADayAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		limits := licensing.CallLimits{Licenses: 3}
		houses := []*house{open(t, h.address, h.wall, h.erp, limits), open(t, h.address, h.wall, h.erp, limits)}
		erp := h.erpAccount(t)
		var made atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for { // until it did not lose a race
					_, _, err := houses[i%2].ordering.CreateLicense(t.Context(), erp, licensing.NewID(), trial())
					switch e := licensing.AsError(err); {
					case err == nil:
						made.Add(1)
					case e != nil && e.Code == licensing.CodeConflict:
						continue
					case e == nil || e.Code != licensing.CodeExhausted:
						t.Error(err)
					}
					return
				}
			})
		}
		all.Wait()
		same(t, "made", made.Load(), int64(3))
	})
}

// TestBeyondALimitNothingIsDone: no ticket is drawn for what is more than the account may create.
func TestBeyondALimitNothingIsDone(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h = open(t, h.address, h.wall, h.erp, licensing.CallLimits{Licenses: 3})
		erp := h.erpAccount(t)
		h.create(t, erp, trial())
		drawn := h.drawn.times.Load()
		_, _, err := h.ordering.CreateLicense(t.Context(), erp, "a", with(trial(), func(in *ordering.CreateLicense) { in.Quantity, in.Separate = new(3), true }))
		exhausted(t, err, 14*time.Hour)
		line := ordering.NewLine{Category: "partner", Product: "AUR-DESIGN-DEMO"}
		_, _, err = h.ordering.CreateOrder(t.Context(), erp, "b", ordering.CreateOrder{Customer: bright, Lines: []ordering.NewLine{line, line, line}})
		exhausted(t, err, 14*time.Hour)
		same(t, "tickets drawn", h.drawn.times.Load(), drawn)
		_, _, err = h.ordering.CreateLicense(t.Context(), erp, "a", with(trial(), func(in *ordering.CreateLicense) { in.Quantity, in.Separate = new(2), true }))
		must(t, err)
	})
}

// TestMoreThanAnyDayMayHave: no wait makes room for one request that asks for more than a whole day may have, so it is refused in
// a way that invites none, even when nothing of the day is used.
func TestMoreThanAnyDayMayHave(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h = open(t, h.address, h.wall, h.erp, licensing.CallLimits{Licenses: 3})
		erp := h.erpAccount(t)
		four := with(trial(), func(in *ordering.CreateLicense) { in.Quantity, in.Separate = new(4), true })
		line := ordering.NewLine{Category: "partner", Product: "AUR-DESIGN-DEMO"}
		unchanged(t, h, "refused", func() {
			_, _, one := h.ordering.CreateLicense(t.Context(), erp, "a", four)
			_, _, order := h.ordering.CreateOrder(t.Context(), erp, "b", ordering.CreateOrder{Customer: bright, Lines: []ordering.NewLine{line, line, line, line}})
			for what, err := range map[string]error{"a license": one, "an order": order} {
				refused(t, what, err, licensing.CodeTooLarge, "")
				if e := licensing.AsError(err); e.After != 0 || !strings.Contains(e.Message, "3 licenses a day") || !strings.Contains(e.Message, "asks for 4") {
					t.Errorf("%s: %q, try again after %s", what, e.Message, e.After)
				}
			}
		})
		same(t, "tickets drawn", h.drawn.times.Load(), int64(0))
		console := got[licensing.Actor](t)(h.access.TryAs(t.Context(), h.isv(t), access.TryAs{Membership: erp.ID, Operation: "CreateLicense"}))
		for who, actor := range map[string]licensing.Actor{"the console": console, "a person": h.isv(t)} {
			if _, _, err := h.ordering.CreateLicense(t.Context(), actor, "a", four); err != nil {
				t.Errorf("%s: %v", who, err)
			}
		}
	})
}

// TestConsoleTakesNothing tries out by the console at the limits of an account: nothing is counted, and its request ids are
// none of the account's own.
func TestConsoleTakesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		limits := licensing.CallLimits{PerMinute: 1, PerDay: 1, Licenses: 1}
		h = open(t, h.address, h.wall, h.erp, limits)
		erp, log := h.erpAccount(t), h.callLog(t, calls.Config{Limits: limits})
		console := got[licensing.Actor](t)(h.access.TryAs(t.Context(), h.isv(t), access.TryAs{Membership: erp.ID, Operation: "CreateLicense"}))
		create := func(a licensing.Actor, in ordering.CreateLicense) (ordering.Created, bool) {
			t.Helper()
			must(t, log.Admit(t.Context(), a))
			out, replayed, err := h.ordering.CreateLicense(t.Context(), a, strings.Repeat("ä", 255), in)
			must(t, err)
			return out, replayed
		}
		tried, _ := create(console, trial())
		again, replayed := create(console, trial())
		same(t, "again by the console", []any{again.OrderNumber, replayed}, []any{tried.OrderNumber, true})
		real, replayed := create(erp, with(trial(), func(in *ordering.CreateLicense) { in.Group = "northwind" }))
		same(t, "by the account", []any{real.OrderNumber != tried.OrderNumber, replayed, real.Licenses[0].Test}, []any{true, false, false})
		exhausted(t, log.Admit(t.Context(), erp), time.Minute*60*14)
		create(console, trial())
		h.read(t, func(tx licensing.Tx) {
			same(t, "used", got[licensing.CallUse](t)(tx.Used(t.Context(), erp.ID)), licensing.CallUse{InMinute: 1, InDay: 1, Licenses: 1})
		})
	})
}

// TestUseIsShown counts the calls of an account by minute and by hour, for admins who have it in sight.
func TestUseIsShown(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log, shop := h.callLog(t, calls.Config{Limits: licensing.CallLimits{PerMinute: 7}}), h.shopAccount(t)
		for at, outcomes := range map[time.Duration][]licensing.CallOutcome{
			0: {licensing.CallOK, licensing.CallReplayed, "denied", "exhausted"}, -3 * time.Minute: {licensing.CallOK}, -2 * time.Hour: {"denied"}, -25 * time.Hour: {licensing.CallOK},
		} {
			for _, o := range outcomes {
				c := callOf(shop, "R", soldOn.Add(at))
				c.Outcome = o
				log.Keep(c, nil)
			}
		}
		tried := callOf(shop, "TRIED", soldOn) // in the console: it takes nothing of the limits either
		tried.Console = true
		log.Keep(tried, nil)
		must(t, log.Close())
		u := got[calls.Use](t)(log.Use(t.Context(), h.anna(t), shop.ID, false))
		same(t, "by minute", []any{len(u.Parts), u.Limits.PerMinute, u.Parts[59], u.Parts[56].Done, u.Parts[0].From},
			[]any{60, 7, calls.UsePart{From: soldOn, Done: 2, Refused: 1, Faults: 1}, 1, soldOn.Add(-59 * time.Minute)})
		u = got[calls.Use](t)(log.Use(t.Context(), h.isv(t), shop.ID, true))
		same(t, "by hour", []any{len(u.Parts), u.Parts[23].Calls(), u.Parts[22].Calls(), u.Parts[21].Faults}, []any{24, 3, 1, 1})
		for who, kind := range map[string]licensing.Kind{"ben@northwind.example northwind": licensing.Denied, "freya@fjord.example fjord": licensing.NotFound} {
			email, group, _ := strings.Cut(who, " ")
			if _, err := log.Use(t.Context(), h.as(t, email, group), shop.ID, false); licensing.AsError(err).Kind != kind {
				t.Errorf("%s: %v, want %s", who, err, kind)
			}
		}
		if _, err := log.Use(t.Context(), h.isv(t), h.ben(t).ID, false); licensing.AsError(err).Kind != licensing.NotFound {
			t.Errorf("of a person: %v", err)
		}
	})
}
