package usecasetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/statements"
	"kontor/internal/subscriptions"
	"kontor/internal/usecase"
)

var november = licensing.Month{Year: 2026, Month: 11}

func (h *house) closeDue(t testing.TB) int {
	t.Helper()
	return got[int](t)(h.statements.CloseDue(t.Context()))
}

func (h *house) statement(t testing.TB, actor licensing.Actor, group string, m licensing.Month) licensing.Statement {
	t.Helper()
	return got[licensing.Statement](t)(h.statements.Statement(t.Context(), actor, group, m))
}

// entries says what the entries of a statement are about.
func entries(s licensing.Statement) (all []string) {
	for _, e := range s.Entries {
		text := fmt.Sprint(e.On, " ", e.Kind, " ", e.ProductCode)
		if e.Period != nil {
			text += fmt.Sprint(" ", e.Period.Number)
		}
		if e.Amount != nil {
			text += fmt.Sprint(" ", e.Amount.Minor, " ", e.Amount.Currency)
		}
		all = append(all, text)
	}
	return all
}

// TestStatements goes from a month's preview to its closed statement, and on to what comes late.
func TestStatements(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, isv := h.anna(t), h.isv(t)
		d := h.create(t, anna, design()).Licenses[0]
		h.create(t, anna, with(design(), func(in *ordering.CreateLicense) { in.Test = true }))
		l := h.create(t, anna, suite()).Licenses[0]
		h.change(t, anna, licensing.ToSuspend, d.Ticket)
		h.change(t, anna, licensing.ToRevoke, d.Ticket)
		open := h.statement(t, anna, "northwind", november)
		price := h.order(t, anna, d.OrderNumber).Lines[0]
		same(t, "open", open.Open(), true)
		same(t, "entries", entries(open), []string{
			fmt.Sprint("2026-11-21 created AUR-DESIGN ", price.Amount.Minor, " EUR"),
			fmt.Sprint("2026-11-21 created AUR-SUITE ", open.Entries[1].Amount.Minor, " EUR"), "2026-11-21 revoked AUR-DESIGN",
		})
		same(t, "an entry", open.Entries[0], licensing.StatementEntry{
			ID: open.Entries[0].ID, Group: d.Group, On: day(2026, 11, 21), Kind: licensing.EntryCreated, OrderNumber: d.OrderNumber,
			DataFields: values("externalOrderNumber", "PO-4711"), Customer: bright, ProductCode: "AUR-DESIGN", ProductName: "Aurora Design",
			Quantity: 1, Units: 5, Unit: price.Unit, Amount: price.Amount, Stored: open.Entries[0].Stored,
		})
		sum := licensing.Money{Minor: open.Entries[0].Amount.Minor + open.Entries[1].Amount.Minor, Currency: "EUR"}
		same(t, "sums", open.Sums, []licensing.Money{sum})

		h.setBusinessDay(t, day(2026, 12, 3))
		unchanged(t, h, "while it may still be completed", func() { same(t, "closed", h.closeDue(t), 0) })
		h.setBusinessDay(t, day(2026, 12, 4))
		same(t, "closed", h.closeDue(t), 1)
		closed := h.statement(t, anna, "northwind", november)
		same(t, "closed as it was", []any{closed.Open(), closed.Count, closed.Sums, entries(closed)}, []any{false, 3, open.Sums, entries(open)})
		same(t, "whole", []any{closed.Whole(), len(closed.Hash)}, []any{true, 64})
		unchanged(t, h, "again", func() { same(t, "closed again", h.closeDue(t), 0) })

		// The period came on 22 October 2027, after an extension of nobody's; October was closed by then.
		h.change(t, isv, licensing.ToReinstate, d.Ticket)
		h.setBusinessDay(t, day(2027, 11, 10))
		h.closeDue(t)
		same(t, "reinstated", entries(h.statement(t, anna, "northwind", licensing.Month{Year: 2026, Month: 12})), []string{"2026-12-04 reinstated AUR-DESIGN"})
		h.create(t, anna, trial())
		october := licensing.Month{Year: 2027, Month: 10}
		h.create(t, isv, with(trial(), func(in *ordering.CreateLicense) { in.Group = "nordic" }))
		h.setBusinessDay(t, day(2027, 12, 4))
		h.closeDue(t) // November 2027
		same(t, "extended late", h.extendDue(t), 1)
		_, err := h.statements.Statement(t.Context(), anna, "northwind", october)
		refused(t, "a month without anything", err, licensing.CodeNotFound, "month")
		december := h.statement(t, anna, "northwind", october.Next().Next())
		same(t, "carried over", entries(december), []string{fmt.Sprint("2027-10-22 extended AUR-SUITE 2 ", h.license(t, l.ID).Subscription.Last().Amount.Minor, " EUR")})
		m, corrects := december.Corrects(december.Entries[0])
		same(t, "corrects", []any{m, corrects}, []any{october, true})
		h.setBusinessDay(t, day(2028, 1, 4))
		same(t, "closed with the correction", h.closeDue(t), 1)
		same(t, "as previewed", entries(h.statement(t, anna, "northwind", december.Month)), entries(december))
		same(t, "the first one", h.statement(t, anna, "northwind", november), closed)
	})
}

