package usecasetest

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	defaultrolemanager "github.com/casbin/casbin/v2/rbac/default-role-manager"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kontor/internal/access"
	"kontor/internal/licensing"
	"kontor/internal/pgtest"
	"kontor/internal/signing"
	"kontor/internal/sqlstore"
	"kontor/internal/usecase"
	"kontor/policies"
)

// dice are how a machine chooses: rapid's, which make a failure small, or those of a seed.
type dice interface {
	pick(label string, n int) int
}

type rapidDice struct{ t *rapid.T }

func (d rapidDice) pick(label string, n int) int { return rapid.IntRange(0, n-1).Draw(d.t, label) }

type seededDice struct{ *rand.Rand }

func (d seededDice) pick(_ string, n int) int { return d.IntN(n) }

// machine does at random what changes who may do what, through the use cases, and holds three ways of deciding against
// the oracle after each step: casbin over the whole policy, and kept answers with a large and a small cache.
type machine struct {
	ctx    context.Context
	store  licensing.Store
	access *access.Service
	wall   *wallClock
	passed time.Duration // on the clock of kept answers
	large  *policies.Kept
	small  *policies.Kept
	oracle *oracle
	last   string // what was tried last
	done   bool   // something has changed since all questions were asked
}

// peopled is the demo with more people in it, and two categories.
func peopled(ctx context.Context, address string) error {
	if err := seed(ctx, address); err != nil {
		return err
	}
	s, err := sqlstore.Open(ctx, address, sqlstore.WallClock(func() time.Time { return soldOn }))
	if err != nil {
		return err
	}
	err = s.Write(ctx, func(tx licensing.Tx) error {
		fjord, err := tx.GroupByCode(ctx, "fjord")
		if err != nil {
			return err
		}
		bergen := licensing.Group{ID: licensing.GroupID(licensing.NewID()), Parent: fjord.ID, Code: "bergen", Name: "Bergen", CreatedAt: soldOn}
		if err := tx.InsertGroup(ctx, bergen); err != nil {
			return err
		}
		for _, p := range []struct {
			name, group string
			role        licensing.Role
		}{
			{"irma", "aurora", licensing.RoleAdmin}, {"nora", "nordic", licensing.RoleAdmin}, {"nils", "nordic", licensing.RoleAdmin},
			{"mia", "fjord", licensing.RoleMember}, {"shop", "fjord", licensing.RoleService}, {"bo", "bergen", licensing.RoleAdmin}, {"bea", "bergen", licensing.RoleMember},
		} {
			g, err := tx.GroupByCode(ctx, p.group)
			if err != nil {
				return err
			}
			u := licensing.User{ID: licensing.UserID(licensing.NewID()), Email: p.name + "@" + p.group + ".example", Name: p.name, CreatedAt: soldOn}
			if err := tx.InsertUser(ctx, u); err != nil {
				return err
			}
			m := licensing.Membership{ID: licensing.MembershipID(licensing.NewID()), User: u.ID, Group: g.ID, Role: p.role, CreatedAt: soldOn}
			if err := tx.InsertMembership(ctx, m); err != nil {
				return err
			}
			if p.group == "aurora" {
				root := licensing.Grant{ID: licensing.GrantID(licensing.NewID()), Who: licensing.MemberSubject(u.Email, p.group), Category: licensing.Any, Action: licensing.Any, CreatedAt: soldOn}
				if err := tx.InsertGrant(ctx, root); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if closed := s.Close(); err == nil {
		err = closed
	}
	return err
}

// peopledFile is a SQLite database of peopled, to be copied.
var peopledFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "kontor-machine-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "kontor.db")
	if err := peopled(context.Background(), "sqlite://"+path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newMachine is a machine over a database of its own; broken may put something that is wrong between the use cases and
// their store. Close it.
func newMachine(t testing.TB, address string, broken func(licensing.Store) licensing.Store) (m *machine, closing func()) {
	t.Helper()
	m = &machine{ctx: context.Background(), wall: &wallClock{now: soldOn}}
	if address == "" {
		path := filepath.Join(t.TempDir(), licensing.NewID()+".db")
		must(t, os.WriteFile(path, got[[]byte](t)(peopledFile()), 0o600))
		address = "sqlite://" + path
	}
	kept := got[*sqlstore.Store](t)(sqlstore.Open(m.ctx, address, sqlstore.WallClock(m.wall.Now)))
	m.store = kept
	if broken != nil {
		m.store = broken(kept)
	}
	answers := got[*signing.Sealer](t)(signing.NewSealer(masterKey, "answers"))
	secrets := got[*signing.Sealer](t)(signing.NewSealer(masterKey, "secrets"))
	m.access = got[*access.Service](t)(access.New(usecase.New(m.store, nil, answers), secrets, policies.Judge{}, "", licensing.CallLimits{}))
	clock := policies.Clock(func() time.Duration { return m.passed })
	m.large, m.small = policies.New(m.store, 100, clock), policies.New(m.store, 2, clock)
	m.oracle = &oracle{known: []string{"partner", "internal"}}
	must(t, m.look())
	return m, func() { must(t, kept.Close()) }
}

// look reads everything anew into the oracle.
func (m *machine) look() error {
	o := m.oracle
	o.parent, o.people, o.removed = map[string]string{}, map[licensing.MembershipID]licensing.Membership{}, map[licensing.MembershipID]bool{}
	var err error
	if o.grants, err = m.rows(); err != nil {
		return err
	}
	return m.store.Read(m.ctx, func(tx licensing.Tx) error {
		o.today = tx.Now().Today()
		root, err := tx.RootGroup(m.ctx)
		if err != nil {
			return err
		}
		groups, err := tx.GroupsIn(m.ctx, licensing.Sight{Group: root.ID, Below: true})
		codes := map[licensing.GroupID]string{}
		for _, g := range groups {
			codes[g.ID] = g.Code
			o.parent[g.Code] = codes[g.Parent]
		}
		for _, role := range []licensing.Role{"", licensing.RoleService} {
			people, err := tx.ListPeople(m.ctx, licensing.Sight{Group: root.ID, Below: true}, licensing.PeopleFilter{Role: role, Limit: 500})
			if err != nil {
				return err
			}
			for _, p := range people {
				o.people[p.ID] = p
			}
		}
		return err
	})
}

// rows are all grants, as they are kept.
func (m *machine) rows() (map[licensing.GrantID]licensing.Grant, error) {
	all := map[licensing.GrantID]licensing.Grant{}
	err := plain(m.store).Read(m.ctx, func(tx licensing.Tx) error {
		root, err := tx.RootGroup(m.ctx)
		if err != nil {
			return err
		}
		grants, err := tx.GrantsWithin(m.ctx, root.ID)
		for _, g := range grants {
			all[g.ID] = g
		}
		return err
	})
	return all, err
}

// anybody chooses a membership, the oldest being the ISV admin.
func (m *machine) anybody(d dice, label string) licensing.Membership {
	ids := slices.Sorted(maps.Keys(m.oracle.people))
	return m.oracle.people[ids[d.pick(label, len(ids))]]
}

// admin chooses somebody to act: mostly an admin.
func (m *machine) admin(d dice) licensing.Actor {
	for range 10 {
		if who := m.anybody(d, "by"); m.oracle.admin(who.ID) {
			return licensing.Actor{Membership: who, Via: "portal"}
		}
	}
	return licensing.Actor{Membership: m.anybody(d, "by"), Via: "portal"}
}

func (m *machine) group(d dice, label string) string {
	codes := slices.Sorted(maps.Keys(m.oracle.parent))
	return codes[d.pick(label, len(codes))]
}

// who chooses a name of the policy.
func (m *machine) who(d dice) string {
	switch d.pick("kind", 5) {
	case 0:
		return licensing.GroupSubject(m.group(d, "group"))
	case 1:
		return licensing.TreeSubject(m.group(d, "group"))
	default:
		return m.anybody(d, "member").Subject()
	}
}

func (m *machine) grant(d dice) (g licensing.Grant, ok bool) {
	ids := slices.Sorted(maps.Keys(m.oracle.grants))
	if len(ids) == 0 {
		return g, false
	}
	return m.oracle.grants[ids[d.pick("grant", len(ids))]], true
}

// until chooses a last day: mostly none.
func (m *machine) until(d dice) licensing.Day {
	if d.pick("ends", 3) > 0 {
		return licensing.Day{}
	}
	return m.oracle.today.AddDays(d.pick("days", 12) - 1)
}

// step does one thing and looks at everything.
func (m *machine) step(d dice) error {
	names := slices.Sorted(maps.Keys(deeds))
	name := names[d.pick("deed", len(names))]
	return m.do(name, d)
}

func (m *machine) do(name string, d dice) error {
	m.last = name
	if err := deeds[name](m, d); err != nil {
		return fmt.Errorf("%s: %w", m.last, err)
	}
	if err := m.check(); err != nil {
		return fmt.Errorf("after %s: %w", m.last, err)
	}
	return nil
}

// check lays the grants that are kept, and every answer to every question, beside the oracle's.
func (m *machine) check() error {
	rows, err := m.rows()
	if err != nil {
		return err
	}
	o := m.oracle
	if diff := cmp.Diff(summary(o.grants, o.current), summary(rows, o.current)); diff != "" {
		return fmt.Errorf("the grants are not those of the oracle (-oracle +kept):\n%s", diff)
	}
	if err := o.sound(rows); err != nil {
		return err
	}
	o.grants = rows
	if !m.done {
		return nil // nothing has changed: every question was asked before
	}
	m.done = false
	whole, err := o.casbin()
	if err != nil {
		return err
	}
	for _, kept := range []*policies.Kept{m.large, m.small} {
		if err := kept.Poll(m.ctx); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.people)) {
		for _, category := range append([]string{"unheard-of"}, o.known...) {
			for _, action := range []licensing.Action{licensing.Create, licensing.Modify, licensing.Revoke} {
				if err := m.ask(whole, id, action, category); err != nil {
					return fmt.Errorf("may %s %s in %s: %w", o.people[id].Subject(), action, category, err)
				}
			}
		}
	}
	return nil
}

func (m *machine) ask(whole *casbin.Enforcer, id licensing.MembershipID, action licensing.Action, category string) error {
	want := m.oracle.may(id, action, category)
	named := func(by, grant string) error {
		g, ok := m.oracle.grants[licensing.GrantID(grant)]
		if !ok || !m.oracle.current(g) || !m.oracle.reaches(g, id) || !within(g, category, string(action)) {
			return fmt.Errorf("%s names the grant %q, which does not allow it: %+v", by, grant, g)
		}
		return nil
	}
	yes, line, err := whole.EnforceEx("membership:"+string(id), "category:"+category, string(action))
	if err != nil {
		return fmt.Errorf("casbin over the whole policy: %w", err)
	}
	if yes != want {
		return fmt.Errorf("casbin over the whole policy says %v; the oracle %v", yes, want)
	}
	if yes {
		if err := named("casbin over the whole policy", line[3]); err != nil {
			return err
		}
	}
	for by, kept := range map[string]*policies.Kept{"a large cache": m.large, "a small cache": m.small} {
		got, err := kept.Decide(m.ctx, nil, id, action, category)
		if err != nil {
			return fmt.Errorf("%s: %w", by, err)
		}
		if got.Allowed != want {
			return fmt.Errorf("%s says %v; the oracle %v", by, got.Allowed, want)
		}
		if got.Allowed {
			if err := named(by, got.Grant); err != nil {
				return err
			}
		}
	}
	return nil
}

// casbin is an enforcer with the whole policy, made from the oracle's world.
func (o *oracle) casbin() (*casbin.Enforcer, error) {
	text, err := os.ReadFile(filepath.Join("..", "..", "policies", "model.conf"))
	if err != nil {
		return nil, err
	}
	conf, err := model.NewModelFromString(string(text))
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(conf)
	if err != nil {
		return nil, err
	}
	e.SetNamedRoleManager("g", defaultrolemanager.NewRoleManagerImpl(100))
	var links, lines [][]string
	for id, p := range o.people {
		if o.active(id) {
			links = append(links, []string{"membership:" + string(id), p.Subject()}, []string{p.Subject(), "group:" + p.GroupCode})
		}
	}
	for code, parent := range o.parent {
		links = append(links, []string{"group:" + code, "tree:" + code})
		if parent != "" {
			links = append(links, []string{"tree:" + code, "tree:" + parent})
		}
	}
	for id, g := range o.grants {
		if category := strings.Replace("category:"+g.Category, "category:*", "*", 1); o.current(g) {
			lines = append(lines, []string{g.Who, category, g.Action, string(id)})
		}
	}
	_, err = e.AddGroupingPolicies(links)
	if err == nil && len(lines) > 0 {
		_, err = e.AddPolicies(lines)
	}
	return e, err
}

// Whatever is done, in whatever order, the oracle, casbin over the whole policy, and kept answers in a large and a small
// cache agree; the grants that they name are real; and nobody holds what nobody above could give.
func TestGrantsMachine(t *testing.T) {
	checks(t, 40)
	rapid.Check(t, func(rt *rapid.T) {
		m, closing := newMachine(t, "", nil)
		defer closing()
		actions := map[string]func(*rapid.T){}
		for name := range deeds {
			actions[name] = func(rt *rapid.T) {
				if err := m.do(name, rapidDice{rt}); err != nil {
					rt.Fatal(err)
				}
			}
		}
		rt.Repeat(actions)
	})
}

// checks sets how many lives rapid.Check tries in a test in which one takes long, unless -rapid.checks says it.
func checks(t *testing.T, lives int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	if usual := f.DefValue; f.Value.String() == usual {
		must(t, f.Value.Set(strconv.Itoa(lives)))
		t.Cleanup(func() { must(t, f.Value.Set(usual)) })
	}
}

// The same on PostgreSQL, for one long life.
func TestGrantsMachineOnPostgres(t *testing.T) {
	m, closing := newMachine(t, pgtest.Database(t, peopled), nil)
	defer closing()
	const rolled = 7
	d := seededDice{rand.New(rand.NewPCG(rolled, rolled))}
	for range 150 {
		if err := m.step(d); err != nil {
			t.Fatalf("seed %d: %v", rolled, err)
		}
	}
}
