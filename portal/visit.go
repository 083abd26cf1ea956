package portal

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"kontor/internal/licensing"
)

// visit is one request and who makes it: what every page knows before it begins.
type visit struct {
	*gin.Context
	site        *site
	user        licensing.UserID       // "" when nobody is signed in
	memberships []licensing.Membership // the user's, those that may act
	actor       licensing.Actor        // of an Acting route; else of the group acted in last
	now         licensing.Moment
	clockMoved  bool      // the business clock is ahead of the wall clock
	seenUntil   time.Time // of somebody who sees the portal as somebody else (see simulating)
	attention   attention
}

type visitKey struct{}

// visitOf returns the visit that a component is drawn for, or nil where it is drawn before anybody was let in.
func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// ctx is the request's context, by which T and visitOf find their way.
func (v *visit) ctx() context.Context { return v.Request.Context() }

// today is the business day in the maker's zone.
func (v *visit) today() licensing.Day { return v.now.Today() }

// acting reports whether the visit acts in a group.
func (v *visit) acting() bool { return v != nil && v.actor.ID != "" }

// enter makes gin's handler for a route: it finds out who asks and as whom, refuses what the entry does not allow,
// and turns an error into a page.
func (s *site) enter(route Route) gin.HandlerFunc {
	return func(c *gin.Context) {
		v := &visit{Context: c, site: s}
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), visitKey{}, v))
		err := s.admit(v, route)
		if v.simulating() {
			veiled := &veil{ResponseWriter: c.Writer}
			c.Writer = veiled
			defer veiled.lift(s, v)
		}
		if err != nil {
			s.fail(v, err)
			return
		}
		if c.Writer.Written() {
			return
		}
		if route.For == Admins {
			if err := s.adminsOnly(v); err != nil {
				s.fail(v, err)
				return
			}
		}
		if err := route.handle(s, v); err != nil {
			s.fail(v, err)
		}
	}
}

// admit fills the visit in. It answers by itself when somebody has to sign in first.
func (s *site) admit(v *visit, route Route) (err error) {
	if v.now, v.clockMoved, err = s.services.Clock.Now(v.ctx()); err != nil {
		return err
	}
	v.user = s.signedIn(v.Request, !route.Quiet)
	if v.user == "" {
		if route.For != Anyone {
			v.askToSignIn()
		}
		return nil
	}
	if _, _, _, ok := s.simulation(v.ctx()); ok {
		return s.lookAs(v, route)
	}
	if err := s.ownMemberships(v); err != nil {
		return err
	}
	if route.For.inGroup() {
		err = s.act(v, v.Param("group"))
	} else {
		err = s.actAsLately(v)
	}
	if err != nil || !v.acting() || v.fragment() {
		return err
	}
	return s.lookAround(v)
}

// adminsOnly refuses who is no admin of his group, and says who is.
func (s *site) adminsOnly(v *visit) error {
	if v.actor.Role == licensing.RoleAdmin {
		return nil
	}
	admins, err := s.othersToAsk(v)
	switch {
	case err != nil:
		return err
	case len(admins) == 0:
		return licensing.DeniedError("", "%s", T(v.ctx(), "people.adminsOnlyAbove", "Group", v.actor.GroupName))
	default:
		return licensing.DeniedError("", "%s", T(v.ctx(), "people.adminsOnly", "Group", v.actor.GroupName, "Names", namesOf(v.ctx(), admins)))
	}
}

// ownMemberships fills in the user's own memberships, those that may act.
func (s *site) ownMemberships(v *visit) error {
	all, err := s.services.Access.Memberships(v.ctx(), v.user)
	if err != nil {
		return err
	}
	v.memberships = nil
	for _, m := range all {
		if !m.Suspended && m.Role != licensing.RoleService {
			v.memberships = append(v.memberships, m)
		}
	}
	return nil
}

