package licensing

// ResolveChange returns the parameters of a license after a change: what is not named keeps its value; what is named
// takes the given one, in canonical form, when the offer's rule lets it change so (Rule.Change). An empty value leaves
// it out, or takes the rule's default. A value that is given as it is already is no change, whatever the rule says by
// now. Relative limits count from the day on which the license was created.
//
// The error is Problems (code invalidParameter, field the parameter's name), as that of ResolveParameters.
func ResolveChange(o Offer, current, given []Value, created Day) ([]Value, error) {
	return nil, notBuilt()
}

// ResolveDataFieldsChange does for data fields what ResolveChange does for parameters; they may always change, within
// their rules as they stand on today.
func ResolveDataFieldsChange(fields []DataField, current, given []Value, today Day) ([]Value, error) {
	return nil, notBuilt()
}

func notBuilt() error {
	return &Error{Kind: Unavailable, Code: CodeUnavailable, Message: "Not built yet."}
}
