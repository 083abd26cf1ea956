package inbound

import (
	"encoding/xml"
	"slices"

	"kontor/internal/licensing"
)

// envelope is a request taken out of its wrapping.
type envelope struct {
	version    *version
	security   *security   // nil when it has no Security header for us
	addressing *addressing // nil when it has none of its headers for us
	headers    []*element
	body       *element
	request    *element // the one child of the body
}

// versionOf finds the version by the namespace of the root; nil when it is no SOAP envelope that we know.
func versionOf(root *element) *version {
	for _, v := range []*version{soap11, soap12} {
		if root.is(v.namespace, "Envelope") {
			return v
		}
	}
	return nil
}

// open takes an envelope apart: at most one Header, then exactly one Body with exactly one child. What it could read
// before it found something wrong is in the result, so that the fault can answer a Timestamp.
func open(root *element, v *version) (envelope, error) {
	env := envelope{version: v}
	parts := root.children
	if len(parts) > 0 && parts[0].is(v.namespace, "Header") {
		env.headers = parts[0].children
		if err := env.readHeaders(parts[0].children); err != nil {
			return env, err
		}
		parts = parts[1:]
	}
	switch {
	case len(parts) == 0 || !parts[0].is(v.namespace, "Body"):
		return env, licensing.InvalidRequest("Body", "The envelope holds a Header, which may be left out, and a Body.")
	case len(parts) > 1:
		return env, licensing.InvalidRequest(parts[1].name, "Nothing follows the Body: send one envelope with one Body for each request.")
	case len(parts[0].children) != 1:
		return env, licensing.InvalidRequest("Body", "The Body holds one element, the operation; there are %d.", len(parts[0].children))
	case trim(root.text) != "" || trim(parts[0].text) != "":
		return env, licensing.InvalidRequest("Body", "There is text beside the elements of the envelope.")
	}
	env.body, env.request = parts[0], parts[0].children[0]
	return env, nil
}

// readHeaders reads the headers that we know. Another that must be understood is refused, one for somebody else is not ours to
// judge.
func (env *envelope) readHeaders(headers []*element) (err error) {
	v := env.version
	var notUnderstood []xml.Name
	for _, h := range headers {
		if !slices.Contains(v.ourRoles, trim(h.attr(v.namespace, v.roleAttr))) {
			continue
		}
		said, there := h.lookup(v.namespace, "mustUnderstand")
		must, valid := parseBool(said)
		understood := h.is(wsse, "Security")
		switch {
		case there && !valid:
			return licensing.InvalidRequest(h.name, "The mustUnderstand of a header is 1 or 0, not %q.", clip(said))
		case understood && env.security != nil:
			return licensing.InvalidRequest("Security", "Send one Security header.")
		case understood:
			env.security, err = readSecurity(h)
		default:
			env.addressing, understood, err = readAddressing(env.addressing, h)
		}
		if err != nil {
			return err
		}
		if must && !understood {
			notUnderstood = append(notUnderstood, xml.Name{Space: h.space, Local: h.name})
		}
	}
	if notUnderstood != nil {
		return &mustUnderstandError{notUnderstood}
	}
	return nil
}

// mustUnderstandError says that the caller insists on headers that we do not know.
type mustUnderstandError struct {
	headers []xml.Name // at least one
}

func (e *mustUnderstandError) Error() string { return e.Unwrap().Error() }

// Unwrap returns what the detail of the fault says.
func (e *mustUnderstandError) Unwrap() error {
	return licensing.InvalidRequest(e.headers[0].Local, "The header %s in namespace %q is not understood here. Leave it out.",
		e.headers[0].Local, clip(e.headers[0].Space))
}
