package storetest

import (
	"testing"
	"time"

	"kontor/internal/licensing"
)

var allowances = map[string]func(*testing.T, licensing.Store){
	"an allowance is kept as it was said last": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			same(t, "nobody said anything", got[licensing.Allowance](t)(tx.Allowance(t.Context(), w.member.ID)), licensing.Allowance{})
			for _, a := range []licensing.Allowance{
				{Addresses: []string{"203.0.113.0/24"}, Operations: []string{"GetOrder"}, Group: "north", Categories: []string{"partner", "internal"}}, {Group: "ice", Limits: licensing.OwnLimits{PerDay: &licensing.OwnLimit{}, Licenses: &licensing.OwnLimit{N: licensing.MaxLimit, Firm: true}}}, {},
			} {
				must(t, tx.SetAllowance(t.Context(), w.member.ID, a))
				same(t, "said last", got[licensing.Allowance](t)(tx.Allowance(t.Context(), w.member.ID)), a)
			}
		})
	},
	"a right login is remembered for a while": func(t *testing.T, s licensing.Store) {
		var at time.Time
		write(t, s, func(tx licensing.Tx) {
			at = tx.Now().Wall
			must(t, tx.NoteLoginSuccess(t.Context(), "key"))
			must(t, tx.NoteLoginSuccess(t.Context(), "key"))
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "the last", got[time.Time](t)(tx.LoginSuccess(t.Context(), "key")), at)
			same(t, "another key", got[time.Time](t)(tx.LoginSuccess(t.Context(), "KEY")), time.Time{})
		})
	},
}
