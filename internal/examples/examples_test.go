package examples

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"kontor/wsdl"
)

// hostile values have in them whatever could end a text of some language.
var hostile = Values{
	Endpoint: "https://licenses.example.com/soap/v1", Account: `o'b"\$(x)@shop.example`, RequestID: "trial-1", Group: "north",
	Category: `a<b>&"c"'d'\e`, Product: "P\nXML\n\"\"\"", Parameters: []Value{{"seats", "5"}, {"text", "`${x}` */ ''' \\"}}, DataFields: []Value{{"externalOrderNumber", "X-1"}},
}

func operations(t *testing.T) []wsdl.Operation {
	t.Helper()
	all, err := wsdl.Operations(wsdl.License)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestEveryOperationHasAnExample in every language, with all that it requires: a new one fails here until the table has
// samples for it.
func TestEveryOperationHasAnExample(t *testing.T) {
	for _, o := range operations(t) {
		for _, l := range Languages {
			text, err := Write(l.Code, o, hostile)
			if err != nil {
				t.Errorf("%s in %s: %v", o.Name, l.Name, err)
				continue
			}
			if !strings.Contains(text, o.Name) || !strings.Contains(text, hostile.Endpoint) || !strings.Contains(text, SecretVariable) {
				t.Errorf("%s in %s is not whole:\n%s", o.Name, l.Name, text)
			}
		}
	}
	if _, err := Write("cobol", operations(t)[0], hostile); err == nil {
		t.Error("there is an example in a language that there is not")
	}
}

// TestAMissingSampleFails shows that the test above can fail.
func TestAMissingSampleFails(t *testing.T) {
	o := wsdl.Operation{Name: "New", Request: []wsdl.Element{{Name: "unheardOf", Type: "string"}}}
	if text, err := Write("php", o, hostile); err == nil {
		t.Errorf("got %s", text)
	}
	o.Request = []wsdl.Element{{Name: "unheardOf", Type: "string", Many: true}}
	if text, err := Write("php", o, hostile); err == nil {
		t.Errorf("got %s", text)
	}
	o.Request = []wsdl.Element{{Name: "unheardOf", Type: "string", Optional: true}}
	if text, err := Write("php", o, hostile); err != nil || strings.Contains(text, "unheardOf") {
		t.Errorf("%v: %s", err, text)
	}
}

// TestEverySampleIsUsed holds the table against the contract: what it has for an operation is an element of it.
func TestEverySampleIsUsed(t *testing.T) {
	paths, names := map[string]bool{}, map[string]bool{}
	var walk func(path string, elements []wsdl.Element)
	walk = func(path string, elements []wsdl.Element) {
		for _, e := range elements {
			paths[path+"/"+e.Name] = true
			walk(path+"/"+e.Name, e.Elements)
		}
	}
	for _, o := range operations(t) {
		names[o.Name] = true
		walk(o.Name, o.Request)
	}
	var keys []string
	for key := range samples {
		keys = append(keys, key)
	}
	for key := range times {
		keys = append(keys, key)
	}
	for _, key := range keys {
		if operation, _, _ := strings.Cut(key, "/"); names[operation] && !paths[key] {
			t.Errorf("%s is no element of %s", key, operation)
		}
	}
}

// TestEnvelopes reads each envelope back as XML: what stands in it are the values, however they are written.
func TestEnvelopes(t *testing.T) {
	for _, o := range operations(t) {
		for _, twelve := range []bool{false, true} {
			text, err := Envelope(o, hostile, twelve)
			if err != nil {
				t.Fatal(err)
			}
			values := textsOf(t, text)
			if strings.Contains(text, "/soap-envelope") != twelve {
				t.Errorf("%s has the wrong version:\n%s", o.Name, text)
			}
			if o.Name == "CreateLicense" {
				for _, want := range []string{hostile.Category, hostile.Product, hostile.Parameters[1].Value, "X-1", "true", "north"} {
					if !slices.Contains(values, want) {
						t.Errorf("%q is not in %q", want, values)
					}
				}
			}
		}
	}
}

// textsOf are the texts of an XML document that have more in them than blanks.
func textsOf(t *testing.T, text string) (all []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if c, ok := token.(xml.CharData); ok && strings.TrimSpace(string(c)) != "" {
			all = append(all, string(c))
		}
	}
}

// TestPlaceholders stand where there is nothing better.
func TestPlaceholders(t *testing.T) {
	for _, o := range operations(t) {
		text, err := Envelope(o, Values{Endpoint: "http://x", RequestID: "r"}, false)
		if err != nil {
			t.Fatal(err)
		}
		if o.Has("ticket") && !strings.Contains(text, PlaceholderTicket) || o.Name == "GetOrder" && !strings.Contains(text, PlaceholderOrderNumber) {
			t.Errorf("%s has no placeholder:\n%s", o.Name, text)
		}
		if strings.Contains(text, "<group>") || strings.Contains(text, "<parameters>") {
			t.Errorf("what there is none of stands in %s:\n%s", o.Name, text)
		}
	}
}

// TestBracketsAreBalanced looks at examples with values that no test runs: outside of texts and comments, whatever opens closes.
func TestBracketsAreBalanced(t *testing.T) {
	for _, o := range operations(t) {
		for _, l := range []string{"java", "csharp", "node"} {
			text, err := Write(l, o, hostile)
			if err != nil {
				t.Fatal(err)
			}
			if wrong := unbalanced(text); wrong != "" {
				t.Errorf("%s in %s: %s\n%s", o.Name, l, wrong, text)
			}
		}
	}
	for _, text := range []string{`f("a)`, `f(]`, `f(`, `"""a`, "`a", `@"a""`} {
		if unbalanced(text) == "" {
			t.Errorf("%s is taken for balanced", text)
		}
	}
}

// unbalanced says what does not close, of Java, C# and JavaScript alike.
func unbalanced(text string) string {
	var open []byte
	closing := map[byte]byte{')': '(', ']': '[', '}': '{'}
	for i := 0; i < len(text); {
		rest := text[i:]
		switch {
		case strings.HasPrefix(rest, "//"):
			i += strings.IndexByte(rest+"\n", '\n')
		case strings.HasPrefix(rest, `"""`):
			end := strings.Index(rest[3:], `"""`)
			if end < 0 {
				return "a text block does not end"
			}
			i += end + 6
		case strings.HasPrefix(rest, `@"`):
			n := 2
			for n < len(rest) && (rest[n] != '"' || strings.HasPrefix(rest[n:], `""`)) {
				if rest[n] == '"' {
					n++
				}
				n++
			}
			if n >= len(rest) {
				return "a verbatim text does not end"
			}
			i += n + 1
		case rest[0] == '"' || rest[0] == '`':
			n := 1
			for n < len(rest) && rest[n] != rest[0] && (rest[n] != '\n' || rest[0] == '`') {
				if rest[n] == '\\' {
					n++
				}
				n++
			}
			if n >= len(rest) || rest[n] == '\n' && rest[0] == '"' {
				return "a text does not end"
			}
			i += n + 1
		case strings.IndexByte("([{", rest[0]) >= 0:
			open = append(open, rest[0])
			i++
		case closing[rest[0]] != 0:
			if len(open) == 0 || open[len(open)-1] != closing[rest[0]] {
				return "unexpected " + rest[:1]
			}
			open = open[:len(open)-1]
			i++
		default:
			i++
		}
	}
	if len(open) > 0 {
		return string(open) + " stays open"
	}
	return ""
}
