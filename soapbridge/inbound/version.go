package inbound

import "net/http"

// version is what differs between SOAP 1.1 and 1.2.
type version struct {
	namespace string // of the envelope
	mediaType string
	roleAttr  string // of a header: for whom it is
	ourRoles  []string
}

var (
	soap11 = &version{
		namespace: "http://schemas.xmlsoap.org/soap/envelope/",
		mediaType: "text/xml",
		roleAttr:  "actor",
		ourRoles:  []string{"", "http://schemas.xmlsoap.org/soap/actor/next"},
	}
	soap12 = &version{
		namespace: "http://www.w3.org/2003/05/soap-envelope",
		mediaType: "application/soap+xml",
		roleAttr:  "role",
		ourRoles: []string{
			"",
			"http://www.w3.org/2003/05/soap-envelope/role/next",
			"http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
		},
	}
)

// faultStatus is the HTTP status of a fault. SOAP 1.1 knows one only; SOAP 1.2 tells the caller's fault from ours.
func (v *version) faultStatus(callers bool) int {
	if v == soap12 && callers {
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}
