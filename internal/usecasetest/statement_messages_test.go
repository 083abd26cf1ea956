package usecasetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"kontor/internal/connecting"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/statements"
	"kontor/internal/usecase"
)

// closedNovember creates a license, closes the month, and returns the message about the statement.
func (h *house) closedNovember(t testing.TB) (m licensing.Message) {
	t.Helper()
	h.create(t, h.anna(t), design())
	h.setBusinessDay(t, day(2026, 12, 4))
	same(t, "closed", h.closeDue(t), 1)
	return h.statementMessage(t)
}

func (h *house) statementMessage(t testing.TB) (m licensing.Message) {
	t.Helper()
	st := h.statement(t, h.anna(t), "northwind", november)
	h.read(t, func(tx licensing.Tx) {
		all := got[[]licensing.Message](t)(tx.MessagesOfStatement(t.Context(), st.ID))
		same(t, "messages", len(all), 1)
		m = all[0]
	})
	return m
}

// TestStatementIsTold: a closed statement is one message, with everything that it says, under a name that is made of what
// it is about.
func TestStatementIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		m := h.closedNovember(t)
		st := h.statement(t, h.anna(t), "northwind", november)
		h.read(t, func(tx licensing.Tx) {
			g := got[licensing.Group](t)(tx.GroupByCode(t.Context(), "northwind"))
			same(t, "name", m.Name(), licensing.DerivedID("message", "erp", "statementClosed:"+string(g.ID)+":2026-11"))
		})
		same(t, "document", unnamed(st.Documents), []licensing.Document{{Connector: "erp", Kind: licensing.TellStatementClosed, State: licensing.MessageWaiting, At: soldOn, NextTry: soldOn}})
		waiting := got[[]licensing.WaitingMessage](t)(h.connecting.Waiting(t.Context(), h.anna(t)))
		same(t, "on the home page", []any{waiting[0].Message.ID, waiting[0].Message.Content.Month, waiting[0].OrderNumber}, []any{m.ID, november, ""})
		unchanged(t, h, "closing again", func() { same(t, "closed again", h.closeDue(t), 0) })

		same(t, "again", h.send(t, m.ID), time.Duration(0))
		told := *h.erp.passed[0].Content.Statement
		same(t, "told", []any{told.Hash, told.Sums, entries(told)}, []any{st.Hash, st.Sums, entries(st)})
		same(t, "accepted", h.statementMessage(t).State, licensing.MessageAccepted)
	})
}

// entryless is a store in which the entries of a statement cannot be read.
type entryless struct{ licensing.Tx }

func (entryless) Statement(context.Context, licensing.GroupID, licensing.Month) (licensing.Statement, error) {
	return licensing.Statement{}, errors.New("all entries are read")
}

// heard counts the jobs that it is given.
type heard int

func (n *heard) Enqueue(_ context.Context, _ licensing.Tx, jobs ...licensing.Job) error {
	*n += heard(len(jobs))
	return nil
}

// TestStatementWay: how far the passing-on is, and sending again, read no entries, and answer within sight alone.
func TestStatementWay(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		m := h.closedNovember(t)
		var jobs heard
		runner := usecase.New(&faulty{Store: h.store, fault: func(tx licensing.Tx) licensing.Tx { return entryless{tx} }}, &jobs, nil)
		way := func(group string, month licensing.Month) (licensing.Statement, error) {
			return statements.New(runner).StatementWay(t.Context(), h.anna(t), group, month)
		}
		want := h.statement(t, h.anna(t), "northwind", november)
		want.Entries = nil
		same(t, "the way", got[licensing.Statement](t)(way("northwind", november)), want)
		for what, of := range map[string]struct {
			group string
			month licensing.Month
		}{"beyond sight": {"fjord", november}, "of nobody": {"nobody", november}, "an open one": {"northwind", november.Next()}} {
			_, err := way(of.group, of.month)
			refused(t, what, err, licensing.CodeNotFound, "month")
		}
		h.erp.says(func(licensing.Message) (licensing.Answer, error) { return licensing.Answer{Text: "Blocked"}, nil })
		h.send(t, m.ID)
		must(t, connecting.New(runner, nil, nil).TryStatementAgain(t.Context(), h.anna(t), "", "northwind", november))
		same(t, "sent again", jobs, heard(1))
	})
}

