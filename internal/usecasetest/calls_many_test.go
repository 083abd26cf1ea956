package usecasetest

import (
	"strings"
	"testing"
	"time"

	"kontor/internal/calls"
	"kontor/internal/licensing"
	"kontor/internal/sqlstore"
)

// fillCalls writes many calls of an account into the log: of ten thousand one ended with a conflict, one was a replay, and one
// asked to revoke a license.
func (h *house) fillCalls(t testing.TB, account licensing.Actor, n int) {
	t.Helper()
	s := got[*sqlstore.Store](t)(sqlstore.Connect(t.Context(), h.address))
	t.Cleanup(func() { must(t, s.Close()) })
	_, err := s.Pool().ExecContext(t.Context(), `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $3)
		INSERT INTO soap_call (id, at, at_minute, group_id, account_id, account, remote, version, operation, request_id, took_us, outcome, field, reference, in_size, out_size, order_number, ticket_hash, kept)
		SELECT CAST(100000000000 + i AS TEXT), '2026-11-21 09:00:00', 29000000, $1, $2, '', '', '1.1', CASE i % 10000 WHEN 2 THEN 'RevokeLicense' ELSE 'GetLicense' END, '', i % 1000,
			CASE i % 10000 WHEN 0 THEN 'conflict' WHEN 1 THEN 'replayed' ELSE 'ok' END, '', 'R' || CAST(i AS TEXT), 1, 1, '', '', FALSE FROM n`,
		string(account.Group), string(account.ID), n)
	must(t, err)
	if strings.HasPrefix(h.address, "postgres") {
		_, err = s.Pool().ExecContext(t.Context(), "ANALYZE soap_call")
		must(t, err)
	}
}

// TestRareCallsAreFoundAmongMany lists more calls than are looked at to count what a filter finds: a fault that few had, or an
// operation that few asked for, is counted to the last all the same, for it is found by an index.
func TestRareCallsAreFoundAmongMany(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log, account := h.callLog(t, calls.Config{}), h.shopAccount(t)
		h.fillCalls(t, account, 50_100)
		for _, actor := range []licensing.Actor{h.isv(t), h.anna(t)} {
			for _, c := range []struct {
				f    licensing.CallFilter
				want licensing.Count
			}{
				{licensing.CallFilter{Outcome: licensing.CallOutcome(licensing.CodeConflict)}, licensing.Count{N: 5}},
				{licensing.CallFilter{Outcome: licensing.CallFaults, Sort: licensing.CallsByTook}, licensing.Count{N: 5}},
				{licensing.CallFilter{Outcome: licensing.CallOutcome(licensing.CodeDenied)}, licensing.Count{}},
				{licensing.CallFilter{Operation: "RevokeLicense"}, licensing.Count{N: 6}},
				{licensing.CallFilter{Operation: "RevokeLicense", Sort: licensing.CallsByTook}, licensing.Count{N: 6}},
				{licensing.CallFilter{Operation: "RevokeLicense", Outcome: licensing.CallFaults}, licensing.Count{}},
				{licensing.CallFilter{Operation: "CreateOrder"}, licensing.Count{}},
			} {
				list := got[calls.List](t)(log.List(t.Context(), actor, c.f))
				same(t, "found", list.Found, c.want)
				same(t, "listed", len(list.Calls), c.want.N)
			}
			most := got[calls.List](t)(log.List(t.Context(), actor, licensing.CallFilter{Operation: "GetLicense"}))
			same(t, "of what most are", []any{most.Found, most.Calls[0].Reference}, []any{licensing.Count{N: 10_000, More: true}, "R50100"})
			slowest := got[calls.List](t)(log.List(t.Context(), actor, licensing.CallFilter{Sort: licensing.CallsByTook}))
			same(t, "the slowest", slowest.Calls[0].Reference, "R49999")
		}
	})
}

// BenchmarkCallsOfAnOperation lists calls of an operation that few asked for, and of the one that most did, among 400,000, as the
// ISV's admin and as one of the group.
func BenchmarkCallsOfAnOperation(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		h := newHouse(b, engine)
		log, account := h.callLog(b, calls.Config{}), h.shopAccount(b)
		begun := time.Now()
		h.fillCalls(b, account, 400_000)
		b.Logf("%s was filled in %s", engine, time.Since(begun).Round(time.Second))
		for who, actor := range map[string]licensing.Actor{"isv": h.isv(b), "group": h.anna(b)} {
			for what, f := range map[string]licensing.CallFilter{
				"everything": {}, "rare": {Operation: "RevokeLicense"}, "rare-slowest": {Operation: "RevokeLicense", Sort: licensing.CallsByTook}, "none": {Operation: "CreateOrder"}, "frequent": {Operation: "GetLicense"},
			} {
				b.Run(engine+"/"+who+"/"+what, func(b *testing.B) {
					for b.Loop() {
						got[calls.List](b)(log.List(b.Context(), actor, f))
					}
				})
			}
		}
	}
}
