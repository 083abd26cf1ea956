package portal

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"

	"kontor/internal/access"
	"kontor/internal/catalog"
	"kontor/internal/examples"
	"kontor/internal/licensing"
	"kontor/wsdl"
)

// integrationPage is what somebody needs who makes another system call by SOAP.
type integrationPage struct {
	Accounts   []access.ServiceAccountRow
	Account    *access.ServiceAccountRow // whose values stand in the examples; nil: there is none
	Sandbox    *access.SandboxRow        // of Account
	Operations []wsdl.Operation
	Operation  wsdl.Operation
	Language   string // the code of the one that is shown
	Examples   []example
	Values     examples.Values
	Kind       string // of the product in Values; empty: any. "subscription" is asked for where one is missing
	Subscribes bool   // Account may create something with a subscription
	Held       string // why Account may not call Operation; empty: it may, as far as its grants go
}

// example is a call in one language.
type example struct {
	examples.Language
	Text string
}

// contractOperations are those of our contract, which is read once.
var contractOperations = func() []wsdl.Operation {
	all, err := wsdl.Operations(wsdl.License)
	if err != nil {
		panic(err) // the contract is embedded, and a test reads it
	}
	return all
}()

// firstOperation is the one that is shown to who has not chosen another.
const firstOperation = "CreateLicense"

// integration shows the page.
func (s *site) integration(v *visit) error {
	page := integrationPage{
		Operations: contractOperations, Operation: operationNamed(v.Query("operation")), Language: languageNamed(v.Query("in")), Kind: v.Query("kind"),
	}
	var err error
	if page.Accounts, page.Account, err = s.chosenAccount(v, v.Query("account")); err != nil {
		return err
	}
	if page.Account != nil {
		sandbox, err := s.services.People.Sandbox(v.ctx(), v.actor, page.Account.Membership.ID)
		if err != nil {
			return err
		}
		page.Sandbox = &sandbox
	}
	if err := s.sampleValues(v, &page); err != nil {
		return err
	}
	for _, l := range examples.Languages {
		text, err := examples.Write(l.Code, page.Operation, page.Values)
		if err != nil {
			return err
		}
		page.Examples = append(page.Examples, example{l, text})
	}
	return v.show(http.StatusOK, integrationShown(page))
}

// chosenAccount finds the service accounts within sight, and the one of an id, or where there is no such one the first
// that may call.
func (s *site) chosenAccount(v *visit, id string) ([]access.ServiceAccountRow, *access.ServiceAccountRow, error) {
	all, err := s.services.People.ServiceAccounts(v.ctx(), v.actor, "")
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(all, func(a access.ServiceAccountRow) bool { return string(a.Membership.ID) == id })
	if i < 0 {
		i = slices.IndexFunc(all, func(a access.ServiceAccountRow) bool { return !a.Membership.Suspended })
	}
	if i < 0 {
		return all, nil, nil
	}
	return all, &all[i], nil
}

func operationNamed(name string) wsdl.Operation {
	for _, wanted := range []string{name, firstOperation} {
		for _, o := range contractOperations {
			if o.Name == wanted {
				return o
			}
		}
	}
	return contractOperations[0]
}

func languageNamed(code string) string {
	for _, l := range examples.Languages {
		if l.Code == code {
			return code
		}
	}
	return examples.Languages[0].Code
}

