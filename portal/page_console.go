package portal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/beevik/etree"

	"kontor/internal/access"
	"kontor/internal/examples"
	"kontor/internal/licensing"
	"kontor/wsdl"
)

// Console is the way from the portal into the SOAP service, which wire.go makes.
type Console interface {
	// Call carries an envelope through the service as an account within the actor's sight, which is held to tests by it.
	// The answer may be a fault; the error is about the actor and the account alone.
	Call(ctx context.Context, actor licensing.Actor, in ConsoleCall) (ConsoleAnswer, error)
}

// ConsoleCall is a request.
type ConsoleCall struct {
	Account   licensing.MembershipID
	Operation string // as the history names it
	Envelope  []byte
	Twelve    bool // it is said to be SOAP 1.2
}

// ConsoleAnswer is what came back.
type ConsoleAnswer struct {
	Status int
	Body   []byte
	Took   time.Duration
}

const (
	// maxEnvelope is the largest envelope that the console takes, in bytes.
	maxEnvelope = 64 << 10
	// maxShown is how much of an answer it shows, in bytes.
	maxShown = 256 << 10
	// maxRead is the largest answer that it reads and indents, in bytes. Of a larger one the beginning is shown as it came.
	maxRead = 1 << 20
)

// consolePage is the console before a call and after it.
type consolePage struct {
	integrationPage
	Twelve   bool
	Envelope string
	Example  string // the mark of the example that stood in its place: see markOf
	Kept     bool   // Envelope has been changed by hand, and stays though another example was chosen
	Problem  string
	Answer   *consoleAnswer
}

// consoleAnswer is an answer as it is shown.
type consoleAnswer struct {
	ConsoleAnswer
	Text  string // indented, as far as it is XML
	Cut   bool
	Fault *consoleFault // nil: it is none
}

// consoleFault is the detail of a fault.
type consoleFault struct{ Code, Message, Field, Reference string }

// console shows the envelope of an operation, to be changed and sent.
func (s *site) console(v *visit) error {
	page, err := s.consolePage(v, v.Request.URL.Query())
	if err != nil {
		return err
	}
	if err := page.showExample(); err != nil {
		return err
	}
	return v.show(http.StatusOK, consoleShown(page))
}

// showExample puts the example of what is chosen into the page.
func (p *consolePage) showExample() (err error) {
	p.Envelope, err = examples.Envelope(p.Operation, p.Values, p.Twelve)
	p.Example = markOf(p.Envelope)
	return err
}

// markOf tells a text from another one, however a browser ends its lines.
func markOf(text string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))))
	return hex.EncodeToString(sum[:])
}

func (s *site) consolePage(v *visit, chosen url.Values) (page consolePage, err error) {
	page = consolePage{
		integrationPage: integrationPage{Operations: contractOperations, Operation: operationNamed(chosen.Get("operation")), Kind: chosen.Get("kind")},
		Twelve:          chosen.Get("version") == "1.2",
	}
	if page.Accounts, page.Account, err = s.chosenAccount(v, chosen.Get("account")); err != nil {
		return page, err
	}
	return page, s.sampleValues(v, &page.integrationPage)
}

// callFromConsole sends what was typed, and shows it again with the answer; or shows another choice, where that was asked for.
func (s *site) callFromConsole(v *visit) error {
	form := v.Request.PostForm
	// Whoever is named is asked for, and nobody else instead: it may be beyond sight by now.
	if _, err := s.services.People.ServiceAccount(v.ctx(), v.actor, licensing.MembershipID(form.Get("account"))); err != nil {
		return err
	}
	page, err := s.consolePage(v, form)
	if err != nil {
		return err
	}
	page.Envelope, page.Example = form.Get("envelope"), form.Get("example")
	if form.Get("do") == "show" {
		return showChosen(v, page)
	}
	if len(page.Envelope) > maxEnvelope {
		page.Problem = T(v.ctx(), "console.tooLong", "Most", maxEnvelope>>10)
		return v.show(http.StatusUnprocessableEntity, consoleShown(page))
	}
	answer, err := s.services.Console.Call(v.ctx(), v.actor, ConsoleCall{
		Account: licensing.MembershipID(form.Get("account")), Operation: page.Operation.Name, Envelope: []byte(page.Envelope), Twelve: page.Twelve,
	})
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Conflict {
		page.Problem = e.Message
		return v.show(http.StatusConflict, consoleShown(page))
	}
	if err != nil {
		return err
	}
	page.Answer = shownAnswer(answer)
	if page.Answer.Text, err = s.services.Calls.Veiled(v.ctx(), v.actor, page.Answer.Text); err != nil {
		return err
	}
	return v.show(http.StatusOK, consoleShown(page))
}

// showChosen shows the example of another choice; an envelope that somebody has changed stays in its place.
func showChosen(v *visit, page consolePage) error {
	if mark := markOf(page.Envelope); mark != page.Example && mark != markOf("") {
		page.Kept = true
	} else if err := page.showExample(); err != nil {
		return err
	}
	return v.show(http.StatusOK, consoleShown(page))
}

// shownAnswer reads an answer, and sets its elements beneath one another.
func shownAnswer(a ConsoleAnswer) *consoleAnswer {
	shown := &consoleAnswer{ConsoleAnswer: a}
	if len(a.Body) <= maxRead {
		shown.Text, shown.Fault = readAnswer(a.Body)
	} else {
		shown.Text = string(a.Body[:maxShown+1]) // one more than is shown, so that it is cut below
	}
	if len(shown.Text) > maxShown {
		shown.Text, shown.Cut = strings.ToValidUTF8(shown.Text[:maxShown], ""), true
	}
	return shown
}

// readAnswer returns an answer indented, as far as it is XML, and what it says as a fault.
func readAnswer(body []byte) (text string, fault *consoleFault) {
	d := etree.NewDocument()
	if err := d.ReadFromBytes(body); err != nil || d.Root() == nil {
		return string(body), nil
	}
	if e := d.FindElement("//[namespace-uri()='" + wsdl.Namespace + "']/code/.."); e != nil && e.Tag == "fault" {
		of := func(name string) string {
			if c := e.SelectElement(name); c != nil {
				return c.Text()
			}
			return ""
		}
		fault = &consoleFault{of("code"), of("message"), of("field"), of("reference")}
	}
	d.Indent(2)
	text, err := d.WriteToString()
	if err != nil {
		return string(body), fault
	}
	return text, fault
}

// explained is what a fault's code means, in words; empty for a code that is new to these pages.
func (f consoleFault) explained(ctx context.Context) string {
	for _, code := range faultCodes {
		if string(code) == f.Code {
			return T(ctx, "integration.fault."+f.Code)
		}
	}
	return ""
}

// chosenAs is the account of the form.
func (p consolePage) chosenAs(a access.ServiceAccountRow) bool {
	return p.Account != nil && a.Membership.ID == p.Account.Membership.ID
}

// exampleAddress is the console with the example of what is chosen.
func (p consolePage) exampleAddress(ctx context.Context) string {
	return query(at(ctx, "integration", "console"), "operation", p.Operation.Name, "account", p.accountID(), "version", p.version())
}

// consoleAddress is the console with an operation and an account chosen.
func (p integrationPage) consoleAddress(ctx context.Context) string {
	return query(at(ctx, "integration", "console"), "operation", p.Operation.Name, "account", p.accountID(), "kind", p.Kind)
}

// version is the version of SOAP that is chosen.
func (p consolePage) version() string {
	if p.Twelve {
		return "1.2"
	}
	return "1.1"
}
