package comparison

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	defaultrolemanager "github.com/casbin/casbin/v2/rbac/default-role-manager"
	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"kontor/internal/licensing"
	"kontor/policies"
)

// perGroup is how many people a reseller has; each has a grant, and each reseller one for all.
const perGroup = 5

// world is an organization with n grants: 20 distributors below the software maker, resellers below them.
type world struct {
	members []licensing.MembershipID
	lines   map[licensing.MembershipID][]licensing.PolicyLine // those of one membership
	grants  [][]string                                        // who, category, action, id: all
	links   map[[2]string]bool                                // all
}

// PolicyVersion implements policies.Source.
func (w *world) PolicyVersion(context.Context) (int64, error) { return 1, nil }

// PolicyChanges implements policies.Source.
func (w *world) PolicyChanges(context.Context, int64) ([]licensing.PolicyChange, int64, error) {
	return nil, 1, nil
}

// PolicyLines implements policies.Source.
func (w *world) PolicyLines(_ context.Context, m licensing.MembershipID) (licensing.Policy, error) {
	return licensing.Policy{Version: 1, Lines: w.lines[m]}, nil
}

func newWorld(n int) *world {
	w := &world{lines: map[licensing.MembershipID][]licensing.PolicyLine{}, links: map[[2]string]bool{}}
	grant := func(who, category, action string) licensing.PolicyLine {
		g := []string{who, "category:" + category, action, fmt.Sprintf("grant-%07d", len(w.grants))}
		w.grants = append(w.grants, g)
		return append(licensing.PolicyLine{"p"}, g...)
	}
	link := func(from, to string) licensing.PolicyLine {
		w.links[[2]string{from, to}] = true
		return licensing.PolicyLine{"g", from, to}
	}
	above := link("tree:root", "tree:world")
	top := grant("tree:root", "c0", "create")
	var distributors [][]licensing.PolicyLine
	for i := range 20 {
		name := fmt.Sprintf("tree:d%d", i)
		distributors = append(distributors, []licensing.PolicyLine{above, top, link(name, "tree:root"), grant(name, fmt.Sprintf("c%d", 1+i%9), "create")})
	}
	for i := 0; len(w.grants) < n; i++ {
		group, tree := fmt.Sprintf("group:r%d", i), fmt.Sprintf("tree:r%d", i)
		common := slices.Concat(distributors[i%20], []licensing.PolicyLine{
			link(tree, fmt.Sprintf("tree:d%d", i%20)), link(group, tree), grant(group, fmt.Sprintf("c%d", 10+i%40), "create"),
		})
		for j := 0; j < perGroup && len(w.grants) < n; j++ {
			m := licensing.MembershipID(fmt.Sprintf("r%d-%d", i, j))
			name := fmt.Sprintf("member:p%d@r%d.example/r%d", j, i, i)
			w.members = append(w.members, m)
			w.lines[m] = slices.Concat(common, []licensing.PolicyLine{link("membership:"+string(m), name), link(name, group), grant(name, fmt.Sprintf("c%d", 50+(i+j)%50), "modify")})
		}
	}
	return w
}

// question is one that about every second time is allowed.
type question struct {
	m        licensing.MembershipID
	action   licensing.Action
	category string
}

func (w *world) questions() []question {
	random := rand.New(rand.NewPCG(1, 2))
	some := w.members[:min(len(w.members), 500)]
	qs := make([]question, 5000)
	for i := range qs {
		m := some[random.IntN(len(some))]
		qs[i] = question{m, licensing.Create, fmt.Sprintf("c%d", random.IntN(100))}
		if i%2 == 0 {
			lines := w.lines[m]
			g := lines[len(lines)-1]
			qs[i] = question{m, licensing.Action(g[3]), strings.TrimPrefix(g[2], "category:")}
		}
	}
	return qs
}

// measure times each decision by itself, and reports the median and the slowest of a hundred beside the mean.
func measure(b *testing.B, qs []question, decide func(question) bool) {
	b.ReportAllocs()
	took := make([]time.Duration, 0, 1<<20)
	for i := 0; b.Loop(); i++ {
		from := time.Now()
		decide(qs[i%len(qs)])
		if d := time.Since(from); len(took) < cap(took) {
			took = append(took, d)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2]), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
}

