package portal_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/alexedwards/scs/v2"
	"github.com/google/go-cmp/cmp"

	"kontor/internal/licensing"
	"kontor/portal"
)

// visitor is somebody's browser without the browser: cookies, forms, no scripts.
type visitor struct {
	t    *testing.T
	base string
	http *http.Client
}

func visit(t *testing.T, base string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, base, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// answer is what came back.
type answer struct {
	*http.Response
	page string
}

func (v *visitor) send(method, path, body string, headers ...string) answer {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.base+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer{response, string(page)}
}

func (v *visitor) get(path string, headers ...string) answer {
	return v.send(http.MethodGet, path, "", headers...)
}

func (v *visitor) post(path string, form url.Values, headers ...string) answer {
	return v.send(http.MethodPost, path, form.Encode(), headers...)
}

func (v *visitor) signIn(email string) {
	v.t.Helper()
	if a := v.post("/sign-in", url.Values{"email": {email}, "password": {password}}); a.StatusCode != http.StatusSeeOther {
		v.t.Fatalf("%s cannot sign in: %s", email, a.Status)
	}
}

func (a answer) want(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s %s answers %s, not %d", a.Request.Method, a.Request.URL, a.Status, status)
	}
	for _, text := range texts {
		if !strings.Contains(a.page, text) {
			t.Errorf("%s %s does not say %q", a.Request.Method, a.Request.URL, text)
		}
	}
}

const annaActs = "m-anna@northwind.example-northwind"

