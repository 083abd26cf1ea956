package portal

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"

	"kontor/internal/licensing"
)

// errOtherMembership says that a form was shown to one membership and sent by another: the same person, acting in
// another group since.
var errOtherMembership = errors.New("the form belongs to another membership")

// statusOf is the one table that turns a kind of error into an HTTP status.
var statusOf = map[licensing.Kind]int{
	licensing.Invalid:         http.StatusUnprocessableEntity,
	licensing.Unauthenticated: http.StatusUnauthorized,
	licensing.Denied:          http.StatusForbidden,
	licensing.NotFound:        http.StatusNotFound,
	licensing.Conflict:        http.StatusConflict,
	licensing.Exhausted:       http.StatusConflict,
	licensing.Unavailable:     http.StatusServiceUnavailable,
	licensing.Internal:        http.StatusInternalServerError,
}

// trouble is what an error page says.
type trouble struct {
	Status    int
	Title     string // what happened, and what has not
	Text      string
	Reference string // for the log; a person can name it
	Back      way    // where to go on; the zero way: home
}

// way is an address and what leads there.
type way struct{ Address, Label string }

// errorWithWay is an error whose page leads back to where one was.
type errorWithWay struct {
	error
	back  way
	title string // of the page of a conflict; empty: that something did not go through
}

func (e errorWithWay) Unwrap() error { return e.error }

// withWay gives an error of a person's request a way back; those of ours, and nil, stay as they are.
func withWay(err error, address, label string) error {
	if err == nil {
		return nil
	}
	if k := licensing.AsError(err).Kind; k != licensing.Conflict && k != licensing.NotFound {
		return err
	}
	return errorWithWay{error: err, back: way{address, label}}
}

// fail answers with the page of an error.
func (s *site) fail(v *visit, err error) {
	if e := licensing.AsError(err); e.Lack != nil && v.acting() && !v.fragment() && s.explainDenial(v, e) {
		return
	}
	t := s.troubleOf(v.ctx(), err)
	s.report(v.ctx(), v.Request, t, err)
	if v.fragment() { // a part of a page has no room for it: htmx leaves the page as it is
		v.String(t.Status, "%s", t.Title)
		return
	}
	if err := v.show(t.Status, errorPage(t)); err != nil {
		s.report(v.ctx(), v.Request, t, err)
		v.String(http.StatusInternalServerError, "%s", t.Title)
	}
}

func (s *site) troubleOf(ctx context.Context, err error) trouble {
	t := trouble{Reference: reference()}
	if errors.Is(err, errOtherMembership) {
		t.Status, t.Title, t.Text = http.StatusConflict, T(ctx, "error.otherTitle"), T(ctx, "error.otherText")
		return t
	}
	if errors.Is(err, errSimulationOver) {
		t.Status, t.Title, t.Text = http.StatusForbidden, T(ctx, "simulation.overTitle"), T(ctx, "simulation.overText")
		return t
	}
	var led errorWithWay
	if errors.As(err, &led) {
		t.Back = led.back
	}
	e := licensing.AsError(err)
	t.Status, t.Text = statusOf[e.Kind], sentence(ctx, e)
	if e.Code == licensing.CodeTooLarge {
		t.Status = http.StatusRequestEntityTooLarge
	}
	switch t.Status {
	case http.StatusForbidden:
		t.Title = T(ctx, "error.deniedTitle")
	case http.StatusNotFound:
		t.Title = T(ctx, "error.notFoundTitle")
	case http.StatusConflict:
		t.Title = cmp.Or(led.title, T(ctx, "error.conflictTitle"))
	case http.StatusRequestEntityTooLarge:
		t.Title = T(ctx, "error.tooLargeTitle")
	case http.StatusUnprocessableEntity:
		t.Title = T(ctx, "error.invalidTitle")
	case http.StatusServiceUnavailable:
		t.Title = T(ctx, "error.unavailableTitle")
	default:
		t.Status = http.StatusInternalServerError
		t.Title, t.Text = T(ctx, "error.internalTitle"), T(ctx, "error.internalText")
	}
	return t
}

// report writes an error to the log: ours as errors, those of the person who asked as information.
func (s *site) report(ctx context.Context, r *http.Request, t trouble, err error) {
	log := s.config.Log.InfoContext
	if t.Status >= http.StatusInternalServerError && r.Context().Err() == nil { // whoever asked is still there
		log = s.config.Log.ErrorContext
	}
	log(ctx, "portal: request refused", "reference", t.Reference, "status", t.Status,
		"method", r.Method, "path", loggedPath(r.URL.Path), "error", err)
}

// invitationPath is what the address of an invitation's link begins with.
const invitationPath = "/invitation/"

// loggedPath is a path as the log may keep it: without a token that lets somebody in.
func loggedPath(path string) string {
	for _, secret := range []string{invitationPath, calendarPath} {
		if strings.HasPrefix(path, secret) {
			return secret + "…"
		}
	}
	return path
}

// recovered is gin's middleware that turns a panic into the page of an internal error.
func (s *site) recovered(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) { // breaks the connection off on purpose
			panic(p)
		}
		v := &visit{Context: c, site: s}
		if known := visitOf(c.Request.Context()); known != nil {
			v = known
		}
		s.config.Log.ErrorContext(v.ctx(), "portal: panic", "panic", p, "stack", string(debug.Stack()))
		s.fail(v, fmt.Errorf("panic: %v", p))
		c.Abort()
	}()
	c.Next()
}

// sessionTrouble answers when the session cannot be loaded or saved.
func (s *site) sessionTrouble(w http.ResponseWriter, r *http.Request, err error) {
	s.plainTrouble(w, r, fmt.Errorf("session: %w", err))
}

// foreignForm answers a form that another site sent.
func (s *site) foreignForm(w http.ResponseWriter, r *http.Request) {
	s.plainTrouble(w, r, licensing.DeniedError("", "%s", T(r.Context(), "error.foreignForm")))
}

// plainTrouble is fail where there is no visit yet.
func (s *site) plainTrouble(w http.ResponseWriter, r *http.Request, err error) {
	t := s.troubleOf(r.Context(), err)
	s.report(r.Context(), r, t, err)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(t.Status)
	if err := errorPage(t).Render(r.Context(), w); err != nil {
		s.report(r.Context(), r, t, err)
	}
}

func (s *site) noPage(*visit) error {
	return licensing.NotFoundError("", "There is no such page, or not for you.")
}

func (s *site) noMethod(v *visit) error {
	t := trouble{Status: http.StatusMethodNotAllowed, Title: T(v.ctx(), "error.methodTitle"), Text: T(v.ctx(), "error.methodText"), Reference: reference()}
	return v.show(t.Status, errorPage(t))
}

// reference makes a short name for an event that a person can read out: 7QK4-M2PA.
func reference() string {
	var b [5]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	s := base32.StdEncoding.EncodeToString(b[:])
	return s[:4] + "-" + s[4:]
}
