package signing_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/signing"
)

func TestDescribe(t *testing.T) {
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	want := signing.Description{
		Ticket: licenseKey, Product: "AUR-SUITE", Name: "Aurora Suite", Category: "partner", OrderNumber: "K26-10001", Quantity: 2,
		MaxMachines: 5, Status: "ACTIVE", Expiry: new(noon.AddDate(1, 0, 0)), Parameters: map[string]string{"seats": "5", "pro": "yes", "pages": "250"},
		Features: new(uint32(1<<31 + 1)), FeatureNames: []string{"layout", "prepress"}, Units: new(int64(250)), Customer: map[string]string{"company": "Brückner & Söhne"}, Issued: noon,
	}
	got, err := signing.Describe(newPayload(t, licensing.LicenseActive))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for _, payload := range []string{"", "null", "[]", "{}", `{"data":{"type":"machines"}}`, `{"data":{"type":"licenses","attributes":{"expiry":"soon"}}}`} {
		if got, err := signing.Describe([]byte(payload)); err == nil {
			t.Errorf("%s: got %+v, want an error", payload, got)
		}
	}
}

func TestCheckAt(t *testing.T) {
	expiry := time.Date(2027, 11, 20, 23, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		status string
		expiry *time.Time
		at     time.Time
		says   string // empty: it holds
	}{
		{"ACTIVE", nil, expiry, ""},
		{"ACTIVE", &expiry, expiry.Add(-time.Microsecond), ""},
		{"ACTIVE", &expiry, expiry, "the license has expired: it held until 2027-11-20T23:00:00Z"},
		{"EXPIRED", &expiry, expiry.AddDate(0, 0, 1), "the license has expired"},
		{"EXPIRED", &expiry, expiry.AddDate(0, 0, -1), "had expired when the file was issued"}, // a clock that was put back
		{"SUSPENDED", nil, expiry, "suspended or revoked"},
		{"", nil, expiry, "suspended or revoked"},
	} {
		err := signing.Description{Status: c.status, Expiry: c.expiry}.CheckAt(c.at)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: got %v", c, err)
		}
	}
}
