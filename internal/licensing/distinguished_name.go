package licensing

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"strconv"
	"strings"
)

// The types of attributes by the names that toolkits have for them, beside their numbers.
var attributeTypes = map[string]asn1.ObjectIdentifier{
	"CN": {2, 5, 4, 3}, "SN": {2, 5, 4, 4}, "SURNAME": {2, 5, 4, 4}, "SERIALNUMBER": {2, 5, 4, 5}, "C": {2, 5, 4, 6}, "L": {2, 5, 4, 7},
	"ST": {2, 5, 4, 8}, "S": {2, 5, 4, 8}, "STREET": {2, 5, 4, 9}, "O": {2, 5, 4, 10}, "OU": {2, 5, 4, 11}, "T": {2, 5, 4, 12}, "TITLE": {2, 5, 4, 12},
	"DESCRIPTION": {2, 5, 4, 13}, "BUSINESSCATEGORY": {2, 5, 4, 15}, "POSTALCODE": {2, 5, 4, 17}, "PHONE": {2, 5, 4, 20}, "TELEPHONENUMBER": {2, 5, 4, 20},
	"NAME": {2, 5, 4, 41}, "G": {2, 5, 4, 42}, "GN": {2, 5, 4, 42}, "GIVENNAME": {2, 5, 4, 42}, "I": {2, 5, 4, 43}, "INITIALS": {2, 5, 4, 43},
	"GENERATION": {2, 5, 4, 44}, "GENERATIONQUALIFIER": {2, 5, 4, 44}, "DNQ": {2, 5, 4, 46}, "DNQUALIFIER": {2, 5, 4, 46},
	"PSEUDONYM": {2, 5, 4, 65}, "ORGANIZATIONIDENTIFIER": {2, 5, 4, 97},
	"UID": {0, 9, 2342, 19200300, 100, 1, 1}, "DC": {0, 9, 2342, 19200300, 100, 1, 25},
	"E": {1, 2, 840, 113549, 1, 9, 1}, "EMAIL": {1, 2, 840, 113549, 1, 9, 1}, "EMAILADDRESS": {1, 2, 840, 113549, 1, 9, 1},
}

// attributeType reads a name of a type, or its number.
func attributeType(written string) (asn1.ObjectIdentifier, bool) {
	written = strings.ToUpper(written)
	if id, ok := attributeTypes[written]; ok {
		return id, true
	}
	const most = 20 // arcs; those in use have up to a dozen
	arcs := strings.SplitN(strings.TrimPrefix(written, "OID."), ".", most+1)
	if len(arcs) < 2 || len(arcs) > most {
		return nil, false
	}
	id := make(asn1.ObjectIdentifier, len(arcs))
	for i, arc := range arcs {
		n, err := strconv.ParseUint(arc, 10, 31)
		if err != nil {
			return nil, false
		}
		id[i] = int(n)
	}
	return id, true
}

// attribute is one of a distinguished name, in the one form by which it is compared. It stays as it is: the names that are kept
// of certificates are made of it.
func attribute(id asn1.ObjectIdentifier, value string) string {
	return pkix.RDNSequence{{{Type: id, Value: value}}}.String()
}

// nameReader reads a distinguished name as RFC 4514, RFC 2253 or RFC 1779 write it, or as .NET does: values are escaped, in
// quotes (a quote in them escaped or doubled), or # and what DER makes of them in hex.
type nameReader struct {
	left string
}

const nameSpaces = " \t\r\n"

// attributes reads all of a name; false when it is none.
func (r nameReader) attributes() (all []string, ok bool) {
	if r.space(); r.left == "" {
		return nil, true
	}
	for {
		kind, rest, ok := strings.Cut(r.left, "=")
		kind = strings.Trim(kind, nameSpaces)
		if !ok || kind == "" || strings.ContainsAny(kind, `,;+"\`) {
			return nil, false
		}
		r.left = rest
		value, der, ok := r.value()
		if !ok {
			return nil, false
		}
		id, known := attributeType(kind)
		switch {
		case !known || der && !decoded(&value):
			all = append(all, strings.ToUpper(kind)+"="+value) // of no certificate that is registered
		default:
			all = append(all, attribute(id, value))
		}
		if r.left == "" {
			return all, true
		}
		r.left = r.left[1:] // what parts them
	}
}

func (r *nameReader) space() { r.left = strings.TrimLeft(r.left, nameSpaces) }

// ends reports whether a value ends here.
func (r *nameReader) ends() bool { return r.left == "" || strings.IndexByte(",;+", r.left[0]) >= 0 }

// value reads up to what parts attributes. der says that it is # and hex, as written.
func (r *nameReader) value() (value string, der, ok bool) {
	r.space()
	var b strings.Builder
	if strings.HasPrefix(r.left, `"`) {
		if !r.quoted(&b) {
			return "", false, false
		}
		r.space()
		return b.String(), false, r.ends()
	}
	der = strings.HasPrefix(r.left, "#")
	end := 0 // spaces after it are no part of the value, unless they are escaped
	for !r.ends() {
		plain := strings.IndexByte(nameSpaces, r.left[0]) >= 0
		r.one(&b)
		if !plain {
			end = b.Len()
		}
	}
	return b.String()[:end], der, true
}

// quoted reads a value in quotes.
func (r *nameReader) quoted(b *strings.Builder) bool {
	for r.left = r.left[1:]; r.left != ""; {
		switch {
		case strings.HasPrefix(r.left, `""`):
			b.WriteByte('"')
			r.left = r.left[2:]
		case r.left[0] == '"':
			r.left = r.left[1:]
			return true
		default:
			r.one(b)
		}
	}
	return false
}

// one reads a byte, which may be escaped. A backslash that escapes nothing stands for itself: not all toolkits escape it.
func (r *nameReader) one(b *strings.Builder) {
	if r.left[0] == '\\' && len(r.left) > 1 {
		if len(r.left) > 2 {
			if pair, err := hex.DecodeString(r.left[1:3]); err == nil {
				b.Write(pair)
				r.left = r.left[3:]
				return
			}
		}
		if strings.IndexByte(` "#+,;<=>\`, r.left[1]) >= 0 {
			b.WriteByte(r.left[1])
			r.left = r.left[2:]
			return
		}
	}
	b.WriteByte(r.left[0])
	r.left = r.left[1:]
}

// decoded puts the text in place of # and hex; false when there is none in it.
func decoded(value *string) bool {
	der, err := hex.DecodeString((*value)[1:])
	if err != nil {
		return false
	}
	var held any
	if rest, err := asn1.Unmarshal(der, &held); err != nil || len(rest) > 0 {
		return false
	}
	text, ok := held.(string)
	if ok {
		*value = text
	}
	return ok
}
