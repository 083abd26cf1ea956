package inbound

import (
	"context"
	"crypto"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// The one account that the fakes know, and the time by both of their clocks.
const (
	accountName   = "erp@aurora.example"
	accountSecret = "kontor-demo"
	knownTicket   = "23456-789AB-CDEFG-HJKLM-NPQRH"
	knownOrder    = "K26-10001"
)

var testNow = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)

// fakeAccess stands for access.Service.
type fakeAccess struct {
	mu     sync.Mutex
	nonces map[string]time.Time
	remote string // of the last call
	named  int    // how often it was asked whom a login named

	refuses error // what every certificate gets, unless nil

	certificates []licensing.Certificate
	allowance    *licensing.Allowance
	sandbox      *licensing.Sandbox
}

func (f *fakeAccess) Service(_ context.Context, name, remote string, check func([]byte) bool) (licensing.Actor, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remote = remote
	secret := "of nobody"
	if strings.EqualFold(name, accountName) {
		secret = accountSecret
	}
	if !check([]byte(secret)) {
		return licensing.Actor{}, unauthenticated("The name or the secret is wrong.")
	}
	return licensing.Actor{Membership: licensing.Membership{ID: "m1", Email: accountName, GroupCode: "aurora", Role: licensing.RoleService}, Via: "soap", Remote: remote, Allowance: f.allowance, Sandbox: f.sandbox}, nil
}

func (f *fakeAccess) ServiceByCertificate(_ context.Context, name licensing.CertificateName, remote string, check func(crypto.PublicKey) bool) (licensing.Actor, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remote = remote
	if f.refuses != nil {
		return licensing.Actor{}, f.refuses
	}
	for _, c := range f.certificates {
		if slices.Contains([]licensing.CertificateName{c.Names.Fingerprint, c.Names.Thumbprint, c.Names.KeyID, c.Names.Serial}, name) && check(c.Key) {
			return licensing.Actor{Membership: licensing.Membership{ID: c.Account, Email: accountName, GroupCode: "aurora", Role: licensing.RoleService}, Via: "soap", Remote: remote}, nil
		}
	}
	return licensing.Actor{}, unauthenticated("The certificate is not registered, or the signature was not made with its key.")
}

// Named implements Access: the account that is known comes in from this machine.
func (f *fakeAccess) Named(_ context.Context, name string, certificate licensing.CertificateName, remote string) (n licensing.NamedAccount, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.named++
	if name == accountName || name == "" && slices.ContainsFunc(f.certificates, func(c licensing.Certificate) bool { return c.Names.Fingerprint == certificate }) {
		n.Account = licensing.Membership{ID: "m1", Email: accountName, Group: "g1"}
		n.Home = remote == "127.0.0.1"
	}
	return n, nil
}

func (f *fakeAccess) UseSandbox(context.Context, licensing.Actor) (bool, error) { return true, nil }

func (f *fakeAccess) UseNonce(_ context.Context, nonce string, expires time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, used := f.nonces[nonce]; used {
		return unauthenticated("The nonce was used before.")
	}
	f.nonces[nonce] = expires
	return nil
}

// fakeCatalog stands for catalog.Service.
type fakeCatalog struct{}

func (fakeCatalog) Offers(_ context.Context, _ licensing.Actor, _, category string) ([]catalog.CategoryOffers, error) {
	if category != "" && category != "partner" {
		return nil, licensing.DeniedError("category", "You may not license anything in the category %q.", category)
	}
	partner := licensing.Category{Code: "partner", Name: "Partners & friends"}
	return []catalog.CategoryOffers{{Category: partner, Offers: []licensing.Offer{
		{Category: partner, Product: designProduct, Rules: map[string]licensing.Rule{
			"seats":    {Minimum: "1", Maximum: "50", Step: "1"},
			"edition":  {Default: new("standard"), Options: []licensing.Option{{Value: "standard", Label: "Standard"}, {Value: "pro", Label: "Pro <all in>"}}},
			"licensee": {Optional: true, MaxLength: 200},
		}, DataFields: []licensing.DataField{{Name: "external-order", Type: "text", Label: "External order number", Rule: licensing.Rule{Optional: true, Pattern: "[0-9]+"}}}},
		{Category: partner, Product: eventProduct, Rules: map[string]licensing.Rule{
			"until": {Minimum: "today", Maximum: "+30d"},
			"days":  {Fixed: new("30")},
		}},
	}}}, nil
}

