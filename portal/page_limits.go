package portal

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"kontor/internal/calls"
	"kontor/internal/licensing"
)

// accountLimit is one limit of a service account: the field of a form that asks for it, what stands before it, and how to
// find it.
type accountLimit struct {
	field string // in the form, and in what licensing says is wrong with it
	label string
	here  string // how much of it is used
	of    func(licensing.CallLimits) int
	used  func(licensing.CallUse) int
	own   func(*licensing.OwnLimits) **licensing.OwnLimit
}

var accountLimits = []accountLimit{
	{"callsPerMinute", "use.perMinute", "use.usedMinute", func(l licensing.CallLimits) int { return l.PerMinute }, func(u licensing.CallUse) int { return u.InMinute },
		func(o *licensing.OwnLimits) **licensing.OwnLimit { return &o.PerMinute }},
	{"callsPerDay", "use.perDay", "use.usedDay", func(l licensing.CallLimits) int { return l.PerDay }, func(u licensing.CallUse) int { return u.InDay },
		func(o *licensing.OwnLimits) **licensing.OwnLimit { return &o.PerDay }},
	{"licensesPerDay", "use.licenses", "use.usedLicenses", func(l licensing.CallLimits) int { return l.Licenses }, func(u licensing.CallUse) int { return u.Licenses },
		func(o *licensing.OwnLimits) **licensing.OwnLimit { return &o.Licenses }},
}

// limitFields are the fields of an account's limits, as the form has them.
func limitFields(ctx context.Context, form url.Values, house licensing.CallLimits, found problems) []field {
	isv := visitOf(ctx).actor.GroupIsISV
	all := make([]field, len(accountLimits))
	for i, l := range accountLimits {
		limits := licensing.Limits{Minimum: "0", Maximum: strconv.Itoa(licensing.MaxLimit), Step: "1"}
		hint := T(ctx, "limits.hintNone")
		switch n := l.of(house); {
		case n > 0 && isv:
			hint = T(ctx, "limits.hintISV", "N", number(n))
		case n > 0:
			hint = T(ctx, "limits.hint", "N", number(n))
		}
		all[i] = field{
			Control: controlNumber, Name: l.field, Label: T(ctx, l.label), Hint: hint, Value: form.Get(l.field), Error: found.byField[l.field], Optional: true, Narrow: true,
			Limits: limits, Wrong: T(ctx, "field.wrongNumber", "Range", T(ctx, "rule.range", "Min", 0, "Max", number(licensing.MaxLimit))),
		}
	}
	return all
}

// putLimits writes limits into a form.
func putLimits(form url.Values, o licensing.OwnLimits) {
	for _, l := range accountLimits {
		if own := *l.own(&o); own != nil {
			form.Set(l.field, strconv.Itoa(own.N))
		}
	}
}

// limitsIn are the limits in a form. What is no number is less than any, and refused with the others that are wrong.
func limitsIn(form url.Values) (o licensing.OwnLimits) {
	for _, l := range accountLimits {
		if text := strings.TrimSpace(form.Get(l.field)); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				n = -1
			}
			*l.own(&o) = &licensing.OwnLimit{N: n}
		}
	}
	return o
}

// heldLimit is a limit that holds, in words.
type heldLimit struct {
	Label, Text string
	Whose       string // that it is the default, or the account's own; "": nobody set one
	Used        string // how much of it is used; "": there is no limit
	N, Most     int    // the same as numbers
}

// heldLimits are the limits of an account that hold.
func heldLimits(ctx context.Context, own licensing.OwnLimits, house licensing.CallLimits, used licensing.CallUse) []heldLimit {
	all := make([]heldLimit, len(accountLimits))
	for i, l := range accountLimits {
		o, most := *l.own(&own), l.of(own.Over(house))
		h := heldLimit{Label: T(ctx, l.label), Text: limitText(ctx, most), N: l.used(used), Most: most}
		switch {
		case o.Holds(l.of(house)):
			h.Whose = T(ctx, "limits.own")
		case most > 0:
			h.Whose = T(ctx, "limits.default")
		}
		if most > 0 {
			h.Used = T(ctx, l.here, "N", number(h.N), "Most", number(most))
		}
		all[i] = h
	}
	return all
}

// heldIn are the limits that the page of an account's use shows.
func heldIn(ctx context.Context, u calls.Use) []heldLimit {
	return heldLimits(ctx, u.Own, u.House, u.Used)
}
