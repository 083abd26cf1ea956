package mail_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kontor/internal/licensing"
	"kontor/internal/mail"
)

// server is an SMTP server that keeps what it gets, and refuses as it is told.
type server struct {
	mu      sync.Mutex
	mails   []string
	refusal error
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { return session{s}, nil }

type session struct{ s *server }

func (s session) Mail(string, *smtp.MailOptions) error { return nil }
func (s session) Rcpt(string, *smtp.RcptOptions) error { return s.s.refusal }
func (s session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	s.s.mails = append(s.s.mails, string(b))
	return err
}
func (s session) Reset()        {}
func (s session) Logout() error { return nil }

// start runs a server and returns its address.
func start(t *testing.T, s *server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(s)
	srv.Domain = "localhost"
	srv.ReadTimeout = 10 * time.Second
	go srv.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

const from = "Aurora Söftware <licenses@aurora.example>"

func newMailer(t *testing.T, address string) *mail.Mailer {
	t.Helper()
	m, err := mail.New(mail.Config{URL: "smtp://" + address, From: from})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSend(t *testing.T) {
	s := &server{}
	m := newMailer(t, start(t, s))
	link := "https://kontor.example/invitation/" + strings.Repeat("a", 22)
	if err := m.Send(t.Context(), "mail-1", "mia@fjord.example", "Invitation to Fjørd", "Mia,\n\n"+link+"\n"); err != nil {
		t.Fatal(err)
	}
	if len(s.mails) != 1 {
		t.Fatalf("%d mails came, want 1", len(s.mails))
	}
	for _, want := range []string{"To: <mia@fjord.example>", "<licenses@aurora.example>", "Message-ID: <mail-1@aurora.example>", "Auto-Submitted: auto-generated", "Content-Type: text/plain; charset=UTF-8", link} {
		if !strings.Contains(s.mails[0], want) {
			t.Errorf("%q is missing in\n%s", want, s.mails[0])
		}
	}
	if strings.Contains(s.mails[0], "text/html") || strings.Contains(s.mails[0], "go-mail") {
		t.Errorf("the mail is not plain:\n%s", s.mails[0])
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		refusal error
		forGood bool
	}{
		"no such mailbox":  {&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox"}, true},
		"busy for a while": {&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMailer(t, start(t, &server{refusal: c.refusal}))
			err := m.Send(t.Context(), "mail-1", "mia@fjord.example", "Hello", "the secret link")
			if err == nil || errors.Is(err, licensing.ErrMailRefused) != c.forGood {
				t.Errorf("got the error %v, want one that is for good: %t", err, c.forGood)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the text: %v", err)
			}
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		if err := newMailer(t, l.Addr().String()).Send(t.Context(), "mail-1", "mia@fjord.example", "Hello", "text"); err == nil || errors.Is(err, licensing.ErrMailRefused) {
			t.Errorf("got the error %v, want one that may pass", err)
		}
	})
}

func TestNew(t *testing.T) {
	for _, good := range []string{"smtp://mail.example", "smtp://mail.example:25", "smtps://user:pa%40ss@mail.example:465", "smtp://[::1]:2525", "smtp://127.0.0.1:25/"} {
		if _, err := mail.New(mail.Config{URL: good, From: from}); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "mail.example:25", "http://mail.example", "smtp://", "smtp://mail.example:0", "smtp://mail.example:99999", "smtp://mail.example/x", "smtp://u:secret@mail.example?x=1", "smtp://u:secret@mail.example:port"} {
		_, err := mail.New(mail.Config{URL: bad, From: from})
		if !errors.Is(err, mail.ErrURL) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, bad := range []string{"", "nobody", "a@b, c@d", "a@b\r\nBcc: c@d"} {
		if _, err := mail.New(mail.Config{URL: "smtp://mail.example", From: bad}); !errors.Is(err, mail.ErrFrom) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
