package licensing

import (
	"context"
	"errors"
	"time"
)

// MailTx is mails; written by mailing.
type MailTx interface {
	InsertMail(ctx context.Context, m MailMessage) error
	Mail(ctx context.Context, id MailID) (MailMessage, error)
	// ClaimMail takes a waiting mail whose next try has come, counts the try, and sets the next one to lost, when the
	// try counts as lost. ErrNone when there is nothing to take: it is done, not due, or somebody else has it.
	ClaimMail(ctx context.Context, id MailID, lost time.Time) (MailMessage, error)
	// FinishMail records where a mail stands after its try number m.Tries. ErrNone when another try has taken its place.
	FinishMail(ctx context.Context, m MailMessage) error
	// OverdueMails returns those that should have been tried before an instant (wall clock) and were not.
	OverdueMails(ctx context.Context, before time.Time, limit int) ([]MailID, error)
}

// ErrMailRefused says that a mail server refuses a mail for good; trying again is of no use.
var ErrMailRefused = errors.New("the mail server refuses the mail")

// Mailer sends mail.
type Mailer interface {
	// Send hands a plain-text mail to a mail server. The error holds ErrMailRefused when it is refused for good; else
	// it may be tried again. It contains nothing of the text.
	Send(ctx context.Context, id MailID, recipient, subject, text string) error
}