// act takes the membership in the group that the address names, and holds the form against it.
func (s *site) act(v *visit, group string) error {
	m, ok := v.membershipIn(group)
	if !ok {
		return licensing.NotFoundError("", "There is no such page, or not for you.")
	}
	actor, err := s.services.Access.Act(v.ctx(), v.user, m.ID, "portal", v.ClientIP())
	if err != nil {
		return err
	}
	v.actor = actor
	if sessions := s.config.Sessions; sessions.GetString(v.ctx(), sessionGroup) != group {
		sessions.Put(v.ctx(), sessionGroup, group)
	}
	if v.Request.Method == http.MethodPost {
		if err := v.parseForm(); err != nil {
			return err
		}
		if v.Request.PostForm.Get("acting") != string(m.ID) {
			return errOtherMembership
		}
	}
	return nil
}

// actAsLately takes the membership acted in last, for pages whose address names none.
func (s *site) actAsLately(v *visit) error {
	m, ok := v.lately()
	if !ok {
		return nil
	}
	actor, err := s.services.Access.Act(v.ctx(), v.user, m.ID, "portal", v.ClientIP())
	v.actor = actor
	return err
}

// lately returns the membership acted in last, or the first.
func (v *visit) lately() (licensing.Membership, bool) {
	if m, ok := v.membershipIn(v.site.config.Sessions.GetString(v.ctx(), sessionGroup)); ok {
		return m, true
	}
	if len(v.memberships) == 0 {
		return licensing.Membership{}, false
	}
	return v.memberships[0], true
}

func (v *visit) membershipIn(group string) (licensing.Membership, bool) {
	for _, m := range v.memberships {
		if m.GroupCode == group {
			return m, true
		}
	}
	return licensing.Membership{}, false
}

// parseForm reads the form that was sent.
func (v *visit) parseForm() error {
	err := v.Request.ParseForm()
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &tooLarge):
		return &licensing.Error{Kind: licensing.Invalid, Code: licensing.CodeTooLarge, Message: T(v.ctx(), "error.tooLarge"), Err: err}
	default:
		return &licensing.Error{Kind: licensing.Invalid, Code: licensing.CodeInvalidRequest, Message: T(v.ctx(), "error.form"), Err: err}
	}
}

// askToSignIn sends the browser to the sign-in page, and back here afterwards.
func (v *visit) askToSignIn() {
	back := query("/sign-in", "return", v.Request.URL.RequestURI())
	if v.fragment() { // htmx would put the sign-in page into this one
		page, err := url.Parse(v.GetHeader("HX-Current-URL"))
		if err != nil {
			page = &url.URL{Path: "/"}
		}
		v.Header("HX-Redirect", query("/sign-in", "return", page.RequestURI()))
		v.Status(http.StatusUnauthorized)
		v.Writer.WriteHeaderNow()
		return
	}
	v.Redirect(http.StatusSeeOther, back)
	v.Writer.WriteHeaderNow()
}

// fragment reports whether htmx asks for a part of a page. When it restores a page from history it wants all of it.
func (v *visit) fragment() bool {
	return v.GetHeader("HX-Request") == "true" && v.GetHeader("HX-History-Restore-Request") != "true"
}

// show answers with a component. It is drawn completely before the first byte is sent, so that trouble in the
// middle of a page becomes an error page and not half a page.
func (v *visit) show(status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(v.ctx(), &b); err != nil {
		return err
	}
	v.Header("Cache-Control", "no-store")
	v.Data(status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// goTo sends the browser to another page with a GET.
func (v *visit) goTo(path string) error {
	v.Header("Cache-Control", "no-store")
	v.Redirect(http.StatusSeeOther, path)
	return nil
}

// at returns the address of a page of the group acted in: at(ctx, "orders", number).
func at(ctx context.Context, parts ...string) string {
	var b strings.Builder
	b.WriteString("/as/")
	if v := visitOf(ctx); v != nil {
		b.WriteString(url.PathEscape(v.actor.GroupCode))
	}
	for _, p := range parts {
		b.WriteString("/")
		b.WriteString(url.PathEscape(p))
	}
	return b.String()
}

// query adds names and values to an address; empty values are left out.
func query(path string, namesAndValues ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		if namesAndValues[i+1] != "" {
			q.Set(namesAndValues[i], namesAndValues[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
