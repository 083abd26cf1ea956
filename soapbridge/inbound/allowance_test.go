package inbound

import (
	"slices"
	"strings"
	"testing"

	"kontor/internal/licensing"
)

// TestOperationsCanBeAllowed holds that an account can be held to each operation that is served.
func TestOperationsCanBeAllowed(t *testing.T) {
	for name := range operations {
		if !slices.Contains(licensing.Operations, name.Local) {
			t.Errorf("licensing.Operations does not know %s", name.Local)
		}
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