// TestStatementsInSight holds who sees which statements, and who may close a month.
func TestStatementsInSight(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, isv := h.anna(t), h.isv(t)
		h.create(t, anna, design())
		h.create(t, isv, with(design(), func(in *ordering.CreateLicense) { in.Group = "fjord" }))
		list := func(actor licensing.Actor) statements.List {
			t.Helper()
			return got[statements.List](t)(h.statements.Statements(t.Context(), actor, licensing.Month{}))
		}
		groups := func(all []licensing.Statement) (codes []string) {
			for _, s := range all {
				codes = append(codes, s.GroupCode+" "+s.Month.String())
			}
			return codes
		}
		same(t, "open for Northwind", groups(list(anna).Open), []string{"northwind 2026-11"})
		same(t, "open for the ISV", groups(list(isv).Open), []string{"fjord 2026-11", "northwind 2026-11"})
		same(t, "closes on", list(anna).First, day(2026, 12, 4))
		_, err := h.statements.Statement(t.Context(), anna, "fjord", november)
		refused(t, "beyond sight", err, licensing.CodeNotFound, "month")
		_, err = h.statements.Statement(t.Context(), anna, "nobody", november)
		refused(t, "of nobody", err, licensing.CodeNotFound, "month")

		refused(t, "not over", h.statements.CloseMonth(t.Context(), isv, "1", november), licensing.CodeConflict, "")
		h.setBusinessDay(t, day(2026, 12, 1))
		same(t, "may be closed", []licensing.Month{list(anna).Close, list(isv).Close}, []licensing.Month{{}, november})
		for who, actor := range map[string]licensing.Actor{"a reseller": anna, "a member": h.staff(t), "a machine": h.erpAccount(t)} {
			unchanged(t, h, who, func() {
				refused(t, who, h.statements.CloseMonth(t.Context(), actor, "2", november), licensing.CodeDenied, "")
			})
		}
		another := h.statements.CloseMonth(t.Context(), isv, "3", november.Next())
		refused(t, "another month", another, licensing.CodeConflict, "")
		same(t, "which is told", strings.Contains(fmt.Sprint(another), "The next month to close is November 2026."), true)
		must(t, h.statements.CloseMonth(t.Context(), isv, "4", november))
		must(t, h.statements.CloseMonth(t.Context(), isv, "4", november)) // the same request
		same(t, "closed", [][]string{groups(list(anna).Closed), groups(list(isv).Closed)}, [][]string{{"northwind 2026-11"}, {"fjord 2026-11", "northwind 2026-11"}})
		refused(t, "nothing left", h.statements.CloseMonth(t.Context(), isv, "5", november.Next()), licensing.CodeConflict, "")
		h.setBusinessDay(t, day(2026, 12, 10))
		same(t, "the clock has nothing to do", h.closeDue(t), 0)
	})
}

