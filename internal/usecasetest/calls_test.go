package usecasetest

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/calls"
	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/signing"
	"kontor/internal/usecase"
)

// callLog is the log of calls of a house.
func (h *house) callLog(t testing.TB, config calls.Config) *calls.Service {
	t.Helper()
	seal := got[*signing.Sealer](t)(signing.NewSealer(masterKey, "calls"))
	s := calls.New(usecase.New(h.store, nil, seal), seal, config)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// callOf is a call of an account, as the SOAP face keeps it.
func callOf(a licensing.Actor, reference string, at time.Time) licensing.Call {
	return licensing.Call{
		ID: licensing.CallID(licensing.NewID()), At: at, Group: a.Group, Account: a.ID, Name: a.Email, Remote: "192.0.2.1", Version: "1.1", Operation: "GetLicense",
		Took: time.Millisecond, Outcome: licensing.CallOK, Reference: reference,
	}
}

// shopAccount makes a service account of Northwind.
func (h *house) shopAccount(t testing.TB) licensing.Actor {
	t.Helper()
	_, _, err := h.access.CreateServiceAccount(t.Context(), h.anna(t), "", access.CreateServiceAccount{Name: shop, Label: "Web shop"})
	must(t, err)
	return h.as(t, shop, "northwind")
}

func referencesOf(l calls.List) (all []string) {
	for _, c := range l.Calls {
		all = append(all, c.Reference)
	}
	return all
}

// TestCallsAreSeenWithinSight keeps calls of two accounts and of nobody, and asks as everybody.
func TestCallsAreSeenWithinSight(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log := h.callLog(t, calls.Config{})
		erp, shop := h.erpAccount(t), h.shopAccount(t)
		created := h.created(t, h.anna(t))
		l := created.Licenses[0]
		about := callOf(shop, "SHOP1", soldOn)
		about.Order, about.TicketHash = l.OrderNumber, licensing.HashTicket(l.Ticket)
		envelopes := &calls.Envelopes{Request: "<a><ticket>" + l.Ticket + "</ticket></a>", Answer: strings.Repeat("é", 10_000)}
		log.Keep(about, envelopes)
		log.Keep(callOf(erp, "ERP1", soldOn), envelopes)
		log.Keep(callOf(licensing.Actor{}, "NOBODY", soldOn), envelopes)
		must(t, log.Close())

		for _, c := range []struct {
			who  licensing.Actor
			want []string
		}{
			{h.isv(t), []string{"NOBODY", "ERP1", "SHOP1"}}, {h.staff(t), []string{"ERP1"}}, {h.anna(t), []string{"SHOP1"}}, {h.ben(t), []string{"SHOP1"}},
			{h.as(t, "freya@fjord.example", "fjord"), nil},
		} {
			list := got[calls.List](t)(log.List(t.Context(), c.who, licensing.CallFilter{}))
			same(t, c.who.Email, referencesOf(list), c.want)
			same(t, c.who.Email+" counts", []licensing.Count{list.Found, list.All}, []licensing.Count{{N: len(c.want)}, {N: len(c.want)}})
			for _, reference := range []string{"NOBODY", "ERP1", "SHOP1"} {
				_, err := log.Call(t.Context(), c.who, reference)
				if seen := strings.Contains(fmt.Sprint(c.want), reference); seen != (err == nil) || err != nil && licensing.AsError(err).Kind != licensing.NotFound {
					t.Errorf("%s asks for %s: %v", c.who.Email, reference, err)
				}
			}
		}
		// Admins see the envelopes, and what the call is about; of nobody's none are kept.
		shown := got[calls.Shown](t)(log.Call(t.Context(), h.anna(t), " shop1 "))
		same(t, "envelopes", shown.Envelopes, envelopes)
		same(t, "about", []any{shown.License, shown.HasOrder, shown.Hidden}, []any{l.ID, true, false})
		shown = got[calls.Shown](t)(log.Call(t.Context(), h.ben(t), "SHOP1"))
		same(t, "a member", []any{shown.Envelopes, shown.Hidden, shown.HasOrder}, []any{(*calls.Envelopes)(nil), true, true})
		shown = got[calls.Shown](t)(log.Call(t.Context(), h.isv(t), "NOBODY"))
		same(t, "nobody's", []any{shown.Envelopes, shown.Hidden, shown.Kept}, []any{(*calls.Envelopes)(nil), false, false})
		// A ticket finds what is about it, and stands nowhere in the clear.
		same(t, "by ticket", referencesOf(got[calls.List](t)(log.List(t.Context(), h.anna(t), licensing.CallFilter{Query: strings.ToLower(l.Ticket)}))), []string{"SHOP1"})
		h.read(t, func(tx licensing.Tx) {
			row, sealed, err := tx.CallByReference(t.Context(), licensing.SightOf(h.isv(t).Membership), "SHOP1")
			must(t, err)
			if strings.Contains(fmt.Sprint(row), l.Ticket) || bytes.Contains(sealed, []byte(l.Ticket)) || len(sealed) > 2000 {
				t.Errorf("a ticket is kept in the clear, or %d bytes are not packed", len(sealed))
			}
		})
	})
}

