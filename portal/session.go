package portal

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"kontor/internal/licensing"
)

const (
	sessionLifetime = 12 * time.Hour
	// sessionIdle is how long a session lives without a page being asked for. Our own timestamp stands in for the
	// session manager's, which would write to the database at every request, and would let a page that keeps
	// itself up to date keep its reader signed in.
	sessionIdle = 2 * time.Hour
	// seenEvery is how much older than the truth the timestamp may be, to spare the database.
	seenEvery = 5 * time.Minute
)

// What a session holds.
const (
	sessionUser  = "user"  // licensing.UserID as a string
	sessionGroup = "group" // the code of the group acted in last
	sessionSeen  = "seen"  // when a page was asked for last, in Unix seconds
)

// configureSessions makes the cookie as narrow as the connection allows.
func configureSessions(m *scs.SessionManager, secure bool) {
	m.Lifetime = sessionLifetime
	m.IdleTimeout = 0
	m.HashTokenInStore = true
	m.Cookie.Name = "kontor_session"
	if secure {
		m.Cookie.Name = "__Host-kontor_session"
	}
	m.Cookie.Secure = secure
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	m.Cookie.Persist = false
}

// signedIn returns who is signed in on this request, or "". keep says that a person asked, so the session goes on.
func (s *site) signedIn(r *http.Request, keep bool) licensing.UserID {
	ctx, m := r.Context(), s.config.Sessions
	user := licensing.UserID(m.GetString(ctx, sessionUser))
	if user == "" {
		return ""
	}
	now, seen := time.Now(), time.Unix(m.GetInt64(ctx, sessionSeen), 0)
	if now.Sub(seen) > sessionIdle {
		m.Remove(ctx, sessionUser)
		return ""
	}
	if keep && now.Sub(seen) > seenEvery {
		m.Put(ctx, sessionSeen, now.Unix())
	}
	return user
}

// beginSession makes the session that of user, under a new token: one that was planted before is worth nothing.
func (s *site) beginSession(r *http.Request, user licensing.UserID) error {
	ctx, m := r.Context(), s.config.Sessions
	if err := m.Clear(ctx); err != nil {
		return err
	}
	if err := m.RenewToken(ctx); err != nil {
		return err
	}
	m.Put(ctx, sessionUser, string(user))
	m.Put(ctx, sessionSeen, time.Now().Unix())
	return nil
}

// safeReturn returns path when it leads to a page of this portal, else "/". What comes from an address must not be
// able to send a person elsewhere after signing in.
func safeReturn(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\") {
		return "/"
	}
	for _, r := range path {
		if r < ' ' || r == 0x7f {
			return "/"
		}
	}
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return path
}
