package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestSandboxOfAnAccount switches one on, with what is wrong at first, sees it where integrators look, changes it and
// switches it off.
func TestSandboxOfAnAccount(t *testing.T) {
	const acting, page = "m-nora@nordic.example-nordic", "/as/nordic/people/m-shop@fjord.example-fjord"
	w := newWorld(t)
	nordic(w)
	v := visit(t, startPortal(t, w))
	v.signIn(noraMail)
	v.get(page).want(t, http.StatusOK, "It is off", "Switch on…")
	send := func(fields ...string) answer {
		form := url.Values{"acting": {acting}, "requestId": {"r-" + strings.Join(fields, "-")}}
		for i := 0; i < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		return v.post(page+"/sandbox", form)
	}
	v.get(page+"/sandbox").want(t, http.StatusOK, "24 hours", "with the fault requestIdReused", "not at all, but carried out (lost)")
	wrong := send("hours", "48", "answer", "slow", "seconds", "soon", "calls", "101")
	wrong.want(t, http.StatusUnprocessableEntity, "Choose for how long.", "Enter 1 to 60 seconds.", "Enter 1 to 100 calls", `value="soon"`, `value="101"`)
	if !strings.Contains(wrong.page, `<option value="slow" selected`) {
		t.Error("the answer that was chosen is not kept")
	}
	v.get(page).want(t, http.StatusOK, "It is off")
	send("hours", "8", "answer", "lost", "calls", "3").want(t, http.StatusSeeOther)
	const on = "not at all, but carried out (lost) for the next 3 calls, then as ever"
	v.get(page).want(t, http.StatusOK, "On until", on, "Switch off")
	v.get("/as/nordic/integration").want(t, http.StatusOK, "The sandbox of Web shop is on until", on)
	v.get(page+"/sandbox").want(t, http.StatusOK, `<option value="lost" selected`, `value="3"`)
	send("hours", "1", "answer", "slow", "seconds", "5").want(t, http.StatusSeeOther)
	v.get(page).want(t, http.StatusOK, "answered after 5 seconds.")
	v.post(page+"/sandbox/off", url.Values{"acting": {acting}, "requestId": {"r-off"}}).want(t, http.StatusSeeOther)
	v.get(page).want(t, http.StatusOK, "It is off")
	if strings.Contains(v.get("/as/nordic/integration").page, "The sandbox of") {
		t.Error("integrators are told of a sandbox that is off")
	}
}
