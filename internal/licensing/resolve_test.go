package licensing_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// design is an offer with a parameter of every kind.
var design = licensing.Offer{
	Product: licensing.Product{Parameters: []licensing.Parameter{
		{Name: "seats", Type: "number", Sets: licensing.SetsSeats},
		{Name: "edition", Type: "selection", Sets: licensing.SetsText},
		{Name: "days", Type: "number", Sets: licensing.SetsDays},
		{Name: "licensee", Type: "text", Sets: licensing.SetsText},
		{Name: "until", Type: "date", Sets: licensing.SetsUntil},
	}},
	Rules: map[string]licensing.Rule{
		"seats":    {Minimum: "1", Maximum: "50", Step: "1"},
		"edition":  {Options: options("standard", "pro"), Default: new("standard")},
		"days":     {Fixed: new("30")},
		"licensee": {Optional: true, MaxLength: 200},
		"until":    {Optional: true},
	},
}

// values makes values of "name=value".
func values(pairs ...string) (all []licensing.Value) {
	for _, p := range pairs {
		name, value, _ := strings.Cut(p, "=")
		all = append(all, licensing.Value{Name: name, Value: value})
	}
	return all
}

func TestResolveParameters(t *testing.T) {
	tooLong := strings.Repeat("n", licensing.MaxValueNameLength+1)
	for _, c := range []struct {
		name     string
		given    []licensing.Value
		want     []licensing.Value
		problems []string // "field: a part of the sentence"
	}{
		{"only what is required", values("seats=5"), values("seats=5", "edition=standard", "days=30"), nil},
		{
			"everything, in another order and form",
			values("until=2026-12-31", "licensee= Ann ", "days=30.0", "edition=pro", "seats=+05"),
			values("seats=5", "edition=pro", "days=30", "licensee=Ann", "until=2026-12-31"), nil,
		},
		{
			"empty is left out",
			values("seats=5", "edition=", "days= ", "licensee=  ", "until="),
			values("seats=5", "edition=standard", "days=30"), nil,
		},
		{"required and left out", nil, values("edition=standard", "days=30"), []string{"seats: Enter 1 to 50."}},
		{"required and empty", values("seats= "), values("edition=standard", "days=30"), []string{"seats: Enter 1 to 50."}},
		{"another than the fixed", values("seats=1", "days=60"), values("seats=1", "edition=standard"), []string{"days: This is fixed at 30"}},
		{
			"all problems at once, unknown names first",
			values("edition=gold", "color=red", "licensee=a\x00", "seats=51", "until=soon"), values("days=30"),
			[]string{
				"color: There is no such parameter. There are: seats, edition, days, licensee, until.", "seats: Enter 1 to 50.",
				"edition: Choose standard or pro.", "licensee: Enter one line of text.", "until: Enter a day",
			},
		},
		{"names have one case", values("seats=1", "Edition=pro"), values("seats=1", "edition=standard", "days=30"), []string{"Edition: There is no such"}},
		{"twice", values("seats=1", "seats=1"), values("seats=1", "edition=standard", "days=30"), []string{"seats: This parameter stands twice."}},
		{
			"names that cannot be shown", values("seats=1", "=x", "a\nb=x", "\xff=x", tooLong+"=x"),
			values("seats=1", "edition=standard", "days=30"), slices.Repeat([]string{"parameters: A parameter has a name of 1 to 100 characters"}, 4),
		},
		{"too many", slices.Repeat(values("seats=1"), licensing.MaxValues+1), nil, []string{"parameters: Enter at most 100 values."}},
		{"until after a hundred years", values("seats=1", "until=9999-12-31"), values("seats=1", "edition=standard", "days=30"), []string{"until: Choose a day from 2026-11-21 to"}},
		{"until before it begins", values("seats=1", "until=2026-11-20"), values("seats=1", "edition=standard", "days=30"), []string{"until: Choose a day from 2026-11-21 to"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := licensing.ResolveParameters(design, c.given, day("2026-11-21"))
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			checkProblems(t, err, licensing.CodeInvalidParameter, c.problems)
		})
	}
}

