package usecasetest

import (
	"database/sql"
	"strings"
	"testing"

	"kontor/internal/calls"
	"kontor/internal/licensing"
)

// TestRareFaultsAreFoundAmongMany lists more calls than are looked at to count what a filter finds: a fault that few had is
// counted to the last all the same, for it is found by an index.
func TestRareFaultsAreFoundAmongMany(t *testing.T) {
	h := newHouse(t, "sqlite")
	log, account := h.callLog(t, calls.Config{}), h.shopAccount(t)
	d, err := sql.Open("sqlite", strings.TrimPrefix(h.address, "sqlite://"))
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	_, err = d.ExecContext(t.Context(), `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50100)
		INSERT INTO soap_call (id, at, at_minute, group_id, account_id, account, remote, version, operation, request_id, took_us, outcome, field, reference, in_size, out_size, order_number, ticket_hash, kept)
		SELECT printf('%012d', i), '2026-11-21 09:00:00', 29000000, ?, ?, '', '', '1.1', 'GetLicense', '', i % 1000, CASE i % 10000 WHEN 0 THEN 'conflict' WHEN 1 THEN 'replayed' ELSE 'ok' END, '', 'R' || i, 1, 1, '', '', 0 FROM n`,
		string(account.Group), string(account.ID))
	must(t, err)
	for _, actor := range []licensing.Actor{h.isv(t), h.anna(t)} {
		for _, c := range []struct {
			f    licensing.CallFilter
			want licensing.Count
		}{
			{licensing.CallFilter{Outcome: licensing.CallOutcome(licensing.CodeConflict)}, licensing.Count{N: 5}},
			{licensing.CallFilter{Outcome: licensing.CallFaults, Sort: licensing.CallsByTook}, licensing.Count{N: 5}},
			{licensing.CallFilter{Outcome: licensing.CallOutcome(licensing.CodeDenied)}, licensing.Count{}},
		} {
			list := got[calls.List](t)(log.List(t.Context(), actor, c.f))
			same(t, "found", list.Found, c.want)
			same(t, "listed", len(list.Calls), c.want.N)
		}
		slowest := got[calls.List](t)(log.List(t.Context(), actor, licensing.CallFilter{Sort: licensing.CallsByTook}))
		same(t, "the slowest", slowest.Calls[0].Reference, "R49999")
	}
}
