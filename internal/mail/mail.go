// Package mail sends mail by SMTP. It implements licensing.Mailer and knows nothing of what mails are about.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"kontor/internal/licensing"
)

// Config is which server takes the mail, and whom it comes from.
type Config struct {
	// URL is smtp://host:port or smtp://user:password@host:port, with STARTTLS wherever the server offers it, or
	// smtps://…, with TLS from the start. A password is sent over TLS only, unless the server is on this machine.
	URL string
	// From is an address, with a name or without: Aurora Software <licenses@aurora.example>.
	From string
}

// Mailer sends mail over one server. It keeps no connection open.
type Mailer struct {
	from    *mail.Address
	domain  string // of the sender, for message ids
	host    string
	options []gomail.Option
}

var _ licensing.Mailer = (*Mailer)(nil)

// timeout bounds one mail, below the time that a job may take.
const timeout = 15 * time.Second

// The errors of New.
var (
	ErrURL  = errors.New("--smtp-url is smtp://host:port, smtp://user:password@host:port, or the same with smtps")
	ErrFrom = errors.New("--mail-from is an e-mail address, such as licenses@example.com or Aurora Software <licenses@aurora.example>")
)

// New makes a mailer, without connecting. Errors do not show the URL: it may hold a password.
func New(c Config) (*Mailer, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" {
		return nil, ErrURL
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, ErrFrom
	}
	m := &Mailer{from: from, domain: domainOf(from.Address), host: u.Hostname()}
	password, hasPassword := u.User.Password()
	switch {
	case u.Scheme == "smtps":
		m.options = append(m.options, gomail.WithSSLPort(false))
	case hasPassword && !onThisMachine(u.Hostname()):
		m.options = append(m.options, gomail.WithTLSPortPolicy(gomail.TLSMandatory))
	default:
		m.options = append(m.options, gomail.WithTLSPortPolicy(gomail.TLSOpportunistic))
	}
	if p := u.Port(); p != "" {
		port, err := strconv.ParseUint(p, 10, 16)
		if err != nil || port == 0 {
			return nil, ErrURL
		}
		m.options = append(m.options, gomail.WithPort(int(port)))
	}
	if u.User != nil {
		auth := gomail.SMTPAuthAutoDiscover
		if onThisMachine(u.Hostname()) {
			auth = gomail.SMTPAuthPlainNoEnc
		}
		m.options = append(m.options, gomail.WithSMTPAuth(auth), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	m.options = append(m.options, gomail.WithTimeout(timeout), gomail.WithoutNoop())
	return m, nil
}

func domainOf(address string) string {
	for i := len(address) - 1; i >= 0; i-- {
		if address[i] == '@' {
			return address[i+1:]
		}
	}
	return "localhost"
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send implements licensing.Mailer. The message id is made of id, so that a mail that is sent twice can be recognized.
func (m *Mailer) Send(ctx context.Context, id licensing.MailID, recipient, subject, text string) error {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(m.from)
	if err := msg.To(recipient); err != nil {
		return fmt.Errorf("%w: the address cannot be written in a mail", licensing.ErrMailRefused)
	}
	msg.Subject(subject)
	msg.SetDate()
	msg.SetMessageIDWithValue(string(id) + "@" + m.domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence answers it
	msg.SetBodyString(gomail.TypeTextPlain, text)
	client, err := gomail.NewClient(m.host, m.options...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // that it was hard to say goodbye afterwards is no failure
		return nil
	}
	var refused *gomail.SendError
	if errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %w", licensing.ErrMailRefused, err)
	}
	return err
}