// What sets seats or days is a whole number also where the rule forgot to say so.
func TestResolveHoldsEffects(t *testing.T) {
	offer := licensing.Offer{Product: licensing.Product{Parameters: []licensing.Parameter{
		{Name: "seats", Type: "number", Sets: licensing.SetsSeats}, {Name: "days", Type: "number", Sets: licensing.SetsDays},
	}}}
	for _, c := range []struct {
		given    []licensing.Value
		problems []string
	}{
		{values("seats=1000000000", "days=36500"), nil},
		{values("seats=1.5", "days=0"), []string{"seats: Enter a whole number from 1 to 1000000000.", "days: Enter a whole number from 1 to 36500."}},
		{values("seats=1000000001", "days=36501"), []string{"seats: Enter a whole", "days: Enter a whole"}},
	} {
		_, err := licensing.ResolveParameters(offer, c.given, day("2026-11-21"))
		checkProblems(t, err, licensing.CodeInvalidParameter, c.problems)
	}
}

func TestResolveDataFields(t *testing.T) {
	fields := []licensing.DataField{
		{Name: "externalOrder", Type: "text", Rule: licensing.Rule{Optional: true, MaxLength: 40}},
		{Name: "costCenter", Type: "number", Rule: licensing.Rule{Optional: true}, Hidden: true},
	}
	got, err := licensing.ResolveDataFields(fields, values("costCenter=4.50", "externalOrder=NW-88213"), day("2026-11-21"))
	if want := values("externalOrder=NW-88213", "costCenter=4.5"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	_, err = licensing.ResolveDataFields(fields, values("seats=1", "=1"), day("2026-11-21"))
	checkProblems(t, err, licensing.CodeInvalidParameter, []string{"seats: There is no such data field.", "dataFields: A data field has a name"})
	_, err = licensing.ResolveDataFields(nil, values("seats=1"), day("2026-11-21"))
	checkProblems(t, err, licensing.CodeInvalidParameter, []string{"seats: There is no such data field; there are none here."})
}

// A broken offer is an internal error, not a problem of the input.
func TestResolveBrokenOffer(t *testing.T) {
	offer := licensing.Offer{Product: licensing.Product{Parameters: []licensing.Parameter{{Name: "color", Type: "color"}}}}
	_, err := licensing.ResolveParameters(offer, nil, day("2026-11-21"))
	if e := licensing.AsError(err); e == nil || e.Code != licensing.CodeInternal {
		t.Errorf("unknown type: got %v, want an internal error", err)
	}
	offer.Product.Parameters[0].Type = "selection" // without options
	_, err = licensing.ResolveParameters(offer, nil, day("2026-11-21"))
	if e := licensing.AsError(err); e == nil || e.Code != licensing.CodeInternal {
		t.Errorf("no options: got %v, want an internal error", err)
	}
}

// What was resolved resolves to itself, and the order in which it was given does not matter.
func TestResolveIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var given []licensing.Value
		for name, draw := range map[string]func(*rapid.T) string{
			"seats": drawNumber, "edition": drawOption, "licensee": drawText, "until": drawDateText,
		} {
			given = append(given, licensing.Value{Name: name, Value: draw(t)})
		}
		today := drawDay(t, "today")
		resolved, err := licensing.ResolveParameters(design, given, today)
		slices.Reverse(given)
		other, otherErr := licensing.ResolveParameters(design, given, today)
		if !reflect.DeepEqual(resolved, other) || !reflect.DeepEqual(err, otherErr) {
			t.Fatalf("another order gives %v, %v instead of %v, %v", other, otherErr, resolved, err)
		}
		if err != nil {
			return
		}
		if again, err := licensing.ResolveParameters(design, resolved, today); err != nil || !reflect.DeepEqual(again, resolved) {
			t.Fatalf("%v becomes %v, %v", resolved, again, err)
		}
	})
}

// checkProblems wants Problems of one code: those given as "field: a part of the sentence", in order, and no others.
func checkProblems(t *testing.T, err error, code licensing.Code, want []string) {
	t.Helper()
	var problems licensing.Problems
	if err != nil && !errors.As(err, &problems) {
		t.Fatalf("got %v, want problems", err)
	}
	ok := len(problems) == len(want)
	for i := 0; ok && i < len(want); i++ {
		field, says, _ := strings.Cut(want[i], ": ")
		p := problems[i]
		ok = p.Code == code && p.Field == field && strings.Contains(p.Message, says) && strings.HasSuffix(p.Message, ".")
	}
	if !ok {
		var got []string
		for _, p := range problems {
			got = append(got, string(p.Code)+" "+p.Field+": "+p.Message)
		}
		t.Errorf("got problems\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