// TestHeldCallsAreSeenAtHome has an account call that is held to a group below its own.
func TestHeldCallsAreSeenAtHome(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log := h.callLog(t, calls.Config{})
		h.hold(t, licensing.Allowance{Group: "northwind"})
		askFace(h.face(t, log), soap11(`<ListOffers xmlns="urn:kontor:license:v1"/>`), demo.Password)
		must(t, log.Close())
		list := got[calls.List](t)(log.List(t.Context(), h.staff(t), licensing.CallFilter{}))
		if len(list.Calls) != 1 || list.Calls[0].Outcome != licensing.CallOK || list.Calls[0].Name != erpName {
			t.Fatalf("its own group sees %+v", list.Calls)
		}
		list = got[calls.List](t)(log.List(t.Context(), h.anna(t), licensing.CallFilter{}))
		same(t, "the group below sees", referencesOf(list), []string(nil))
	})
}

// TestCallIsFoundInACrowd has many calls send the reference of another one as their request id.
func TestCallIsFoundInACrowd(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log, shop := h.callLog(t, calls.Config{}), h.shopAccount(t)
		log.Keep(callOf(shop, "ABCDEFGHJKLM", soldOn), nil)
		for i := range 101 {
			c := callOf(shop, fmt.Sprintf("ABCDEFGHJKLMZ%d", i), soldOn.Add(time.Second))
			c.RequestID = "ABCDEFGHJKLM"
			log.Keep(c, nil)
		}
		must(t, log.Close())
		same(t, "found", got[calls.Shown](t)(log.Call(t.Context(), h.isv(t), "abcdefghjklm")).Reference, "ABCDEFGHJKLM")
	})
}

// created is a license that somebody made.
func (h *house) created(t testing.TB, a licensing.Actor) ordering.Created {
	t.Helper()
	out, _, err := h.ordering.CreateLicense(t.Context(), a, "created", ordering.CreateLicense{
		Category: "partner", Product: "AUR-SUITE", Customer: licensing.Customer{Name: "Ute Brückner"}, Parameters: []licensing.Value{{Name: "seats", Value: "3"}},
	})
	must(t, err)
	return out
}

// TestCallsArePaged walks the list to its end and back.
func TestCallsArePaged(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log, erp := h.callLog(t, calls.Config{}), h.erpAccount(t)
		for i := range 7 {
			log.Keep(callOf(erp, fmt.Sprintf("R%d", i), soldOn), nil)
		}
		must(t, log.Close())
		first := got[calls.List](t)(log.List(t.Context(), h.isv(t), licensing.CallFilter{Limit: 3}))
		second := got[calls.List](t)(log.List(t.Context(), h.isv(t), licensing.CallFilter{Limit: 3, After: first.After}))
		third := got[calls.List](t)(log.List(t.Context(), h.isv(t), licensing.CallFilter{Limit: 3, After: second.After}))
		back := got[calls.List](t)(log.List(t.Context(), h.isv(t), licensing.CallFilter{Limit: 3, Before: third.Before}))
		same(t, "pages", [][]string{referencesOf(first), referencesOf(second), referencesOf(third), referencesOf(back)},
			[][]string{{"R6", "R5", "R4"}, {"R3", "R2", "R1"}, {"R0"}, {"R3", "R2", "R1"}})
		same(t, "ends", []bool{first.Before == "", first.After == "", third.After == "", back.Before == ""}, []bool{true, false, true, false})
	})
}

// TestStrangersFillNoDisk sends ten thousand calls that nobody stands behind.
func TestStrangersFillNoDisk(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		var said bytes.Buffer
		log := h.callLog(t, calls.Config{Log: slog.New(slog.NewTextHandler(&said, nil))})
		for i := range 10_000 {
			c := callOf(licensing.Actor{}, "S", soldOn)
			c.Remote = fmt.Sprintf("198.51.100.%d", i%100)
			log.Keep(c, &calls.Envelopes{Request: "who knows what"})
		}
		one := callOf(licensing.Actor{}, "S", soldOn.Add(time.Minute)) // the next minute is another one
		log.Keep(one, nil)
		must(t, log.Close())
		same(t, "kept", got[calls.List](t)(log.List(t.Context(), h.isv(t), licensing.CallFilter{})).All.N, 301)
		same(t, "not kept", counted(t, said.String(), "were not kept one by one"), 9700)
	})
}