// sampleValues fills in real values of the page's account, as far as there are any: what it may create, and what it created as
// a test. They are read with its own sight. Besides it says why the account may not call the operation, if so.
func (s *site) sampleValues(v *visit, page *integrationPage) error {
	page.Values = examples.Values{Endpoint: s.config.SOAP, Account: "shop@your-company.example", RequestID: "trial-" + strings.ToLower(rand.Text()[:10])}
	if page.Account == nil {
		return nil
	}
	values := &page.Values
	values.Account = page.Account.Membership.Email
	as, err := s.services.People.AsAccount(v.ctx(), v.actor, page.Account.Membership.ID)
	if err == nil {
		err = as.MayCall(page.Operation.Name)
	}
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Denied {
		page.Held = e.Message
		return nil
	}
	if err != nil {
		return err
	}
	offers, err := s.services.Catalog.Offers(v.ctx(), as, "", "")
	if err != nil {
		return err
	}
	page.sampleOffer(offers, v.today())
	list, err := s.services.Ordering.LicenseList(v.ctx(), as, triedOn(page.Operation.Name))
	if err != nil {
		return err
	}
	for _, row := range list.Licenses {
		if row.Test && fits(page.Operation.Name, row, v) {
			values.Ticket, values.OrderNumber = row.Ticket, row.OrderNumber
			break
		}
	}
	return nil
}

// sampleOffer takes the first offer that an example can be made of, and notes whether any is of a subscription.
func (p *integrationPage) sampleOffer(offers []catalog.CategoryOffers, day licensing.Day) {
	for _, c := range offers {
		for _, offer := range c.Offers {
			parameters, fields, ok := offer.SampleValues(day)
			if !ok {
				continue
			}
			p.Subscribes = p.Subscribes || offer.Product.Kind == licensing.KindSubscription
			if p.Values.Product == "" && (p.Kind == "" || p.Kind == string(offer.Product.Kind)) {
				p.Values.Category, p.Values.Product = c.Category.Code, offer.Product.Code
				p.Values.Parameters, p.Values.DataFields = exampleValues(parameters), exampleValues(fields)
			}
		}
	}
}

// lookedAt is among how many of the newest licenses a test is looked for.
const lookedAt = 200

func exampleValues(values []licensing.Value) (all []examples.Value) {
	for _, v := range values {
		all = append(all, examples.Value{Name: v.Name, Value: v.Value})
	}
	return all
}

// triedOn finds the licenses among which one is looked for that an operation can be tried out on.
func triedOn(operation string) licensing.LicenseFilter {
	f := licensing.LicenseFilter{Limit: lookedAt}
	switch operation {
	case "GetSubscription", "CancelSubscription", "WithdrawCancellation":
		f.Kind = string(licensing.KindSubscription)
	case "ReinstateLicense":
		f.States = []licensing.LicenseState{licensing.LicenseSuspended, licensing.LicenseRevoked}
	case "ModifyLicense", "SuspendLicense", "RevokeLicense":
		f.States = []licensing.LicenseState{licensing.LicenseActive}
	}
	return f
}

// fits reports whether an operation can be tried out on a license as it stands.
func fits(operation string, row licensing.LicenseRow, v *visit) bool {
	state := row.StateAt(v.now.Business)
	switch operation {
	case "CancelSubscription":
		return state == licensing.LicenseActive && row.SubscriptionState == licensing.SubscriptionActive
	case "WithdrawCancellation":
		return row.SubscriptionState == licensing.SubscriptionCancelled
	case "GetSubscription":
		return row.SubscriptionState != ""
	case "ReinstateLicense":
		return state == licensing.LicenseSuspended || state == licensing.LicenseRevoked
	case "ModifyLicense", "SuspendLicense", "RevokeLicense":
		return state == licensing.LicenseActive
	default:
		return true
	}
}

// lack says why an example does not work as it stands, and what makes that which is missing.
type lack struct {
	Text  string // empty: nothing is missing
	Maker string // the operation that makes it; empty: none does
	Kind  string // of the product to create by Maker; empty: any
}

