package examples

import (
	"fmt"
	"strings"

	"kontor/wsdl"
)

// part is an element with its value, or with what stands in it.
type part struct {
	name  string
	kind  string // the element's type; empty: it holds parts
	many  bool   // it may repeat, whether it does or not
	text  string
	parts []part
}

// fill makes the parts of a request. It fails for an element that is required and has no sample.
func fill(o wsdl.Operation, v Values) ([]part, error) {
	return filled(o.Name, o.Request, v, 0)
}

func filled(path string, elements []wsdl.Element, v Values, i int) (all []part, err error) {
	for _, e := range elements {
		here := path + "/" + e.Name
		n := 1
		if e.Many {
			if n = 0; times[here] != nil {
				n = times[here](v)
			}
			if n == 0 && !e.Optional {
				return nil, fmt.Errorf("no sample says how often %s stands", here)
			}
		}
		for k := range n {
			at := i
			if e.Many {
				at = k
			}
			p := part{name: e.Name, kind: e.Type, many: e.Many}
			if e.Type == "" {
				if e.Optional && !e.Many && !wanted(here) {
					break
				}
				if p.parts, err = filled(here, e.Elements, v, at); err != nil {
					return nil, err
				}
				if len(p.parts) == 0 && e.Optional {
					break
				}
			} else {
				s := find(here, e.Optional)
				if s == nil && e.Optional {
					break
				}
				if s == nil {
					return nil, fmt.Errorf("there is no sample for %s", here)
				}
				if p.text = s(v, at); p.text == "" && e.Optional {
					break
				}
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// wanted reports whether something below an element that may be left out has a sample of its own.
func wanted(path string) bool {
	for key := range samples {
		if strings.HasPrefix(key, path+"/") {
			return true
		}
	}
	for key := range times {
		if strings.HasPrefix(key, path+"/") {
			return true
		}
	}
	return false
}

// find returns the sample of an element: by its whole path, or where it is required by the end of it.
func find(path string, whole bool) sample {
	for {
		if s := samples[path]; s != nil || whole {
			return s
		}
		_, rest, more := strings.Cut(path, "/")
		if !more {
			return nil
		}
		path = rest
	}
}

// xml writes parts as elements without a prefix, each line after indent.
func writeXML(b *strings.Builder, indent string, parts []part) {
	for _, p := range parts {
		if p.kind != "" {
			b.WriteString(indent + "<" + p.name + ">" + xmlText.Replace(p.text) + "</" + p.name + ">\n")
			continue
		}
		b.WriteString(indent + "<" + p.name + ">\n")
		writeXML(b, indent+"  ", p.parts)
		b.WriteString(indent + "</" + p.name + ">\n")
	}
}

// xmlText escapes a value; it cannot end the text of which a shell or a program reads it either.
var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;", "\r", "&#13;", "\n", "&#10;")

// payload is what stands in the Body of an envelope.
func payload(o wsdl.Operation, parts []part, indent string) string {
	var b strings.Builder
	if len(parts) == 0 {
		return indent + "<" + o.Name + ` xmlns="` + wsdl.Namespace + "\"/>\n"
	}
	b.WriteString(indent + "<" + o.Name + ` xmlns="` + wsdl.Namespace + "\">\n")
	writeXML(&b, indent+"  ", parts)
	b.WriteString(indent + "</" + o.Name + ">\n")
	return b.String()
}

// The namespaces of envelopes.
const (
	soap11 = "http://schemas.xmlsoap.org/soap/envelope/"
	soap12 = "http://www.w3.org/2003/05/soap-envelope"
)

// Envelope writes the request of an operation, in SOAP 1.1 or 1.2, without credentials. It fails when a sample is missing.
func Envelope(o wsdl.Operation, v Values, twelve bool) (string, error) {
	parts, err := fill(o, v)
	if err != nil {
		return "", err
	}
	namespace := soap11
	if twelve {
		namespace = soap12
	}
	return `<Envelope xmlns="` + namespace + "\">\n  <Body>\n" + payload(o, parts, "    ") + "  </Body>\n</Envelope>\n", nil
}

// groups puts parts of one name that may repeat together, in the order of their first.
func groups(parts []part) (all [][]part) {
	at := map[string]int{}
	for _, p := range parts {
		if i, ok := at[p.name]; ok {
			all[i] = append(all[i], p)
			continue
		}
		at[p.name] = len(all)
		all = append(all, []part{p})
	}
	return all
}
