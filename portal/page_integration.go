package portal

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"

	"kontor/internal/access"
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
	page := integrationPage{Operations: contractOperations, Operation: operationNamed(v.Query("operation")), Language: languageNamed(v.Query("in"))}
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
	if page.Values, page.Held, err = s.sampleValues(v, page.Account, page.Operation); err != nil {
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

// sampleValues are real values of an account, as far as there are any: what it may create, and what it created as a
// test. They are read with its own sight. Besides it says why the account may not call the operation, if so.
func (s *site) sampleValues(v *visit, a *access.ServiceAccountRow, o wsdl.Operation) (values examples.Values, held string, err error) {
	values = examples.Values{Endpoint: s.config.SOAP, Account: "shop@your-company.example", RequestID: "trial-" + strings.ToLower(rand.Text()[:10])}
	if a == nil {
		return values, "", nil
	}
	values.Account = a.Membership.Email
	as, err := s.services.People.AsAccount(v.ctx(), v.actor, a.Membership.ID)
	if err == nil {
		err = as.MayCall(o.Name)
	}
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Denied {
		return values, e.Message, nil
	}
	if err != nil {
		return values, "", err
	}
	offers, err := s.services.Catalog.Offers(v.ctx(), as, "", "")
	if err != nil {
		return values, "", err
	}
	day := v.today()
search:
	for _, c := range offers {
		for _, offer := range c.Offers {
			if parameters, fields, ok := offer.SampleValues(day); ok {
				values.Category, values.Product = c.Category.Code, offer.Product.Code
				values.Parameters, values.DataFields = exampleValues(parameters), exampleValues(fields)
				break search
			}
		}
	}
	list, err := s.services.Ordering.LicenseList(v.ctx(), as, licensing.LicenseFilter{Limit: lookedAt})
	if err != nil {
		return values, "", err
	}
	for _, row := range list.Licenses {
		if row.Test && fits(o.Name, row, v) {
			values.Ticket, values.OrderNumber = row.Ticket, row.OrderNumber
			break
		}
	}
	return values, "", nil
}

// lookedAt is among how many of the newest licenses a test is looked for.
const lookedAt = 200

func exampleValues(values []licensing.Value) (all []examples.Value) {
	for _, v := range values {
		all = append(all, examples.Value{Name: v.Name, Value: v.Value})
	}
	return all
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

// madeUp says why the example does not work as it stands: the account may not call that, or something is made up, for there is
// nothing real to show. Empty: it does.
func (p integrationPage) madeUp(ctx context.Context) string {
	named := func(name string) bool {
		return slices.ContainsFunc(p.Operation.Request, func(e wsdl.Element) bool { return e.Name == name && !e.Optional })
	}
	switch {
	case p.Held != "":
		return p.Held
	case p.Account == nil:
		return T(ctx, "integration.madeUpAccount")
	case p.Values.Category == "" && (p.Operation.Has("product") || p.Operation.Has("lines")):
		return T(ctx, "integration.madeUpOffer", "Name", p.Account.Membership.UserName)
	case named("ticket") && p.Values.Ticket == "":
		return T(ctx, "integration.madeUpTicket", "Ticket", examples.PlaceholderTicket)
	case named("orderNumber") && p.Values.OrderNumber == "":
		return T(ctx, "integration.madeUpOrder", "Order", examples.PlaceholderOrderNumber)
	}
	return ""
}

// address is this page with another language chosen.
func (p integrationPage) address(ctx context.Context, language string) string {
	account := ""
	if p.Account != nil {
		account = string(p.Account.Membership.ID)
	}
	return query(at(ctx, "integration"), "operation", p.Operation.Name, "account", account, "in", language) + "#examples"
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
