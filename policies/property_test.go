package policies

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	defaultrolemanager "github.com/casbin/casbin/v2/rbac/default-role-manager"
	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

// asked is a question.
type asked struct {
	m        licensing.MembershipID
	action   licensing.Action
	category string
}

// covers is the oracle: is a grant a yes to a question? It knows no lines and no chains.
func (w *world) covers(g licensing.Grant, q asked) bool {
	m, ok := w.members[q.m]
	if !ok || m.suspended {
		return false
	}
	if g.Category != q.category && g.Category != "*" || g.Action != string(q.action) && g.Action != "*" {
		return false
	}
	kind, name, _ := strings.Cut(g.Who, ":")
	switch kind {
	case "member":
		return name == m.email+"/"+m.group
	case "group":
		return name == m.group
	default: // tree
		return w.isAtOrBelow(m.group, name)
	}
}

func (w *world) isAtOrBelow(group, other string) bool {
	return group != "" && (group == other || w.isAtOrBelow(w.parent[group], other))
}

// globalEnforcer is casbin as everybody sets it up: the whole policy, no filter, nothing kept.
func globalEnforcer(t interface{ Fatal(...any) }, w *world) *casbin.Enforcer {
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		t.Fatal(err)
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		t.Fatal(err)
	}
	e.SetNamedRoleManager("g", defaultrolemanager.NewRoleManagerImpl(100))
	grants, links := w.everything()
	if _, err := e.AddGroupingPolicies(links); err != nil {
		t.Fatal(err)
	}
	if len(grants) > 0 {
		if _, err := e.AddPolicies(grants); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func askGlobal(e *casbin.Enforcer, q asked) (licensing.Decision, error) {
	ok, line, err := e.EnforceEx("membership:"+string(q.m), "category:"+q.category, string(q.action))
	if !ok || err != nil {
		return licensing.Decision{}, err
	}
	return licensing.Decision{Allowed: true, Grant: line[3]}, nil
}

// deciders are the ways in which a decision can come about.
type deciders struct {
	w                   *world
	large, tiny, cutOff *Kept // keeping all answers, two memberships', and none for want of a poll
}

func newDeciders(w *world) deciders {
	d := deciders{w, New(w, 100), New(w, 2), New(w, 100)}
	for _, k := range []*Kept{d.large, d.tiny, d.cutOff} {
		k.clock = func() time.Duration { return time.Hour } // stands still: a slow machine must not end a lease
	}
	return d
}

func (d deciders) poll(t *rapid.T) {
	for _, k := range []*Kept{d.large, d.tiny} {
		if err := k.Poll(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// ask puts one question to one of them.
func (d deciders) ask(t *rapid.T, by string, q asked) (licensing.Decision, error) {
	switch by {
	case "keeping much":
		return d.large.Decide(t.Context(), nil, q.m, q.action, q.category)
	case "keeping little":
		return d.tiny.Decide(t.Context(), nil, q.m, q.action, q.category)
	case "keeping nothing":
		return d.cutOff.Decide(t.Context(), tx{world: d.w}, q.m, q.action, q.category)
	case "on the transaction's lines":
		return DecideOn(d.w.lines(q.m), q.m, q.action, q.category)
	default: // casbin over everything
		return askGlobal(globalEnforcer(t, d.w), q)
	}
}

// check lays an answer beside the oracle's: yes exactly when a grant covers it, and then by such a grant.
func (d deciders) check(t *rapid.T, by string, q asked) {
	got, err := d.ask(t, by, q)
	all := d.w.grants()
	allowing := func(g licensing.Grant) bool { return d.w.covers(g, q) }
	named := func(g licensing.Grant) bool { return string(g.ID) == got.Grant && allowing(g) }
	if err != nil || got.Allowed != slices.ContainsFunc(all, allowing) || got.Allowed != slices.ContainsFunc(all, named) {
		t.Fatalf("%s: %+v: %+v, %v; the grants are %v", by, q, got, err, all)
	}
}

// The oracle, casbin over the whole policy, and processes that keep much, little and nothing say the same after every
// change; and the grant that they name is one that allows it.
func TestDecisionsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := demoWorld()
		d := newDeciders(w)
		groups, members := slices.Sorted(maps.Keys(w.parent)), slices.Sorted(maps.Keys(w.members))
		categories := []string{"partner", "internal", "beta"}
		pick := func(t *rapid.T, what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, what) }
		pickMember := func(t *rapid.T) licensing.MembershipID { return rapid.SampledFrom(members).Draw(t, "member") }
		pickWho := func(t *rapid.T) string {
			switch pick(t, "kind", "member", "group", "tree") {
			case "member":
				m := w.members[pickMember(t)]
				return licensing.MemberSubject(m.email, m.group)
			case "group":
				return licensing.GroupSubject(pick(t, "group", groups...))
			default:
				return licensing.TreeSubject(pick(t, "group", groups...))
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"grant": func(t *rapid.T) {
				w.grant(pickWho(t), pick(t, "category", append(categories, "*")...), pick(t, "action", "create", "modify", "revoke", "*"))
			},
			"revoke": func(t *rapid.T) {
				if all := w.grants(); len(all) > 0 {
					w.revoke(rapid.SampledFrom(all).Draw(t, "grant").ID)
				}
			},
			"move a group": func(t *rapid.T) {
				group, to := pick(t, "group", groups...), pick(t, "below", groups...)
				if !w.isAtOrBelow(to, group) { // no circles
					w.setParent(group, to)
				}
			},
			"suspend or reinstate": func(t *rapid.T) {
				id := pickMember(t)
				m := w.members[id]
				m.suspended = !m.suspended
				w.setMember(id, m)
			},
			"": func(t *rapid.T) {
				d.poll(t)
				q := asked{m: pickMember(t), action: rapid.SampledFrom(actions).Draw(t, "action")}
				for _, q.category = range append(categories, "unheard-of") {
					d.check(t, "keeping much", q)
				}
				q.m, q.category = pickMember(t), pick(t, "category", append(categories, "unheard-of")...)
				d.check(t, pick(t, "by", "keeping little", "keeping nothing", "on the transaction's lines", "casbin over everything"), q)
				if tiny, cutOff := d.tiny.sheets.Len(), d.cutOff.sheets.Len(); tiny > 2 || cutOff > 0 {
					t.Fatalf("kept answers for %d memberships, want at most 2; and for %d unconfirmed, want none", tiny, cutOff)
				}
			},
		})
	})
}

// The naive side deserves a look of its own.
func TestOracle(t *testing.T) {
	w := demoWorld()
	g := licensing.Grant{Who: "tree:nordic", Category: "partner", Action: "*"}
	for q, want := range map[asked]bool{
		{nordic, licensing.Revoke, "partner"}: true,
		{fjord, licensing.Create, "partner"}:  true,
		{fjord, licensing.Create, "internal"}: false,
		{ben, licensing.Create, "partner"}:    false,
		{isv, licensing.Create, "partner"}:    false,
	} {
		if got := w.covers(g, q); got != want {
			t.Errorf("%+v: %v", q, got)
		}
	}
}
