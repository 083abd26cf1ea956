package usecasetest

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/connecting"
	"kontor/internal/licensing"
)

// send makes a try and returns after which time to try again.
func (h *house) send(t testing.TB, id licensing.MessageID) time.Duration {
	t.Helper()
	return got[time.Duration](t)(h.connecting.Send(t.Context(), id))
}

// toSend creates an order and returns its number and the message about it.
func (h *house) toSend(t testing.TB) (number string, m licensing.Message) {
	t.Helper()
	number = h.create(t, h.anna(t), design()).OrderNumber
	return number, h.messages(t, h.order(t, h.anna(t), number).ID)[0]
}

// document is what a reader of an order sees of its message.
func (h *house) document(t testing.TB, number string) licensing.Document {
	t.Helper()
	return unnamed(h.order(t, h.anna(t), number).Documents)[0]
}

// unnamed are documents without the ids of their messages, which are made up.
func unnamed(documents []licensing.Document) []licensing.Document {
	documents = slices.Clone(documents)
	for i := range documents {
		documents[i].ID = ""
	}
	return documents
}

func TestAccepted(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		number, m := h.toSend(t)
		h.wall.advance(time.Second)
		same(t, "again", h.send(t, m.ID), time.Duration(0))
		same(t, "document", h.document(t, number), licensing.Document{
			Connector: "erp", Kind: licensing.TellOrderCreated, State: licensing.MessageAccepted, Number: "D-1", At: soldOn.Add(time.Second), NextTry: soldOn.Add(time.Second), Attempts: 1,
		})
		same(t, "sent twice", h.send(t, m.ID), time.Duration(0))
		same(t, "tries", h.erp.tries(), 1)
		l := h.order(t, h.anna(t), number).Licenses[0]
		same(t, "told", h.erp.passed[0].Content, licensing.Content{
			OrderNumber: number, Group: "northwind", Customer: bright, DataFields: values("externalOrderNumber", "PO-4711"),
			Lines:    []licensing.ContentLine{{Position: 1, Category: "partner", Product: "AUR-DESIGN", Name: "Aurora Design", Quantity: 1, Amount: euros(1950)}},
			Licenses: []licensing.ContentLicense{{Ticket: l.Ticket, Product: "AUR-DESIGN", Quantity: 1, Parameters: l.Parameters}},
		})
		same(t, "waiting", len(got[[]licensing.WaitingMessage](t)(h.connecting.Waiting(t.Context(), h.anna(t)))), 0)
	})
}

// TestRefusedForGood holds that what the other system refuses, or what cannot be said to it, waits for a person.
func TestRefusedForGood(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			name   string
			answer licensing.Answer
			err    error
			state  licensing.MessageState
			said   string
		}{
			{"rejected", licensing.Answer{Text: "Unknown customer"}, nil, licensing.MessageRejected, "Unknown customer"},
			{"rejected in odd words", licensing.Answer{Text: "a\x00b\xffc"}, nil, licensing.MessageRejected, "a\uFFFDb\uFFFDc"},
			{"rejected at length", licensing.Answer{Text: strings.Repeat("ü", 5000)}, nil, licensing.MessageRejected, strings.Repeat("ü", 2048)},
			{"cannot be built", licensing.Answer{}, licensing.InvalidRequest("customer", "The name is too long there."), licensing.MessageFailed, "The name is too long there."},
		} {
			h.erp.says(func(licensing.Message) (licensing.Answer, error) { return c.answer, c.err })
			number, m := h.toSend(t)
			same(t, c.name, h.send(t, m.ID), time.Duration(0))
			d := h.document(t, number)
			same(t, c.name, []any{d.State, d.LastError, d.Number, d.Attempts}, []any{c.state, c.said, "", 1})
			tries := h.erp.tries()
			h.wall.advance(time.Hour)
			same(t, c.name+", sent again", h.send(t, m.ID), time.Duration(0))
			same(t, c.name+", swept", got[int](t)(h.connecting.Sweep(t.Context())), 0)
			same(t, c.name+", tries", h.erp.tries(), tries)
		}
	})
}

func TestOddDocumentNumber(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.erp.says(func(licensing.Message) (licensing.Answer, error) {
			return licensing.Answer{Accepted: true, Number: "D\x00-\xff1"}, nil
		})
		number, m := h.toSend(t)
		h.send(t, m.ID)
		same(t, "number", h.document(t, number).Number, "D\uFFFD-\uFFFD1")
	})
}

// TestDown has the other system out of reach: nothing is lost, and the pauses grow.
func TestDown(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.erp.says(func(licensing.Message) (licensing.Answer, error) {
			return licensing.Answer{}, errors.New("connection refused")
		})
		number, m := h.toSend(t)
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300} {
			want *= time.Second
			same(t, "pause", h.send(t, m.ID), want)
			d := h.document(t, number)
			same(t, "document", d, licensing.Document{
				Connector: "erp", Kind: licensing.TellOrderCreated, State: licensing.MessageWaiting, At: h.wall.Now(), NextTry: h.wall.Now().Add(want), Attempts: i + 1, LastError: "connection refused",
			})
			h.wall.advance(want - time.Microsecond)
			same(t, "before its time", h.send(t, m.ID), time.Duration(0))
			h.wall.advance(time.Microsecond)
		}
		same(t, "tries", h.erp.tries(), 11)
		waiting := got[[]licensing.WaitingMessage](t)(h.connecting.Waiting(t.Context(), h.anna(t)))
		same(t, "waiting", []any{len(waiting), waiting[0].OrderNumber, waiting[0].Customer}, []any{1, number, "Bright Studio"})
		h.erp.says(nil)
		same(t, "when it is back", h.send(t, m.ID), time.Duration(0))
		d := h.document(t, number)
		same(t, "document", []any{d.State, d.Number, d.LastError, d.Attempts}, []any{licensing.MessageAccepted, "D-1", "", 12})
		same(t, "rows of tries", h.rows(t)["message_try"], 12)
	})
}