func TestHeadersOfEveryAnswer(t *testing.T) {
	v := visit(t, startPortal(t, newWorld(t)))
	for _, path := range []string{"/sign-in", "/nowhere", "/as/northwind", "/assets/x/kontor.css", "/assets/x/nothing"} {
		h := v.get(path).Header
		want := map[string]string{
			"Content-Security-Policy":    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"X-Content-Type-Options":     "nosniff",
			"X-Frame-Options":            "DENY",
			"Referrer-Policy":            "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security":  "", // no TLS here
		}
		for name, value := range want {
			if got := h.Get(name); got != value {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
	if got := v.get("/sign-in").Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page may be stored: %q", got)
	}
}

func TestOverTLS(t *testing.T) {
	handler, err := portal.New(portal.Config{ISV: "Aurora", Sessions: scs.New(), Secure: true, Log: slog.New(slog.DiscardHandler)}, newWorld(t).services())
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "https://kontor.example/sign-in", strings.NewReader("email=anna%40northwind.example&password="+password))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	handler.ServeHTTP(w, r)
	if got := w.Header().Get("Strict-Transport-Security"); got != "max-age=63072000" {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
	cookie := w.Header().Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "__Host-kontor_session=") || !strings.Contains(cookie, "Path=/; HttpOnly; Secure; SameSite=Lax") {
		t.Errorf("the cookie is %q", cookie)
	}
}

func TestPagesHoldNoInlineScriptOrStyle(t *testing.T) {
	w := newWorld(t)
	w.fill()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	inline := regexp.MustCompile(`(?i)\sstyle="|<style|<script[^>]*>[^<]|\son[a-z]+="|javascript:`)
	for _, path := range []string{"/as/northwind", "/as/northwind/licenses", "/as/northwind/licenses/choose", "/as/northwind/licenses/new?category=partner&product=AUR-DESIGN", "/as/northwind/orders/" + w.orders[0].Number, "/as/northwind/licenses/" + string(w.orders[0].Licenses[0].ID) + "/cancel"} {
		a := v.get(path)
		a.want(t, http.StatusOK)
		if found := inline.FindString(a.page); found != "" {
			t.Errorf("%s holds %q", path, found)
		}
	}
}

func TestWrongLoginSaysTheSameToEverybody(t *testing.T) {
	v := visit(t, startPortal(t, newWorld(t)))
	wrong := func(email string) string {
		a := v.post("/sign-in", url.Values{"email": {email}, "password": {"wrong"}})
		a.want(t, http.StatusUnauthorized)
		return strings.ReplaceAll(a.page, email, "")
	}
	if diff := cmp.Diff(wrong("anna@northwind.example"), wrong("nobody@northwind.example")); diff != "" {
		t.Error(diff)
	}
	for range 4 {
		wrong("anna@northwind.example")
	}
	a := v.post("/sign-in", url.Values{"email": {"anna@northwind.example"}, "password": {password}})
	a.want(t, http.StatusUnauthorized, "Try again at 12:05.")
	if got := a.Header.Get("Retry-After"); got != "4" {
		t.Errorf("Retry-After is %q", got)
	}
}

func TestSessions(t *testing.T) {
	v := visit(t, startPortal(t, newWorld(t)))
	a := v.get("/as/northwind/orders?q=a%26b")
	a.want(t, http.StatusSeeOther)
	if got := a.Header.Get("Location"); got != "/sign-in?return=%2Fas%2Fnorthwind%2Forders%3Fq%3Da%2526b" {
		t.Errorf("signing in leads back to %q", got)
	}
	a = v.get("/as/northwind/licenses", "HX-Request", "true", "HX-Current-URL", "http://kontor.example/as/northwind/orders/K26-1?x=1")
	if a.StatusCode != http.StatusUnauthorized || a.Header.Get("HX-Redirect") != "/sign-in?return=%2Fas%2Fnorthwind%2Forders%2FK26-1%3Fx%3D1" || a.page != "" {
		t.Errorf("htmx gets %s, %q", a.Status, a.page)
	}

	a = v.post("/sign-in", url.Values{"email": {"anna@northwind.example"}, "password": {password}, "return": {"/as/northwind/orders?q=a%26b"}})
	if got := a.Header.Get("Location"); got != "/as/northwind/orders?q=a%26b" {
		t.Errorf("signing in leads to %q", got)
	}
	first := a.Header.Get("Set-Cookie")
	if !strings.Contains(first, "HttpOnly; SameSite=Lax") || strings.Contains(first, "Secure") {
		t.Errorf("the cookie is %q", first)
	}
	a = v.post("/sign-in", url.Values{"email": {"anna@northwind.example"}, "password": {password}, "return": {"//elsewhere.example"}})
	if got := a.Header.Get("Location"); got != "/" {
		t.Errorf("signing in leads to %q", got)
	}
	if second := a.Header.Get("Set-Cookie"); second == first || second == "" {
		t.Errorf("the session's name was kept over a login: %q", second)
	}
	v.get("/as/northwind").want(t, http.StatusOK)
	v.post("/sign-out", nil).want(t, http.StatusSeeOther)
	v.get("/as/northwind").want(t, http.StatusSeeOther)
}

func TestFormsFromElsewhereAreRefused(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	form := url.Values{"acting": {annaActs}, "requestId": {"r"}, "parameter.days": {"30"}, "customer.name": {"Ute"}, "dataField.reference": {"1"}}
	path := "/as/northwind/licenses/new?category=partner&product=AUR-DESIGN-DEMO"
	v.post(path, form, "Sec-Fetch-Site", "cross-site").want(t, http.StatusForbidden, "sent from another site", "reference")
	v.post(path, form, "Origin", "https://elsewhere.example").want(t, http.StatusForbidden)
	v.post("/demo/clock", url.Values{"to": {"2027-01-01"}}, "Sec-Fetch-Site", "cross-site").want(t, http.StatusForbidden)
	if w.creations != 0 || w.now.Today() != theDay {
		t.Error("a form from elsewhere was carried out")
	}
}

func TestFormForAnotherMembershipIsRefused(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("ben@northwind.example")
	form := url.Values{"requestId": {"r"}, "customer.name": {"Ute"}, "dataField.reference": {"1"}}
	path := "/as/northwind/licenses/new?category=partner&product=AUR-DESIGN-DEMO"
	for _, acting := range []string{"m-ben@northwind.example-fjord", "", annaActs} {
		form.Set("acting", acting)
		v.post(path, form).want(t, http.StatusConflict, "This form belongs to another group")
	}
	if w.creations != 0 {
		t.Error("a form of another membership was carried out")
	}
	form.Set("acting", "m-ben@northwind.example-northwind")
	v.post(path, form).want(t, http.StatusSeeOther)
}

func TestTooLargeABody(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	body := url.Values{"acting": {annaActs}, "customer.name": {strings.Repeat("x", 2<<20)}}
	v.post("/as/northwind/licenses/new?category=partner&product=AUR-DESIGN-DEMO", body).want(t, http.StatusRequestEntityTooLarge, "at most 1 MB")
	v.post("/sign-in", body).want(t, http.StatusRequestEntityTooLarge)
	v.send(http.MethodPost, "/sign-in", "a=%zz").want(t, http.StatusUnprocessableEntity, "no form that the portal can read")
}

// TestBadInputIsShownAndNothingCreated sends what a browser's form would not.
func TestBadInputIsShownAndNothingCreated(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	good := url.Values{
		"acting": {annaActs}, "requestId": {"r"}, "parameter.seats": {"8"}, "parameter.edition": {"pro"}, "customer.name": {"Ute"}, "dataField.reference": {"NW-1"},
	}
	for name, c := range map[string]struct {
		field, value string
		says         []string
	}{
		"out of range":           {"parameter.seats", "60", []string{"One field needs correcting.", "Seats: Enter 1 to 50.", `value="60"`}},
		"not a number":           {"parameter.seats", "<b>8", []string{"Enter 1 to 50.", `value="&lt;b&gt;8"`}},
		"an unknown selection":   {"parameter.edition", "ultimate", []string{"Edition: "}},
		"an unknown parameter":   {"parameter.shade", "red", []string{"There is no such parameter."}},
		"an unknown data field":  {"dataField.shade", "red", []string{"There is no such data field."}},
		"a quantity of 0":        {"quantity", "0", []string{"Enter 1 to 10,000."}},
		"a quantity of 10^9":     {"quantity", "1000000000", []string{"Enter 1 to 10,000."}},
		"control characters":     {"customer.name", "Ute\x07", []string{"Name: Enter one line of text."}},
		"no customer":            {"customer.name", "", []string{"Customer: Choose a customer, or begin a new one."}},
		"a wrong e-mail address": {"customer.email", "ute", []string{"E-mail: Enter one e-mail address"}},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{}
			for name, values := range good {
				form[name] = values
			}
			form.Set(c.field, c.value)
			a := v.post("/as/northwind/licenses/new?category=partner&product=AUR-DESIGN", form)
			a.want(t, http.StatusUnprocessableEntity, append(c.says, "Nothing has been created.", `name="requestId" value="r"`)...)
		})
	}
	if w.creations != 0 {
		t.Error("something was created")
	}
	a := v.post("/as/northwind/licenses/new?category=partner&product=AUR-NONE", good)
	a.want(t, http.StatusForbidden, "You may not license the product")
}