// TestCallsAreWrittenAtAStop keeps calls and stops at once.
func TestCallsAreWrittenAtAStop(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log, erp := h.callLog(t, calls.Config{}), h.erpAccount(t)
		for i := range 300 {
			log.Keep(callOf(erp, fmt.Sprint(i), soldOn), &calls.Envelopes{Request: "a", Answer: "b"})
		}
		must(t, log.Close())
		log.Keep(callOf(erp, "late", soldOn), nil) // is lost, and nothing waits for it
		same(t, "kept", got[calls.List](t)(h.callLog(t, calls.Config{}).List(t.Context(), h.isv(t), licensing.CallFilter{})).All.N, 300)
	})
}

// TestCallsAreLostWithTheDatabase takes the database away. Whoever keeps a call does not notice, and what is lost is counted.
func TestCallsAreLostWithTheDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		erp := h.erpAccount(t)
		gone := h.another(t)
		var said bytes.Buffer
		log := gone.callLog(t, calls.Config{Patience: time.Millisecond, Log: slog.New(slog.NewTextHandler(&said, nil))})
		must(t, gone.store.Close())
		for i := range 10_000 { // more than what may wait
			log.Keep(callOf(erp, fmt.Sprint(i), soldOn), &calls.Envelopes{Request: "a"})
		}
		must(t, log.Close())
		same(t, "lost", counted(t, said.String(), "missing in the log of calls"), 10_000)
	})
}

// counted sums up what a log says of how many calls, in lines that may be several.
func counted(t testing.TB, said, what string) (sum int) {
	t.Helper()
	for _, l := range strings.Split(said, "\n") {
		if _, count, ok := strings.Cut(l, what+"\" count="); ok {
			n := 0
			must(t, got1(fmt.Sscan(count, &n)))
			sum += n
		}
	}
	return sum
}

// got1 is the error of what returns a number, too.
func got1(_ int, err error) error { return err }

// TestRefusedCallLosesNoOther keeps calls at once of which the database refuses one.
func TestRefusedCallLosesNoOther(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		erp := h.erpAccount(t)
		var said bytes.Buffer
		before := h.callLog(t, calls.Config{})
		taken := callOf(erp, "TAKEN", soldOn)
		before.Keep(taken, nil)
		must(t, before.Close())
		log := h.callLog(t, calls.Config{Log: slog.New(slog.NewTextHandler(&said, nil))})
		for i := range 40 {
			c := callOf(erp, fmt.Sprint(i), soldOn)
			if i == 3 || i == 30 {
				c.ID = taken.ID // the key of another row
			}
			log.Keep(c, &calls.Envelopes{Request: "a"})
		}
		must(t, log.Close())
		same(t, "kept", got[calls.List](t)(log.List(t.Context(), h.isv(t), licensing.CallFilter{})).All.N, 39)
		same(t, "lost", counted(t, said.String(), "missing in the log of calls"), 2)
	})
}

// TestOldCallsAreForgotten lets the days pass for which calls are kept.
func TestOldCallsAreForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log, erp := h.callLog(t, calls.Config{Keep: 24 * time.Hour}), h.erpAccount(t)
		for i := range 1001 {
			log.Keep(callOf(erp, fmt.Sprint(i), soldOn), nil)
		}
		log.Keep(callOf(erp, "NEW", soldOn.Add(2*time.Hour)), nil)
		must(t, log.Close())
		h.wall.advance(25 * time.Hour)
		same(t, "more", got[bool](t)(log.DropOld(t.Context())), true)
		same(t, "more", got[bool](t)(log.DropOld(t.Context())), false)
		same(t, "left", referencesOf(got[calls.List](t)(log.List(t.Context(), h.isv(t), licensing.CallFilter{}))), []string{"NEW"})
	})
}

// TestCallsAreExported writes the list into a file, as it is narrowed.
func TestCallsAreExported(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		log, erp := h.callLog(t, calls.Config{}), h.erpAccount(t)
		log.Keep(callOf(erp, "ERP1", soldOn), nil)
		log.Keep(callOf(licensing.Actor{}, "NOBODY", soldOn), nil)
		must(t, log.Close())
		for filter, want := range map[string]int{"{}": 3, `{"query":"erp1"}`: 2} {
			out, _, err := h.ordering.StartExport(t.Context(), h.isv(t), "export "+filter, ordering.StartExport{
				List: licensing.ListOfCalls, Format: licensing.FormatCSV, Filter: filter, Columns: []string{"reference", "time", "outcome", "took"},
				Words: map[string]string{"outcome.ok": "Done"},
			})
			must(t, err)
			must(t, h.ordering.RunExport(t.Context(), out.ID))
			part := got[[]byte](t)(h.ordering.ExportPart(t.Context(), h.isv(t), out.ID, 1))
			lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(part, []byte("\ufeff")))).ReadAll()
			must(t, err)
			same(t, "lines", len(lines), want)
			same(t, "the last", lines[len(lines)-1], []string{"ERP1", "2026-11-21 10:00:00.000", "Done", "1"})
		}
	})
}
