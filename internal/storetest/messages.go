package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// message is one about an order, to be tried at an instant.
func message(o licensing.Order, key string, next time.Time) licensing.Message {
	return licensing.Message{
		ID: licensing.MessageID(licensing.NewID()), Connector: "erp", Kind: licensing.TellOrderCreated, Key: key, Order: o.ID,
		Content: licensing.Content{OrderNumber: o.Number, Group: o.GroupCode, Customer: o.Customer}, State: licensing.MessageWaiting, NextTry: next,
	}
}

// recorded writes a message whose next try has come.
func recorded(t *testing.T, s licensing.Store, o licensing.Order, key string) (m licensing.Message) {
	t.Helper()
	write(t, s, func(tx licensing.Tx) {
		m = message(o, key, tx.Now().Wall)
		must(t, tx.InsertMessage(t.Context(), m))
		m.CreatedAt, m.UpdatedAt = tx.Now().Wall, tx.Now().Wall
	})
	return m
}

// claimed takes a message for a time.
func claimed(t *testing.T, s licensing.Store, id licensing.MessageID, lease time.Duration) (m licensing.Message, err error) {
	t.Helper()
	err = s.Write(t.Context(), func(tx licensing.Tx) (err error) {
		m, err = tx.ClaimMessage(t.Context(), id, tx.Now().Wall.Add(lease))
		return err
	})
	return m, err
}