func TestHTMLInTextsIsEscaped(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	evil := `<img src=x onerror=alert(1)>"'&`
	a := v.post("/as/northwind/licenses/new?category=partner&product=AUR-SUITE", url.Values{
		"acting": {annaActs}, "requestId": {"r"}, "parameter.seats": {"8"}, "customer.name": {evil}, "customer.company": {evil}, "dataField.reference": {evil},
	})
	a.want(t, http.StatusSeeOther)
	o := w.orders[0]
	l := "/as/northwind/licenses/" + string(o.Licenses[0].ID)
	for _, path := range []string{"/as/northwind", "/as/northwind/licenses", "/as/northwind/licenses?q=%3Cimg", "/as/northwind/orders", "/as/northwind/orders/" + o.Number, l, l + "/cancel", "/as/northwind/customers?q=%3Cimg", "/demo/clock"} {
		a := v.get(path)
		a.want(t, http.StatusOK)
		if strings.Contains(a.page, "<img") {
			t.Errorf("%s shows HTML as HTML", path)
		}
	}
}

func TestSendingTwiceMakesOneLicense(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	form := url.Values{"acting": {annaActs}, "requestId": {"r"}, "customer.name": {"Ute"}, "dataField.reference": {"1"}}
	path := "/as/northwind/licenses/new?category=partner&product=AUR-DESIGN-DEMO"
	first, second := v.post(path, form), v.post(path, form)
	if first.Header.Get("Location") == "" || first.Header.Get("Location") != second.Header.Get("Location") || w.creations != 1 {
		t.Errorf("%q, %q, %d creations", first.Header.Get("Location"), second.Header.Get("Location"), w.creations)
	}
	form.Set("customer.name", "Karl")
	a := v.post(path, form)
	a.want(t, http.StatusConflict, "This form has made an order already.", `value="Karl"`)
	if strings.Contains(a.page, `name="requestId" value="r"`) || w.creations != 1 {
		t.Error("other content under the same request id went through, or cannot go through")
	}
}

