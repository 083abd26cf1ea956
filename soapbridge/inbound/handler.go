package inbound

import (
	"context"
	"crypto"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"

	"kontor/internal/catalog"
	"kontor/internal/connecting"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
	"kontor/wsdl"
)

// Path is where the handler wants to be mounted: POST for the operations, GET for the contracts.
const Path = "/soap/v1"

// Config is what the operator sets.
type Config struct {
	// PublicURL is how callers reach the portal, without Path: https://licenses.example.com.
	PublicURL string
	// Proxies are the addresses whose X-Forwarded-For and X-Forwarded-Proto count.
	Proxies []netip.Prefix
	// ProxyCertificates says that the proxies tell the caller's TLS certificate in Client-Cert (RFC 9440), and take off
	// what callers say there themselves.
	ProxyCertificates bool
	// BodyTimeout bounds how long the body of a request may take to arrive; 0: 30 seconds.
	BodyTimeout time.Duration
	// Wall is the clock that credentials are held against; nil: time.Now.
	Wall func() time.Time
	// Log gets a record for each fault, with its reference; nil: slog.Default.
	Log *slog.Logger
	// Calls gets every call that was answered; nil: no log of calls is kept.
	Calls Calls
	// Malformed is how many bytes a minute are read from one network of messages that are refused before credentials are looked
	// at, each counted as 1 KB at least; 0: 60 MB. To read these takes a core some seconds at most, whatever they are.
	Malformed int
	// Stop is closed when the server is about to stop: answers that are held back are sent at once then. Nil: never.
	Stop <-chan struct{}
	// Pause holds back the answers of a sandbox that is slow, until the context ends; nil: by the time of the machine, and
	// until Stop.
	Pause func(ctx context.Context, d time.Duration)
}

// Access is what the face needs of access.Service.
type Access interface {
	// Service finds a service account by its name and holds its secret against check. Unknown names and wrong
	// secrets get the same error.
	Service(ctx context.Context, name, remote string, check func(secret []byte) bool) (licensing.Actor, error)
	// ServiceByCertificate finds a service account by a certificate of that name for which check is true: that the caller
	// has its key. Unknown certificates and wrong keys get the same error.
	ServiceByCertificate(ctx context.Context, name licensing.CertificateName, remote string, check func(key crypto.PublicKey) bool) (licensing.Actor, error)
	// Named finds the service account that a refused login named, by the name that was sent or by a certificate; the zero value
	// when it named none.
	Named(ctx context.Context, name string, certificate licensing.CertificateName, remote string) (licensing.NamedAccount, error)
	// UseNonce remembers a nonce until it expires; unauthenticated when it was used before.
	UseNonce(ctx context.Context, nonce string, expires time.Time) error
	// UseSandbox reports whether a request of the actor is to be answered as his sandbox says, and counts it.
	UseSandbox(ctx context.Context, actor licensing.Actor) (bool, error)
}

// Catalog is what the face needs of catalog.Service.
type Catalog interface {
	Offers(ctx context.Context, actor licensing.Actor, group, category string) ([]catalog.CategoryOffers, error)
}

// Ordering is what the face needs of ordering.Service.
type Ordering interface {
	CreateLicense(ctx context.Context, actor licensing.Actor, requestID string, in ordering.CreateLicense) (out ordering.Created, replayed bool, err error)
	CreateOrder(ctx context.Context, actor licensing.Actor, requestID string, in ordering.CreateOrder) (out ordering.CreatedOrder, replayed bool, err error)
	License(ctx context.Context, actor licensing.Actor, ticket string) (licensing.License, error)
	Order(ctx context.Context, actor licensing.Actor, number string) (licensing.Order, error)
	FindLicenses(ctx context.Context, actor licensing.Actor, in ordering.FindLicenses) (ordering.Found, error)
	ModifyLicense(ctx context.Context, actor licensing.Actor, requestID string, in ordering.ModifyLicense) (out ordering.Changed, replayed bool, err error)
	// ChangeState suspends, revokes or reinstates.
	ChangeState(ctx context.Context, actor licensing.Actor, requestID string, change licensing.StateChange, in ordering.ChangeState) (out ordering.Changed, replayed bool, err error)
	ReportDocument(ctx context.Context, actor licensing.Actor, requestID string, in ordering.ReportDocument) (out ordering.Reported, replayed bool, err error)
	Now(ctx context.Context) (licensing.Moment, error)
}

