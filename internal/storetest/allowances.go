package storetest

import (
	"testing"
	"time"

	"kontor/internal/licensing"
)

var allowances = map[string]func(*testing.T, licensing.Store){
	"an allowance is kept as it was said last": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		held := func(tx licensing.Tx) licensing.Allowance {
			a, _, err := tx.HeldTo(t.Context(), w.member.ID)
			must(t, err)
			return a
		}
		write(t, s, func(tx licensing.Tx) {
			_, _, err := tx.HeldTo(t.Context(), "nobody")
			none(t, "an account that is not there", err)
			same(t, "nobody said anything", held(tx), licensing.Allowance{})
			for _, a := range []licensing.Allowance{
				{Addresses: []string{"203.0.113.0/24"}, Operations: []string{"GetOrder"}, Group: "north", Categories: []string{"partner", "internal"}}, {Group: "ice", Limits: licensing.OwnLimits{PerDay: &licensing.OwnLimit{}, Licenses: &licensing.OwnLimit{N: licensing.MaxLimit, Firm: true}}}, {},
			} {
				must(t, tx.SetAllowance(t.Context(), w.member.ID, a))
				same(t, "said last", held(tx), a)
			}
		})
	},
	"a sandbox is kept beside the allowance, and counts calls down": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		held := func(tx licensing.Tx) (licensing.Allowance, licensing.Sandbox) {
			a, b, err := tx.HeldTo(t.Context(), w.member.ID)
			must(t, err)
			return a, b
		}
		write(t, s, func(tx licensing.Tx) {
			a, b := held(tx)
			same(t, "nobody said anything", []any{a, b}, []any{licensing.Allowance{}, licensing.Sandbox{}})
			two := licensing.Sandbox{ID: "two", Until: tx.Now().Wall.Add(time.Hour), Answer: licensing.SandboxSlow, Seconds: 3, Calls: 2, Left: 2}
			must(t, tx.SetSandbox(t.Context(), w.member.ID, licensing.Sandbox{ID: "one", Answer: licensing.SandboxLost}))
			must(t, tx.SetSandbox(t.Context(), w.member.ID, two))
			a, b = held(tx)
			same(t, "a sandbox alone", []any{a, b}, []any{licensing.Allowance{}, two})
			must(t, tx.SetAllowance(t.Context(), w.member.ID, licensing.Allowance{Group: "ice"}))
			for _, c := range []struct {
				id   string
				want bool
				left int
			}{{"one", false, 2}, {"two", true, 1}, {"two", true, 0}, {"two", false, 0}} {
				same(t, "a call for "+c.id, got[bool](t)(tx.UseSandbox(t.Context(), w.member.ID, c.id)), c.want)
				a, b = held(tx)
				same(t, "what is held to then", []any{a.Group, b.Left}, []any{"ice", c.left})
			}
			must(t, tx.SetSandbox(t.Context(), w.member.ID, licensing.Sandbox{}))
			_, b = held(tx)
			same(t, "switched off", b, licensing.Sandbox{})
		})
	},
	"a right login is remembered for a while": func(t *testing.T, s licensing.Store) {
		var at time.Time
		write(t, s, func(tx licensing.Tx) {
			at = tx.Now().Wall
			must(t, tx.NoteLoginSuccess(t.Context(), "key", time.Hour))
			must(t, tx.NoteLoginSuccess(t.Context(), "key", time.Hour))
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "the last", got[time.Time](t)(tx.LoginSuccess(t.Context(), "key")), at)
			same(t, "another key", got[time.Time](t)(tx.LoginSuccess(t.Context(), "KEY")), time.Time{})
		})
	},
}
