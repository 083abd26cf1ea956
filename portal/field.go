package portal

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/licensing"
)

// field is one field of a form, ready to be drawn.
type field struct {
	Control  control
	Name     string // in the form: "parameter.seats", "dataField.reference", "customer.email"
	Label    string
	Hint     string // range, unit, meaning; in one line
	Value    string // what was typed, or what the rule proposes
	Optional bool
	Options  []licensing.Option
	Limits   licensing.Limits // what the browser checks while one types; the server decides
	Wrong    string           // what the browser says when it finds the value outside the limits
	Error    string           // what the server said
	Fixed    string           // of a locked field: the value in words
	Category string           // of a locked field: whose rule it is
	Stays    string           // of a locked field: says why instead, when it is not the rule's
	Length   int              // how long a text may be
	Narrow   bool             // for values of a few characters
	Upper    bool             // letters are turned to upper case, also while one types
	Lit      bool             // in the offer's editor: what is not saved yet touches it
	Apart    bool             // in the offer's editor: it is looked at, and left out by the tabulator
}

// control is how a field is drawn.
type control string

// The controls.
const (
	controlText   control = "text"
	controlNumber control = "number"
	controlRadios control = "radios"
	controlSelect control = "select"
	controlDate   control = "date"
	controlLocked control = "locked"
	controlArea   control = "area"  // text of several lines
	controlColor  control = "color" // "#rrggbb", typed or picked
	controlEmail  control = "email"
	controlSecret control = "password"
)

// mostRadios is how many options stand side by side; more are a list to open.
const mostRadios = 4

// ID is the field's id in the document; an error in the summary leads there.
func (f field) ID() string { return "f-" + f.Name }

// controls makes the control of each parameter type. A type that is not here is typed in as text, and the server
// says what it thinks of it.
var controls = map[string]func(context.Context, *field, licensing.Parameter, licensing.Day){
	"text":      textControl,
	"number":    numberControl,
	"selection": selectionControl,
	"date":      dateControl,
	"yesno":     yesNoControl,
}

// parameterField makes the field of a parameter or data field by its rule.
func parameterField(ctx context.Context, prefix string, p licensing.Parameter, r licensing.Rule, category string, today licensing.Day, form url.Values) field {
	f := field{
		Control: controlText, Name: prefix + p.Name, Label: p.LabelIn(r, languageOf(ctx)), Optional: r.Optional,
		Limits: limitsOf(p.Type, r, today), Category: category,
	}
	p.Help = p.HelpIn(r, languageOf(ctx))
	f.Hint = p.Help
	if r.Fixed != nil {
		f.Control, f.Value, f.Fixed = controlLocked, *r.Fixed, valueShort(ctx, p, r, *r.Fixed)
		f.Hint = sentences(r.ReasonIn(languageOf(ctx)), p.Help)
		if p.Unit != "" {
			f.Fixed += " " + p.Unit
		}
		return f
	}
	f.Value = proposed(p, r)
	if form.Has(f.Name) {
		f.Value = form.Get(f.Name)
	}
	if make, ok := controls[p.Type]; ok {
		make(ctx, &f, p, today)
	}
	return f
}

// proposed is what stands in a field before anybody typed: the rule's default, and for seats the fewest.
func proposed(p licensing.Parameter, r licensing.Rule) string {
	switch {
	case r.Default != nil:
		return *r.Default
	case p.Sets == licensing.SetsSeats && !r.Optional:
		return r.Minimum
	default:
		return ""
	}
}

func textControl(ctx context.Context, f *field, p licensing.Parameter, _ licensing.Day) {
	f.Length = f.Limits.MaxLength
	if f.Length == 0 {
		f.Length = licensing.MaxTextLength
	}
	f.Narrow, f.Upper = f.Length <= 20, f.Limits.Upper
	length := T(ctx, "field.upTo", "Count", f.Length)
	if f.Limits.MinLength > 1 {
		length = T(ctx, "field.characters", "Min", f.Limits.MinLength, "Max", f.Length)
	}
	f.Wrong = T(ctx, "field.wrongLength", "Max", f.Length)
	if f.Limits.MaxLength > 0 && f.Limits.MaxLength < licensing.MaxTextLength || f.Limits.MinLength > 1 {
		f.Hint = sentences(p.Help, length)
	}
}

func numberControl(ctx context.Context, f *field, p licensing.Parameter, _ licensing.Day) {
	f.Control, f.Narrow = controlNumber, true
	text := numberRange(ctx, f.Limits, unitOf(ctx, p))
	if f.Limits.Step != "" && f.Limits.Step != "1" {
		text = T(ctx, "field.steps", "Range", text, "Step", f.Limits.Step)
	}
	f.Wrong = T(ctx, "field.wrongNumber", "Range", numberRange(ctx, f.Limits, ""))
	if text != "" {
		f.Hint = sentences(capital(text), p.Help)
	}
}

