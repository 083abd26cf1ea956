package portal

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"kontor/internal/licensing"
)

// licenseFile hands out the newest license file as a download.
func (s *site) licenseFile(v *visit) error {
	l, err := s.services.Ordering.LicenseByID(v.ctx(), v.actor, licensing.LicenseID(v.Param("id")))
	if err != nil {
		return err
	}
	if l.File == "" {
		return licensing.NotFoundError("", "%s", T(v.ctx(), "file.none"))
	}
	v.Header("Content-Disposition", `attachment; filename="`+fileName(l)+`"`)
	v.Header("Cache-Control", "no-store")
	v.Data(http.StatusOK, "application/octet-stream", []byte(l.File))
	return nil
}

// fileName is what a license file is called on a person's disk: aurora-design-event.lic. Nothing else than letters,
// digits and dashes comes into it.
func fileName(l licensing.License) string {
	var b strings.Builder
	for _, r := range strings.ToLower(licensing.Fold(l.ProductName)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" {
		name = "license"
	}
	return name + ".lic"
}

// fileLine is what one should know of a license file before it is opened: "signed, 1.4 KB, valid to 18 Dec 2026".
func fileLine(ctx context.Context, l licensing.License) string {
	key := "file.signed"
	if l.FileForm == licensing.FileEncrypted {
		key = "file.encrypted"
	}
	text := T(ctx, "file.line", "Form", T(ctx, key), "Size", fmt.Sprintf("%.1f", float64(len(l.File))/1024))
	if l.State == licensing.LicenseRevoked || l.State == licensing.LicenseSuspended {
		return T(ctx, "file.says", "Text", text, "State", lowerFirst(T(ctx, "state."+string(l.State)), true))
	}
	if day, ok := lastDayOf(ctx, l); ok {
		text = T(ctx, "file.valid", "Text", text, "Day", dayShort(ctx, day))
	}
	return text
}

// lastDayOf is the last licensed day of a license that ends.
func lastDayOf(ctx context.Context, l licensing.License) (licensing.Day, bool) {
	if l.ExpiresAt == nil {
		return licensing.Day{}, false
	}
	return licensing.DayOf(l.ExpiresAt.Add(-1), visitOf(ctx).now.Zone), true
}
