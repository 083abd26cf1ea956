package mailing

import (
	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// JobSend is the kind of job that sends one mail; its id is the mail's.
const JobSend = "send_mail"

// Secrets seals with the master key, and opens what is sealed so.
type Secrets interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// Service offers the use cases.
type Service struct {
	runner  *usecase.Runner
	secrets Secrets
	mailer  licensing.Mailer // nil: mails wait
}

// New makes the service. Mails wait until By is called.
func New(runner *usecase.Runner, secrets Secrets) *Service {
	return &Service{runner: runner, secrets: secrets}
}

// By sets what mails go out by; nil leaves them waiting. It is called before the first use case runs.
func (s *Service) By(mailer licensing.Mailer) { s.mailer = mailer }
