package policies

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"kontor/internal/licensing"
)

func TestDecideOn(t *testing.T) {
	type grant struct{ who, category, action string }
	partner := func(who string) grant { return grant{who, "partner", "create"} }
	for name, c := range map[string]struct {
		grant   grant
		allowed []licensing.MembershipID // to create in partner
	}{
		"one membership":             {partner("member:ben@northwind.example/northwind"), []licensing.MembershipID{ben}},
		"the same person elsewhere":  {partner("member:ben@northwind.example/fjord"), []licensing.MembershipID{fjord}},
		"a group's members":          {partner("group:nordic"), []licensing.MembershipID{nordic}},
		"a group with all below":     {partner("tree:nordic"), []licensing.MembershipID{nordic, fjord}},
		"a leaf with all below":      {partner("tree:fjord"), []licensing.MembershipID{fjord}},
		"everybody":                  {partner("tree:aurora"), []licensing.MembershipID{isv, anna, ben, nordic, fjord}},
		"any category":               {grant{"group:fjord", "*", "create"}, []licensing.MembershipID{fjord}},
		"any action":                 {grant{"group:fjord", "partner", "*"}, []licensing.MembershipID{fjord}},
		"anything":                   {grant{"group:fjord", "*", "*"}, []licensing.MembershipID{fjord}},
		"another action":             {grant{"tree:aurora", "partner", "modify"}, nil},
		"another category":           {grant{"tree:aurora", "internal", "create"}, nil},
		"another action anywhere":    {grant{"tree:aurora", "*", "revoke"}, nil},
		"a group that nobody is in":  {partner("tree:southwind"), nil},
		"a category that begins so":  {grant{"tree:aurora", "partner-gold", "create"}, nil},
		"a person without the group": {partner("member:ben@northwind.example/aurora"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := demoWorld()
			id := w.grant(c.grant.who, c.grant.category, c.grant.action)
			for m := range w.members {
				var want licensing.Decision
				if slices.Contains(c.allowed, m) {
					want = licensing.Decision{Allowed: true, Grant: string(id)}
				}
				got, err := DecideOn(w.lines(m), m, licensing.Create, "partner")
				if err != nil || got != want {
					t.Errorf("%s: %+v, %v; want %+v", m, got, err, want)
				}
			}
		})
	}
}

func TestDecideOnNamesTheSameGrantWhateverTheOrder(t *testing.T) {
	w := demoWorld()
	w.grant("tree:aurora", "*", "*")
	oldest := w.grant("group:northwind", "partner", "create")
	w.grant("member:ben@northwind.example/northwind", "partner", "*")
	lines := w.lines(ben)
	for range len(lines) {
		lines = append(lines[1:], lines[0])
		d, err := DecideOn(lines, ben, licensing.Create, "partner")
		if err != nil || d.Grant != string(oldest) {
			t.Fatalf("%+v, %v; want %s, the oldest grant in the category itself", d, err, oldest)
		}
	}
}

// More categories than casbin is given at a time, on both sides of each bound.
func TestManyCategories(t *testing.T) {
	for _, n := range []int{1, atOnce - 1, atOnce, atOnce + 1, 3 * atOnce} {
		w := demoWorld()
		grants := map[string]string{}
		for i := range n {
			category := fmt.Sprintf("c%d", i)
			grants[category] = string(w.grant("group:northwind", category, "create"))
		}
		grants["another"] = string(w.grant("tree:aurora", "*", "create"))
		s, err := newSheet(licensing.Policy{Version: 1, Lines: w.lines(ben)}, ben)
		if err != nil {
			t.Fatal(err)
		}
		for category, grant := range grants {
			if d := s.decide(licensing.Create, category); d.Grant != grant {
				t.Errorf("%d categories, in %s: %+v, want %s", n, category, d, grant)
			}
			if d := s.decide(licensing.Modify, category); d.Allowed {
				t.Errorf("%d categories, in %s: modifying is allowed by %s", n, category, d.Grant)
			}
		}
	}
}

