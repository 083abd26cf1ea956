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

// mailBy sets how mails go out, and how the links in them begin. It is called before the first use case runs.
func (h *house) mailBy(ctx context.Context, c post, publicURL string) error {
	if err := h.linksTo(ctx, publicURL); err != nil {
		return err
	}
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

// linksTo sets how the links in mails begin. It stands in the database for workers, which serve no portal and have no
// address of their own.
func (h *house) linksTo(ctx context.Context, publicURL string) error {
	publicURL = strings.TrimRight(publicURL, "/")
	h.access.Links(publicURL)
	if publicURL == "" {
		return nil
	}
	return h.store.Write(ctx, func(tx licensing.Tx) error {
		kept, err := tx.Setting(ctx, licensing.SettingPublicURL)
		if err != nil || kept == publicURL {
			return err
		}
		return tx.SetSetting(ctx, licensing.SettingPublicURL, publicURL)
	})
}
