package portal

import (
	"strings"
	"testing"

	"kontor/internal/licensing"
)

// TestTicketsBehindTheVeil: whoever looks as somebody else reads no whole ticket, however it is written.
func TestTicketsBehindTheVeil(t *testing.T) {
	const ticket = "23456-789AB-CDEFG-HJKLM-NPQRH"
	if _, err := licensing.ParseTicket(ticket); err != nil {
		t.Fatal(err)
	}
	for _, written := range []string{
		ticket, strings.ToLower(ticket), strings.ReplaceAll(ticket, "-", ""), strings.ReplaceAll(ticket, "-", " "),
		strings.ReplaceAll(strings.ToLower(ticket), "-", ""),
	} {
		if got := string(wholeTicket.ReplaceAllFunc([]byte("<ticket>"+written+"</ticket>"), shortTicket)); got != "<ticket>23456-789AB…</ticket>" {
			t.Errorf("%s is %s", written, got)
		}
	}
	for _, other := range []string{"they never went there seven", strings.Repeat("k", 25), strings.Repeat("A", 26)} {
		if got := string(wholeTicket.ReplaceAllFunc([]byte(other), shortTicket)); got != other {
			t.Errorf("%s is %s", other, got)
		}
	}
	if got := string(wholeTicket.ReplaceAllFunc([]byte("22222-33333-44444-55555-66666"), shortTicket)); got != "22222-33333…" {
		t.Errorf("what only looks like a ticket is %s", got)
	}
}
