package portal

import (
	"net/http"

	"kontor/internal/licensing"
)

// signInPage is what the sign-in page shows.
type signInPage struct {
	Email   string
	Return  string
	Problem string
}

// start is the portal's front door: it leads to the home of the group acted in last.
func (s *site) start(v *visit) error {
	if !v.acting() {
		return licensing.DeniedError("", "%s", T(v.ctx(), "error.noMembership"))
	}
	return v.goTo(at(v.ctx()))
}

func (s *site) signInForm(v *visit) error {
	back := safeReturn(v.Query("return"))
	if v.user != "" {
		return v.goTo(back)
	}
	return v.show(http.StatusOK, signIn(signInPage{Return: back}))
}

// signIn checks who somebody is, and begins a session. What was wrong is said in the same words for everybody.
func (s *site) signIn(v *visit) error {
	if err := v.parseForm(); err != nil {
		return err
	}
	form := v.Request.PostForm
	page := signInPage{Email: form.Get("email"), Return: safeReturn(form.Get("return"))}
	user, _, err := s.services.Access.LogIn(v.ctx(), page.Email, form.Get("password"), v.ClientIP())
	if err != nil {
		e := licensing.AsError(err)
		if e.Kind != licensing.Unauthenticated && e.Kind != licensing.Exhausted {
			return err
		}
		if after := e.RetryAfter(); after != "" {
			v.Header("Retry-After", after)
		}
		page.Problem = e.Message
		return v.show(http.StatusUnauthorized, signIn(page))
	}
	if err := s.beginSession(v.Request, user.ID); err != nil {
		return err
	}
	return v.goTo(page.Return)
}

// signOut ends the session, here and in the store.
func (s *site) signOut(v *visit) error {
	if err := s.config.Sessions.Destroy(v.ctx()); err != nil {
		return err
	}
	return v.goTo("/sign-in")
}
