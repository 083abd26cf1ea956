package usecasetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got returns a value, and ends the test on an error.
func got[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// same compares what came with what is wanted.
func same(t interface {
	Helper()
	Errorf(format string, args ...any)
}, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// refused expects an error with a code and a field, and a sentence for a person.
func refused(t testing.TB, what string, err error, code licensing.Code, field string) {
	t.Helper()
	var e *licensing.Error
	if !errors.As(err, &e) {
		t.Errorf("%s: got the error %v, want code %s", what, err, code)
		return
	}
	if e.Code != code || e.Field != field || e.Message == "" {
		t.Errorf("%s: got code %s, field %q, %q; want code %s, field %q", what, e.Code, e.Field, e.Message, code, field)
	}
}

// unchanged expects that fn writes no row anywhere.
func unchanged(t testing.TB, h *house, what string, fn func()) {
	t.Helper()
	before := h.rows(t)
	fn()
	if diff := cmp.Diff(before, h.rows(t)); diff != "" {
		t.Errorf("%s wrote rows (-before +after):\n%s", what, diff)
	}
}

func day(year int, month time.Month, date int) licensing.Day {
	return licensing.Day{Year: year, Month: month, Date: date}
}

// values makes parameters or data fields of name and value in turn.
func values(pairs ...string) (all []licensing.Value) {
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, licensing.Value{Name: pairs[i], Value: pairs[i+1]})
	}
	return all
}

// bright is the customer of most tests.
var bright = licensing.Customer{Number: "C-1", Name: "Bright Studio", Email: "office@bright.example", Country: "DE", Language: "de"}

// The inputs that create each of the demo's products.
func design() ordering.CreateLicense {
	return ordering.CreateLicense{
		Category: "partner", Product: "AUR-DESIGN", Customer: bright, Parameters: values("seats", "5", "edition", "pro"), DataFields: values("externalOrderNumber", "PO-4711"),
	}
}

// charged is a period with its price: units of the demo's subscriptions, all in euros.
func charged(p licensing.Period, units, total int64) licensing.Period {
	p.Units, p.Amount = units, euros(total)
	return p
}

func suite() ordering.CreateLicense {
	return ordering.CreateLicense{Category: "partner", Product: "AUR-SUITE", Customer: bright, Parameters: values("seats", "10")}
}

func care() ordering.CreateLicense {
	return ordering.CreateLicense{Category: "partner", Product: "AUR-CARE", Customer: bright, Parameters: values("seats", "1")}
}

func trial() ordering.CreateLicense {
	return ordering.CreateLicense{Category: "partner", Product: "AUR-DESIGN-DEMO", Customer: bright}
}

func event() ordering.CreateLicense {
	return ordering.CreateLicense{Category: "partner", Product: "AUR-DESIGN-EVENT", Customer: bright, Parameters: values("until", "2026-12-21")}
}

// with is an input with a change.
func with(in ordering.CreateLicense, change func(*ordering.CreateLicense)) ordering.CreateLicense {
	change(&in)
	return in
}

// create carries out what has to succeed.
func (h *house) create(t testing.TB, actor licensing.Actor, in ordering.CreateLicense) ordering.Created {
	t.Helper()
	out, replayed, err := h.ordering.CreateLicense(t.Context(), actor, licensing.NewID(), in)
	must(t, err)
	if replayed {
		t.Error("a new request is said to be replayed")
	}
	return out
}

// order is an order as its creator reads it.
func (h *house) order(t testing.TB, actor licensing.Actor, number string) licensing.Order {
	t.Helper()
	return got[licensing.Order](t)(h.ordering.Order(t.Context(), actor, number))
}

// license is a license as an ISV admin reads it.
func (h *house) license(t testing.TB, id licensing.LicenseID) licensing.License {
	t.Helper()
	return got[licensing.License](t)(h.ordering.LicenseByID(t.Context(), h.isv(t), id))
}

// inNorthwind is a subscription that somebody above creates for Northwind.
func inNorthwind() ordering.CreateLicense {
	return with(suite(), func(in *ordering.CreateLicense) { in.Group = "northwind" })
}
