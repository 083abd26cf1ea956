package licensing_test

import (
	"testing"

	"kontor/internal/licensing"
)

// TestOwnLimits holds who may set which limit of an account, and what holds of it.
func TestOwnLimits(t *testing.T) {
	own := func(n int) *licensing.OwnLimit { return &licensing.OwnLimit{N: n} }
	firm := func(n int) *licensing.OwnLimit { return &licensing.OwnLimit{N: n, Firm: true} }
	for name, c := range map[string]struct {
		before, to *licensing.OwnLimit
		house      int
		isv        bool
		want       *licensing.OwnLimit // what is kept
		refused    bool
		holds      int
	}{
		"the default":                         {house: 60, holds: 60},
		"back to the default":                 {before: own(30), house: 60, holds: 60},
		"back to the default, by the ISV":     {before: firm(10), isv: true, holds: 0},
		"back from a firm one":                {before: firm(10), refused: true},
		"back from a firm one above":          {before: firm(600), house: 60, refused: true},
		"back from no limit":                  {before: firm(0), house: 60, holds: 60},
		"none where the ISV set one":          {before: firm(10), to: own(0), refused: true},
		"as the ISV set it, where none is":    {before: firm(10), to: own(10), want: firm(10), holds: 10},
		"lower than firm, where none is":      {before: firm(10), to: own(9), want: firm(9), holds: 9},
		"none, by the ISV that set one":       {before: firm(10), to: own(0), isv: true, want: firm(0), holds: 0},
		"lower":                               {to: own(30), house: 60, want: own(30), holds: 30},
		"as the default":                      {to: own(60), house: 60, want: own(60), holds: 60},
		"higher":                              {to: own(61), house: 60, refused: true},
		"none":                                {to: own(0), house: 60, refused: true},
		"none where there is none":            {to: own(0), want: own(0), holds: 0},
		"one where there is none":             {to: own(1_000), want: own(1_000), holds: 1_000},
		"firm by nobody's right":              {to: firm(61), house: 60, refused: true},
		"not firm by nobody's right":          {to: firm(30), house: 60, want: own(30), holds: 30},
		"higher, by the ISV":                  {to: own(600), house: 60, isv: true, want: firm(600), holds: 600},
		"none, by the ISV":                    {to: own(0), house: 60, isv: true, want: firm(0), holds: 0},
		"lower, by the ISV":                   {to: own(30), house: 60, isv: true, want: firm(30), holds: 30},
		"as the ISV set it":                   {before: firm(600), to: own(600), house: 60, want: firm(600), holds: 600},
		"no limit, as the ISV set it":         {before: firm(0), to: own(0), house: 60, want: firm(0), holds: 0},
		"below what the ISV set":              {before: firm(600), to: own(500), house: 60, want: firm(500), holds: 500},
		"a limit where the ISV set none":      {before: firm(0), to: own(500), house: 60, want: firm(500), holds: 500},
		"above what the ISV set":              {before: firm(600), to: own(601), house: 60, refused: true},
		"above a low one that the ISV set":    {before: firm(30), to: own(40), house: 60, refused: true},
		"as it was, the default is lower now": {before: own(80), to: own(80), house: 60, want: own(80), holds: 60},
		"the same, now by the ISV":            {before: own(80), to: own(80), house: 60, isv: true, want: firm(80), holds: 80},
		"no more by the ISV than it was":      {before: own(30), to: own(30), house: 60, isv: true, want: own(30), holds: 30},
		"below nothing":                       {to: own(-1), house: 60, isv: true, refused: true},
		"too much":                            {to: own(licensing.MaxLimit + 1), isv: true, refused: true},
	} {
		house := licensing.CallLimits{PerMinute: 7, PerDay: c.house, Licenses: 9}
		got, err := licensing.OwnLimits{PerDay: c.to}.Settle(licensing.OwnLimits{PerDay: c.before}, house, c.isv)
		if c.refused {
			if e := licensing.AsError(err); e == nil || e.Field != "callsPerDay" {
				t.Errorf("%s: %v, want a problem of callsPerDay", name, err)
			}
			continue
		}
		if err != nil || (got.PerDay == nil) != (c.want == nil) || got.PerDay != nil && *got.PerDay != *c.want {
			t.Errorf("%s: %+v %v, want %+v", name, got.PerDay, err, c.want)
		}
		actor := licensing.Actor{Allowance: &licensing.Allowance{Limits: got}}
		if limits := actor.Limits(house); limits != (licensing.CallLimits{PerMinute: 7, PerDay: c.holds, Licenses: 9}) {
			t.Errorf("%s: %+v hold, want %d", name, limits, c.holds)
		}
		if got.PerDay.Holds(c.house) && got.PerDay.Text(c.house) == "" {
			t.Errorf("%s: the history does not name it", name)
		}
	}
}