// Subscriptions is what the face needs of subscriptions.Service.
type Subscriptions interface {
	Subscription(ctx context.Context, actor licensing.Actor, ticket string) (licensing.Subscription, error)
	Cancel(ctx context.Context, actor licensing.Actor, requestID string, in subscriptions.Cancel) (out subscriptions.Cancelled, replayed bool, err error)
	Withdraw(ctx context.Context, actor licensing.Actor, requestID string, in subscriptions.Withdraw) (out subscriptions.Withdrawn, replayed bool, err error)
}

// Feed is what the face needs of connecting.Service.
type Feed interface {
	ListChanges(ctx context.Context, actor licensing.Actor, in connecting.ListChanges) (connecting.Changes, error)
}

// handler answers the requests.
type handler struct {
	config   Config
	access   Access
	services services
	types    map[xml.Name]*contentType // of the operations' requests
	wsdl11   []byte
	wsdl12   []byte
	brake    *brake
	late     late
}

// New returns the SOAP face. It fails when the embedded contract and the operations do not fit together.
func New(config Config, access Access, catalog Catalog, ordering Ordering, subscriptions Subscriptions, feed Feed) (http.Handler, error) {
	if config.BodyTimeout == 0 {
		config.BodyTimeout = 30 * time.Second
	}
	if config.Wall == nil {
		config.Wall = time.Now
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	if config.Pause == nil {
		config.Pause = func(ctx context.Context, d time.Duration) { pause(ctx, config.Stop, d) }
	}
	if config.Malformed == 0 {
		config.Malformed = 60 << 20
	}
	h := &handler{config: config, access: access, brake: &brake{most: config.Malformed, wall: config.Wall}, services: services{catalog, ordering, subscriptions, feed}}
	address := strings.TrimSuffix(config.PublicURL, "/") + Path
	var err error
	if h.wsdl11, err = wsdl.At(wsdl.License, address); err != nil {
		return nil, err
	}
	if h.wsdl12, err = wsdl.At(wsdl.License12, address); err != nil {
		return nil, err
	}
	if h.types, err = requestTypes(wsdl.License, operations); err != nil {
		return nil, err
	}
	return h, nil
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPost:
		h.post(w, r)
	case http.MethodGet, http.MethodHead:
		h.contract(w, r)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "Send SOAP requests by POST.", http.StatusMethodNotAllowed)
	}
}

// contract hands out the WSDL, or says what this address is.
func (h *handler) contract(w http.ResponseWriter, r *http.Request) {
	keys := map[string]bool{}
	for key := range r.URL.Query() {
		keys[strings.ToLower(key)] = true
	}
	switch {
	case keys["wsdl"]:
		sendContract(w, r, h.wsdl11)
	case keys["wsdl12"]:
		sendContract(w, r, h.wsdl12)
	default:
		send(w, r, http.StatusOK, "text/plain", []byte(
			"This is the SOAP service of Kontor. Its contract is at ?wsdl (SOAP 1.1) and ?wsdl12 (SOAP 1.2).\n"))
	}
}

// exchange is what is known of a request on its way. A fault says it to the caller, or to the log.
type exchange struct {
	version   *version
	now       time.Time // by the wall clock
	stamped   bool      // the caller sent a Timestamp and wants one back
	operation string
	account   string
	remote    string
	document  []byte // in UTF-8, of a signed message; else nil

	addressing *addressing // nil when the caller sent none

	asked  bool // credentials were looked at, and a signature was right
	staged bool // the fault is one that a sandbox has chosen
	lost   bool // a sandbox has chosen that the connection is closed instead of an answer
	late   bool // a sandbox has chosen that the answer is held back; it has a place among those

	// The following is for the log of calls.
	begun     time.Time // by a clock that nobody sets
	reference string
	size      int             // of the envelope, in bytes
	sent      int             // of the body as it came, in bytes: more than size where a zip holds little
	root      *element        // nil while it is none
	request   *element        // nil while it is none
	security  *security       // nil when there is none
	actor     licensing.Actor // of nobody while it is not known
	shown     licensing.Error // what the fault says
}