func TestPause(t *testing.T) {
	for n, want := range map[int]time.Duration{-1: time.Second, 0: time.Second, 1: time.Second, 2: 2 * time.Second, 9: 256 * time.Second, 10: 5 * time.Minute, 1 << 40: 5 * time.Minute} {
		same(t, "pause", connecting.Pause(n), want)
	}
}

// TestKilled has a worker die in the middle of a try: another takes over when the try counts as lost.
func TestKilled(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.erp.says(func(licensing.Message) (licensing.Answer, error) { panic("killed") })
		number, m := h.toSend(t)
		func() {
			defer func() { _ = recover() }()
			h.send(t, m.ID)
		}()
		same(t, "state", h.document(t, number).State, licensing.MessageSent)
		h.erp.says(nil)
		other := h.another(t)
		same(t, "too early", other.send(t, m.ID), time.Duration(0))
		h.wall.advance(30*time.Second - time.Microsecond)
		same(t, "still too early", other.send(t, m.ID), time.Duration(0))
		same(t, "tries", h.erp.tries(), 1)
		h.wall.advance(time.Microsecond)
		same(t, "not yet swept", got[int](t)(other.connecting.Sweep(t.Context())), 0)
		same(t, "taken over", other.send(t, m.ID), time.Duration(0))
		d := h.document(t, number)
		same(t, "document", []any{d.State, d.Number, d.Attempts, h.erp.tries()}, []any{licensing.MessageAccepted, "D-1", 2, 2})
		same(t, "one id for both tries", h.erp.passed[0].ID, h.erp.passed[1].ID)
	})
}

// TestLateReport has a try that takes so long that another one is made: what comes of the first changes nothing.
func TestLateReport(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		other := h.another(t)
		h.erp.says(func(m licensing.Message) (licensing.Answer, error) {
			if m.Attempts == 2 {
				return licensing.Answer{Accepted: true, Number: "D-2"}, nil
			}
			h.wall.advance(31 * time.Second)
			same(t, "the second try", other.send(t, m.ID), time.Duration(0))
			return licensing.Answer{Text: "Too late"}, nil
		})
		number, m := h.toSend(t)
		same(t, "the first try", h.send(t, m.ID), time.Duration(0))
		d := h.document(t, number)
		same(t, "document", []any{d.State, d.Number, d.Attempts, d.LastError}, []any{licensing.MessageAccepted, "D-2", 2, ""})
	})
}

func TestSentByManyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		_, m := h.toSend(t)
		houses := []*house{h, h.another(t)}
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				if again, err := houses[i%2].connecting.Send(t.Context(), m.ID); err != nil || again != 0 {
					t.Errorf("send: %v, %v", again, err)
				}
			})
		}
		all.Wait()
		same(t, "tries", h.erp.tries(), 1)
	})
}

// TestSweep enqueues again what should have been tried and was not.
func TestSweep(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for range 3 {
			h.toSend(t)
		}
		sweep := func() (found, enqueued int) {
			before := h.rows(t)["river_job"]
			found = got[int](t)(h.connecting.Sweep(t.Context()))
			return found, h.rows(t)["river_job"] - before
		}
		h.wall.advance(10*time.Second - time.Microsecond)
		found, enqueued := sweep()
		same(t, "on time", []int{found, enqueued}, []int{0, 0})
		h.wall.advance(time.Microsecond)
		found, enqueued = sweep()
		same(t, "overdue", []int{found, enqueued}, []int{3, 3})
	})
}

// TestInTurn: what is told of one order is told in its order, also while the first message has to wait.
func TestInTurn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		number, first := h.toSend(t)
		second := first
		second.ID, second.Key = licensing.MessageID(licensing.NewID()), "second"
		h.write(t, func(tx licensing.Tx) error { return tx.InsertMessage(t.Context(), second) })
		same(t, "the second looks again", h.send(t, second.ID), 200*time.Millisecond)
		same(t, "the first is done", h.send(t, first.ID), time.Duration(0))
		same(t, "the second is done", h.send(t, second.ID), time.Duration(0))
		for _, d := range h.order(t, h.anna(t), number).Documents {
			same(t, "document", d.State, licensing.MessageAccepted)
		}
	})
}

func TestConnectorThatIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		number, m := h.toSend(t)
		m.ID, m.Connector = licensing.MessageID(licensing.NewID()), "crm"
		h.write(t, func(tx licensing.Tx) error { return tx.InsertMessage(t.Context(), m) })
		same(t, "again", h.send(t, m.ID), 10*time.Second)
		d := h.order(t, h.anna(t), number).Documents[1]
		same(t, "document", []any{d.Connector, d.State, d.Attempts}, []any{"crm", licensing.MessageWaiting, 0}) // for whoever knows it
		same(t, "an unknown message", h.send(t, "none"), time.Duration(0))
	})
}
