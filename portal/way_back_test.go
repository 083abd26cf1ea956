package portal_test

import (
	"net/http"
	"testing"
)

// TestErrorsLeadBack holds that the page of what cannot be done any more leads back to where one was.
func TestErrorsLeadBack(t *testing.T) {
	w := newWorld(t)
	l := w.design()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	license := "/as/northwind/licenses/" + string(l.ID)
	v.get(license+"/reinstate").want(t, http.StatusConflict, "Back to the license", `href="`+license+`"`)
	v.get("/as/northwind/grants/take-back?grant=gone").want(t, http.StatusNotFound, "Back to the grants", `href="/as/northwind/grants`)
}
