package portal

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/text/language"

	"kontor/portal/assets"
)

// look is what every page's document needs before anybody is known.
type look struct {
	assets *assets.Set
	theme  string // "light", "dark", or "" as the system has it
	isv    string
	demo   bool
	// language is the first one that the browser asks for, in which labels are read that have it.
	language string
	soap     string // the endpoint's address
}

type lookKey struct{}

func lookOf(ctx context.Context) look {
	l, _ := ctx.Value(lookKey{}).(look)
	return l
}

// wantedLanguage is the first language of an Accept-Language header, as a BCP 47 tag.
func wantedLanguage(accept string) string {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return englishTag
	}
	return tags[0].String()
}

// languageOf is the language in which the visitor reads the labels of parameters and data fields.
func languageOf(ctx context.Context) string { return lookOf(ctx).language }

// themeCookie keeps the chosen theme; it is not worth a session.
const themeCookie = "kontor_theme"

// prepare puts language and look into the context of every request.
func (s *site) prepare(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := look{assets: s.assets, isv: s.config.ISV, demo: s.config.Demo, soap: s.config.SOAP, language: wantedLanguage(r.Header.Get("Accept-Language"))}
		if c, err := r.Cookie(themeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
			l.theme = c.Value
		}
		ctx := withWords(r.Context(), s.words, r.Header.Get("Accept-Language"))
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, lookKey{}, l)))
	})
}

// chooseTheme keeps the theme that was chosen in the menu, and goes back to where it was chosen.
func (s *site) chooseTheme(v *visit) error {
	if err := v.parseForm(); err != nil {
		return err
	}
	theme := v.Request.PostForm.Get("theme")
	if theme != "light" && theme != "dark" {
		theme = ""
	}
	http.SetCookie(v.Writer, &http.Cookie{
		Name: themeCookie, Value: theme, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, Secure: s.config.Secure, SameSite: http.SameSiteLaxMode,
	})
	return v.goTo(safeReturn(v.Request.PostForm.Get("return")))
}