// TestOpenStatementsWithoutEntries: a month that has begun, or is not closed yet, has a statement, also while it is empty.
func TestOpenStatementsWithoutEntries(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		h.create(t, h.isv(t), with(design(), func(in *ordering.CreateLicense) { in.Group = "fjord" }))
		h.setBusinessDay(t, day(2026, 12, 1))
		for _, m := range []licensing.Month{november, november.Next()} {
			st := h.statement(t, anna, "northwind", m)
			same(t, m.String(), []any{st.Open(), st.GroupName, st.Count}, []any{true, "Northwind", 0})
		}
		_, err := h.statements.Statement(t.Context(), anna, "northwind", november.Next().Next())
		refused(t, "to come", err, licensing.CodeNotFound, "month")
		h.setBusinessDay(t, day(2026, 12, 4))
		_, err = h.statements.Statement(t.Context(), anna, "northwind", november)
		refused(t, "over", err, licensing.CodeNotFound, "month")

		// While the month is being closed, what is not closed yet shows as before.
		h.write(t, func(tx licensing.Tx) error {
			_, err := tx.BeginMonth(t.Context(), november)
			return err
		})
		st := h.statement(t, h.isv(t), "fjord", november)
		same(t, "being closed", []any{st.Open(), st.Count}, []any{true, 1})
		list := got[statements.List](t)(h.statements.Statements(t.Context(), h.isv(t), licensing.Month{}))
		same(t, "in the list", list.Open[0].Month, november)
	})
}

// unclosable is a store in which one group's statement cannot be made.
type unclosable struct {
	licensing.Tx
	group licensing.GroupID
}

func (u unclosable) InsertStatement(ctx context.Context, s licensing.Statement) ([]licensing.StatementEntry, bool, error) {
	if s.Group == u.group {
		return nil, false, errors.New("broken")
	}
	return u.Tx.InsertStatement(ctx, s)
}

// withoutStatementOf are the use cases where one group's statement cannot be made.
func (h *house) withoutStatementOf(g licensing.GroupID) *statements.Service {
	runner := usecase.New(&faulty{Store: h.store, fault: func(tx licensing.Tx) licensing.Tx { return unclosable{tx, g} }}, nil, nil)
	runner.Subscribe(usecase.On[licensing.StatementClosed]())
	return statements.New(runner)
}

// TestNoMonthIsSteppedOver: a month that is begun and not ended is the next to be closed, whatever stopped it, and no other
// one is begun before.
func TestNoMonthIsSteppedOver(t *testing.T) {
	december := november.Next()
	for name, stop := range map[string]func(testing.TB, *house){
		"one group is broken": func(t testing.TB, h *house) {
			var fjord licensing.Group
			h.read(t, func(tx licensing.Tx) { fjord = got[licensing.Group](t)(tx.GroupByCode(t.Context(), "fjord")) })
			if h.withoutStatementOf(fjord.ID).CloseMonth(t.Context(), h.isv(t), "", november) == nil {
				t.Error("nothing is told of the broken group")
			}
		},
		"begun and left": func(t testing.TB, h *house) {
			h.write(t, func(tx licensing.Tx) error {
				_, err := tx.BeginMonth(t.Context(), november)
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, h *house) {
				isv := h.isv(t)
				of := func(group string) func(*ordering.CreateLicense) {
					return func(in *ordering.CreateLicense) { in.Group = group }
				}
				h.create(t, isv, with(design(), of("fjord")))
				h.create(t, isv, with(design(), of("northwind")))
				h.setBusinessDay(t, day(2026, 12, 2))
				h.create(t, isv, with(design(), of("fjord")))
				h.setBusinessDay(t, day(2027, 1, 2))
				stop(t, h)
				toClose := func() licensing.Month {
					return got[statements.List](t)(h.statements.Statements(t.Context(), isv, licensing.Month{})).Close
				}
				same(t, "the next", toClose(), november)
				unchanged(t, h, "the month after it", func() {
					err := h.statements.CloseMonth(t.Context(), isv, licensing.NewID(), december)
					refused(t, "the month after it", err, licensing.CodeConflict, "")
					same(t, "what is told", strings.Contains(fmt.Sprint(err), "November 2026 is still being closed."), true)
				})
				must(t, h.statements.CloseMonth(t.Context(), isv, licensing.NewID(), november))
				same(t, "then", toClose(), december)
				must(t, h.statements.CloseMonth(t.Context(), isv, licensing.NewID(), december))
				same(t, "in the end", toClose(), licensing.Month{})
				for _, m := range []licensing.Month{november, december} {
					same(t, m.String(), h.statement(t, isv, "fjord", m).Count, 1)
				}
			})
		})
	}
}

