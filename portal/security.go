package portal

import (
	"net/http"

	"github.com/unrolled/secure"
)

// maxBody is the most that any request to the portal may send, in bytes.
const maxBody = 1 << 20

// policy lets a page load nothing but our own files: no inline script or style, no frame, no foreign address.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers puts the security headers on every answer.
func headers(tls bool, next http.Handler) http.Handler {
	return secure.New(secure.Options{
		ContentSecurityPolicy:   policy,
		ContentTypeNosniff:      true,
		FrameDeny:               true,
		ReferrerPolicy:          "same-origin",
		CrossOriginOpenerPolicy: "same-origin",
		PermissionsPolicy:       "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
		STSSeconds:              secondsOfTrust(tls),
		ForceSTSHeader:          tls,
	}).Handler(next)
}

// guard refuses forms that another site sends (by Sec-Fetch-Site and Origin, so no token is needed), and limits the
// body of a request.
func (s *site) guard(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(http.HandlerFunc(s.foreignForm))
	return origins.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	}))
}

// secondsOfTrust is how long a browser shall insist on TLS: two years, or not at all.
func secondsOfTrust(tls bool) int64 {
	if !tls {
		return 0
	}
	return 2 * 365 * 24 * 60 * 60
}