var designProduct = licensing.Product{Code: "AUR-DESIGN", Name: "Aurora Design", Price: &licensing.Money{Minor: 12900, Currency: "EUR"}, Parameters: []licensing.Parameter{
	{Name: "seats", Type: "number", Label: "Seats", Sets: licensing.SetsSeats},
	{Name: "edition", Type: "selection", Label: "Edition", Sets: licensing.SetsText},
	{Name: "licensee", Type: "text", Label: "Licensee", Sets: licensing.SetsText},
}}

var eventProduct = licensing.Product{Code: "AUR-DESIGN-EVENT", Name: "Aurora Design for one event", Parameters: []licensing.Parameter{
	{Name: "until", Type: "date", Label: "Until", Sets: licensing.SetsUntil},
	{Name: "days", Type: "number", Label: "Days", Sets: licensing.SetsDays},
}}

// fakeOrdering stands for ordering.Service. It remembers the last input, and answers a request id that it knows as a
// replay.
type fakeOrdering struct {
	mu       sync.Mutex
	last     ordering.CreateLicense
	created  map[string]ordering.Created
	sought   ordering.FindLicenses
	modified ordering.ModifyLicense
	placed   ordering.CreateOrder
	fails    error // what every call answers, unless nil
	panics   bool
}

func (f *fakeOrdering) CreateLicense(_ context.Context, actor licensing.Actor, requestID string, in ordering.CreateLicense) (ordering.Created, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.panics {
		panic("the roof is on fire")
	}
	if f.fails != nil {
		return ordering.Created{}, false, f.fails
	}
	f.last = in
	if out, ok := f.created[requestID]; ok {
		return out, true, nil
	}
	quantity := 1
	if in.Quantity != nil {
		quantity = *in.Quantity
	}
	if quantity < 1 || quantity > licensing.MaxQuantity {
		return ordering.Created{}, false, licensing.InvalidRequest("quantity", "Enter 1 to 10,000.")
	}
	if seats, _ := licensing.ValueOf(in.Parameters, "seats"); seats == "5000" {
		return ordering.Created{}, false, licensing.InvalidParameter("seats", "Enter 1 to 50.")
	}
	l := suiteLicense()
	l.GroupCode, l.CategoryCode, l.ProductCode = actor.GroupCode, in.Category, in.Product
	if in.Group != "" {
		l.GroupCode = in.Group
	}
	l.Quantity, l.Customer, l.Parameters, l.DataFields, l.Test = quantity, in.Customer, in.Parameters, in.DataFields, in.Test
	out := ordering.Created{OrderNumber: l.OrderNumber, Licenses: []licensing.License{l}}
	f.created[requestID] = out
	return out, false, nil
}

func (f *fakeOrdering) CreateOrder(_ context.Context, actor licensing.Actor, _ string, in ordering.CreateOrder) (ordering.CreatedOrder, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.placed = in
	l := suiteLicense()
	l.Test = in.Test
	o := licensing.Order{Number: knownOrder, GroupCode: actor.GroupCode, CreatedAt: testNow, Customer: in.Customer, DataFields: in.DataFields, Test: in.Test}
	for i, line := range in.Lines {
		quantity := 1
		if line.Quantity != nil {
			quantity = *line.Quantity
		}
		if quantity < 1 {
			return ordering.CreatedOrder{}, false, licensing.OnLine(i+1, licensing.InvalidRequest("quantity", "Enter 1 to 10,000."))
		}
		o.Lines = append(o.Lines, licensing.Line{
			ExternalLine: line.ExternalLine, CategoryCode: line.Category, ProductCode: line.Product, Quantity: quantity, Tickets: []string{l.Ticket},
		})
		l.CategoryCode, l.ProductCode, l.Quantity, l.Parameters, l.DataFields = line.Category, line.Product, quantity, line.Parameters, line.DataFields
		o.Licenses = append(o.Licenses, l)
	}
	return ordering.CreatedOrder{Order: o, Owner: o.Group}, false, nil
}

func (f *fakeOrdering) License(_ context.Context, _ licensing.Actor, ticket string) (licensing.License, error) {
	if f.fails != nil {
		return licensing.License{}, f.fails
	}
	if ticket != knownTicket {
		return licensing.License{}, licensing.NotFoundError("ticket", "There is no such license within your sight.")
	}
	return careLicense(), nil
}