// TestOneThatCannotBeClosed holds up no other group; steps are bounded, and go on.
func TestOneThatCannotBeClosed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv := h.isv(t)
		codes := []string{"northwind", "nordic", "fjord"}
		for _, g := range codes {
			h.create(t, isv, with(design(), func(in *ordering.CreateLicense) { in.Group = g }))
		}
		var first licensing.Group
		h.read(t, func(tx licensing.Tx) {
			for _, code := range codes {
				if g := got[licensing.Group](t)(tx.GroupByCode(t.Context(), code)); first.ID == "" || g.ID < first.ID {
					first = g
				}
			}
		})
		h.setBusinessDay(t, day(2026, 12, 4))
		broken := h.withoutStatementOf(first.ID)
		for step, want := range []struct {
			made int
			more bool
		}{{1, true}, {1, false}, {0, false}} {
			made, more, err := broken.CloseSome(t.Context(), 1)
			if step == 1 { // the second one was the last that can be made
				same(t, "what is told", strings.Contains(fmt.Sprint(err), "group "+string(first.ID)), true)
			}
			same(t, fmt.Sprint("step ", step), []any{made, more}, []any{want.made, want.more})
		}
		h.read(t, func(tx licensing.Tx) {
			_, done, err := tx.NewestMonth(t.Context())
			same(t, "the month stays open", []any{done, err}, []any{false, nil})
		})
		made, more, err := h.statements.CloseSome(t.Context(), 1)
		same(t, "when it can be closed", []any{made, more, err}, []any{1, false, nil})
	})
}

