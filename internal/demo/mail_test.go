package demo

import (
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// when0 is when the mails of the tests came.
var when0 = time.Date(2026, 11, 21, 14, 32, 0, 0, time.UTC)

// catcher starts a mail catcher.
func catcher(t *testing.T) *Mail {
	t.Helper()
	m, err := NewMail(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// send sends a mail by SMTP; lines end with \n here.
func send(t *testing.T, m *Mail, content string, to ...string) {
	t.Helper()
	err := smtp.SendMail(m.Addr(), nil, "kontor@aurora.example", to, []byte(strings.ReplaceAll(content, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
}

const multipartMail = `From: =?utf-8?q?K=C3=B6ntor?= <kontor@aurora.example>
To: anna@northwind.example
Subject: =?utf-8?q?Schl=C3=BCssel?= <b>bold</b>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe <script>alert(1)</script>
--inner
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PGgxPkhhbGxvPC9oMT48aW1nIHNyYz14IG9uZXJyb3I9YWxlcnQoMik+
--inner--
--outer
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="license.lic"
Content-Transfer-Encoding: base64

AAECAw==
--outer--
`

func TestMailIsCaughtAndShownAsText(t *testing.T) {
	m := catcher(t)
	srv := httptest.NewServer(m.Handler())
	defer srv.Close()
	_, list := get(t, srv.URL+"/mail")
	mustHold(t, list, "No mail yet", m.Addr())

	send(t, m, "Subject: earlier\n\nplain", "anna@northwind.example")
	send(t, m, multipartMail, "anna@northwind.example", "ben@northwind.example")

	_, list = get(t, srv.URL+"/mail")
	mustHold(t, list, "Schlüssel &lt;b&gt;bold&lt;/b&gt;", "anna@northwind.example, ben@northwind.example", "Köntor")
	if strings.Index(list, "Schlüssel") > strings.Index(list, "earlier") {
		t.Error("the newest mail does not come first")
	}
	link := regexp.MustCompile(`href="(/mail/\d[^"]+)"`).FindStringSubmatch(list)
	if link == nil {
		t.Fatal("the list has no link to a mail")
	}
	status, page := get(t, srv.URL+link[1])
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d", link[1], status)
	}
	mustHold(t, page,
		"Grüße &lt;script&gt;alert(1)&lt;/script&gt;", "&lt;h1&gt;Hallo&lt;/h1&gt;&lt;img", "text/html",
		"application/octet-stream, license.lic", "4 bytes, not shown", "All headers", "Content-Type: multipart/mixed",
		"Delivered-To: ben@northwind.example")
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "<h1>Hallo") || strings.Contains(page, "<img") {
		t.Error("a mail's text became markup")
	}
}

func TestMailsOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	m, err := NewMail(dir)
	if err != nil {
		t.Fatal(err)
	}
	send(t, m, "Subject: kept\n\nplain", "anna@northwind.example")
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	// What a kill can leave of a second one, and what is none.
	for _, name := range []string{"20261121T143200.000000-00000000.eml.part", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, "mail", name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, err = NewMail(dir)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := m.store.ids()
	if err != nil || len(ids) != 1 {
		t.Fatalf("the mails are %v, %v", ids, err)
	}
	content, _, err := m.store.read(ids[0])
	want := "Return-Path: <kontor@aurora.example>\r\nDelivered-To: anna@northwind.example\r\nSubject: kept\r\n\r\nplain\r\n"
	if string(content) != want || err != nil {
		t.Errorf("got %q, %v; want %q", content, err, want)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNothingButMailsIsRead(t *testing.T) {
	m := catcher(t)
	srv := httptest.NewServer(m.Handler())
	defer srv.Close()
	for _, id := range []string{"x", "..%2f..%2fetc%2fpasswd", "20261121T143200.000000-00000000", "99999999T999999.000000-00000000"} {
		if status, _ := get(t, srv.URL+"/mail/"+id); status != http.StatusNotFound {
			t.Errorf("GET /mail/%s: %d", id, status)
		}
	}
}

func TestAMailThatIsTooLarge(t *testing.T) {
	m := catcher(t)
	err := smtp.SendMail(m.Addr(), nil, "a@b.example", []string{"c@d.example"}, []byte("Subject: x\r\n\r\n"+strings.Repeat(strings.Repeat("x", 70)+"\r\n", mailMaxBytes/72+1)))
	if err == nil || !strings.HasPrefix(err.Error(), "552") {
		t.Errorf("got %v, want 552", err)
	}
	if ids, err := m.store.ids(); err != nil || len(ids) != 0 {
		t.Errorf("the mails are %v, %v", ids, err)
	}
}

func TestMalformedMailsAreShownAsTheyCame(t *testing.T) {
	deep := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: multipart/mixed; boundary=b\n\n", 20) + "core"
	for name, tt := range map[string]struct{ content, want string }{
		"no headers":        {"just text", "just text"},
		"multipart, broken": {"Content-Type: multipart/mixed\n\nno boundary", "no boundary"},
		"nested deep":       {deep, "core"},
		"unknown encoding":  {"Content-Transfer-Encoding: rot13\n\nUryyb", "Uryyb"},
		"broken base64":     {"Content-Transfer-Encoding: base64\n\n!!!", "!!!"},
		"unknown charset":   {"Content-Type: text/plain; charset=klingon\n\nQapla\xff", "Qapla\uFFFD"},
		"nonsense type":     {"Content-Type: ;;;\n\ntext", "text"},
	} {
		m := readMail("id", when0, []byte(tt.content))
		if len(m.Parts) != 1 || !strings.Contains(m.Parts[0].Text, tt.want) {
			t.Errorf("%s: %+v, want a part with %q", name, m.Parts, tt.want)
		}
	}
}

func FuzzReadMail(f *testing.F) {
	f.Add([]byte(strings.ReplaceAll(multipartMail, "\n", "\r\n")))
	f.Add([]byte("Subject: =?x?q?y?=\n\nz"))
	f.Add([]byte("\xff"))
	f.Fuzz(func(t *testing.T, content []byte) {
		m := readMail("id", when0, content)
		if len(m.Parts) > mailMaxParts+1 {
			t.Fatalf("%d parts", len(m.Parts))
		}
		for _, p := range m.Parts {
			if strings.ToValidUTF8(p.Text, "") != p.Text {
				t.Fatalf("not UTF-8: %q", p.Text)
			}
		}
	})
}
