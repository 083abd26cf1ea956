package inbound

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"

	"kontor/internal/catalog"
	"kontor/internal/connecting"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// FuzzGate sends anything as anything. What the gate lets pass is the same document when it is written in another way; what it
// takes for that is bounded by how long it is.
func FuzzGate(f *testing.F) {
	for file, request := range goldenRequests(f) {
		f.Add([]byte(request), mediaTypeOf(file), false)
	}
	valid := soapEnvelope("", createLicenseBody("", ""))
	f.Add([]byte(zipped(valid)), "text/xml; charset=utf-8", true)
	f.Add([]byte(inUTF16(valid)), "text/xml", false)
	f.Add([]byte("<?xml version='1.0' encoding='latin1'?><a>\xe9&#xe9;</a>"), "application/soap+xml; charset=iso-8859-1", false)
	for _, a := range append(documentAttacks("http://127.0.0.1/"), writingAttacks()...) {
		if len(a.envelope) < 4096 {
			f.Add([]byte(a.envelope), "text/xml", false)
		}
	}
	h := newFace(f, Config{}).Handler.(*handler)
	f.Fuzz(func(t *testing.T, body []byte, contentType string, packed bool) {
		r := newRequest(contentType, string(body))
		limit := uint64(1<<20 + 64*len(body))
		if packed {
			r.Header.Set("Content-Encoding", "gzip")
			limit = maxAllocated
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		document, err := h.gated(r)
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > limit {
			t.Errorf("%d bytes were allocated for %d", allocated, len(body))
		}
		var ours *licensing.Error
		if err != nil {
			if !errors.As(err, &ours) || ours.Code == licensing.CodeInternal {
				t.Errorf("%v", err)
			}
			return
		}
		again, err := parse([]byte(rewritten(document)))
		if beyondLimits(err) {
			return
		}
		if err != nil || !reflect.DeepEqual(document, again) {
			t.Errorf("%v: written again it is %s", err, rewritten(document))
		}
	})
}

// FuzzUsernameToken reads anything as a Security header. What is accepted says the same when it is written in another way, and
// proves one secret, if any: that which the profile's formula gives.
func FuzzUsernameToken(f *testing.F) {
	created := at(0)
	stamp := timestampXML(created, at(time.Minute))
	for _, token := range []string{
		usernameTokenXML(accountName, accountSecret, passwordText, ""),
		digestToken(accountSecret, "0123456789abcdef", created),
		stamp + digestToken(accountSecret, "01234567", "2026-11-21t09:30:00z"),
		usernameTokenXML(" a ", "<![CDATA[&#13;]]>&#13;", "", ""),
		usernameTokenXML("a", "b", passwordDigest, digestParts("QUFBQUFBQUE=", created)+digestParts("QkJCQkJCQkI=", at(time.Second))),
		usernameTokenXML("a", "b", "urn:other", "") + stamp + stamp,
	} {
		f.Add([]byte(strings.ReplaceAll(securityHeader(token), "s:must", "must")), accountSecret)
	}
	f.Fuzz(func(t *testing.T, header []byte, secret string) {
		e, err := parse(header)
		if err != nil {
			return
		}
		s, err := readSecurity(e)
		if err != nil {
			return
		}
		e, err = parse([]byte(rewritten(e)))
		if beyondLimits(err) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if again, err := readSecurity(e); err != nil || !reflect.DeepEqual(s, again) {
			t.Errorf("%v: %+v became %+v", err, s, again)
		}
		if s.token != nil {
			checkToken(t, s.token, secret)
		}
	})
}

func checkToken(t *testing.T, token *usernameToken, secret string) {
	t.Helper()
	proof := secret
	given := token.password
	if token.digest {
		sum := sha1.Sum([]byte(string(token.nonce) + token.written + secret))
		proof = base64.StdEncoding.EncodeToString(sum[:])
		given = strings.NewReplacer("\r", "", "\n", "").Replace(trim(token.password)) // which base64 passes over
		if len(token.nonce) < minNonce || len(token.nonce) > maxNonce || token.created.IsZero() && !strings.HasPrefix(token.written, "0001-01-01") {
			t.Errorf("a digest without its parts: %+v", token)
		}
	}
	if token.name == "" || token.name != trim(token.name) {
		t.Errorf("the name is %q", token.name)
	}
	if got := token.matches([]byte(secret)); got != (given == proof) && !sameBase64(given, proof) {
		t.Errorf("%+v proves %q: %t", token, secret, got)
	}
	proved := *token
	proved.password = proof
	if !proved.matches([]byte(secret)) || proved.matches([]byte(secret+"x")) {
		t.Errorf("%+v does not prove %q, or more than that", proved, secret)
	}
}

// sameBase64 tells that two texts are of the same bytes: the last character has bits that do not count.
func sameBase64(a, b string) bool {
	x, err := base64.StdEncoding.DecodeString(a)
	y, err2 := base64.StdEncoding.DecodeString(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

// FuzzOperation puts anything into the Body. What the schema of an operation lets pass reaches the use case as the same value
// when it is written in another way: by other prefixes, in the other version, in UTF-16 and zipped.
func FuzzOperation(f *testing.F) {
	seeded := map[string]bool{}
	for _, request := range goldenRequests(f) {
		root, err := parse([]byte(request))
		if err != nil {
			f.Fatal(err)
		}
		env, err := open(root, versionOf(root))
		if err != nil {
			f.Fatal(err)
		}
		seeded[env.request.name] = true
		f.Add([]byte(rewritten(env.request)))
	}
	for name := range operations {
		if !seeded[name.Local] {
			f.Errorf("%s has no golden request", name.Local)
		}
	}
	h := newFace(f, Config{}).Handler.(*handler)
	f.Fuzz(func(t *testing.T, body []byte) {
		root, err := parse([]byte(soapEnvelope("", string(body))))
		if err != nil {
			return
		}
		request, got := h.decoded(root)
		if request == nil {
			return
		}
		envelope := in12(soapEnvelope("", rewritten(request)))
		r := newRequest(soap12.mediaType, zipped(inUTF16(envelope)))
		r.Header.Set("Content-Encoding", "gzip")
		root, err = h.gated(r)
		if beyondLimits(err) {
			return
		}
		if err != nil {
			t.Fatalf("%v: %s", err, envelope)
		}
		if _, again := h.decoded(root); !reflect.DeepEqual(got, again) {
			t.Errorf("(-once +again): %s", cmp.Diff(fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", again)))
		}
	})
}

// gated takes a request through the gate alone.
func (h *handler) gated(r *http.Request) (*element, error) {
	return h.receive(httptest.NewRecorder(), r, &exchange{})
}

// decoded takes a document up to its use case, and returns the request and what the use case was given; nil when it did not get
// there.
func (h *handler) decoded(root *element) (*element, []any) {
	v := versionOf(root)
	if v == nil {
		return nil, nil
	}
	env, err := open(root, v)
	if err != nil {
		return nil, nil
	}
	name := xml.Name{Space: env.request.space, Local: env.request.name}
	op := operations[name]
	if op == nil || check(env.request, h.types[name], "") != nil {
		return nil, nil
	}
	var given noter
	_ = op(context.Background(), services{&given, &given, &given, &given}, licensing.Actor{}, env.request, etree.NewElement("answer"))
	if given.got == nil {
		return nil, nil
	}
	return env.request, given.got
}

// beyondLimits tells of an error that says how much is read at most: another writing of the same is longer.
func beyondLimits(err error) bool { return err != nil && strings.Contains(err.Error(), "at most") }

// rewritten writes an element in another way: a prefix of its own for each namespace, its texts before its elements, and every
// character of XML by its number.
func rewritten(e *element) string {
	var b strings.Builder
	b.WriteString("<")
	declared := []string{}
	name := func(space, local string) string {
		switch space {
		case "":
			return local
		case xmlNamespace:
			return "xml:" + local
		}
		i := slices.Index(declared, space)
		if i < 0 {
			i = len(declared)
			declared = append(declared, space)
		}
		return fmt.Sprintf("n%d:%s", i, local)
	}
	tag := name(e.space, e.name)
	b.WriteString(tag)
	for _, a := range e.attrs {
		fmt.Fprintf(&b, ` %s="`, name(a.space, a.name))
		_ = xml.EscapeText(&b, []byte(a.value)) // a builder takes everything
		b.WriteString(`"`)
	}
	for i, space := range declared {
		fmt.Fprintf(&b, ` xmlns:n%d="`, i)
		_ = xml.EscapeText(&b, []byte(space))
		b.WriteString(`"`)
	}
	b.WriteString(">")
	_ = xml.EscapeText(&b, []byte(e.text))
	for _, c := range e.children {
		b.WriteString(rewritten(c))
	}
	b.WriteString("</" + tag + ">")
	return b.String()
}

// noter stands for every use case, and notes what it is given.
type noter struct{ got []any }

var errRecorded = errors.New("noted")

func (r *noter) note(given ...any) error {
	r.got = append(r.got, given...)
	return errRecorded
}

func (r *noter) Offers(_ context.Context, _ licensing.Actor, group, category string) ([]catalog.CategoryOffers, error) {
	return nil, r.note("offers", group, category)
}

func (r *noter) CreateLicense(_ context.Context, _ licensing.Actor, requestID string, in ordering.CreateLicense) (ordering.Created, bool, error) {
	return ordering.Created{}, false, r.note(requestID, in)
}

func (r *noter) CreateOrder(_ context.Context, _ licensing.Actor, requestID string, in ordering.CreateOrder) (ordering.CreatedOrder, bool, error) {
	return ordering.CreatedOrder{}, false, r.note(requestID, in)
}

func (r *noter) License(_ context.Context, _ licensing.Actor, ticket string) (licensing.License, error) {
	return licensing.License{}, r.note("license", ticket)
}

func (r *noter) Order(_ context.Context, _ licensing.Actor, number string) (licensing.Order, error) {
	return licensing.Order{}, r.note("order", number)
}

func (r *noter) FindLicenses(_ context.Context, _ licensing.Actor, in ordering.FindLicenses) (ordering.Found, error) {
	return ordering.Found{}, r.note(in)
}

func (r *noter) ModifyLicense(_ context.Context, _ licensing.Actor, requestID string, in ordering.ModifyLicense) (ordering.Changed, bool, error) {
	return ordering.Changed{}, false, r.note(requestID, in)
}

func (r *noter) ChangeState(_ context.Context, _ licensing.Actor, requestID string, change licensing.StateChange, in ordering.ChangeState) (ordering.Changed, bool, error) {
	return ordering.Changed{}, false, r.note(requestID, change, in)
}

func (r *noter) ReportDocument(_ context.Context, _ licensing.Actor, requestID string, in ordering.ReportDocument) (ordering.Reported, bool, error) {
	return ordering.Reported{}, false, r.note(requestID, in)
}

func (r *noter) Now(context.Context) (licensing.Moment, error) { return licensing.Moment{}, nil }

func (r *noter) Subscription(_ context.Context, _ licensing.Actor, ticket string) (licensing.Subscription, error) {
	return licensing.Subscription{}, r.note("subscription", ticket)
}

func (r *noter) Cancel(_ context.Context, _ licensing.Actor, requestID string, in subscriptions.Cancel) (subscriptions.Cancelled, bool, error) {
	return subscriptions.Cancelled{}, false, r.note(requestID, in)
}

func (r *noter) Withdraw(_ context.Context, _ licensing.Actor, requestID string, in subscriptions.Withdraw) (subscriptions.Withdrawn, bool, error) {
	return subscriptions.Withdrawn{}, false, r.note(requestID, in)
}

func (r *noter) ListChanges(_ context.Context, _ licensing.Actor, in connecting.ListChanges) (connecting.Changes, error) {
	return connecting.Changes{}, r.note(in)
}
