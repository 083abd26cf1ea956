package inbound

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kontor/internal/licensing"
)

// TestOperationsCanBeAllowed holds that an account can be held to each operation that is served, and to no other.
func TestOperationsCanBeAllowed(t *testing.T) {
	var served []string
	for name := range operations {
		served = append(served, name.Local)
	}
	slices.Sort(served)
	if diff := cmp.Diff(served, licensing.Operations); diff != "" {
		t.Errorf("operations (-served +licensing.Operations):\n%s", diff)
	}
}

func TestOperationNotAllowed(t *testing.T) {
	f := newFace(t, Config{})
	f.access.allowance = &licensing.Allowance{Operations: []string{"ListOffers"}}
	if got := faultIn(t, f.ask(newRequest(soap11.mediaType, soapEnvelope("", getLicenseBody)))); got.code != "denied" || !strings.Contains(got.message, "may not call GetLicense") {
		t.Errorf("got %+v", got)
	}
	if got := faultIn(t, f.ask(newRequest(soap11.mediaType, soapEnvelope("", "<v:ListOffers/>")))); got != (fault{}) {
		t.Errorf("got %+v", got)
	}
}
