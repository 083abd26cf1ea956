package portal

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
)

// TestSessionsEndWhenNobodyAsks: pages that ask by themselves do not keep a session alive.
func TestSessionsEndWhenNobodyAsks(t *testing.T) {
	s := &site{config: Config{Sessions: scs.New()}}
	m := s.config.Sessions
	ctx, err := m.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx)
	if err := s.beginSession(r, "u-anna"); err != nil {
		t.Fatal(err)
	}
	seenAgo := func() time.Duration { return time.Since(time.Unix(m.GetInt64(ctx, sessionSeen), 0)) }
	set := func(ago time.Duration) { m.Put(ctx, sessionSeen, time.Now().Add(-ago).Unix()) }

	set(time.Hour)
	if s.signedIn(r, false) != "u-anna" || seenAgo() < time.Hour {
		t.Error("a page that asks by itself ends or prolongs the session")
	}
	if s.signedIn(r, true) != "u-anna" || seenAgo() > time.Minute {
		t.Error("a person does not prolong the session")
	}
	set(3 * time.Minute)
	if s.signedIn(r, true); seenAgo() < 2*time.Minute {
		t.Error("the session is written although it was prolonged just now")
	}
	set(sessionIdle + time.Minute)
	for range 2 {
		if s.signedIn(r, true) != "" {
			t.Error("the session outlives its idle time")
		}
	}
}

func TestSafeReturn(t *testing.T) {
	for path, want := range map[string]string{
		"/as/northwind/orders?q=1":  "/as/northwind/orders?q=1",
		"/":                         "/",
		"":                          "/",
		"as/northwind":              "/",
		"//elsewhere.example":       "/",
		"/\\elsewhere.example":      "/",
		"/a\\b":                     "/",
		"https://elsewhere.example": "/",
		"javascript:alert(1)":       "/",
		"/\t/elsewhere.example":     "/",
		"/a\r\nSet-Cookie: x=1":     "/",
		"/%2f/elsewhere.example":    "/",
		"/a%zz":                     "/",
	} {
		if got := safeReturn(path); got != want {
			t.Errorf("%q leads to %q, not %q", path, got, want)
		}
	}
}

// FuzzSafeReturn: whatever is asked for, a browser stays with this portal.
func FuzzSafeReturn(f *testing.F) {
	for _, seed := range []string{"/", "/as/x?y=z", "//x", "/\\x", "/%2F/x", "/\n/x", "http:x", "/a#b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got := safeReturn(path)
		base, _ := url.Parse("http://kontor.example/sign-in")
		to, err := base.Parse(got)
		if err != nil || to.Host != "kontor.example" || to.Scheme != "http" || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t") {
			t.Errorf("%q leads to %q", path, got)
		}
	})
}