func TestNobodyThere(t *testing.T) {
	w := demoWorld()
	w.grant("tree:aurora", "*", "*")
	w.setMember(ben, member{email: "ben@northwind.example", group: "northwind", suspended: true})
	for _, m := range []licensing.MembershipID{ben, "m-nobody"} {
		d, err := DecideOn(w.lines(m), m, licensing.Create, "partner")
		if err != nil || d.Allowed {
			t.Errorf("%s: %+v, %v", m, d, err)
		}
	}
}

// Lines that were read for one membership say nothing about another.
func TestDecideOnSomebodyElsesLines(t *testing.T) {
	w := demoWorld()
	w.grant("tree:aurora", "*", "*")
	if d, err := DecideOn(w.lines(anna), ben, licensing.Create, "partner"); err != nil || d.Allowed {
		t.Errorf("%+v, %v", d, err)
	}
}

// oddQuestions are denied whatever the policy says.
var oddQuestions = []struct {
	m        licensing.MembershipID
	action   licensing.Action
	category string
}{
	{"", "", ""},
	{"", licensing.Create, "partner"},
	{isv, "", "partner"},
	{isv, licensing.Create, ""},
	{isv, "*", "partner"},
	{isv, "Create", "partner"},
	{isv, "delete", "partner"},
	{isv, licensing.Create, "*"},
	{isv, licensing.Create, "category:partner"},
	{isv, licensing.Create, "Partner"},
	{isv, licensing.Create, "partner "},
	{isv, licensing.Create, "partner,create"},
	{isv, licensing.Create, "pärtner"},
	{isv, licensing.Create, "partner\x00"},
	{isv + ",x", licensing.Create, "partner"},
	{isv + "\n", licensing.Create, "partner"},
	{"tree:aurora", licensing.Create, "partner"},
}

func TestOddQuestionsAreDenied(t *testing.T) {
	w := demoWorld()
	w.grant("tree:aurora", "*", "*")
	k := New(w, 10)
	for _, q := range oddQuestions {
		if d, err := DecideOn(w.lines(isv), q.m, q.action, q.category); err != nil || d != (licensing.Decision{}) {
			t.Errorf("DecideOn %q: %+v, %v", q, d, err)
		}
		if d, err := k.Decide(t.Context(), nil, q.m, q.action, q.category); err != nil || d != (licensing.Decision{}) {
			t.Errorf("Decide %q: %+v, %v", q, d, err)
		}
		if cs, err := k.Categories(t.Context(), nil, q.m, q.action, []string{q.category}); err != nil || len(cs) > 0 {
			t.Errorf("Categories %q: %q, %v", q, cs, err)
		}
	}
}

func TestOddLinesAreAnError(t *testing.T) {
	w := demoWorld()
	w.grant("tree:aurora", "*", "*")
	for name, odd := range map[string]licensing.PolicyLine{
		"nothing":              {},
		"nil":                  nil,
		"no kind":              {"", "a", "b"},
		"another kind":         {"p2", "tree:aurora", "category:partner", "create", "g1"},
		"a grant without id":   {"p", "tree:aurora", "category:partner", "create"},
		"an empty id":          {"p", "tree:aurora", "category:partner", "create", ""},
		"an empty name":        {"p", "", "category:partner", "create", "g1"},
		"a bare category":      {"p", "tree:aurora", "partner", "create", "g1"},
		"half a wildcard":      {"p", "tree:aurora", "category:*", "create", "g1"},
		"an unknown action":    {"p", "tree:aurora", "category:partner", "delete", "g1"},
		"one name too many":    {"p", "tree:aurora", "category:partner", "create", "g1", "deny"},
		"a link to nowhere":    {"g", "tree:aurora"},
		"a link with a domain": {"g", "tree:aurora", "tree:root", "domain"},
		"a blank":              {"g", "tree:aurora", "tree: root"},
		"a line break":         {"g", "tree:aurora", "tree:root\n"},
		"a comma":              {"g", "tree:aurora", "tree:root,tree:other"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := DecideOn(append(w.lines(isv), odd), isv, licensing.Create, "partner")
			var e *licensing.Error
			if d.Allowed || !errors.As(err, &e) || e.Kind != licensing.Internal {
				t.Errorf("%+v, %v; want an internal error", d, err)
			}
		})
	}
}