// BenchmarkDecide asks the same questions of all. Before it measures, it holds their answers against one another.
func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("grants=%d", n), func(b *testing.B) {
			w := newWorld(n)
			qs := w.questions()
			warm := policies.New(w, len(w.members), policies.Clock(func() time.Duration { return time.Hour }))
			if err := warm.Poll(b.Context()); err != nil {
				b.Fatal(err)
			}
			kontor := func(q question) bool {
				d, err := warm.Decide(b.Context(), nil, q.m, q.action, q.category)
				return err == nil && d.Allowed
			}
			cold := policies.New(w, 1) // it never polls, and so keeps nothing
			first := func(q question) bool {
				d, err := cold.Decide(b.Context(), nil, q.m, q.action, q.category)
				return err == nil && d.Allowed
			}
			cedars := w.cedar(b)
			for _, q := range qs[:min(200, 2_000_000/n)] {
				if a, c := kontor(q), cedars(q); a != c {
					b.Fatalf("%+v: kontor says %v, Cedar %v", q, a, c)
				}
			}
			for _, q := range qs {
				kontor(q)
			}
			b.Run("kontor-warm", func(b *testing.B) { measure(b, qs, kontor) })
			b.Run("kontor-cold", func(b *testing.B) { measure(b, qs, first) })
			b.Run("cedar", func(b *testing.B) { measure(b, qs, cedars) })
			b.Run("global-casbin", func(b *testing.B) { measure(b, qs[:20], w.casbin(b)) })
		})
	}
}

// cedar is an embedded Cedar that knows the whole policy: the tree and the memberships are entities, each grant is a
// policy of its own.
func (w *world) cedar(b *testing.B) func(question) bool {
	b.Helper()
	entities := types.EntityMap{}
	uid := func(name string) types.EntityUID { return types.NewEntityUID("Name", types.String(name)) }
	parents := map[string][]types.EntityUID{}
	for l := range w.links {
		parents[l[0]] = append(parents[l[0]], uid(l[1]))
	}
	for name, above := range parents {
		entities[uid(name)] = types.Entity{UID: uid(name), Parents: types.NewEntityUIDSet(above...)}
	}
	set := cedar.NewPolicySet()
	for _, g := range w.grants {
		text := fmt.Sprintf("permit (principal in Name::%q, action == Action::%q, resource == Category::%q);", g[0], g[2], g[1])
		var p cedar.Policy
		if err := p.UnmarshalCedar([]byte(text)); err != nil {
			b.Fatal(err)
		}
		set.Add(cedar.PolicyID(g[3]), &p)
	}
	return func(q question) bool {
		ok, _ := cedar.Authorize(set, entities, cedar.Request{
			Principal: uid("membership:" + string(q.m)), Action: types.NewEntityUID("Action", types.String(q.action)),
			Resource: types.NewEntityUID("Category", types.String("category:"+q.category)), Context: types.NewRecord(nil),
		})
		return bool(ok)
	}
}

// casbin is one enforcer with the whole policy and the product's model.
func (w *world) casbin(b *testing.B) func(question) bool {
	b.Helper()
	conf, err := model.NewModelFromFile("../model.conf")
	if err != nil {
		b.Fatal(err)
	}
	e, err := casbin.NewEnforcer(conf)
	if err != nil {
		b.Fatal(err)
	}
	e.SetNamedRoleManager("g", defaultrolemanager.NewRoleManagerImpl(100))
	var links [][]string
	for l := range w.links {
		links = append(links, l[:])
	}
	if _, err := e.AddGroupingPolicies(links); err != nil {
		b.Fatal(err)
	}
	if _, err := e.AddPolicies(w.grants); err != nil {
		b.Fatal(err)
	}
	return func(q question) bool {
		ok, err := e.Enforce("membership:"+string(q.m), "category:"+q.category, string(q.action))
		return err == nil && ok
	}
}