func (f *fakeOrdering) Order(_ context.Context, _ licensing.Actor, number string) (licensing.Order, error) {
	if f.fails != nil {
		return licensing.Order{}, f.fails
	}
	if number != knownOrder {
		return licensing.Order{}, licensing.NotFoundError("orderNumber", "There is no such order within your sight.")
	}
	l := careLicense()
	return licensing.Order{
		Number: knownOrder, GroupCode: "northwind", CreatedAt: testNow, Customer: l.Customer, DataFields: l.DataFields,
		Lines: []licensing.Line{
			{ExternalLine: "10", CategoryCode: "partner", ProductCode: "AUR-CARE", Quantity: 1, Tickets: []string{l.Ticket}, Amount: &licensing.Money{Minor: 123450, Currency: "EUR"}},
			{CategoryCode: "partner", ProductCode: "AUR-DESIGN-DEMO", Quantity: 2},
		},
		Licenses: []licensing.License{l},
		Documents: []licensing.Document{
			{Connector: "erp", State: licensing.MessageAccepted, Number: "R-2026-17", At: testNow.Add(450 * time.Millisecond)},
			{Connector: "crm", State: licensing.MessageWaiting, At: testNow},
		},
	}, nil
}

func (f *fakeOrdering) ReportDocument(ctx context.Context, actor licensing.Actor, _ string, in ordering.ReportDocument) (ordering.Reported, bool, error) {
	report, err := in.Check()
	if err != nil {
		return ordering.Reported{}, false, err
	}
	o, err := f.Order(ctx, actor, in.OrderNumber)
	if err == nil {
		o.Documents = append(o.Documents, licensing.Document{Connector: report.Connector, Kind: licensing.TellDocumentReported, State: report.State, Number: report.Number, At: testNow, LastError: report.Message})
	}
	return ordering.Reported{Order: o, Owner: o.Group, At: testNow}, false, err
}

func (f *fakeOrdering) FindLicenses(_ context.Context, _ licensing.Actor, in ordering.FindLicenses) (ordering.Found, error) {
	if f.fails != nil {
		return ordering.Found{}, f.fails
	}
	if in.Group == "sahara" {
		return ordering.Found{}, licensing.DeniedError("group", "You may not see licenses of the group %q.", in.Group)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sought = in
	l := careLicense()
	l.Subscription.Periods = l.Subscription.Periods[1:]
	found := ordering.Found{Licenses: []licensing.License{l}, At: testNow}
	if in.PageSize != nil && *in.PageSize == 1 {
		found.Next = "bmV4dA"
	}
	return found, nil
}

func (f *fakeOrdering) ModifyLicense(_ context.Context, _ licensing.Actor, requestID string, in ordering.ModifyLicense) (ordering.Changed, bool, error) {
	if seats, _ := licensing.ValueOf(in.Parameters, "seats"); seats == "1" {
		return ordering.Changed{}, false, licensing.InvalidParameter("seats", "This may only rise after creation. Enter more than 5.")
	}
	return f.changed(requestID, in.Ticket, func(l *licensing.License) {
		f.modified = in
		if in.Customer != nil {
			l.Customer = *in.Customer
		}
		for _, v := range in.Parameters {
			for i := range l.Parameters {
				if l.Parameters[i].Name == v.Name {
					l.Parameters[i].Value = v.Value
				}
			}
		}
		if len(in.DataFields) > 0 {
			l.DataFields = in.DataFields
		}
	})
}

func (f *fakeOrdering) ChangeState(_ context.Context, _ licensing.Actor, requestID string, change licensing.StateChange, in ordering.ChangeState) (ordering.Changed, bool, error) {
	if in.Reason == "again" {
		return ordering.Changed{}, false, licensing.ConflictError("This license is %s. Nothing has been changed.", licensing.LicenseRevoked)
	}
	return f.changed(requestID, in.Ticket, func(l *licensing.License) {
		l.State = map[licensing.StateChange]licensing.LicenseState{
			licensing.ToSuspend: licensing.LicenseSuspended, licensing.ToRevoke: licensing.LicenseRevoked, licensing.ToReinstate: licensing.LicenseActive,
		}[change]
		if change == licensing.ToRevoke {
			l.Subscription.State, l.Subscription.RevokedOn = licensing.SubscriptionEnded, mustDay("2026-11-21")
		}
	})
}

// changed answers a change of the one license that there is. A request id that it knows is a replay.
func (f *fakeOrdering) changed(requestID, ticket string, change func(*licensing.License)) (ordering.Changed, bool, error) {
	if f.fails != nil {
		return ordering.Changed{}, false, f.fails
	}
	if ticket != knownTicket {
		return ordering.Changed{}, false, licensing.NotFoundError("ticket", "There is no such license within your sight.")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	_, replayed := f.created[requestID]
	f.created[requestID] = ordering.Created{}
	l := careLicense()
	l.File = "-----BEGIN LICENSE FILE-----\nZm9v\n-----END LICENSE FILE-----\n"
	change(&l)
	return ordering.Changed{License: l, At: testNow}, replayed, nil
}

func (f *fakeOrdering) Now(context.Context) (licensing.Moment, error) {
	return licensing.Moment{Business: testNow, Wall: testNow, Zone: time.UTC}, nil
}

// suiteLicense is a license with a license subscription.
func suiteLicense() licensing.License {
	plan := licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Days: 30}}
	return licensing.License{
		Ticket: knownTicket, OrderNumber: knownOrder, GroupCode: "northwind", CategoryCode: "partner", ProductCode: "AUR-SUITE", ProductName: "Aurora Suite",
		Quantity: 1, State: licensing.LicenseActive, CreatedAt: testNow, ExpiresAt: new(time.Date(2027, 11, 20, 23, 0, 0, 0, time.UTC)),
		Customer: licensing.Customer{Name: "Grace Hopper"}, File: "-----BEGIN LICENSE FILE-----\nZm9v\n-----END LICENSE FILE-----\n",
		Subscription: &licensing.Subscription{Plan: plan, State: licensing.SubscriptionActive, Periods: []licensing.Period{
			{Number: 1, Start: mustDay("2026-11-21"), End: mustDay("2027-11-20"), CancelBy: mustDay("2027-10-21")},
		}},
	}
}

