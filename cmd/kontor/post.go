package main

import (
	"context"
	"errors"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/mail"
)

// post is what a command needs that sends mail.
type post struct {
	SMTPURL  string `name:"smtp-url" help:"The mail server: smtp://host:port or smtp://user:password@host:port, or smtps; without one mails wait."`
	MailFrom string `name:"mail-from" help:"Whom mails come from: licenses@example.com, or Aurora Software <licenses@aurora.example>."`
}

// mailBy sets how mails go out. It is called before the first use case runs.
func (h *house) mailBy(c post) error {
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

// keepLinks keeps in the database how the links in mails begin, for workers, which serve no portal and have no address of
// their own. What was not configured, but made of the listening address, does not take the place of what stands there.
func (h *house) keepLinks(ctx context.Context, publicURL string, configured bool) error {
	publicURL = strings.TrimRight(publicURL, "/")
	return h.store.Write(ctx, func(tx licensing.Tx) error {
		kept, err := tx.Setting(ctx, licensing.SettingPublicURL)
		if err != nil || kept == publicURL || kept != "" && !configured {
			return err
		}
		return tx.SetSetting(ctx, licensing.SettingPublicURL, publicURL)
	})
}
