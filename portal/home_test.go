package portal_test

import (
	"net/http"
	"testing"

	"kontor/internal/licensing"
)

// TestHomeSaysWhatIsCharged names the price that an extension will have: of the seats that are agreed by then, not of
// those that count today.
func TestHomeSaysWhatIsCharged(t *testing.T) {
	w := newWorld(t)
	w.subscribe() // 3 seats at 180.00 EUR
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	w.mu.Lock()
	w.now.Business = licensing.Day{Year: 2027, Month: 10, Date: 1}.Begin(berlin)
	sub := w.orders[0].Licenses[0].Subscription
	w.mu.Unlock()
	v.get("/as/northwind").want(t, http.StatusOK, "If nobody cancels, it runs on to 20 Nov 2028 for 540.00 EUR.")
	w.mu.Lock()
	sub.Coming = []licensing.Coming{{Period: 2, Values: []licensing.Value{{Name: "seats", Value: "2"}}}}
	w.mu.Unlock()
	v.get("/as/northwind").want(t, http.StatusOK, "If nobody cancels, it runs on to 20 Nov 2028 for 360.00 EUR.")
}
