package policies

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"kontor/internal/licensing"
)

// world is a store in memory: an organization, its grants, and what changed when. It is a Source, and by tx a
// transaction that sees the same.
type world struct {
	mu      sync.Mutex
	version int64
	changes []licensing.PolicyChange
	parent  map[string]string // of each group; "" for the root
	members map[licensing.MembershipID]member
	held    map[string][]licensing.Grant // by who holds them
	issued  int                          // grants so far

	down       error  // what every read answers while it is set
	afterLines func() // called once, between reading lines and handing them over
	duringPoll func() // called before a poll is answered
	reads      int    // of lines
}

type member struct {
	email, group string
	suspended    bool
}

func newWorld() *world {
	return &world{
		version: 1,
		parent:  map[string]string{},
		members: map[licensing.MembershipID]member{},
		held:    map[string][]licensing.Grant{},
	}
}

// note raises the version and says whose lines are different. The caller holds mu.
func (w *world) note(subject string) {
	w.version++
	w.changes = append(w.changes, licensing.PolicyChange{Version: w.version, Subject: subject})
}

func (w *world) setParent(group, parent string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parent[group] = parent
	w.note(licensing.TreeSubject(group))
}

func (w *world) setMember(id licensing.MembershipID, m member) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.members[id] = m
	w.note(licensing.MemberSubject(m.email, m.group))
}

func (w *world) grant(who, category, action string) licensing.GrantID {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.issued++
	g := licensing.Grant{ID: licensing.GrantID(fmt.Sprintf("grant-%06d", w.issued)), Who: who, Category: category, Action: action}
	w.held[who] = append(w.held[who], g)
	w.note(who)
	return g.ID
}

func (w *world) revoke(id licensing.GrantID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for who, gs := range w.held {
		if i := slices.IndexFunc(gs, func(g licensing.Grant) bool { return g.ID == id }); i >= 0 {
			w.held[who] = slices.Delete(gs, i, i+1)
			w.note(who)
			return
		}
	}
	panic("no grant " + id)
}

// grants returns all grants, the oldest first.
func (w *world) grants() []licensing.Grant {
	var all []licensing.Grant
	for _, gs := range w.held {
		all = append(all, gs...)
	}
	slices.SortFunc(all, func(a, b licensing.Grant) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

func grantLine(g licensing.Grant) licensing.PolicyLine {
	category := g.Category
	if category != licensing.Any {
		category = "category:" + category
	}
	return licensing.PolicyLine{"p", g.Who, category, g.Action, string(g.ID)}
}

// lines returns what can matter to a membership, found by walking up from it.
func (w *world) lines(id licensing.MembershipID) []licensing.PolicyLine {
	m, ok := w.members[id]
	if !ok || m.suspended {
		return nil
	}
	chain := []string{"membership:" + string(id), licensing.MemberSubject(m.email, m.group), licensing.GroupSubject(m.group)}
	for g := m.group; g != ""; g = w.parent[g] {
		chain = append(chain, licensing.TreeSubject(g))
	}
	var ls []licensing.PolicyLine
	for i, name := range chain {
		if i > 0 {
			ls = append(ls, licensing.PolicyLine{"g", chain[i-1], name})
		}
		for _, g := range w.held[name] {
			ls = append(ls, grantLine(g))
		}
	}
	return ls
}

// everything returns the policy of all memberships at once, as no process of ours ever reads it.
func (w *world) everything() (grants, links [][]string) {
	for _, g := range w.grants() {
		grants = append(grants, grantLine(g)[1:])
	}
	for id, m := range w.members {
		if !m.suspended {
			name := licensing.MemberSubject(m.email, m.group)
			links = append(links, []string{"membership:" + string(id), name}, []string{name, licensing.GroupSubject(m.group)})
		}
	}
	for group, parent := range w.parent {
		links = append(links, []string{licensing.GroupSubject(group), licensing.TreeSubject(group)})
		if parent != "" {
			links = append(links, []string{licensing.TreeSubject(group), licensing.TreeSubject(parent)})
		}
	}
	return grants, links
}

func (w *world) PolicyVersion(ctx context.Context) (int64, error) {
	if w.duringPoll != nil {
		w.duringPoll()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.version, cmp.Or(ctx.Err(), w.down)
}

func (w *world) PolicyChanges(ctx context.Context, after int64) ([]licensing.PolicyChange, int64, error) {
	if w.duringPoll != nil {
		w.duringPoll()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	first, _ := slices.BinarySearchFunc(w.changes, after+1, func(c licensing.PolicyChange, v int64) int { return cmp.Compare(c.Version, v) })
	return slices.Clone(w.changes[first:]), w.version, cmp.Or(ctx.Err(), w.down)
}

func (w *world) PolicyLines(_ context.Context, m licensing.MembershipID) (licensing.Policy, error) {
	w.mu.Lock()
	w.reads++
	p, err := licensing.Policy{Version: w.version, Lines: w.lines(m)}, w.down
	then := w.afterLines
	w.afterLines = nil
	w.mu.Unlock()
	if then != nil {
		then()
	}
	return p, err
}

// tx is a transaction of which policies may use nothing but PolicyLines.
type tx struct {
	licensing.Tx
	*world
}

// PolicyLines stands here because both of tx's halves have one.
func (t tx) PolicyLines(ctx context.Context, m licensing.MembershipID) (licensing.Policy, error) {
	return t.world.PolicyLines(ctx, m)
}

// Who and what the tests below speak of: the demo's organization.
const (
	isv    licensing.MembershipID = "m-isv"    // admin in aurora
	anna   licensing.MembershipID = "m-anna"   // admin in northwind
	ben    licensing.MembershipID = "m-ben"    // member in northwind
	nordic licensing.MembershipID = "m-nordic" // admin in nordic
	fjord  licensing.MembershipID = "m-fjord"  // ben again, as a member in fjord, below nordic
)

func demoWorld() *world {
	w := newWorld()
	w.setParent("aurora", "")
	w.setParent("northwind", "aurora")
	w.setParent("nordic", "aurora")
	w.setParent("fjord", "nordic")
	w.setMember(isv, member{email: "isv@aurora.example", group: "aurora"})
	w.setMember(anna, member{email: "anna@northwind.example", group: "northwind"})
	w.setMember(ben, member{email: "ben@northwind.example", group: "northwind"})
	w.setMember(nordic, member{email: "nils@nordic.example", group: "nordic"})
	w.setMember(fjord, member{email: "ben@northwind.example", group: "fjord"})
	return w
}
