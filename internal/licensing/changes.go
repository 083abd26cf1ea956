package licensing

import "strings"

// StateChange is something that is done to the state of a license, by a person or a system, with a reason.
type StateChange string

// The changes of state.
const (
	ToSuspend   StateChange = "suspend"   // not to be used until it is reinstated; its subscription runs on
	ToRevoke    StateChange = "revoke"    // not to be used any more; its subscription ends this day
	ToReinstate StateChange = "reinstate" // to be used again
	ToDelete    StateChange = "delete"    // to be found by nobody any more; of test licenses alone
)

// StateChanges are all changes of state, in the order in which a page offers them.
var StateChanges = []StateChange{ToSuspend, ToRevoke, ToReinstate, ToDelete}

// stateChanges says for each change which states it starts from, where it leads, and what is said otherwise; the
// sentence gets the state that the license is in.
var stateChanges = map[StateChange]struct {
	from    []LicenseState
	to      LicenseState
	refusal string
}{
	ToSuspend:   {[]LicenseState{LicenseActive}, LicenseSuspended, "This license is %s. Only an active one can be suspended. Nothing has been changed."},
	ToRevoke:    {[]LicenseState{LicenseActive, LicenseSuspended}, LicenseRevoked, "This license is %s. Only an active or suspended one can be revoked. Nothing has been changed."},
	ToReinstate: {[]LicenseState{LicenseSuspended, LicenseRevoked}, LicenseActive, "This license is %s. Only a suspended or revoked one can be reinstated. Nothing has been changed."},
	ToDelete:    {[]LicenseState{LicenseActive, LicenseSuspended, LicenseRevoked, LicenseExpired}, LicenseDeleted, "This license is %s. Nothing has been changed."},
}

// StateAfter returns the state that a change leads to. The error is a conflict that says in which state the license is
// now and from which ones the change starts.
func (l License) StateAfter(c StateChange, at Moment) (LicenseState, error) {
	now, rule := l.StateAt(at.Business), stateChanges[c]
	if c == ToDelete && !l.Test {
		return now, ConflictError("Only test licenses can be deleted, and this is none. Nothing has been changed.")
	}
	for _, from := range rule.from {
		if from == now {
			return rule.to, nil
		}
	}
	return now, ConflictError(rule.refusal, now)
}

// CanModify reports by a conflict that a license cannot be modified in the state in which it is.
func (l License) CanModify(at Moment) error {
	switch now := l.StateAt(at.Business); now {
	case LicenseActive, LicenseSuspended:
		return nil
	default:
		return ConflictError("This license is %s. Only an active or suspended one can be modified. Nothing has been changed.", now)
	}
}

// MaxReason is the most characters of a reason.
const MaxReason = 500

// CheckReason returns a reason as it is kept: one line, without blanks at its ends. The error names the field "reason".
func CheckReason(reason string) (string, error) {
	reason, err := canonicalLine(reason, 1, MaxReason)
	if err != nil {
		return "", named("reason", err)
	}
	return reason, nil
}

// arrow stands between what a value was and what it is now, in the audit trail.
const arrow = " → "

// FromTo is what the audit trail keeps of a value that has changed: "1 → 5". What was or is not there is empty.
func FromTo(name, from, to string) Value {
	plain := strings.NewReplacer(arrow, " -> ")
	return Value{Name: name, Value: plain.Replace(from) + arrow + plain.Replace(to)}
}

// SplitFromTo returns what FromTo put together; ok is false for another value.
func SplitFromTo(v Value) (from, to string, ok bool) { return strings.Cut(v.Value, arrow) }

// Changes returns in FromTo's form everything that is different in b against a and that a modification or a move can
// change: customer.name, parameter.NAME, coming.NAME (what it has in the end, once all has come; empty when it has that),
// dataField.NAME, expires and maintenance (days in the ISV's zone).
func Changes(a, b License, at Moment) (changes []Value) {
	add := func(name, from, to string) {
		if from != to {
			changes = append(changes, FromTo(name, from, to))
		}
	}
	for _, f := range []struct{ name, from, to string }{
		{"number", a.Customer.Number, b.Customer.Number},
		{"name", a.Customer.Name, b.Customer.Name},
		{"company", a.Customer.Company, b.Customer.Company},
		{"email", a.Customer.Email, b.Customer.Email},
		{"country", a.Customer.Country, b.Customer.Country},
		{"language", a.Customer.Language, b.Customer.Language},
	} {
		add("customer."+f.name, f.from, f.to)
	}
	addValues := func(prefix string, from, to []Value) {
		for _, v := range from {
			now, _ := ValueOf(to, v.Name)
			add(prefix+v.Name, v.Value, now)
		}
		for _, v := range to {
			if _, had := ValueOf(from, v.Name); !had {
				add(prefix+v.Name, "", v.Value)
			}
		}
	}
	addValues("parameter.", a.Parameters, b.Parameters)
	addValues("coming.", a.coming(), b.coming())
	addValues("dataField.", a.DataFields, b.DataFields)
	add("expires", a.lastDay(at).String(), b.lastDay(at).String())
	add("maintenance", a.MaintenanceUntil.String(), b.MaintenanceUntil.String())
	return changes
}

// coming are the parameters that it has from later periods on.
func (l License) coming() []Value {
	if l.Subscription == nil {
		return nil
	}
	var all []Value
	for _, c := range l.Subscription.Coming {
		all = WithValues(all, c.Values)
	}
	return all
}

// lastDay is the last licensed day; the zero Day when there is none.
func (l License) lastDay(at Moment) Day {
	if l.ExpiresAt == nil {
		return Day{}
	}
	return DayOf(l.ExpiresAt.Add(-1), at.Zone)
}

// ShortTicket is a ticket as lists and errors show it: enough to tell two apart, too little to use.
func ShortTicket(ticket string) string {
	const shown = 11 // two groups of five
	if len(ticket) <= shown {
		return ticket
	}
	return ticket[:shown] + "…"
}
