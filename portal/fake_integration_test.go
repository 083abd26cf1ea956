package portal_test

import (
	"context"
	"time"

	"kontor/internal/licensing"
	"kontor/portal"
)

// AsAccount implements portal.People.
func (p *fakePeople) AsAccount(_ context.Context, _ licensing.Actor, id licensing.MembershipID) (licensing.Actor, error) {
	a, ok := p.accounts[id]
	if !ok {
		return licensing.Actor{}, beyondSight()
	}
	return licensing.Actor{Membership: a.Membership, Via: licensing.ViaSimulation}, nil
}

// fakeConsole stands in for the SOAP service: it answers a fault that repeats what was sent.
type fakeConsole struct{ p *fakePeople }

// Call implements portal.Console.
func (c fakeConsole) Call(_ context.Context, _ licensing.Actor, in portal.ConsoleCall) (portal.ConsoleAnswer, error) {
	if _, ok := c.p.accounts[in.Account]; !ok {
		return portal.ConsoleAnswer{}, beyondSight()
	}
	body := `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>seats: Enter 1 to 50.</faultstring>` +
		`<detail><fault xmlns="urn:kontor:license:v1"><code>invalidParameter</code><message>Enter 1 to 50.</message><field>seats</field><reference>6Q3ZK7TN2VAB</reference></fault></detail></soap:Fault></soap:Body></soap:Envelope>`
	return portal.ConsoleAnswer{Status: 500, Body: []byte(body), Took: 12 * time.Millisecond}, nil
}
