package mailing

import (
	"context"
	"errors"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

const (
	firstPause = 5 * time.Second
	// longestPause is the longest time between two tries of a mail.
	longestPause = 5 * time.Minute
	// lost is after which time a try counts as lost: longer than a job may run.
	lost = time.Minute
	// givenUp is after which time a mail is tried no more.
	givenUp = 24 * time.Hour
	// maxError is the most characters that are kept of an error.
	maxError = 300
)

// mailContext binds a sealed mail to its row.
func mailContext(id licensing.MailID) []byte { return []byte("mail\x00" + string(id)) }

// Take subscribes to MailWritten: it records a mail, and the job that sends it.
func (s *Service) Take(ctx context.Context, tx *usecase.Tx, e licensing.MailWritten) error {
	sealed, err := s.secrets.Seal([]byte(e.Text), mailContext(e.ID))
	if err != nil {
		return err
	}
	m := licensing.MailMessage{ID: e.ID, Recipient: e.Recipient, Subject: e.Subject, Text: sealed, NextTry: new(tx.Now().Wall)}
	if err := tx.InsertMail(ctx, m); err != nil {
		return err
	}
	tx.Enqueue(licensing.Job{Kind: JobSend, ID: string(e.ID)})
	return nil
}

// Drop subscribes to MailNeedless: it keeps a mail that still waits from being sent.
func (s *Service) Drop(ctx context.Context, tx *usecase.Tx, e licensing.MailNeedless) error {
	m, err := tx.Mail(ctx, e.ID)
	if errors.Is(err, licensing.ErrNone) || err == nil && m.State != licensing.MailWaiting {
		return nil
	}
	if err != nil {
		return err
	}
	m.State, m.LastError, m.NextTry = licensing.MailFailed, e.Why, nil
	return tx.FinishMail(ctx, m)
}

// Send tries to send a mail that waits and is due. It returns after which time to try again; 0: it is done, or
// somebody else has it. A mail may arrive twice when a process dies between sending and noting it.
func (s *Service) Send(ctx context.Context, id licensing.MailID) (again time.Duration, err error) {
	m, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "ClaimMail", "", id, func(ctx context.Context, tx *usecase.Tx, id licensing.MailID) (licensing.MailMessage, error) {
		return tx.ClaimMail(ctx, id, tx.Now().Wall.Add(lost))
	})
	if errors.Is(err, licensing.ErrNone) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	sent := s.hand(ctx, m)
	_, _, err = usecase.Run(context.WithoutCancel(ctx), s.runner, licensing.Scheduler(), "FinishMail", "", m.ID, func(ctx context.Context, tx *usecase.Tx, _ licensing.MailID) (struct{}, error) {
		again = 0
		m.State, m.LastError, m.NextTry = licensing.MailSent, "", nil
		if sent != nil {
			m.LastError = shortened(sent.Error())
			pause := min(firstPause<<min(m.Tries-1, 10), longestPause)
			switch {
			case errors.Is(sent, licensing.ErrMailRefused):
				m.State = licensing.MailFailed
			case tx.Now().Wall.Add(pause).After(m.CreatedAt.Add(givenUp)):
				m.State, m.LastError = licensing.MailFailed, "Given up after 24 hours. "+m.LastError
			default:
				m.State, m.NextTry, again = licensing.MailWaiting, new(tx.Now().Wall.Add(pause)), pause
			}
		}
		err := tx.FinishMail(ctx, m)
		if errors.Is(err, licensing.ErrNone) { // it was dropped, or counted as lost, meanwhile
			again, err = 0, nil
		}
		return struct{}{}, err
	})
	return again, err
}

// hand hands a mail over.
func (s *Service) hand(ctx context.Context, m licensing.MailMessage) error {
	if s.mailer == nil {
		return errors.New("no mail server is set up; whoever runs Kontor sets --smtp-url")
	}
	text, err := s.secrets.Open(m.Text, mailContext(m.ID))
	if err != nil {
		return errors.New("the mail cannot be unsealed: it was written under another master key")
	}
	return s.mailer.Send(ctx, m.ID, m.Recipient, m.Subject, string(text))
}

func shortened(s string) string {
	r := []rune(strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "\uFFFD"))
	if len(r) > maxError {
		return string(r[:maxError-1]) + "…"
	}
	return string(r)
}

// Sweep enqueues mails again that should have been tried and were not: their process died.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	n, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "SweepMail", "", "", func(ctx context.Context, tx *usecase.Tx, _ string) (int, error) {
		overdue, err := tx.OverdueMails(ctx, tx.Now().Wall.Add(-lost/2), 100)
		if err != nil {
			return 0, err
		}
		for _, id := range overdue {
			tx.Enqueue(licensing.Job{Kind: JobSend, ID: string(id), Once: true})
		}
		return len(overdue), nil
	})
	return n, err
}
