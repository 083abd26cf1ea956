package portal_test

import (
	"log/slog"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/alexedwards/scs/v2"

	"kontor/portal"
	"kontor/portal/portaltest"
)

// startPortal serves the portal on the world's use cases.
func startPortal(t *testing.T, w *world) string {
	t.Helper()
	handler, err := portal.New(portal.Config{
		ISV: "Aurora Software", Sessions: scs.New(), Demo: true, SOAP: "https://licenses.aurora.example/soap/v1", ConnectorNames: map[string]string{"erp": "Aurora ERP"}, Log: slog.New(slog.DiscardHandler),
	}, w.services())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func TestMain(m *testing.M) {
	code := m.Run()
	portaltest.CloseBrowser()
	os.Exit(code)
}
