package policies

import (
	"fmt"
	"testing"

	"kontor/internal/licensing"
)

// casbin's traps, each on our own code. Stale answers, the fourth, have kept_test.go to themselves.

func TestEmptyRequestOnEmptyPolicy(t *testing.T) {
	e, err := newEnforcer(&adapter{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.LoadFilteredPolicy(inCategories{licensing.Any}); err != nil {
		t.Fatal(err)
	}
	for _, r := range [][]any{{"", "", ""}, {"*", "*", "*"}, {"membership:m-ben", "category:partner", "create"}} {
		if ok, err := e.Enforce(r...); ok || err != nil {
			t.Errorf("the model says %v to %q (%v)", ok, r, err)
		}
	}
	for _, m := range []licensing.MembershipID{"", ben} {
		if d, err := DecideOn(nil, m, licensing.Create, "partner"); d.Allowed || err != nil {
			t.Errorf("%q without lines: %+v, %v", m, d, err)
		}
	}
}

func TestDepth(t *testing.T) {
	const deep = 200 // groups in one chain; casbin's own role manager follows 10 links
	w := newWorld()
	w.setParent("g0", "")
	for i := 1; i < deep; i++ {
		w.setParent(fmt.Sprintf("g%d", i), fmt.Sprintf("g%d", i-1))
	}
	root := w.grant("tree:g0", "partner", "create")
	for _, at := range []int{0, 5, 9, 10, 11, 12, 50, deep - 1} {
		w.setMember(ben, member{email: "ben@example", group: fmt.Sprintf("g%d", at)})
		d, err := DecideOn(w.lines(ben), ben, licensing.Create, "partner")
		if err != nil || d.Grant != string(root) {
			t.Errorf("%d groups below the root: %+v, %v", at, d, err)
		}
	}
	// The chain must reach as far, or a change at the top would be missed.
	s, err := newSheet(licensing.Policy{Version: 1, Lines: w.lines(ben)}, ben)
	if err != nil || !s.touchedBy(map[string]bool{"tree:g0": true}) {
		t.Errorf("a change at the root does not touch the deepest membership: %v", err)
	}
}

func TestLinksInACircle(t *testing.T) {
	lines := []licensing.PolicyLine{
		{"g", "membership:m-ben", "group:a"}, {"g", "group:a", "tree:a"}, {"g", "tree:a", "tree:b"}, {"g", "tree:b", "tree:a"},
		{"p", "tree:b", "category:partner", "create", "g1"}, {"p", "tree:c", "*", "*", "g2"},
	}
	d, err := DecideOn(lines, ben, licensing.Create, "partner")
	if err != nil || d.Grant != "g1" {
		t.Errorf("%+v, %v", d, err)
	}
	d, err = DecideOn(lines, ben, licensing.Revoke, "partner")
	if err != nil || d.Allowed {
		t.Errorf("%+v, %v", d, err)
	}
}

// Joined with commas, as casbin finds them, both lines read the same, and it would drop the second.
func TestComma(t *testing.T) {
	lines := []licensing.PolicyLine{
		{"g", "membership:m-ben", "group:a", "b"},
		{"g", "membership:m-ben", "group:a,b"},
	}
	for _, l := range lines {
		if err := check(l); err == nil {
			t.Errorf("%q is taken for a line", l)
		}
	}
	if d, err := DecideOn(lines, "m-ben,group:a", licensing.Create, "partner"); d.Allowed {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestPolicyIsReadOnly(t *testing.T) {
	w := demoWorld()
	a, err := newAdapter(w.lines(ben))
	if err != nil {
		t.Fatal(err)
	}
	e, err := newEnforcer(a)
	if err != nil {
		t.Fatal(err)
	}
	_, added := e.AddPolicy("group:northwind", "*", "*", "g1")
	for what, err := range map[string]error{
		"AddPolicy":                             added,
		"SavePolicy":                            e.SavePolicy(),
		"LoadPolicy":                            e.LoadPolicy(),
		"LoadFilteredPolicy without categories": e.LoadFilteredPolicy(nil),
		"the adapter's SavePolicy":              a.SavePolicy(nil),
		"the adapter's RemovePolicy":            a.RemovePolicy("p", "p", nil),
		"the adapter's RemoveFilteredPolicy":    a.RemoveFilteredPolicy("p", "p", 0),
	} {
		if err == nil {
			t.Errorf("%s is not refused", what)
		}
	}
	if err := e.LoadFilteredPolicy(inCategories{licensing.Any}); err != nil {
		t.Fatal(err)
	}
	if ok, err := e.Enforce("membership:m-ben", "category:partner", "create"); ok || err != nil {
		t.Errorf("after all that: %v, %v", ok, err)
	}
}