// careLicense is a license with a cancelled maintenance subscription in its second period, with fewer seats from then on.
func careLicense() licensing.License {
	l := suiteLicense()
	l.ProductCode, l.ProductName, l.ExpiresAt, l.File = "AUR-CARE", "Aurora Care", nil, ""
	l.MaintenanceUntil = mustDay("2028-11-30")
	l.Parameters = []licensing.Value{{Name: "seats", Value: "5"}}
	l.DataFields = []licensing.Value{{Name: "external-order", Value: "4711"}}
	l.Customer = licensing.Customer{Number: "C-7", Name: "Zoë <Müller> & Söhne", Company: "M&S", Email: "zoe@example.com", Country: "DE", Language: "de"}
	l.Subscription = &licensing.Subscription{
		Plan:  licensing.Plan{Type: licensing.MaintenanceSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Months: 3}, Align: licensing.AlignMonth},
		State: licensing.SubscriptionCancelled,
		Periods: []licensing.Period{
			{Number: 1, Start: mustDay("2026-11-21"), End: mustDay("2027-11-30"), CancelBy: mustDay("2027-08-31"), Outcome: licensing.PeriodExtended},
			{Number: 2, Start: mustDay("2027-12-01"), End: mustDay("2028-11-30"), CancelBy: mustDay("2028-08-31")},
		},
		Coming: []licensing.Coming{ // a third period never begins: it was cancelled
			{Period: 2, Values: []licensing.Value{{Name: "seats", Value: "3"}}}, {Period: 3, Values: []licensing.Value{{Name: "seats", Value: "2"}}},
		},
	}
	return l
}

func mustDay(s string) licensing.Day {
	d, err := licensing.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// face is a handler on fakes.
type face struct {
	http.Handler
	access        *fakeAccess
	ordering      *fakeOrdering
	subscriptions *fakeSubscriptions
	feed          *fakeFeed
}

// newFace makes one; the wall clock stands still at testNow unless the config has another.
func newFace(t testing.TB, config Config) face {
	t.Helper()
	f := face{access: &fakeAccess{nonces: map[string]time.Time{}}, ordering: &fakeOrdering{created: map[string]ordering.Created{}}}
	f.feed = &fakeFeed{}
	f.subscriptions = &fakeSubscriptions{f.ordering}
	if config.Malformed == 0 {
		config.Malformed = 1 << 30 // tests send little else, all from one address
	}
	if config.PublicURL == "" {
		config.PublicURL = "https://licenses.example.com"
	}
	if config.Log == nil {
		config.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if config.Wall == nil {
		config.Wall = func() time.Time { return testNow }
	}
	var err error
	if f.Handler, err = New(config, f.access, fakeCatalog{}, f.ordering, f.subscriptions, f.feed); err != nil {
		t.Fatal(err)
	}
	return f
}

// newRequest is a POST from the same machine, with the account's credentials by HTTP Basic.
func newRequest(contentType, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, Path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:50000"
	r.Header.Set("Content-Type", contentType)
	r.SetBasicAuth(accountName, accountSecret)
	return r
}

// ask sends a request and returns the answer.
func (f face) ask(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}
