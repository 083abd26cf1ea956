package licensing_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kontor/internal/licensing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestLicensePayload(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 9, 30, 0, 123456000, time.UTC)
	at := licensing.Moment{Business: now, Wall: now.AddDate(0, -1, 0), Zone: berlin}
	expires := day("2027-11-21").Begin(berlin).In(berlin) // written in UTC all the same
	perpetual := licensing.License{
		ID: "01938c5e-7b1a-7c3e-9d4f-0123456789ab", Ticket: ticketVectors[0], OrderNumber: "K26-10001",
		CategoryCode: "partner", ProductCode: "AUR-DESIGN", ProductName: "Aurora Design", Quantity: 2,
		State: licensing.LicenseActive, CreatedAt: now, Parameters: values("users=5", "licensee=Brückner & <Söhne>", "edition=pro"),
	}
	limited, maintained, revoked, expired := perpetual, perpetual, perpetual, perpetual
	limited.ExpiresAt = &expires
	maintained.MaintenanceUntil, maintained.Test = day("2027-11-30"), true
	revoked.State = licensing.LicenseRevoked
	later, begun := limited, limited
	later.Subscription = &licensing.Subscription{Periods: []licensing.Period{{Number: 1, Start: day("2026-12-01"), End: day("2027-11-20")}}}
	begun.Subscription = &licensing.Subscription{Periods: []licensing.Period{{Number: 1, Start: day("2026-11-21"), End: day("2027-11-20")}}}
	expired.ExpiresAt, expired.Parameters = &now, nil
	checked, err := whole().Check()
	if err != nil {
		t.Fatal(err)
	}
	whole := checked.Parameters
	full, bare := perpetual, perpetual
	full.Parameters = values("seats=5", "edition=pro", "layout=yes", "pages=1000000000000000", "site=Bright & Co", "note=Grüße")
	full.Customer = licensing.Customer{Name: "Ann", Company: "Bright", Country: "DE"}
	bare.Parameters, bare.Customer = nil, licensing.Customer{Name: "Ann"}
	for name, c := range map[string]struct {
		l    licensing.License
		defs []licensing.Parameter
	}{
		"perpetual": {perpetual, used}, "limited": {limited, used}, "maintained": {maintained, used}, "revoked": {revoked, used}, "expired": {expired, used},
		"later": {later, used}, "begun": {begun, used}, "everything": {full, whole}, "nothing": {bare, whole},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := licensing.LicensePayload(c.l, c.defs, at)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("license_payload", name+".json"), got)
		})
	}
}

// golden compares JSON with a file in testdata, which -update rewrites. The file is indented to be read; nothing but
// white space may differ.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, got, "", "  "); err != nil {
		t.Fatal(err)
	}
	indented.WriteByte('\n')
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, indented.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if !bytes.Equal(indented.Bytes(), want) {
		t.Errorf("got\n%s\nwant\n%s", indented.Bytes(), want)
	}
}
