package policies

import (
	_ "embed"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
	"unique"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	defaultrolemanager "github.com/casbin/casbin/v2/rbac/default-role-manager"

	"kontor/internal/licensing"
)

//go:embed model.conf
var modelText string

// parsedModel is model.conf, to be copied: reading it takes longer than asking it.
var parsedModel = sync.OnceValues(func() (model.Model, error) { return model.NewModelFromString(modelText) })

// atOnce is how many categories casbin is given at a time. Each time costs some 70 µs (casbin parses the matcher again),
// and each question some 0.7 µs for every grant that it was given.
const atOnce = 10

// question is what a sheet has answers to. Category is a code, or "*" for all that no line names.
type question struct {
	category string
	action   licensing.Action
}

// sheet is what casbin answered about one membership at one state of the policy: every question, once. It does not
// change any more and can be read by many at a time.
type sheet struct {
	version int64               // of the policy that the lines were read from
	ends    time.Duration       // by the keeper's clock: from when on a grant among the lines has ended
	chain   []string            // the names that grants can reach the membership by
	grants  map[question]string // the grant that allows it; what is not in it is denied
}

// newSheet asks casbin everything that lines can allow.
func newSheet(p licensing.Policy, m licensing.MembershipID) (*sheet, error) {
	a, err := newAdapter(p.Lines)
	if err != nil {
		return nil, err
	}
	e, err := newEnforcer(a)
	if err != nil {
		return nil, err
	}
	s := &sheet{version: p.Version, ends: math.MaxInt64, grants: map[question]string{}}
	member := membershipPrefix + string(m)
	for few := range slices.Chunk(slices.Sorted(maps.Keys(a.grants)), atOnce) {
		if err := e.LoadFilteredPolicy(inCategories(few)); err != nil {
			return nil, fmt.Errorf("load the policy of %q: %w", few, err)
		}
		for _, category := range few {
			if err := s.ask(e, member, category); err != nil {
				return nil, err
			}
		}
	}
	s.chain, err = e.GetImplicitRolesForUser(member)
	return s, err
}

// ask puts casbin's answers in one category on the sheet; "*" asks for what holds in every category.
func (s *sheet) ask(e *casbin.Enforcer, member, category string) error {
	for _, action := range actions {
		allowed, line, err := e.EnforceEx(member, category, string(action))
		if err != nil {
			return fmt.Errorf("ask casbin for %s in %s: %w", action, category, err)
		}
		if allowed {
			// One copy of each code serves all sheets: it is smaller, and faster to compare.
			code := unique.Make(strings.TrimPrefix(category, categoryPrefix)).Value()
			s.grants[question{code, action}] = line[len(line)-1]
		}
	}
	return nil
}

// newEnforcer returns a casbin that has loaded nothing yet. It is used by one goroutine and then forgotten: shared
// enforcers, casbin's caching one above all, answer by what was true before.
func newEnforcer(a *adapter) (*casbin.Enforcer, error) {
	m, err := parsedModel()
	if err != nil {
		return nil, fmt.Errorf("read model.conf: %w", err)
	}
	e, err := casbin.NewEnforcer(m.Copy(), a)
	if err != nil {
		return nil, err
	}
	// casbin's own role manager stops after 10 links and then denies. No chain is longer than there are links.
	e.SetNamedRoleManager("g", defaultrolemanager.NewRoleManagerImpl(len(a.links)))
	return e, nil
}

// decide looks the answer up.
func (s *sheet) decide(action licensing.Action, category string) licensing.Decision {
	grant, allowed := s.grants[question{category, action}]
	if !allowed {
		grant, allowed = s.grants[question{licensing.Any, action}]
	}
	return licensing.Decision{Allowed: allowed, Grant: grant}
}

// touchedBy reports whether a change of any of these names, or of everything, can make an answer different.
func (s *sheet) touchedBy(names map[string]bool) bool {
	return names[licensing.Any] || slices.ContainsFunc(s.chain, func(name string) bool { return names[name] })
}
