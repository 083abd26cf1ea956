package inbound

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/wsdl"
)

// callersFault is the table of the codes that a fault may carry, and whether the caller can do something about it:
// then the fault is a Client's or Sender's, else a Server's or Receiver's.
var callersFault = map[licensing.Code]bool{
	licensing.CodeInvalidParameter: true,
	licensing.CodeInvalidRequest:   true,
	licensing.CodeUnauthenticated:  true,
	licensing.CodeDenied:           true,
	licensing.CodeNotFound:         true,
	licensing.CodeRequestIDReused:  true,
	licensing.CodeConflict:         true,
	licensing.CodeExhausted:        true,
	licensing.CodeTooLarge:         true,
	licensing.CodeUnavailable:      false,
	licensing.CodeInternal:         false,
}

// maxShown is how many bytes of a message and of a field's name a fault shows: what they quote of the caller's may be of any length.
const maxShown = 1000

// maxNotUnderstood and maxShownNamespace bound what a fault names of the headers that are not understood: how many, and those whose
// namespaces have so many bytes.
const (
	maxNotUnderstood  = 20
	maxShownNamespace = 500
)

// errVersion says that the root is no envelope of a version that we know.
var errVersion = licensing.InvalidRequest("Envelope", "Send an Envelope in the namespace %s (SOAP 1.1) or %s (SOAP 1.2).",
	soap11.namespace, soap12.namespace)

// fault answers an error and writes it to the log. Of an internal error the caller sees the reference only.
func (h *handler) fault(ctx context.Context, x *exchange, err error) (*etree.Document, int) {
	shown := *licensing.AsError(err)
	callers, known := callersFault[shown.Code]
	if !known || shown.Code == licensing.CodeInternal && !x.staged {
		shown = licensing.Error{Code: licensing.CodeInternal, Message: "Something went wrong on our side. Name the reference when you ask us about it."}
	}
	if shown.Line > 0 {
		shown.Message = fmt.Sprintf("Line %d: %s", shown.Line, shown.Message)
	}
	shown.Field, shown.Message = cut(shown.Field, maxShown), cut(shown.Message, maxShown)
	x.shown = shown
	h.logFault(ctx, x, shown, x.reference, err)

	code, status := faultCode(x.version, callers, err)
	answer, body := newAnswer(x, "")
	var unknown *mustUnderstandError
	if errors.As(err, &unknown) && x.version == soap12 {
		addNotUnderstood(answer.Root(), unknown)
	}
	if errors.Is(err, errVersion) {
		addUpgrade(answer.Root())
	}
	addFault(body.CreateElement("soap:Fault"), x, code)
	return answer, status
}

// faultCode returns the code that SOAP itself has for a fault, and its HTTP status.
func faultCode(v *version, callers bool, err error) (string, int) {
	var unknown *mustUnderstandError
	switch {
	case errors.As(err, &unknown):
		return "soap:MustUnderstand", v.faultStatus(false)
	case errors.Is(err, errVersion):
		return "soap:VersionMismatch", v.faultStatus(false)
	case callers && v == soap12:
		return "soap:Sender", v.faultStatus(true)
	case callers:
		return "soap:Client", v.faultStatus(true)
	case v == soap12:
		return "soap:Receiver", v.faultStatus(false)
	}
	return "soap:Server", v.faultStatus(false)
}

// addFault writes what x shows of an error.
func addFault(fault *etree.Element, x *exchange, code string) {
	var detail *etree.Element
	e := x.shown
	if x.version == soap12 {
		codes := fault.CreateElement("soap:Code")
		add(codes, "soap:Value", code)
		x.addressing.addSubcodes(codes)
		text := fault.CreateElement("soap:Reason").CreateElement("soap:Text")
		text.CreateAttr("xml:lang", "en")
		text.SetText(sentence(e))
		detail = fault.CreateElement("soap:Detail")
	} else {
		add(fault, "faultcode", code)
		add(fault, "faultstring", sentence(e))
		detail = fault.CreateElement("detail")
	}
	f := detail.CreateElement("fault")
	f.CreateAttr("xmlns", wsdl.Namespace)
	add(f, "code", string(e.Code))
	add(f, "message", e.Message)
	addOptional(f, "field", e.Field)
	add(f, "reference", x.reference)
}

// sentence is what somebody reads who sees the fault and not its detail.
func sentence(e licensing.Error) string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + ": " + e.Message
}

// addNotUnderstood names the headers, as SOAP 1.2 wants it.
func addNotUnderstood(env *etree.Element, unknown *mustUnderstandError) {
	header := headerOf(env)
	for _, name := range unknown.headers[:min(len(unknown.headers), maxNotUnderstood)] {
		if len(name.Space) > maxShownNamespace {
			continue
		}
		e := header.CreateElement("soap:NotUnderstood")
		qname := name.Local // in no namespace: a prefix cannot stand for that
		if name.Space != "" {
			e.CreateAttr("xmlns:x", name.Space)
			qname = "x:" + name.Local
		}
		e.CreateAttr("qname", qname)
	}
}

// addUpgrade names the envelopes that are read, the best first, as SOAP 1.2 wants it, also in answers of SOAP 1.1.
func addUpgrade(env *etree.Element) {
	upgrade := headerOf(env).CreateElement("u:Upgrade")
	upgrade.CreateAttr("xmlns:u", soap12.namespace)
	for _, v := range []*version{soap12, soap11} {
		e := upgrade.CreateElement("u:SupportedEnvelope")
		e.CreateAttr("xmlns:e", v.namespace)
		e.CreateAttr("qname", "e:Envelope")
	}
}

// headerOf returns the Header of an answer, which it adds where there is none.
func headerOf(env *etree.Element) *etree.Element {
	header := env.SelectElement("Header")
	if header == nil {
		header = etree.NewElement("soap:Header")
		env.InsertChildAt(0, header)
	}
	return header
}

// newReference names one call in its fault and in the logs. It tells nothing.
func newReference() string { return rand.Text()[:12] }

// logFault records what a reference stands for. What the caller sent is not in it, apart from the field's name.
func (h *handler) logFault(ctx context.Context, x *exchange, shown licensing.Error, reference string, err error) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("reference", reference),
		slog.String("code", string(shown.Code)),
		slog.String("field", shown.Field),
		slog.String("operation", x.operation),
		slog.String("account", x.account),
		slog.String("remote", x.remote),
	}
	if !callersFault[shown.Code] && !x.staged {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", fmt.Sprint(err)))
	}
	h.config.Log.LogAttrs(ctx, level, "soap fault", attrs...)
}