func TestTroubleIsLoggedAndNotShown(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	handler, err := portal.New(portal.Config{ISV: "Aurora", Sessions: scs.New(), Log: slog.New(slog.NewTextHandler(&log, nil))}, w.services())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	v := visit(t, server.URL)
	v.signIn("anna@northwind.example")
	w.broken = errors.New("disk /var/secret is full")
	a := v.get("/as/northwind")
	a.want(t, http.StatusInternalServerError, "Something went wrong on our side")
	if strings.Contains(a.page, "secret") {
		t.Error("the cause is shown")
	}
	reference := regexp.MustCompile(`reference ([A-Z2-7]{4}-[A-Z2-7]{4})`).FindStringSubmatch(a.page)
	if reference == nil || !strings.Contains(log.String(), reference[1]) || !strings.Contains(log.String(), "disk /var/secret is full") {
		t.Errorf("the log does not hold what the page refers to: %s", log.String())
	}
	w.broken = &licensing.Error{Kind: licensing.Unavailable, Code: licensing.CodeUnavailable, Message: "The database cannot be reached."}
	v.get("/as/northwind").want(t, http.StatusServiceUnavailable, "The database cannot be reached.")
}

func TestAPanicIsAPage(t *testing.T) {
	w := newWorld(t)
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	w.offers = nil
	w.history = nil // asking for an order's history is fine; selling into it is not
	a := v.post("/as/northwind/licenses/new?category=partner&product=AUR-DESIGN-DEMO", url.Values{"acting": {annaActs}})
	a.want(t, http.StatusForbidden)
	w.offers = demoOffers()
	a = v.post("/as/northwind/licenses/new?category=partner&product=AUR-DESIGN-DEMO", url.Values{"acting": {annaActs}, "requestId": {"r"}, "customer.name": {"Ute"}, "dataField.reference": {"1"}})
	a.want(t, http.StatusInternalServerError, "Something went wrong on our side", "To your home page")
}

func TestUnknownPagesAndMethods(t *testing.T) {
	v := visit(t, startPortal(t, newWorld(t)))
	v.get("/nowhere").want(t, http.StatusNotFound, "There is nothing here", "To the start")
	v.send(http.MethodDelete, "/sign-in", "").want(t, http.StatusMethodNotAllowed)
	v.signIn("anna@northwind.example")
	v.get("/nowhere").want(t, http.StatusNotFound, "To your home page")
	v.get("/as/fjord").want(t, http.StatusNotFound)
	v.get("/as/northwind/orders/K26-99999").want(t, http.StatusNotFound, "There is no such order within your sight.")
	if a := v.get("/as/northwind/"); a.StatusCode != http.StatusMovedPermanently {
		t.Errorf("a slash at the end answers %s", a.Status)
	}
}

func TestLicenseFileIsADownload(t *testing.T) {
	w := newWorld(t)
	id, _ := w.subscribe()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	a := v.get("/as/northwind/licenses/" + id + "/file")
	a.want(t, http.StatusOK, "-----BEGIN LICENSE FILE-----")
	if got := a.Header.Get("Content-Disposition"); got != `attachment; filename="aurora-suite.lic"` {
		t.Errorf("Content-Disposition is %q", got)
	}
	if got := a.Header.Get("Content-Type"); got != "application/octet-stream" {
		t.Errorf("Content-Type is %q", got)
	}
}

