package main

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kontor/internal/access"
	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/signing"
	"kontor/portal/portaltest"
	"kontor/wsdl"
)

// newMember adds a membership that the demo has not, with grants in the category partner.
func newMember(t *testing.T, h runningHouse, email, group string, role licensing.Role, grants ...licensing.Action) {
	t.Helper()
	hash, err := access.HashPassword(demo.Password)
	if err != nil {
		t.Fatal(err)
	}
	master, err := signing.LoadMasterKey(h.data, "")
	if err != nil {
		t.Fatal(err)
	}
	secrets, err := signing.NewSealer(master, "secrets")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	err = h.store.Write(ctx, func(tx licensing.Tx) error {
		g, err := tx.GroupByCode(ctx, group)
		if err != nil {
			return err
		}
		u := licensing.User{ID: licensing.UserID(licensing.NewID()), Email: email, Name: email, PasswordHash: hash, CreatedAt: tx.Now().Business}
		if role == licensing.RoleService {
			u.PasswordHash = ""
		}
		if err := tx.InsertUser(ctx, u); err != nil {
			return err
		}
		m := licensing.Membership{ID: licensing.MembershipID(licensing.NewID()), User: u.ID, Group: g.ID, Role: role, CreatedAt: tx.Now().Business}
		if err := tx.InsertMembership(ctx, m); err != nil {
			return err
		}
		if role == licensing.RoleService {
			sealed, err := secrets.Seal([]byte(demo.Password), access.SecretContext(m.ID))
			if err != nil {
				return err
			}
			if err := tx.SetServiceSecret(ctx, m.ID, sealed); err != nil {
				return err
			}
		}
		for _, action := range grants {
			err := tx.InsertGrant(ctx, licensing.Grant{
				ID: licensing.GrantID(licensing.NewID()), Who: licensing.MemberSubject(email, group), Category: "partner", Action: string(action), CreatedAt: tx.Now().Business,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRoutesByRole runs the portal's permission matrix against the real house.
func TestRoutesByRole(t *testing.T) {
	for name, database := range engines {
		t.Run(name, func(t *testing.T) {
			h := startHouse(t, t.TempDir(), database(t), false)
			newMember(t, h, "cleo@northwind.example", "northwind", licensing.RoleMember, licensing.Create)
			account := func(email, group string) portaltest.Account {
				return portaltest.Account{Email: email, Password: demo.Password, Group: group}
			}
			made := 0
			portaltest.RunMatrix(t, portaltest.Setting{
				URL: h.url,
				Accounts: map[portaltest.Role]portaltest.Account{
					portaltest.Outsider: account("staff@aurora.example", "northwind"),
					portaltest.Empty:    account("ben@northwind.example", "fjord"),
					portaltest.Creator:  account("cleo@northwind.example", "northwind"),
					portaltest.Member:   account("ben@northwind.example", "northwind"),
					portaltest.Admin:    account("anna@northwind.example", "northwind"),
					portaltest.Above:    account("isv@aurora.example", "aurora"),
				},
				Member: membershipOf(t, h, "ben@northwind.example", "northwind"),
				Written: func(t *testing.T) string {
					return fmt.Sprint(count(t, h.store, "SELECT COUNT(*) FROM audit"), count(t, h.store, "SELECT COUNT(*) FROM request"))
				},
				NewSubscription: func(t *testing.T) (license, order string) {
					made++
					return subscriptionInNorthwind(t, h, fmt.Sprintf("matrix-%d", made))
				},
				Category: "partner", Product: "AUR-SUITE",
				Form: url.Values{"parameter.seats": {"3"}, "customer.name": {"Ute Brückner"}},
			})
		})
	}
}

// membershipOf is the id of somebody's membership in a group.
func membershipOf(t *testing.T, h runningHouse, email, group string) (id licensing.MembershipID) {
	t.Helper()
	err := h.store.Pool().QueryRow(`SELECT m.id FROM membership m JOIN account a ON a.id = m.account_id JOIN org_group g ON g.id = m.group_id
		WHERE a.email = $1 AND g.code = $2`, email, group).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// subscriptionInNorthwind creates a subscription for Northwind by SOAP and returns the license's id and its order.
func subscriptionInNorthwind(t *testing.T, h runningHouse, requestID string) (license, order string) {
	t.Helper()
	envelope := fmt.Sprintf(createEnvelope, requestID, "AUR-SUITE", "")
	c, err := create(h.soap, strings.Replace(envelope, "<category>", "<group>northwind</group><category>", 1))
	if err != nil || c.Fault != "" {
		t.Fatalf("%+v, %v", c, err)
	}
	if err := h.store.Pool().QueryRow("SELECT id FROM license WHERE ticket = $1", c.Tickets[0]).Scan(&license); err != nil {
		t.Fatal(err)
	}
	return license, c.OrderNumber
}

// The SOAP callers of the matrix.
const (
	callerNobody   = "nobody"    // without credentials
	callerPerson   = "person"    // somebody's password is no service account's secret
	callerEmpty    = "empty"     // a service account that holds nothing
	callerReseller = "reseller"  // a service account of Northwind that holds create in partner
	callerISV      = "isv"       // the ISV's, which holds everything
	callerBeside   = "elsewhere" // a service account of Nordic that holds create in partner
)

// operationsByRole says for each operation what each caller gets: "" is an answer, else the fault's code. What is read
// and extended belongs to Northwind.
var operationsByRole = []struct {
	operation, body string
	want            map[string]string
}{
	{"CreateLicense", `<requestId>%s</requestId><category>partner</category><product>AUR-SUITE</product><customer><name>Ute</name></customer>
		<parameters><parameter><name>seats</name><value>1</value></parameter></parameters>`,
		map[string]string{callerEmpty: "denied", callerReseller: "", callerISV: "", callerBeside: ""}},
	{"CreateLicense", `<requestId>%s</requestId><group>northwind</group><category>partner</category><product>AUR-SUITE</product><customer><name>Ute</name></customer>
		<parameters><parameter><name>seats</name><value>1</value></parameter></parameters>`,
		map[string]string{callerEmpty: "denied", callerReseller: "", callerISV: "", callerBeside: "denied"}},
	{"CreateLicense", `<requestId>%s</requestId><category>internal</category><product>AUR-SUITE</product><customer><name>Ute</name></customer>
		<parameters><parameter><name>seats</name><value>1</value></parameter></parameters>`,
		map[string]string{callerEmpty: "denied", callerReseller: "denied", callerISV: "", callerBeside: "denied"}},
	{"CreateOrder", `<requestId>%s</requestId><customer><name>Ute</name></customer><lines>
		<line><externalLine>1</externalLine><category>partner</category><product>AUR-SUITE</product><parameters><parameter><name>seats</name><value>1</value></parameter></parameters></line>
		<line><externalLine>2</externalLine><category>internal</category><product>AUR-SUITE</product><parameters><parameter><name>seats</name><value>1</value></parameter></parameters></line></lines>`,
		map[string]string{callerEmpty: "denied", callerReseller: "denied", callerISV: "", callerBeside: "denied"}},
	{"FindLicenses", ``, map[string]string{callerEmpty: "", callerReseller: "", callerISV: "", callerBeside: ""}},
	{"FindLicenses", `<group>northwind</group>`,
		map[string]string{callerEmpty: "", callerReseller: "", callerISV: "", callerBeside: "denied"}},
	{"ModifyLicense", `<requestId>%s</requestId><ticket>{ticket}</ticket><customer><name>Ute Other</name></customer>`,
		map[string]string{callerEmpty: "denied", callerReseller: "denied", callerISV: "", callerBeside: "notFound"}},
	{"SuspendLicense", `<requestId>%s</requestId><ticket>{ticket}</ticket><reason>matrix</reason>`,
		map[string]string{callerEmpty: "denied", callerReseller: "denied", callerISV: "", callerBeside: "notFound"}},
	{"ReinstateLicense", `<requestId>%s</requestId><ticket>{ticket}</ticket><reason>matrix</reason>`,
		map[string]string{callerEmpty: "denied", callerReseller: "denied", callerISV: "", callerBeside: "notFound"}},
	{"ReportDocument", `<requestId>%s</requestId><orderNumber>{order}</orderNumber><connector>shop</connector><state>accepted</state><number>SO-1</number>`,
		map[string]string{callerEmpty: "", callerReseller: "", callerISV: "", callerBeside: "notFound"}},
	{"CancelSubscription", `<requestId>%s</requestId><ticket>{ticket}</ticket><ifLate>refuse</ifLate>`,
		map[string]string{callerEmpty: "denied", callerReseller: "denied", callerISV: "", callerBeside: "notFound"}},
	{"GetSubscription", `<ticket>{ticket}</ticket>`,
		map[string]string{callerEmpty: "", callerReseller: "", callerISV: "", callerBeside: "notFound"}},
	{"WithdrawCancellation", `<requestId>%s</requestId><ticket>{ticket}</ticket>`,
		map[string]string{callerEmpty: "denied", callerReseller: "denied", callerISV: "", callerBeside: "notFound"}},
	{"RevokeLicense", `<requestId>%s</requestId><ticket>{ticket}</ticket><reason>matrix</reason>`,
		map[string]string{callerEmpty: "denied", callerReseller: "denied", callerISV: "", callerBeside: "notFound"}},
	{"GetLicense", `<ticket>{ticket}</ticket>`,
		map[string]string{callerEmpty: "", callerReseller: "", callerISV: "", callerBeside: "notFound"}}, // reading needs sight alone
	{"GetOrder", `<orderNumber>{order}</orderNumber>`,
		map[string]string{callerEmpty: "", callerReseller: "", callerISV: "", callerBeside: "notFound"}},
	{"ListChanges", ``, map[string]string{callerEmpty: "", callerReseller: "", callerISV: "", callerBeside: ""}},
	{"ListChanges", `<cursor>x</cursor>`,
		map[string]string{callerEmpty: "invalidRequest", callerReseller: "invalidRequest", callerISV: "invalidRequest", callerBeside: "invalidRequest"}},
	{"ListOffers", ``, map[string]string{callerEmpty: "", callerReseller: "", callerISV: "", callerBeside: ""}},
	{"ListOffers", `<category>internal</category>`,
		map[string]string{callerEmpty: "denied", callerReseller: "denied", callerISV: "", callerBeside: "denied"}},
	{"ListOffers", `<group>northwind</group>`,
		map[string]string{callerEmpty: "", callerReseller: "", callerISV: "", callerBeside: "denied"}},
}

// TestOperationsByRole asks every SOAP operation as every caller. An operation of the WSDL that is not in the table
// fails.
func TestOperationsByRole(t *testing.T) {
	for name, database := range engines {
		t.Run(name, func(t *testing.T) {
			h := startHouse(t, t.TempDir(), database(t), false)
			newMember(t, h, "empty@northwind.example", "northwind", licensing.RoleService)
			newMember(t, h, "shop@northwind.example", "northwind", licensing.RoleService, licensing.Create)
			newMember(t, h, "shop@nordic.example", "nordic", licensing.RoleService, licensing.Create)
			names := map[string]string{
				callerNobody: "", callerPerson: "anna@northwind.example", callerEmpty: "empty@northwind.example",
				callerReseller: "shop@northwind.example", callerISV: "erp@aurora.example", callerBeside: "shop@nordic.example",
			}
			id, order := subscriptionInNorthwind(t, h, "to-be-read")
			var ticket string
			if err := h.store.Pool().QueryRow("SELECT ticket FROM license WHERE id = $1", id).Scan(&ticket); err != nil {
				t.Fatal(err)
			}
			for i, row := range operationsByRole {
				body := strings.NewReplacer("{ticket}", ticket, "{order}", order, "%s", fmt.Sprint("row-", i)).Replace(row.body)
				for caller, login := range names {
					want, listed := row.want[caller]
					if !listed {
						want = "unauthenticated"
					}
					if got := ask(t, h.soap, login, row.operation, body); got != want {
						t.Errorf("%s as %s: %q, not %q: %s", row.operation, caller, got, want, body)
					}
				}
			}
		})
	}
	var asked []string
	for _, row := range operationsByRole {
		asked = append(asked, row.operation)
	}
	for _, operation := range wsdlOperations(t) {
		if !slices.Contains(asked, operation) {
			t.Errorf("the operation %s is not in the table", operation)
		}
	}
}

// ask sends one operation and returns the fault's code, "" for an answer.
func ask(t *testing.T, soapURL, login, operation, body string) string {
	t.Helper()
	return askAs(t, soapURL, login, demo.Password, operation, body)
}

// askAs is ask with a secret that is not the demo's.
func askAs(t *testing.T, soapURL, login, secret, operation, body string) string {
	t.Helper()
	envelope := fmt.Sprintf(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><%s xmlns="urn:kontor:license:v1">%s</%[1]s></s:Body></s:Envelope>`, operation, body)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, soapURL, strings.NewReader(envelope))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "text/xml; charset=utf-8")
	if login != "" {
		request.SetBasicAuth(login, secret)
	}
	r, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var answer struct {
		Body struct {
			Content struct{ XMLName xml.Name } `xml:",any"`
			Fault   string                     `xml:"Fault>detail>fault>code"`
		}
	}
	if err := xml.NewDecoder(r.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if answer.Body.Fault == "" && answer.Body.Content.XMLName.Local != operation+"Response" {
		t.Errorf("%s is answered by %v", operation, answer.Body.Content.XMLName)
	}
	return answer.Body.Fault
}

// wsdlOperations are the operations that the contract promises.
func wsdlOperations(t *testing.T) (names []string) {
	t.Helper()
	var contract struct {
		Operations []struct {
			Name string `xml:"name,attr"`
		} `xml:"portType>operation"`
	}
	if err := xml.Unmarshal(wsdl.License, &contract); err != nil {
		t.Fatal(err)
	}
	for _, o := range contract.Operations {
		names = append(names, o.Name)
	}
	if len(names) == 0 {
		t.Fatal("the WSDL has no operations")
	}
	return names
}