// TestEverythingIsInOneStatement lets licenses live at random, with clocks that jump, sweeps in any order and months closed
// by hand. In the end the statements together have everything that happened, each thing once, and no statement that was
// closed ever changed.
func TestEverythingIsInOneStatement(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		seed := rand.Uint64() //nolint:gosec // no secret
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // no secret
		isv, today := h.isv(t), day(2026, 11, 21)
		groups := []string{"northwind", "nordic", "fjord", "aurora"}
		var happened []string
		var live []licensing.License
		revoked := map[licensing.LicenseID]bool{}
		was := map[string]licensing.Statement{}
		look := func() (said []string) {
			for _, s := range got[statements.List](t)(h.statements.Statements(t.Context(), isv, licensing.Month{})).Closed {
				full := h.statement(t, isv, s.GroupCode, s.Month)
				key := s.GroupCode + s.Month.String()
				if before, ok := was[key]; ok {
					same(t, "closed "+key, full, before)
				}
				was[key] = full
				for _, e := range full.Entries {
					text := string(e.Kind) + " " + e.OrderNumber
					if e.Period != nil {
						text += fmt.Sprint(" ", e.Period.Number)
					}
					said = append(said, text)
				}
			}
			return said
		}
		for range 60 {
			switch n := r.IntN(12); {
			case n < 3:
				in := suite()
				if n == 0 {
					in = care()
				}
				l := h.create(t, isv, with(in, func(in *ordering.CreateLicense) { in.Group = groups[r.IntN(len(groups))] })).Licenses[0]
				live, happened = append(live, l), append(happened, "created "+l.OrderNumber)
			case n < 5 && len(live) > 0:
				l := live[r.IntN(len(live))]
				change := licensing.ToRevoke
				if revoked[l.ID] {
					change = licensing.ToReinstate
				} else if h.license(t, l.ID).StateAt(today.Begin(time.UTC).Add(12*time.Hour)) == licensing.LicenseExpired {
					continue // it ran out
				}
				h.change(t, isv, change, l.Ticket)
				happened = append(happened, map[bool]string{false: "revoked ", true: "reinstated "}[revoked[l.ID]]+l.OrderNumber)
				revoked[l.ID] = !revoked[l.ID]
			case n == 5 && len(live) > 0:
				l := live[r.IntN(len(live))]
				_, _, _ = h.subscriptions.Cancel(t.Context(), isv, licensing.NewID(), subscriptions.Cancel{Ticket: l.Ticket}) // may be refused
			case n == 6:
				h.closeDue(t)
			case n == 7:
				if m := got[statements.List](t)(h.statements.Statements(t.Context(), isv, licensing.Month{})).Close; m != (licensing.Month{}) {
					must(t, h.statements.CloseMonth(t.Context(), isv, licensing.NewID(), m))
				}
			case n == 8:
				h.extendDue(t)
			case n == 9 && len(live) > 0:
				l := h.license(t, live[r.IntN(len(live))].ID)
				_, _, _ = h.ordering.ModifyLicense(t.Context(), isv, licensing.NewID(), ordering.ModifyLicense{ // may be refused
					Ticket: l.Ticket, Parameters: values("seats", fmt.Sprint(1+r.IntN(40))),
				})
			default:
				today = today.AddDays(1 + r.IntN(70))
				h.setBusinessDay(t, today)
			}
			if r.IntN(6) == 0 {
				look()
			}
		}
		h.setBusinessDay(t, today.AddDays(70))
		h.extendDue(t)
		h.setBusinessDay(t, today.AddDays(140)) // whatever was recorded has its month closed
		h.closeDue(t)
		for _, l := range live {
			for _, p := range h.license(t, l.ID).Subscription.Periods[1:] {
				happened = append(happened, fmt.Sprint("extended ", l.OrderNumber, " ", p.Number))
			}
			h.read(t, func(tx licensing.Tx) {
				for _, c := range got[[]licensing.PlacedCharge](t)(tx.ChargesOf(t.Context(), l.Subscription.ID)) {
					happened = append(happened, fmt.Sprint("charged ", l.OrderNumber, " ", c.Period))
				}
			})
		}
		said := look()
		slices.Sort(happened)
		slices.Sort(said)
		same(t, "in statements", strings.Join(said, "\n"), strings.Join(happened, "\n"))
		for key, s := range was {
			for _, e := range s.Entries {
				if s.Month.Last().Before(e.On) {
					t.Errorf("the statement %s has an entry of %s", key, e.On)
				}
			}
		}
		h.read(t, func(tx licensing.Tx) {
			_, err := tx.OldestEntry(t.Context())
			if err != licensing.ErrNone { //nolint:errorlint // exactly that
				t.Errorf("something is in no statement: %v", err)
			}
		})
	})
}

// TestStatementsByManyAtOnce has two processes close the same months: each statement is made once.
func TestStatementsByManyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv := h.isv(t)
		for _, g := range []string{"northwind", "nordic", "fjord"} {
			h.create(t, isv, with(design(), func(in *ordering.CreateLicense) { in.Group = g }))
		}
		h.setBusinessDay(t, day(2026, 12, 4))
		houses := []*house{h, h.another(t)}
		made := make(chan int, 8)
		for i := range 8 {
			go func() {
				n, err := houses[i%2].statements.CloseDue(t.Context())
				if err != nil {
					t.Errorf("sweep %d: %v", i, err)
				}
				made <- n
			}()
		}
		sum := 0
		for range 8 {
			sum += <-made
		}
		same(t, "made", sum, 3)
		for _, s := range got[statements.List](t)(h.statements.Statements(t.Context(), isv, licensing.Month{})).Closed {
			same(t, "entries of "+s.GroupCode, []any{s.Count, h.statement(t, isv, s.GroupCode, s.Month).Whole()}, []any{1, true})
		}
	})
}