var messages = map[string]func(*testing.T, licensing.Store){
	"are settled by a report, unless they were accepted": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o, _ := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		m := recorded(t, s, o, "settled")
		settle := func(state licensing.MessageState, number, said string) (done bool) {
			write(t, s, func(tx licensing.Tx) {
				m.State, m.Number, m.LastError = state, number, said
				done = got[bool](t)(tx.SettleMessage(t.Context(), m, said))
			})
			return done
		}
		if _, err := claimed(t, s, m.ID, time.Minute); err != nil {
			t.Fatal(err)
		}
		for i, c := range []struct {
			state        licensing.MessageState
			number, said string
			done         bool
		}{{licensing.MessageRejected, "", "blocked", true}, {licensing.MessageAccepted, "SO-1", "", true}, {licensing.MessageRejected, "", "after all", false}} {
			same(t, "settled", settle(c.state, c.number, c.said), c.done)
			read(t, s, func(tx licensing.Tx) {
				is := got[licensing.Message](t)(tx.Message(t.Context(), m.ID))
				want := []any{min(i, 1) + 2, licensing.MessageAccepted, "SO-1", ""}
				if i == 0 {
					want = []any{2, licensing.MessageRejected, "", "blocked"}
				}
				same(t, "tries, state, number, said", []any{is.Attempts, is.State, is.Number, is.LastError}, want)
			})
		}
		err := s.Write(t.Context(), func(tx licensing.Tx) error { // the answer of the call that was under way
			m.State, m.Attempts = licensing.MessageRejected, 1
			return tx.FinishTry(t.Context(), m, time.Second, "too late")
		})
		none(t, "finishing what was settled", err)
	},
	"that report are not sent": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o, _ := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		write(t, s, func(tx licensing.Tx) {
			m := message(o, "reported", tx.Now().Wall)
			m.Kind = licensing.TellDocumentReported
			must(t, tx.InsertMessage(t.Context(), m))
			m.State, m.LastError = licensing.MessageRejected, "blocked"
			same(t, "settled", got[bool](t)(tx.SettleMessage(t.Context(), m, "blocked")), true)
			same(t, "tried again", got[bool](t)(tx.TryAgain(t.Context(), m.ID)), false)
		})
	},
	"round-trip": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		var want []licensing.Message
		o, _ := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		for i, text := range append(odd, long()) {
			write(t, s, func(tx licensing.Tx) {
				m := message(o, fmt.Sprint("key", i), someTime)
				m.Content.Customer.Name, m.Content.DataFields, m.Content.Test = text, []licensing.Value{{Name: "ext", Value: text}}, i%2 == 0
				m.Content.Lines = []licensing.ContentLine{{Position: 1, Category: "c", Product: "p", Name: text, Quantity: 10_000, Amount: &licensing.Money{Minor: 1<<62 + 1, Currency: "EUR"}}}
				m.Content.Licenses = []licensing.ContentLicense{{Ticket: text, ExpiresAt: new(someTime), MaintenanceUntil: cancelBy}}
				m.Content.Period = &licensing.Period{Number: 2, Start: cancelBy, End: cancelBy, CancelBy: cancelBy, Outcome: licensing.PeriodExtended}
				must(t, tx.InsertMessage(t.Context(), m))
				m.CreatedAt, m.UpdatedAt = tx.Now().Wall, tx.Now().Wall
				want = append(want, m)
			})
		}
		read(t, s, func(tx licensing.Tx) {
			same(t, "one", got[licensing.Message](t)(tx.Message(t.Context(), want[3].ID)), want[3])
			same(t, "of the order, oldest first", got[[]licensing.Message](t)(tx.MessagesOf(t.Context(), o.ID)), want)
			documents := got[licensing.Order](t)(tx.OrderByNumber(t.Context(), o.Number)).Documents
			same(t, "a document", documents[0], licensing.Document{ID: want[0].ID, Connector: "erp", Kind: licensing.TellOrderCreated, State: licensing.MessageWaiting, At: want[0].UpdatedAt, NextTry: someTime})
			_, err := tx.Message(t.Context(), "none")
			none(t, "unknown", err)
		})
	},
	"one key is told once per connector": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o, _ := w.placed(t, s, w.north, licensing.Customer{Name: "x"})
		first := recorded(t, s, o, "key")
		recorded(t, s, o, "key")
		recorded(t, s, o, "Key")
		write(t, s, func(tx licensing.Tx) {
			other := message(o, "key", someTime)
			other.Connector = "crm"
			must(t, tx.InsertMessage(t.Context(), other))
		})
		read(t, s, func(tx licensing.Tx) {
			all := got[[]licensing.Message](t)(tx.MessagesOf(t.Context(), o.ID))
			same(t, "messages", len(all), 3)
			same(t, "the first stays", all[0], first)
		})
	},
	"a try from claim to answer": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o, _ := w.placed(t, s, w.north, licensing.Customer{Name: "x"})
		want := recorded(t, s, o, "key")
		m, err := claimed(t, s, want.ID, time.Minute)
		must(t, err)
		want.State, want.Attempts, want.UpdatedAt, want.NextTry = licensing.MessageSent, 1, m.UpdatedAt, m.UpdatedAt.Add(time.Minute)
		same(t, "claimed", m, want)
		_, err = claimed(t, s, want.ID, time.Minute)
		none(t, "while it is being sent", err)
		finish := func(m licensing.Message) func(context.Context, licensing.Tx) error {
			return func(ctx context.Context, tx licensing.Tx) error {
				return tx.FinishTry(ctx, m, 12*time.Millisecond, "said")
			}
		}
		m.State, m.LastError, m.NextTry = licensing.MessageWaiting, "Größer als erlaubt", someTime
		write(t, s, func(tx licensing.Tx) { must(t, finish(m)(t.Context(), tx)) })
		late := func() error {
			return s.Write(t.Context(), func(tx licensing.Tx) error { return finish(m)(t.Context(), tx) })
		}
		none(t, "a report of what is not being sent any more", late())
		m2, err := claimed(t, s, want.ID, time.Minute)
		must(t, err)
		same(t, "attempts", m2.Attempts, 2)
		none(t, "a report of the first try, when the second has taken over", late())
		m2.State, m2.Number, m2.LastError = licensing.MessageAccepted, "D-1", ""
		write(t, s, func(tx licensing.Tx) {
			must(t, finish(m2)(t.Context(), tx))
			m2.UpdatedAt = tx.Now().Wall
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "accepted", got[licensing.Message](t)(tx.Message(t.Context(), want.ID)), m2)
		})
		_, err = claimed(t, s, want.ID, time.Minute)
		none(t, "when it is done", err)
	},
	"are claimed when due, or lost": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o, _ := w.placed(t, s, w.north, licensing.Customer{Name: "x"})
		var later licensing.Message
		write(t, s, func(tx licensing.Tx) {
			later = message(o, "later", tx.Now().Wall.Add(time.Hour))
			must(t, tx.InsertMessage(t.Context(), later))
		})
		_, err := claimed(t, s, later.ID, time.Minute)
		none(t, "one that is not due", err)
		_, err = claimed(t, s, "none", time.Minute)
		none(t, "unknown", err)
		lost := recorded(t, s, o, "lost")
		_, err = claimed(t, s, lost.ID, -time.Second) // whoever claimed it has been silent for a second
		must(t, err)
		m, err := claimed(t, s, lost.ID, time.Minute)
		must(t, err)
		same(t, "taken over", m.Attempts, 2)
	},
	"of many who claim at once one does": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o, _ := w.placed(t, s, w.north, licensing.Customer{Name: "x"})
		m := recorded(t, s, o, "key")
		var taken atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				switch _, err := claimed(t, s, m.ID, time.Minute); {
				case err == nil:
					taken.Add(1)
				case !errors.Is(err, licensing.ErrNone):
					t.Errorf("claim: %v", err)
				}
			})
		}
		all.Wait()
		same(t, "taken", taken.Load(), int64(1))
	},
	"overdue ones": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		o, _ := w.placed(t, s, w.north, licensing.Customer{Name: "x"})
		base := someTime
		var ids []licensing.MessageID
		write(t, s, func(tx licensing.Tx) {
			// Texts of these times have different lengths; they still have to compare as times.
			for i, ahead := range []time.Duration{500 * time.Millisecond, 0, time.Second, 123_456 * time.Microsecond, 100 * time.Millisecond} {
				m := message(o, fmt.Sprint(i), base.Truncate(time.Second).Add(ahead))
				ids = append(ids, m.ID)
				must(t, tx.InsertMessage(t.Context(), m))
			}
		})
		overdue := func(at time.Time, limit int) (found []licensing.MessageID) {
			read(t, s, func(tx licensing.Tx) {
				found = got[[]licensing.MessageID](t)(tx.OverdueMessages(t.Context(), at, limit))
			})
			return found
		}
		start := base.Truncate(time.Second)
		same(t, "before all", overdue(start.Add(-time.Microsecond), 10), []licensing.MessageID{})
		same(t, "at the first", overdue(start, 10), []licensing.MessageID{ids[1]})
		same(t, "some", overdue(start.Add(300*time.Millisecond), 10), []licensing.MessageID{ids[1], ids[4], ids[3]})
		same(t, "all, the longest overdue first", overdue(start.Add(time.Second), 10), []licensing.MessageID{ids[1], ids[4], ids[3], ids[0], ids[2]})
		same(t, "at most", overdue(start.Add(time.Second), 2), []licensing.MessageID{ids[1], ids[4]})
		m, err := claimed(t, s, ids[1], time.Minute)
		must(t, err)
		m.State = licensing.MessageRejected
		write(t, s, func(tx licensing.Tx) { must(t, tx.FinishTry(t.Context(), m, 0, "")) })
		same(t, "without the one that is done", overdue(start, 10), []licensing.MessageID{})
	},
	"waiting ones within sight": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		north, _ := w.placed(t, s, w.north, licensing.Customer{Name: "North"})
		south, _ := w.placed(t, s, w.south, licensing.Customer{Name: "South"})
		first, second := recorded(t, s, north, "1"), recorded(t, s, north, "2")
		recorded(t, s, south, "3")
		done, err := claimed(t, s, recorded(t, s, north, "4").ID, time.Minute)
		must(t, err)
		done.State = licensing.MessageAccepted
		write(t, s, func(tx licensing.Tx) { must(t, tx.FinishTry(t.Context(), done, 0, "")) })
		want := []licensing.WaitingMessage{{Message: second, OrderNumber: north.Number, Customer: "North"}, {Message: first, OrderNumber: north.Number, Customer: "North"}}
		read(t, s, func(tx licensing.Tx) {
			waiting := got[[]licensing.WaitingMessage](t)
			same(t, "an admin of north", waiting(tx.WaitingMessages(t.Context(), licensing.SightOf(w.member), 10)), want)
			same(t, "the newest", waiting(tx.WaitingMessages(t.Context(), licensing.SightOf(w.member), 1)), want[:1])
			same(t, "everybody's", len(waiting(tx.WaitingMessages(t.Context(), w.everything(), 10))), 3)
			same(t, "a member of the root", len(waiting(tx.WaitingMessages(t.Context(), licensing.Sight{Group: w.root.ID}, 10))), 0)
		})
	},
}