// post carries out one request and answers it, with a fault when anything goes wrong.
func (h *handler) post(w http.ResponseWriter, r *http.Request) {
	x := &exchange{version: expectedVersion(r), now: h.config.Wall(), remote: peerOf(r, h.config.Proxies).String(), begun: time.Now(), reference: newReference()}
	answer, err := h.carryOut(w, r, x)
	status := http.StatusOK
	if err != nil {
		answer, status = h.fault(r.Context(), x, err)
		if after := x.shown.RetryAfter(); after != "" {
			w.Header().Set("Retry-After", after)
		}
	}
	if x.lost {
		h.keep(h.recorded(r, x, answer, 0, err))
		panic(http.ErrAbortHandler) // there is no other way to close a connection without an answer
	}
	body, unwritten := answer.WriteToBytes()
	if unwritten != nil {
		h.late.leave(x)
		h.config.Log.ErrorContext(r.Context(), "soap answer not written", "error", unwritten)
		http.Error(w, "Something went wrong on our side.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	if x.late {
		h.sendLate(w, r, x, h.recorded(r, x, answer, len(body), err), status, body)
		return
	}
	send(w, r, status, x.version.mediaType, body)
	if h.config.Calls != nil {
		_ = http.NewResponseController(w).Flush() // before the envelopes are copied; what cannot flush sends when the handler returns
		h.keep(h.recorded(r, x, answer, len(body), err))
	}
}

// carryOut takes a request through all that stands before its operation, and then the operation. There is no answer where a
// sandbox closes the connection before anything is done.
func (h *handler) carryOut(w http.ResponseWriter, r *http.Request, x *exchange) (answer *etree.Document, failed error) {
	defer func() {
		if p := recover(); p != nil {
			failed = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if _, ours := letIn(r.Context()); !ours {
		of, err := h.braked(r, x)
		if err != nil {
			return nil, err
		}
		defer func() {
			if failed != nil && x.nobodys(failed) {
				h.brake.count(of, x.work())
			}
		}()
	}
	root, err := h.receive(w, r, x)
	if err != nil {
		return nil, err
	}
	x.root = root
	v := versionOf(root)
	if v == nil {
		return nil, errVersion
	}
	x.version = v
	env, err := open(root, v)
	x.stamped, x.addressing, x.security, x.request = env.security != nil && env.security.timestamp != nil, env.addressing, env.security, env.request
	if err != nil {
		return nil, err
	}
	name := xml.Name{Space: env.request.space, Local: env.request.name}
	op := operations[name]
	if op == nil {
		return nil, h.attributed(r, x, root, env, unknownOperation(name))
	}
	x.operation = name.Local
	if err := checkActions(r.Header, env.addressing, name.Local); err != nil {
		return nil, h.attributed(r, x, root, env, err)
	}
	if err := check(env.request, h.types[name], ""); err != nil {
		return nil, h.attributed(r, x, root, env, err)
	}
	actor, err := h.authenticate(r.Context(), r, x, root, env)
	if err != nil {
		return nil, err
	}
	x.account, x.actor = actor.Email, actor
	if h.config.Calls != nil {
		if err := h.config.Calls.Admit(r.Context(), actor); err != nil {
			return nil, err
		}
	}
	if err := actor.MayCall(name.Local); err != nil {
		return nil, err
	}
	chosen, err := h.stage(r.Context(), x, actor)
	if err != nil {
		return nil, err
	}
	x.lost = chosen == licensing.SandboxLost || chosen == licensing.SandboxClosed
	if chosen == licensing.SandboxClosed {
		return nil, nil
	}
	if chosen == licensing.SandboxSlow {
		if err := h.late.enter(x); err != nil {
			return nil, err
		}
	}
	answer, body := newAnswer(x, name.Local+"Response")
	response := body.CreateElement(name.Local + "Response")
	response.CreateAttr("xmlns", wsdl.Namespace)
	return answer, op(r.Context(), h.services, actor, env.request, response)
}

func unknownOperation(name xml.Name) error {
	var names []string
	for n := range operations {
		names = append(names, n.Local)
	}
	slices.Sort(names)
	return licensing.InvalidRequest(name.Local, "There is no operation %s in namespace %q. In %s there are: %s.",
		name.Local, clip(name.Space), wsdl.Namespace, strings.Join(names, ", "))
}