// lack says why the example does not work as it stands: the account may not call that, or something is made up, for there is
// nothing real to show.
func (p integrationPage) lack(ctx context.Context) lack {
	named := func(name string) bool {
		return slices.ContainsFunc(p.Operation.Request, func(e wsdl.Element) bool { return e.Name == name && !e.Optional })
	}
	switch {
	case p.Held != "":
		return lack{Text: p.Held}
	case p.Account == nil:
		return lack{Text: T(ctx, "integration.madeUpAccount")}
	case p.Values.Category == "" && (p.Operation.Has("product") || p.Operation.Has("lines")):
		return lack{Text: T(ctx, "integration.madeUpOffer", "Name", p.Account.Membership.UserName)}
	case named("ticket") && p.Values.Ticket == "":
		return p.lackedTicket(ctx)
	case named("orderNumber") && p.Values.OrderNumber == "":
		return lack{Text: T(ctx, "integration.madeUpOrder", "Order", examples.PlaceholderOrderNumber), Maker: "CreateLicense"}
	}
	return lack{}
}

// lackedTicket says of which license there is no test: see fits.
func (p integrationPage) lackedTicket(ctx context.Context) lack {
	subscription := string(licensing.KindSubscription)
	missing := func(text, maker, kind string) lack {
		return lack{Text: text + " " + T(ctx, "integration.madeUpTicket", "Ticket", examples.PlaceholderTicket), Maker: maker, Kind: kind}
	}
	switch p.Operation.Name {
	case "GetSubscription", "CancelSubscription":
		if !p.Subscribes {
			return missing(T(ctx, "integration.lackGrant", "Name", p.Account.Membership.UserName), "", "")
		}
		if p.Operation.Name == "GetSubscription" {
			return missing(T(ctx, "integration.lackSubscription"), "CreateLicense", subscription)
		}
		return missing(T(ctx, "integration.lackRunning"), "CreateLicense", subscription)
	case "WithdrawCancellation":
		return missing(T(ctx, "integration.lackCancelled"), "CancelSubscription", "")
	case "ReinstateLicense":
		return missing(T(ctx, "integration.lackSuspended"), "SuspendLicense", "")
	case "ModifyLicense", "SuspendLicense", "RevokeLicense":
		return missing(T(ctx, "integration.lackActive"), "CreateLicense", "")
	default:
		return missing(T(ctx, "integration.lackTest"), "CreateLicense", "")
	}
}

// makerAddress is a page of examples, of those below path, where what is missing is made.
func (p integrationPage) makerAddress(ctx context.Context, l lack, path ...string) string {
	return query(at(ctx, path...), "operation", l.Maker, "account", p.accountID(), "in", p.Language, "kind", l.Kind)
}

// accountID is empty where there is no account.
func (p integrationPage) accountID() string {
	if p.Account == nil {
		return ""
	}
	return string(p.Account.Membership.ID)
}

// address is this page with another language chosen.
func (p integrationPage) address(ctx context.Context, language string) string {
	return query(at(ctx, "integration"), "operation", p.Operation.Name, "account", p.accountID(), "in", language, "kind", p.Kind) + "#examples"
}

// breakable are the parts of an address between which a line may end: behind its slashes, but not within "https://".
func breakable(address string) []string {
	scheme, rest, _ := strings.Cut(address, "://")
	parts := strings.SplitAfter(rest, "/")
	parts[0] = scheme + "://" + parts[0]
	return parts
}

// faultCodes are the codes that a fault may carry, in the order in which one meets them.
var faultCodes = []licensing.Code{
	licensing.CodeInvalidParameter, licensing.CodeInvalidRequest, licensing.CodeUnauthenticated, licensing.CodeDenied, licensing.CodeNotFound,
	licensing.CodeRequestIDReused, licensing.CodeConflict, licensing.CodeExhausted, licensing.CodeTooLarge, licensing.CodeUnavailable, licensing.CodeInternal,
}

// flatElement is a row of the table of what an operation takes.
type flatElement struct {
	wsdl.Element
	Path  string // "customer.name"
	Depth int
}

func flat(elements []wsdl.Element, path string, depth int) (all []flatElement) {
	for _, e := range elements {
		all = append(all, flatElement{e, path + e.Name, depth})
		all = append(all, flat(e.Elements, path+e.Name+".", depth+1)...)
	}
	return all
}