func yesNoControl(ctx context.Context, f *field, _ licensing.Parameter, _ licensing.Day) {
	f.Control = controlRadios
	for _, value := range []string{"yes", "no"} {
		f.Options = append(f.Options, licensing.Option{Value: value, Label: T(ctx, "field."+value)})
	}
}

func selectionControl(ctx context.Context, f *field, _ licensing.Parameter, _ licensing.Day) {
	for _, o := range f.Limits.Options {
		f.Options = append(f.Options, licensing.Option{Value: o.Value, Label: o.LabelIn(languageOf(ctx))})
	}
	f.Control = controlRadios
	if len(f.Options) > mostRadios {
		f.Control = controlSelect
	}
}

func dateControl(ctx context.Context, f *field, p licensing.Parameter, today licensing.Day) {
	f.Control = controlDate
	first, errFirst := licensing.ParseDay(f.Limits.Minimum)
	last, errLast := licensing.ParseDay(f.Limits.Maximum)
	from := dayOrToday(ctx, first, today)
	switch {
	case errFirst == nil && errLast == nil:
		f.Hint = sentences(T(ctx, "field.dayRange", "First", capital(from), "Last", weekdayHint(ctx, last), "Count", today.DaysUntil(last)), p.Help)
		f.Wrong = T(ctx, "field.wrongDay", "First", from, "Last", weekdayHint(ctx, last))
	case errLast == nil:
		f.Hint = sentences(T(ctx, "field.dayUpTo", "Last", weekdayHint(ctx, last)), p.Help)
		f.Wrong = T(ctx, "field.wrongDayUpTo", "Last", weekdayHint(ctx, last))
	case errFirst == nil:
		f.Hint = sentences(T(ctx, "field.dayFrom", "First", from), p.Help)
		f.Wrong = T(ctx, "field.wrongDayFrom", "First", from)
	}
}

// dayOrToday is "today", or the day with its weekday.
func dayOrToday(ctx context.Context, d, today licensing.Day) string {
	if d == today {
		return T(ctx, "date.today")
	}
	return weekdayHint(ctx, d)
}

// sentences joins texts that are not empty into sentences.
func sentences(texts ...string) string {
	joined := ""
	for _, t := range texts {
		if t == "" {
			continue
		}
		if joined != "" {
			if last := joined[len(joined)-1]; last != '.' && last != '?' {
				joined += "."
			}
			joined += " "
		}
		joined += t
	}
	return joined
}

// quantityField is how many licenses a line has. Where a parameter sets the seats, each of them has that many, and a ticket of
// its own.
func quantityField(ctx context.Context, p licensing.Product, form url.Values) field {
	label, hint := "new.quantity", "new.quantityHint"
	if hasSeats(p) {
		label, hint = "new.licenses", "new.licensesHint"
	}
	value := "1"
	if form.Has("quantity") {
		value = form.Get("quantity")
	}
	limits := licensing.Limits{Minimum: "1", Maximum: strconv.Itoa(licensing.MaxQuantity), Step: "1"}
	return field{
		Control: controlNumber, Name: "quantity", Label: T(ctx, label), Value: value, Narrow: true, Limits: limits,
		Hint: T(ctx, hint, "Max", number(licensing.MaxQuantity)), Wrong: T(ctx, "field.wrongNumber", "Range", numberRange(ctx, limits, "")),
	}
}

// described ties a control to its hint, or to what is wrong with it.
func described(f field) templ.Attributes {
	attributes := templ.Attributes{}
	switch {
	case f.Error != "":
		attributes["aria-describedby"], attributes["aria-invalid"] = f.ID()+"-e", "true"
	case f.Hint != "":
		attributes["aria-describedby"] = f.ID() + "-h"
	}
	if f.Apart {
		attributes["tabindex"] = "-1"
	}
	return attributes
}

// keyboardFor is the phone's keyboard: digits, with a point only where the steps have one.
func keyboardFor(f field) string {
	if strings.Contains(f.Limits.Step+f.Limits.Minimum, ".") || f.Limits.Step == "" {
		return "decimal"
	}
	return "numeric"
}

// describedGroup is described for a group of choices, which is never left out by the tabulator itself.
func describedGroup(f field) templ.Attributes {
	f.Apart = false
	return described(f)
}

// apart leaves a choice out by the tabulator, where the field is only looked at.
func apart(f field) templ.Attributes {
	if !f.Apart {
		return nil
	}
	return templ.Attributes{"tabindex": "-1"}
}

// houseColor is what a picker of colors begins with: the portal's own.
const houseColor = "#0e4a57"

// colorOr is a color for a picker, which knows none but "#rrggbb".
func colorOr(text string) string {
	if len(text) != len(houseColor) || text[0] != '#' {
		return houseColor
	}
	return text
}
