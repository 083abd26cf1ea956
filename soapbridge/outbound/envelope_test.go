package outbound

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/jacoelho/xsd"
	"pgregory.net/rapid"

	"kontor/internal/licensing"
	"kontor/soapbridge/outbound/xmltree"
	"kontor/wsdl"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestGoldenEnvelopes(t *testing.T) {
	schema := contractSchema(t)
	messages := sampleMessages()
	if len(messages) != len(operations) {
		t.Errorf("%d samples for %d kinds of messages", len(messages), len(operations))
	}
	for name, m := range messages {
		t.Run(name, func(t *testing.T) {
			operation, got, err := build(m)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".golden.xml")
			if *update {
				if err := os.WriteFile(file, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the envelope differs from %s; if that is meant, run with -update. Got:\n%s", file, got)
			}
			root, err := xmltree.Parse(got, maxDepth)
			if err != nil {
				t.Fatal(err)
			}
			body := xmltree.Child(root, soap11, "Body").ChildElements()
			if len(body) != 1 || !xmltree.Is(body[0], erpNamespace, operation) {
				t.Fatalf("the body is not one %s", operation)
			}
			if err := schema.Validate(context.Background(), bytes.NewReader(document(t, body[0]))); err != nil {
				t.Errorf("the body breaks the contract's schema: %v", err)
			}
		})
	}
}

// contractSchema compiles the schema that stands in the contract.
func contractSchema(t *testing.T) *xsd.Engine {
	t.Helper()
	root, err := xmltree.Parse(wsdl.DemoERP, maxDepth)
	if err != nil {
		t.Fatal(err)
	}
	schema := root.FindElement("./types/schema")
	for _, a := range root.Attr { // the prefixes that the schema uses
		if a.Space == "xmlns" {
			schema.CreateAttr(a.FullKey(), a.Value)
		}
	}
	engine, err := xsd.Compile(context.Background(), xsd.Bytes("erp.xsd", document(t, schema)))
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// document writes an element that declares its own namespaces as a document.
func document(t *testing.T, e *etree.Element) []byte {
	t.Helper()
	b, err := etree.NewDocumentWithRoot(e.Copy()).WriteToBytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Whatever text an order holds, either the envelope carries exactly that text or nothing is sent.
func TestTextArrivesExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a \t\r\n<>&\"']]>\x00\x1f\u0085\uFFFE😀")))).Draw(t, "value")
		if rapid.Bool().Draw(t, "cut") && value != "" {
			value = value[:len(value)-1] // may cut a rune in two
		}
		m := sampleMessages()["order_created"]
		m.Content.DataFields = []licensing.Value{{Name: "note", Value: value}}
		_, envelope, err := build(m)
		if !carried(value) {
			var e *licensing.Error
			if !errors.As(err, &e) || e.Kind != licensing.Invalid {
				t.Fatalf("%q was built, err %v; want it refused for good", value, err)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", value, err)
		}
		doc := etree.NewDocument()
		if err := doc.ReadFromBytes(envelope); err != nil {
			t.Fatal(err)
		}
		if got := doc.FindElement("//dataField/value").Text(); got != value {
			t.Fatalf("%q arrived as %q", value, got)
		}
	})
}

// carried is XML 1.0's production Char, written down naively.
func carried(s string) bool {
	if strings.ToValidUTF8(s, "") != s {
		return false
	}
	for _, r := range s {
		switch {
		case r == 0x9, r == 0xA, r == 0xD, 0x20 <= r && r <= 0xD7FF, 0xE000 <= r && r <= 0xFFFD, 0x10000 <= r:
		default:
			return false
		}
	}
	return true
}

func TestCannotBeBuilt(t *testing.T) {
	samples := sampleMessages()
	noPeriod := samples["subscription_ended"]
	noPeriod.Content.Period = nil
	unknownKind := samples["order_created"]
	unknownKind.Kind = "orderPainted"
	unknownCurrency := samples["order_created"]
	unknownCurrency.Content.Lines = []licensing.ContentLine{{Amount: &licensing.Money{Minor: 1, Currency: "XXQ"}}}
	for field, m := range map[string]licensing.Message{"period": noPeriod, "kind": unknownKind, "amount": unknownCurrency} {
		_, _, err := build(m)
		var e *licensing.Error
		if !errors.As(err, &e) || e.Kind != licensing.Invalid || e.Field != field {
			t.Errorf("%s: got %v, want an invalid one of that field", field, err)
		}
	}
}

func TestDecimal(t *testing.T) {
	for _, tt := range []struct {
		minor    int64
		currency string
		want     string
	}{
		{0, "EUR", "0.00"},
		{5, "EUR", "0.05"},
		{-5, "EUR", "-0.05"},
		{216000, "EUR", "2160.00"},
		{1500, "JPY", "1500"},
		{1, "KWD", "0.001"},
		{-123456, "KWD", "-123.456"},
		{math.MaxInt64, "EUR", "92233720368547758.07"},
		{math.MinInt64, "EUR", "-92233720368547758.08"},
	} {
		got, err := decimal(licensing.Money{Minor: tt.minor, Currency: tt.currency})
		if got != tt.want || err != nil {
			t.Errorf("decimal(%d %s) = %q, %v, want %q", tt.minor, tt.currency, got, err, tt.want)
		}
	}
	for _, c := range []string{"", "eur", "XYZ"} {
		if s, err := decimal(licensing.Money{Minor: 1, Currency: c}); err == nil {
			t.Errorf("currency %q gave %q", c, s)
		}
	}
}

func TestDecimalIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minor := rapid.Int64().Draw(t, "minor")
		scale := rapid.SampledFrom([]struct {
			currency string
			factor   int64
		}{{"EUR", 100}, {"JPY", 1}, {"KWD", 1000}}).Draw(t, "scale")
		s, err := decimal(licensing.Money{Minor: minor, Currency: scale.currency})
		if err != nil {
			t.Fatal(err)
		}
		got, ok := new(big.Rat).SetString(s)
		if !ok || got.Cmp(big.NewRat(minor, scale.factor)) != 0 {
			t.Fatalf("%d %s became %s", minor, scale.currency, s)
		}
	})
}

func TestDateTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for want, at := range map[string]time.Time{
		"2027-11-20T23:00:00Z":        time.Date(2027, 11, 21, 0, 0, 0, 0, berlin),
		"2027-06-30T22:00:00.000001Z": time.Date(2027, 7, 1, 0, 0, 0, 1000, berlin),
	} {
		if got := dateTime(at); got != want {
			t.Errorf("dateTime(%v) = %s, want %s", at, got, want)
		}
	}
}
