package access

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// JobMail is the kind of job that sends one mail.
const JobMail = "send_mail"

const (
	firstMailPause = 5 * time.Second
	// longestMailPause is the longest time between two tries of a mail.
	longestMailPause = 5 * time.Minute
	// mailLost is after which time a try counts as lost: longer than a job may run.
	mailLost = time.Minute
	// mailGivenUp is after which time a mail is tried no more.
	mailGivenUp = 24 * time.Hour
	// maxMailError is the most characters that are kept of an error.
	maxMailError = 300
)

// Mailing sets what mails go out by, and how the links in them begin, without a slash at the end. A nil mailer leaves
// them waiting. It is called before the first use case runs.
func (s *Service) Mailing(mailer licensing.Mailer, publicURL string) {
	s.mailer, s.publicURL = mailer, strings.TrimRight(publicURL, "/")
}

// mailContext binds a sealed mail to its row.
func mailContext(id licensing.MailID) []byte { return []byte("mail\x00" + string(id)) }

// writeMail records a mail, and the job that sends it.
func (s *Service) writeMail(ctx context.Context, tx *usecase.Tx, recipient, subject, text string) (licensing.MailID, error) {
	id := licensing.MailID(licensing.NewID())
	sealed, err := s.secrets.Seal([]byte(text), mailContext(id))
	if err != nil {
		return "", err
	}
	m := licensing.MailMessage{ID: id, Recipient: recipient, Subject: subject, Text: sealed, NextTry: new(tx.Now().Wall)}
	if err := tx.InsertMail(ctx, m); err != nil {
		return "", err
	}
	return id, tx.Enqueue(ctx, licensing.Job{Kind: JobMail, ID: string(id)})
}

// dropMail keeps a mail that still waits from being sent.
func dropMail(ctx context.Context, tx *usecase.Tx, id licensing.MailID, why string) error {
	m, err := tx.Mail(ctx, id)
	if errors.Is(err, licensing.ErrNone) || err == nil && m.State != licensing.MailWaiting {
		return nil
	}
	if err != nil {
		return err
	}
	m.State, m.LastError, m.NextTry = licensing.MailFailed, why, nil
	return tx.FinishMail(ctx, m)
}

// SendMail tries to send a mail that waits and is due. It returns after which time to try again; 0: it is done, or
// somebody else has it. A mail may arrive twice when a process dies between sending and noting it.
func (s *Service) SendMail(ctx context.Context, id licensing.MailID) (again time.Duration, err error) {
	m, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "ClaimMail", "", id, func(ctx context.Context, tx *usecase.Tx, id licensing.MailID) (licensing.MailMessage, error) {
		return tx.ClaimMail(ctx, id, tx.Now().Wall.Add(mailLost))
	})
	if errors.Is(err, licensing.ErrNone) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	sent := s.send(ctx, m)
	_, _, err = usecase.Run(context.WithoutCancel(ctx), s.runner, licensing.Scheduler(), "FinishMail", "", m.ID, func(ctx context.Context, tx *usecase.Tx, _ licensing.MailID) (struct{}, error) {
		again = 0
		m.State, m.LastError, m.NextTry = licensing.MailSent, "", nil
		if sent != nil {
			m.LastError = shortened(sent.Error())
			pause := min(firstMailPause<<min(m.Tries-1, 10), longestMailPause)
			switch {
			case errors.Is(sent, licensing.ErrMailRefused):
				m.State = licensing.MailFailed
			case tx.Now().Wall.Add(pause).After(m.CreatedAt.Add(mailGivenUp)):
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

// send hands a mail over.
func (s *Service) send(ctx context.Context, m licensing.MailMessage) error {
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
	if len(r) > maxMailError {
		return string(r[:maxMailError-1]) + "…"
	}
	return string(r)
}

// SweepMail enqueues mails again that should have been tried and were not: their process died.
func (s *Service) SweepMail(ctx context.Context) (int, error) {
	n, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "SweepMail", "", "", func(ctx context.Context, tx *usecase.Tx, _ string) (int, error) {
		overdue, err := tx.OverdueMails(ctx, tx.Now().Wall.Add(-mailLost/2), 100)
		if err != nil {
			return 0, err
		}
		for _, id := range overdue {
			if err := tx.Enqueue(ctx, licensing.Job{Kind: JobMail, ID: string(id), Once: true}); err != nil {
				return 0, err
			}
		}
		return len(overdue), nil
	})
	return n, err
}

// invitationMail is what an invitation says. Who invites makes himself known by it; nobody else is named.
func invitationMail(ctx context.Context, tx *usecase.Tx, i licensing.Invitation, link string) (subject, text string, err error) {
	root, err := tx.RootGroup(ctx)
	if err != nil {
		return "", "", err
	}
	role := "a member"
	if i.Role == licensing.RoleAdmin {
		role = "an admin"
	}
	who := i.InviterName + " invites you"
	if i.InviterName == "" {
		who = "You are invited"
	}
	until := i.ExpiresAt.In(tx.Now().Zone)
	return "Invitation to " + i.GroupName, fmt.Sprintf(`%s to join %s in the license portal of %s, as %s.

Open this link to accept. It works once, until %s:

%s

If you do not know what this is about, leave this mail alone: nothing happens then.
`, who, i.GroupName, root.Name, role, until.Format("Monday, 2 January 2006, 15:04 MST"), link), nil
}
