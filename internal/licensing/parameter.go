package licensing

// Parameter is a named, typed value of a license that is set when it is ordered. It belongs to the product; what
// values are allowed, the rule of each offer says.
type Parameter struct {
	Name   string `json:"name"`
	Type   string `json:"type"`             // a ParameterType's name
	Label  string `json:"label"`            // in English
	Labels Texts  `json:"labels,omitempty"` // in other languages
	Help   string `json:"help,omitempty"`   // in English
	Helps  Texts  `json:"helps,omitempty"`  // in other languages
	Unit   string `json:"unit,omitempty"`   // of a number: "seats", "GB"
	Sets   Effect `json:"sets"`
	// Options are the values that the product knows, of a selection; an offer's options are among them. None: the
	// offers say which there are.
	Options []Option `json:"options,omitempty"`
	// Features are the bits that each value sets, with Sets SetsFeatures: by option, or by "yes" and "no".
	Features map[string][]Feature `json:"features,omitempty"`
	// Particular is which of the customer's particulars the value is, with Sets SetsCustomer: "name", "company" and so
	// on, as in Customer's JSON.
	Particular string `json:"particular,omitempty"`
}

// Value is a parameter or data field with its value in the type's lexical form.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ValueOf returns the value called name, and whether there is one.
func ValueOf(values []Value, name string) (string, bool) {
	for _, v := range values {
		if v.Name == name {
			return v.Value, true
		}
	}
	return "", false
}

// Option is one value of a selection.
type Option struct {
	Value  string `json:"value"`
	Label  string `json:"label"` // in English
	Labels Texts  `json:"labels,omitempty"`
}

// LabelIn returns the option's label in a language; its value where it has no label.
func (o Option) LabelIn(lang string) string {
	if label := o.Labels.In(lang, o.Label); label != "" {
		return label
	}
	return o.Value
}

// Rule is what a category says of a parameter: fixed (a value), or flexible (a range or list). Which of the limits
// apply depends on the type; a limit that is empty does not limit.
type Rule struct {
	Fixed     *string  `json:"fixed,omitempty"`
	Optional  bool     `json:"optional,omitempty"`
	Default   *string  `json:"default,omitempty"`
	Minimum   string   `json:"minimum,omitempty"` // number: a decimal; date: "+30d", "+1m", "+1y" from creation, or a day
	Maximum   string   `json:"maximum,omitempty"`
	Step      string   `json:"step,omitempty"`      // number: allowed values are minimum + n × step
	Pattern   string   `json:"pattern,omitempty"`   // text: RE2, matched against the whole value
	MinLength int      `json:"minLength,omitempty"` // text: in characters
	MaxLength int      `json:"maxLength,omitempty"` // text: in characters; 0 means MaxTextLength
	Upper     bool     `json:"upper,omitempty"`     // text: the value is turned to upper case before anything is checked
	Options   []Option `json:"options,omitempty"`   // selection, in order of display
	Change    Change   `json:"change,omitempty"`    // what may change after creation
	// Hidden says that pages show it to the ISV's group alone, and ask nobody for it: it is fixed, or has a default,
	// or may be left out. SOAP callers see it and may set it, within the rule.
	Hidden bool `json:"hidden,omitempty"`
	// Reason is shown beside the lock of a fixed value, in English, and in other languages.
	Reason  string `json:"reason,omitempty"`
	Reasons Texts  `json:"reasons,omitempty"`
	// Label and Help stand, in all languages, instead of the parameter's own where they are not empty.
	Label  string `json:"label,omitempty"`
	Labels Texts  `json:"labels,omitempty"`
	Help   string `json:"help,omitempty"`
	Helps  Texts  `json:"helps,omitempty"`
}

// Change is what a rule lets happen to a value after the license's creation.
type Change string

// The changes. Limits that are relative count from the license's creation, also when it is modified.
const (
	ChangeNothing Change = ""    // the value stays
	ChangeUp      Change = "up"  // a number or a day may rise, within the rule; a no may become a yes
	ChangeAny     Change = "any" // any value within the rule
)

// MaxTextLength is the most characters that any text value may have.
const MaxTextLength = 2000

// Limits is a Rule as it stands on one day: what relative limits mean then, for a person or another system.
type Limits struct {
	Minimum, Maximum, Step string
	Pattern                string
	MinLength, MaxLength   int
	Upper                  bool
	Options                []Option
}

// ParameterType is a kind of value: text, number, selection, date, yesno. A new one is one file and one line in
// ParameterTypes, and passes TestEveryParameterType.
type ParameterType interface {
	// Name is what products and rules call the type.
	Name() string
	// CheckRule reports what is wrong with a rule of this type: limits that contradict each other or do not parse,
	// a fixed or default value that the rule itself refuses. The error names the limit as in Rule's JSON.
	CheckRule(Rule) error
	// Canonical checks a value against the rule as it stands on day, and returns it in its one canonical form. What
	// it accepts satisfies the rule, and it accepts its own result unchanged. The error is a sentence for a person
	// that says what is allowed; it does not name the field.
	Canonical(r Rule, value string, day Day) (string, error)
	// Limits tells the rule as it stands on day.
	Limits(r Rule, day Day) Limits
	// Ordered reports whether the type's values have an order, so that a rule can let them rise after creation.
	Ordered() bool
	// Compare orders two canonical values: negative when a comes before b, 0 when they are the same, or are not
	// canonical, or have no order.
	Compare(a, b string) int
}