// TestStatementThatWasChanged is told to nobody.
func TestStatementThatWasChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		m := h.closedNovember(t)
		_, err := h.store.Pool().ExecContext(t.Context(), "UPDATE statement_entry SET content = REPLACE(content, 'Bright', 'Bleak')")
		must(t, err)
		same(t, "again", h.send(t, m.ID), time.Duration(0))
		same(t, "tries", h.erp.tries(), 0)
		h.read(t, func(tx licensing.Tx) {
			m = got[licensing.Message](t)(tx.Message(t.Context(), m.ID))
			same(t, "state", []any{m.State, m.LastError}, []any{licensing.MessageFailed, "The statement is not what it was when it was closed."})
		})
	})
}

// TestStatementTriedAgain: what waits for its next try, and what was given up, is sent again by whoever sees the statement.
func TestStatementTriedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		m := h.closedNovember(t)
		again := func(actor licensing.Actor, group string, month licensing.Month) error {
			return h.connecting.TryStatementAgain(t.Context(), actor, licensing.NewID(), group, month)
		}
		h.erp.says(func(licensing.Message) (licensing.Answer, error) { return licensing.Answer{Text: "Blocked"}, nil })
		h.send(t, m.ID)
		same(t, "rejected", h.statementMessage(t).State, licensing.MessageRejected)

		refused(t, "beyond sight", again(h.anna(t), "fjord", november), licensing.CodeNotFound, "month")
		refused(t, "an open one", again(h.anna(t), "northwind", november.Next()), licensing.CodeNotFound, "month")
		looking := h.isv(t)
		looking.Via = licensing.ViaSimulation
		if again(looking, "northwind", november) == nil {
			t.Error("whoever only looks has it sent again")
		}
		before := h.rows(t)["river_job"]
		must(t, again(h.ben(t), "northwind", november))
		same(t, "jobs", h.rows(t)["river_job"]-before, 1)
		m = h.statementMessage(t)
		same(t, "waiting", []any{m.State, m.NextTry}, []any{licensing.MessageWaiting, soldOn})

		h.erp.says(nil)
		h.send(t, m.ID)
		same(t, "accepted", h.statementMessage(t).State, licensing.MessageAccepted)
		same(t, "under one name", h.erp.passed[0].Name(), h.erp.passed[1].Name())
		refused(t, "accepted", again(h.anna(t), "northwind", november), licensing.CodeConflict, "")
	})
}

// TestUpgradeKeepsMessages opens a database from before messages could be about statements: the ledger is as it was.
func TestUpgradeKeepsMessages(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		_, m := h.toSend(t)
		h.send(t, m.ID)
		h.toSend(t)
		queries := []string{
			"SELECT id, connector, kind, key, order_id, content, state, attempts, next_try, last_error, document_number, created_at, updated_at FROM message ORDER BY id",
			"SELECT * FROM message_try ORDER BY message_id, number",
		}
		var before [][]string
		for _, q := range queries {
			before = append(before, h.rowsOf(t, q))
		}
		same(t, "messages and tries", []int{len(before[0]), len(before[1])}, []int{2, 1})
		h.closedNovember(t)
		h.downTo(t, beforeStatementMessages)
		upgraded := h.another(t)
		for i, q := range queries {
			after := upgraded.rowsOf(t, q)
			same(t, q, after[:len(before[i])], before[i])
		}
		upgraded.toSend(t)
	})
}

// beforeStatementMessages is the migration before messages could be about statements.
const beforeStatementMessages = 14

// TestStatementsHideDataFields: what is hidden in the category of one line of an order stands in no statement, also not with
// the other lines.
func TestStatementsHideDataFields(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv := h.isv(t)
		h.write(t, func(tx licensing.Tx) error {
			o, err := tx.Offer(t.Context(), "partner", "AUR-DESIGN")
			if err != nil {
				return err
			}
			return tx.InsertDataField(t.Context(), o.Category.ID, licensing.DataField{
				Name: "margin", Type: "text", Label: "Margin", Rule: licensing.Rule{Optional: true, Change: licensing.ChangeAny}, Hidden: true,
			})
		})
		first := h.create(t, isv, with(design(), func(in *ordering.CreateLicense) {
			in.Group, in.Category, in.DataFields = "northwind", "partner", values("externalOrderNumber", "PO-4711", "margin", "40")
		}))
		second := h.create(t, isv, with(suite(), func(in *ordering.CreateLicense) {
			in.Group, in.Category, in.OrderNumber = "northwind", "internal", first.OrderNumber
		}))
		h.change(t, isv, licensing.ToRevoke, second.Licenses[0].Ticket)
		st := h.statement(t, isv, "northwind", november)
		same(t, "entries", len(st.Entries), 3)
		for _, e := range st.Entries {
			same(t, string(e.Kind)+" "+e.ProductCode, e.DataFields, values("externalOrderNumber", "PO-4711"))
		}
	})
}