func TestTicketsStandInNoAddress(t *testing.T) {
	w := newWorld(t)
	w.fill()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	o := w.orders[0]
	addresses := regexp.MustCompile(`(?:href|action|hx-[a-z-]+)="([^"]*)"`)
	for _, path := range []string{"/as/northwind", "/as/northwind/licenses", "/as/northwind/orders/" + o.Number, "/as/northwind/licenses/" + string(o.Licenses[0].ID)} {
		for _, m := range addresses.FindAllStringSubmatch(v.get(path).page, -1) {
			for _, o := range w.orders {
				if strings.Contains(m[1], o.Licenses[0].Ticket) {
					t.Errorf("%s: a ticket stands in %s", path, m[1])
				}
			}
		}
	}
}

func TestNothingNewIsNotSent(t *testing.T) {
	w := newWorld(t)
	_, order := w.subscribe()
	w.setDocuments(func(d *licensing.Document) { d.State = licensing.MessageWaiting })
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	asks := regexp.MustCompile(`hx-get="([^"]+/way\?seen=[0-9a-f]+)"`)
	m := asks.FindStringSubmatch(v.get("/as/northwind/orders/" + order).page)
	if m == nil {
		t.Fatal("the page does not ask how far the order is")
	}
	v.get(m[1], "HX-Request", "true").want(t, http.StatusNoContent)
	w.setDocuments(func(d *licensing.Document) { d.State, d.Number = licensing.MessageAccepted, "AB-700482" })
	a := v.get(m[1], "HX-Request", "true")
	a.want(t, http.StatusOK, "AB-700482")
	if asks.MatchString(a.page) {
		t.Error("it goes on asking although nothing is under way")
	}
}

func TestAssets(t *testing.T) {
	v := visit(t, startPortal(t, newWorld(t)))
	address := regexp.MustCompile(`/assets/[0-9a-f]{12}/kontor\.css`).FindString(v.get("/sign-in").page)
	if address == "" {
		t.Fatal("the page has no style sheet of this version")
	}
	zipped := v.get(address, "Accept-Encoding", "gzip")
	zipped.want(t, http.StatusOK)
	if h := zipped.Header; h.Get("Content-Encoding") != "gzip" || h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("Set-Cookie") != "" {
		t.Errorf("headers are %v", h)
	}
	plain := v.get("/assets/000000000000/kontor.css", "Accept-Encoding", "identity")
	plain.want(t, http.StatusOK, "--k-petrol")
	if got := plain.Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("a file of another version is kept: %q", got)
	}
	font := v.get(strings.Replace(address, "kontor.css", "fonts/ibm-plex-sans-latin-400-normal.woff2", 1))
	font.want(t, http.StatusOK)
	if got := font.Header.Get("Content-Type"); got != "font/woff2" {
		t.Errorf("a font is %q", got)
	}
	v.get("/assets/x/portal.go").want(t, http.StatusNotFound)
}

// FuzzForm: whatever is typed, the answer is an order or the form again, and shows it as text.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{"", "8", "-1", "1e9", "<img src=x>", "\"><img>", "\x00", "é\u202e", strings.Repeat("9", 300), "2027-01-15"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, seats, name string) {
		w := newWorld(t)
		v := visit(t, startPortal(t, w))
		v.signIn("anna@northwind.example")
		a := v.post("/as/northwind/licenses/new?category=partner&product=AUR-SUITE", url.Values{
			"acting": {annaActs}, "requestId": {"r"}, "parameter.seats": {seats}, "customer.name": {name}, "dataField.reference": {name}, "parameter." + name: {seats},
		})
		if a.StatusCode != http.StatusSeeOther && a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("answers %s", a.Status)
		}
		if strings.Contains(a.page, "<img") {
			t.Error("what was typed is shown as HTML")
		}
	})
}
