package policies

import (
	"errors"
	"slices"
	"strings"

	"github.com/casbin/casbin/v2/model"
	"github.com/casbin/casbin/v2/persist"

	"kontor/internal/licensing"
)

// adapter hands the lines about one membership to casbin: its links always, its grants by category. casbin looks at
// every grant that it was given for each question, so it is given few at a time.
type adapter struct {
	links  []licensing.PolicyLine
	grants map[string][]licensing.PolicyLine // by category, "*" always being one of them; the oldest grant first
}

var _ persist.FilteredAdapter = (*adapter)(nil)

// newAdapter sorts lines. One that is odd is an error: what else is wrong with such a policy, nobody knows.
func newAdapter(lines []licensing.PolicyLine) (*adapter, error) {
	a := &adapter{grants: map[string][]licensing.PolicyLine{licensing.Any: nil}}
	for _, l := range lines {
		if err := check(l); err != nil {
			return nil, err
		}
		if l[0] == "g" {
			a.links = append(a.links, l)
		} else {
			a.grants[l[2]] = append(a.grants[l[2]], l)
		}
	}
	for _, ls := range a.grants {
		// Where several grants allow, casbin names the first: let that be the same one on every database. Grant ids
		// sort by time.
		slices.SortFunc(ls, func(x, y licensing.PolicyLine) int { return strings.Compare(x[4], y[4]) })
	}
	return a, nil
}

// inCategories is the filter: categories as they stand in lines.
type inCategories []string

// LoadFilteredPolicy gives casbin the links, the grants in some categories, and those in all.
func (a *adapter) LoadFilteredPolicy(m model.Model, filter any) error {
	categories, ok := filter.(inCategories)
	if !ok {
		return errors.New("the filter is not a list of categories")
	}
	lines := a.links
	for _, category := range categories {
		if category != licensing.Any {
			lines = slices.Concat(lines, a.grants[category])
		}
	}
	for _, l := range slices.Concat(lines, a.grants[licensing.Any]) {
		if err := persist.LoadPolicyArray(l, m); err != nil {
			return err
		}
	}
	return nil
}

// IsFiltered tells casbin never to load, or save, everything.
func (a *adapter) IsFiltered() bool { return true }

var errReadOnly = errors.New("the policy is written by the store, not through casbin")

// LoadPolicy is refused: casbin is never given a policy without a filter.
func (a *adapter) LoadPolicy(model.Model) error { return errReadOnly }

// SavePolicy is refused.
func (a *adapter) SavePolicy(model.Model) error { return errReadOnly }

// AddPolicy is refused.
func (a *adapter) AddPolicy(string, string, []string) error { return errReadOnly }

// RemovePolicy is refused.
func (a *adapter) RemovePolicy(string, string, []string) error { return errReadOnly }

// RemoveFilteredPolicy is refused.
func (a *adapter) RemoveFilteredPolicy(string, string, int, ...string) error { return errReadOnly }
