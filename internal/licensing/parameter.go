package licensing

// Effect is what a parameter sets in the license.
type Effect string

// The effects.
const (
	SetsSeats Effect = "seats" // how many may use it: maxMachines of the license file; multiplies the price
	SetsDays  Effect = "days"  // usage period in days; the day of creation is the first
	SetsUntil Effect = "until" // the last licensed day
	SetsText  Effect = "text"  // text or a choice that the software reads from the metadata
)

// Parameter is a named, typed value of a license that is set when it is ordered. It belongs to the product; what
// values are allowed, the rule of each offer says.
type Parameter struct {
	Name  string `json:"name"`
	Type  string `json:"type"` // a ParameterType's name
	Label string `json:"label"`
	Help  string `json:"help,omitempty"`
	Unit  string `json:"unit,omitempty"`
	Sets  Effect `json:"sets"`
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
	Value string `json:"value"`
	Label string `json:"label"`
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
	Options   []Option `json:"options,omitempty"`   // selection, in order of display
	Change    Change   `json:"change,omitempty"`    // what may change after creation
}

// Change is what a rule lets happen to a value after the license's creation.
type Change string

// The changes. Limits that are relative count from the license's creation, also when it is modified.
const (
	ChangeNothing Change = ""    // the value stays
	ChangeUp      Change = "up"  // a number or a day may rise, within the rule
	ChangeAny     Change = "any" // any value within the rule
)

// MaxTextLength is the most characters that any text value may have.
const MaxTextLength = 2000

// Limits is a Rule as it stands on one day: what relative limits mean then, for a person or another system.
type Limits struct {
	Minimum, Maximum, Step string
	Pattern                string
	MinLength, MaxLength   int
	Options                []Option
}

// ParameterType is a kind of value: text, number, selection, date. A new one is one file and one line in
// ParameterTypes, and passes TestEveryParameterType.
type ParameterType interface {
	// Name is what products and rules call the type.
	Name() string
	// CheckRule reports what is wrong with a rule of this type: limits that contradict each other or do not parse,
	// a fixed or default value that the rule itself refuses.
	CheckRule(Rule) error
	// Canonical checks a value against the rule as it stands on day, and returns it in its one canonical form. What
	// it accepts satisfies the rule, and it accepts its own result unchanged. The error is a sentence for a person
	// that says what is allowed; it does not name the field.
	Canonical(r Rule, value string, day Day) (string, error)
	// Limits tells the rule as it stands on day.
	Limits(r Rule, day Day) Limits
}
