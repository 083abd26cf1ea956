package usecasetest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// caughtMail is a Mailer that keeps what it gets, and fails as a test says.
type caughtMail struct {
	sent []sentMail
	fail error
}

type sentMail struct{ recipient, subject, text string }

// Send implements licensing.Mailer.
func (c *caughtMail) Send(_ context.Context, _ licensing.MailID, recipient, subject, text string) error {
	if c.fail == nil {
		c.sent = append(c.sent, sentMail{recipient, subject, text})
	}
	return c.fail
}

// last is the newest mail, with the token in its link.
func (c *caughtMail) last(t testing.TB) (m sentMail, token string) {
	t.Helper()
	if len(c.sent) == 0 {
		t.Fatal("no mail was sent")
	}
	m = c.sent[len(c.sent)-1]
	found := regexp.MustCompile(`(?m)^https://kontor\.example/invitation/([\w-]{22})$`).FindStringSubmatch(m.text)
	if found == nil {
		t.Fatalf("no link in\n%s", m.text)
	}
	return m, found[1]
}

// deliver tries every mail that is due, as the jobs do, and returns how many were sent.
func (h *house) deliver(t testing.TB) int {
	t.Helper()
	var ids []licensing.MailID
	h.read(t, func(tx licensing.Tx) {
		ids = got[[]licensing.MailID](t)(tx.OverdueMails(t.Context(), h.wall.Now().Add(time.Microsecond), 100))
	})
	before := len(h.post.sent)
	for _, id := range ids {
		got[time.Duration](t)(h.mailing.Send(t.Context(), id))
	}
	return len(h.post.sent) - before
}

// TestMailIsTriedAgain holds that a mail waits while the server is down, goes out once, and says what went wrong.
func TestMailIsTriedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		i, _, err := h.access.Invite(t.Context(), anna, "invite", access.Invite{Email: "mia@northwind.example"})
		must(t, err)
		row := func() access.MailRow {
			t.Helper()
			rows := got[[]access.InvitationRow](t)(h.access.Invitations(t.Context(), anna, "northwind"))
			if len(rows) != 1 {
				t.Fatalf("%d invitations, want 1", len(rows))
			}
			return rows[0].Mail
		}
		same(t, "before", []any{row().State, row().Tries, row().LastError}, []any{licensing.MailWaiting, 0, ""})
		h.post.fail = errors.New("dial tcp: connection refused")
		again, err := h.mailing.Send(t.Context(), i.Mail)
		must(t, err)
		same(t, "to be tried again", again, 5*time.Second)
		same(t, "after a try", []any{row().State, row().Tries, row().LastError}, []any{licensing.MailWaiting, 1, "dial tcp: connection refused"})
		again, err = h.mailing.Send(t.Context(), i.Mail)
		must(t, err)
		same(t, "not due", []any{again, row().Tries}, []any{time.Duration(0), 1})
		h.wall.advance(5 * time.Second)
		again, err = h.mailing.Send(t.Context(), i.Mail)
		must(t, err)
		same(t, "the second pause", again, 10*time.Second)
		h.post.fail = nil
		h.wall.advance(10 * time.Second)
		same(t, "sent", h.deliver(t), 1)
		same(t, "after it went", []any{row().State, row().Tries, row().LastError, row().NextTry}, []any{licensing.MailSent, 3, "", (*time.Time)(nil)})
		_, err = h.mailing.Send(t.Context(), i.Mail)
		must(t, err)
		same(t, "sent in all", len(h.post.sent), 1)
	})
}

// TestMailFails holds that a mail is given up when it is refused for good, or after a day.
func TestMailFails(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		refusedMail, _, err := h.access.Invite(t.Context(), anna, "1", access.Invite{Email: "mia@northwind.example"})
		must(t, err)
		h.post.fail = fmt.Errorf("%w: 550 no such mailbox\r\nhere", licensing.ErrMailRefused)
		again, err := h.mailing.Send(t.Context(), refusedMail.Mail)
		must(t, err)
		same(t, "again", again, time.Duration(0))
		tired, _, err := h.access.Invite(t.Context(), anna, "2", access.Invite{Email: "leo@northwind.example"})
		must(t, err)
		h.post.fail = errors.New(strings.Repeat("busy ", 200))
		h.wall.advance(24 * time.Hour)
		again, err = h.mailing.Send(t.Context(), tired.Mail)
		must(t, err)
		same(t, "again", again, time.Duration(0))
		rows := got[[]access.InvitationRow](t)(h.access.Invitations(t.Context(), anna, ""))
		same(t, "rows", len(rows), 2)
		same(t, "the tired one", rows[0].Mail.State, licensing.MailFailed)
		if e := rows[0].Mail.LastError; !strings.HasPrefix(e, "Given up after 24 hours. busy") || len(e) > 400 {
			t.Errorf("the error kept is %q", e)
		}
		same(t, "the refused one", []any{rows[1].Mail.State, rows[1].Mail.LastError}, []any{licensing.MailFailed, "the mail server refuses the mail: 550 no such mailbox here"})
		h.post.fail = nil
		same(t, "nothing is left", h.deliver(t), 0)
	})
}

// TestMailOfADeadProcess holds that a mail whose sender died is enqueued and sent again, and that withdrawing keeps a
// mail from going out.
func TestMailOfADeadProcess(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		i, _, err := h.access.Invite(t.Context(), anna, "1", access.Invite{Email: "mia@northwind.example"})
		must(t, err)
		h.write(t, func(tx licensing.Tx) error { // claimed, and never heard of again
			_, err := tx.ClaimMail(t.Context(), i.Mail, tx.Now().Wall.Add(time.Minute))
			return err
		})
		same(t, "while it may still be under way", got[int](t)(h.mailing.Sweep(t.Context())), 0)
		h.wall.advance(2 * time.Minute)
		same(t, "swept", got[int](t)(h.mailing.Sweep(t.Context())), 1)
		same(t, "sent", h.deliver(t), 1)

		j, _, err := h.access.Invite(t.Context(), anna, "2", access.Invite{Email: "leo@northwind.example"})
		must(t, err)
		_, _, err = h.access.WithdrawInvitation(t.Context(), anna, "3", j.ID)
		must(t, err)
		same(t, "sent after it was withdrawn", h.deliver(t), 0)
	})
}

// TestMailIsSealed holds that the link stands nowhere in the database in the clear.
func TestMailIsSealed(t *testing.T) {
	h := newHouse(t, "sqlite")
	i, _, err := h.access.Invite(t.Context(), h.anna(t), "1", access.Invite{Email: "mia@northwind.example"})
	must(t, err)
	h.deliver(t)
	_, token := h.post.last(t)
	h.read(t, func(tx licensing.Tx) {
		m := got[licensing.MailMessage](t)(tx.Mail(t.Context(), i.Mail))
		if strings.Contains(string(m.Text), "invitation") {
			t.Error("the mail is not sealed")
		}
		kept := got[licensing.Invitation](t)(tx.Invitation(t.Context(), i.ID))
		if strings.Contains(string(kept.TokenHash), token) || len(kept.TokenHash) != 32 {
			t.Error("the token is kept")
		}
	})
}
