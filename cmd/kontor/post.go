package main

import (
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/mail"
)

// post is what a command needs that sends mail.
type post struct {
	SMTPURL  string `name:"smtp-url" help:"The mail server: smtp://host:port or smtp://user:password@host:port, or smtps; without one mails wait."`
	MailFrom string `name:"mail-from" help:"Whom mails come from: licenses@example.com, or Aurora Software <licenses@aurora.example>."`
}

// mailBy sets how mails go out, and how the links in them begin. It is called before the first use case runs.
func (h *house) mailBy(c post, publicURL string) error {
	h.access.Links(publicURL)
	if c.SMTPURL == "" {
		if c.MailFrom != "" {
			return usageError{errors.New("--mail-from needs --smtp-url")}
		}
		return nil
	}
	var mailer licensing.Mailer
	mailer, err := mail.New(mail.Config{URL: c.SMTPURL, From: c.MailFrom})
	if err != nil {
		return usageError{err}
	}
	h.mailing.By(mailer)
	return nil
}
