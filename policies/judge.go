package policies

import (
	"slices"
	"strings"

	"kontor/internal/licensing"
)

// Judge asks casbin about lines that were just read. Granting, taking back and explaining use it: they must not act on
// a kept answer.
type Judge struct{}

var _ licensing.Judge = Judge{}

// Judge implements licensing.Judge. The grant that it names is the one that allows the first of the actions.
func (Judge) Judge(p licensing.Policy, m licensing.MembershipID, action, category string) (licensing.Decision, error) {
	asked := []licensing.Action{licensing.Action(action)}
	if action == licensing.Any {
		asked = actions
	}
	var first licensing.Decision
	for i, a := range asked {
		d, _, err := askOne(p, m, a, category)
		if err != nil || !d.Allowed {
			return licensing.Decision{}, err
		}
		if i == 0 {
			first = d
		}
	}
	return first, nil
}

// Lines implements licensing.Judge.
func (Judge) Lines(p licensing.Policy, m licensing.MembershipID, action licensing.Action, category string) (licensing.Decision, []licensing.PolicyLine, error) {
	d, grant, err := askOne(p, m, action, category)
	if err != nil {
		return licensing.Decision{}, nil, err
	}
	var lines []licensing.PolicyLine
	for name := membershipPrefix + string(m); !d.Allowed || name != grant[1]; { // a membership has one chain of names
		i := slices.IndexFunc(p.Lines, func(l licensing.PolicyLine) bool { return l[0] == "g" && l[1] == name })
		if i < 0 {
			break
		}
		lines = append(lines, p.Lines[i])
		name = p.Lines[i][2]
	}
	if d.Allowed {
		lines = append(lines, grant)
	}
	return d, lines, nil
}

// askOne asks one question, of which the category may be Any, and returns the line of the grant that allowed it.
func askOne(p licensing.Policy, m licensing.MembershipID, action licensing.Action, category string) (d licensing.Decision, grant licensing.PolicyLine, err error) {
	subject := category
	if category != licensing.Any {
		subject = categoryPrefix + category
	}
	if !isName(string(m)) || !isAction(string(action)) || !isCategory(subject) {
		return d, nil, nil
	}
	a, err := newAdapter(p.Lines)
	if err != nil {
		return d, nil, undecidable(err)
	}
	e, err := newEnforcer(a)
	if err != nil {
		return d, nil, undecidable(err)
	}
	if err := e.LoadFilteredPolicy(inCategories{subject}); err != nil {
		return d, nil, undecidable(err)
	}
	allowed, line, err := e.EnforceEx(membershipPrefix+string(m), subject, string(action))
	if err != nil {
		return d, nil, undecidable(err)
	}
	if !allowed {
		return d, nil, nil
	}
	return licensing.Decision{Allowed: true, Grant: strings.Clone(line[len(line)-1])}, append(licensing.PolicyLine{"p"}, line...), nil
}

// DecideOn decides on lines about a membership. A question that is empty or odd is denied; lines that are not of the
// form that the package describes are an error, and the decision is then no.
func DecideOn(lines []licensing.PolicyLine, m licensing.MembershipID, action licensing.Action, category string) (licensing.Decision, error) {
	if !askable(m, action, category) {
		return licensing.Decision{}, nil
	}
	s, err := newSheet(licensing.Policy{Lines: lines}, m)
	if err != nil {
		return licensing.Decision{}, undecidable(err)
	}
	return s.decide(action, category), nil
}
