package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"github.com/emersion/go-smtp"
)

// Bounds of a mail.
const (
	mailMaxBytes      = 5 << 20
	mailMaxRecipients = 100
)

// Mail catches all mail that the demo sends: an SMTP server on loopback that delivers to nobody, and pages to read
// what came.
type Mail struct {
	store    mailStore
	listener net.Listener
	server   *smtp.Server
	served   chan struct{} // closed when the server has ended
}

// NewMail starts the mail catcher on a free port of 127.0.0.1. It keeps the mails below dir, one file each.
func NewMail(dir string) (*Mail, error) {
	store, err := openMailStore(filepath.Join(dir, "mail"))
	if err != nil {
		return nil, fmt.Errorf("mail catcher: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("mail catcher: %w", err)
	}
	m := &Mail{store: store, listener: listener, served: make(chan struct{})}
	m.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &mailSession{store: store}, nil
	}))
	m.server.Domain = "localhost"
	m.server.MaxMessageBytes = mailMaxBytes
	m.server.MaxRecipients = mailMaxRecipients
	m.server.ReadTimeout, m.server.WriteTimeout = 30*time.Second, 30*time.Second
	m.server.EnableSMTPUTF8 = true
	go func() {
		defer close(m.served)
		if err := m.server.Serve(listener); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			slog.Error("The mail catcher has stopped", "error", err)
		}
	}()
	return m, nil
}

// Addr returns the host:port to send mail to, without TLS and without logging in.
func (m *Mail) Addr() string { return m.listener.Addr().String() }

// Close stops the SMTP server. The listener is closed apart from it: a server that has not begun to serve does not
// know its listener yet, and would wait on it for good.
func (m *Mail) Close() error {
	err := m.server.Close()
	if errors.Is(err, smtp.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		err = nil
	}
	if lerr := m.listener.Close(); lerr != nil && !errors.Is(lerr, net.ErrClosed) {
		err = errors.Join(err, lerr)
	}
	<-m.served
	return err
}

// mailSession is one connection; it delivers one mail after the other.
type mailSession struct {
	store mailStore
	from  string
	to    []string
}

// Mail begins a mail.
func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from, s.to = from, nil
	return nil
}

// Rcpt adds a recipient.
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

// Data stores the mail; the sender is told so when it is on disk.
func (s *mailSession) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.store.add(s.from, s.to, content); err != nil {
		slog.Error("The mail catcher cannot store a mail", "error", err)
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "The mail cannot be stored at the moment."}
	}
	return nil
}

// Reset forgets the mail that was begun.
func (s *mailSession) Reset() { s.from, s.to = "", nil }

// Logout ends the session.
func (s *mailSession) Logout() error { return nil }
