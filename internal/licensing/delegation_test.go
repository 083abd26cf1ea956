package licensing_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// The maker sells through the reseller north and the distributor nordic, which has the subgroup fjord. Each of these
// people is called by his name: "isv" is the membership and "isv@x.example" the address. "dora-fjord" is Dora again.
var (
	treeOfDelegation = map[string]string{"maker": "", "north": "maker", "nordic": "maker", "fjord": "nordic"}
	delegating       = []licensing.Membership{
		person("isv", "maker", licensing.RoleAdmin), person("isv2", "maker", licensing.RoleAdmin),
		person("nora", "north", licensing.RoleAdmin),
		person("dora", "nordic", licensing.RoleAdmin), person("dan", "nordic", licensing.RoleAdmin), person("dave", "nordic", licensing.RoleMember),
		person("robot", "nordic", licensing.RoleService), suspended(person("sid", "nordic", licensing.RoleAdmin)),
		person("fred", "fjord", licensing.RoleAdmin), person("may", "fjord", licensing.RoleMember),
		person("dora-fjord", "fjord", licensing.RoleAdmin),
	}
	delegationDay = licensing.Day{Year: 2026, Month: time.November, Date: 21}
)

func person(id licensing.MembershipID, group string, role licensing.Role) licensing.Membership {
	name, _, _ := strings.Cut(string(id), "-")
	return licensing.Membership{ID: id, Email: name + "@x.example", GroupCode: group, Role: role}
}

func suspended(m licensing.Membership) licensing.Membership {
	m.Suspended = true
	return m
}

// delegation puts grants in, one a line: "ID WHO CATEGORY ACTION GIVER UNDER [UNTIL]", where WHO is a group, a tree or
// somebody's name, and "-" stands for none.
func delegation(t *testing.T, lines string) *licensing.Delegation {
	t.Helper()
	d := licensing.NewDelegation(delegationDay)
	for code, parent := range treeOfDelegation {
		d.Parent[code] = parent
	}
	for _, m := range delegating {
		d.Members[m.ID] = m
	}
	none := strings.NewReplacer("-", "")
	for line := range strings.Lines(lines) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		g := licensing.Grant{ID: licensing.GrantID(f[0]), Who: whoIs(d, f[1]), Category: f[2], Action: f[3]}
		if f[4] != "-" {
			g.GivenBy = licensing.MembershipID(f[4])
		}
		g.Under = licensing.GrantID(none.Replace(f[5]))
		if len(f) > 6 {
			g.Until = dayOf(t, f[6])
		}
		d.Add(g)
	}
	return d
}

// whoIs is the name in the policy of somebody; names of groups and trees, and of nobody, are it already.
func whoIs(d *licensing.Delegation, who string) string {
	if m, ok := d.Members[licensing.MembershipID(who)]; ok {
		return m.Subject()
	}
	return who
}

func dayOf(t *testing.T, s string) (d licensing.Day) {
	t.Helper()
	if s == "" {
		return d
	}
	d, err := licensing.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// settledAs tells what changed and what fell: "GRANT: under OTHER by GIVER to DAY" and "GRANT falls".
func settledAs(s licensing.Settled) string {
	var said []string
	for _, g := range s.Changed {
		line := fmt.Sprintf("%s: under %s by %s", g.ID, orNone(string(g.Under)), orNone(string(g.GivenBy)))
		if !g.Until.IsZero() {
			line += " to " + g.Until.String()
		}
		said = append(said, line)
	}
	for _, g := range s.Fallen {
		said = append(said, string(g.ID)+" falls")
	}
	return strings.Join(said, "; ")
}

func orNone(s string) string {
	if s == "" {
		return "nobody"
	}
	return s
}

func wantRefused(t *testing.T, err error, kind licensing.Kind, field string) {
	t.Helper()
	var e *licensing.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Field != field {
		t.Errorf("%v, want it %s at %q", err, kind, field)
	}
}

func TestMayGive(t *testing.T) {
	const held = `
		root   isv          *       *      -    -
		dora1  dora         partner create isv  root 2027-06-30
		dora2  dora         partner create isv  root 2027-01-31
		group  group:nordic events  create isv  root
		tree   tree:nordic  trials  *      isv  root
		above  tree:maker   samples create isv  root
		old    dora         past    create isv  root 2026-11-20
		today  dora         brief   create isv  root 2026-11-21
		own    group:nordic private create dora root
		fred1  fred         partner create dora dora1`
	const denied, invalid, unseen = licensing.Denied, licensing.Invalid, licensing.NotFound
	for _, x := range []struct {
		what                             string
		giver, who, category, action, to string
		under, until                     string // what the grant hangs under and when it ends
		refused                          licensing.Kind
		field                            string
	}{
		{what: "to a member of the own group", giver: "dora", who: "dave", category: "partner", action: "create", under: "dora1", until: "2027-06-30"},
		{what: "to another admin of the own group", giver: "dora", who: "dan", category: "partner", action: "create", under: "dora1", until: "2027-06-30"},
		{what: "below", giver: "dora", who: "may", category: "partner", action: "create", under: "dora1", until: "2027-06-30"},
		{what: "to a service account", giver: "dora", who: "robot", category: "partner", action: "create", under: "dora1", until: "2027-06-30"},
		{what: "to the own group", giver: "dora", who: "group:nordic", category: "partner", action: "create", under: "dora1", until: "2027-06-30"},
		{what: "to a group below", giver: "dora", who: "group:fjord", category: "partner", action: "create", under: "dora1", until: "2027-06-30"},
		{what: "to the own tree", giver: "dora", who: "tree:nordic", category: "partner", action: "create", under: "dora1", until: "2027-06-30"},

		{what: "to oneself", giver: "dora", who: "dora", category: "partner", action: "create", refused: invalid, field: "who"},
		{what: "to another own membership", giver: "dora", who: "dora-fjord", category: "partner", action: "create", refused: invalid, field: "who"},
		{what: "beside", giver: "dora", who: "nora", category: "partner", action: "create", refused: unseen, field: "who"},
		{what: "to a group beside", giver: "dora", who: "group:north", category: "partner", action: "create", refused: unseen, field: "who"},
		{what: "to a tree beside", giver: "dora", who: "tree:north", category: "partner", action: "create", refused: unseen, field: "who"},
		{what: "above", giver: "dora", who: "isv", category: "partner", action: "create", refused: unseen, field: "who"},
		{what: "to the group above", giver: "dora", who: "group:maker", category: "partner", action: "create", refused: unseen, field: "who"},
		{what: "to the tree above", giver: "dora", who: "tree:maker", category: "partner", action: "create", refused: unseen, field: "who"},
		{what: "above, from the bottom", giver: "fred", who: "dora", category: "partner", action: "create", refused: unseen, field: "who"},
		{what: "to a group that is not there", giver: "dora", who: "group:nowhere", category: "partner", action: "create", refused: unseen, field: "who"},
		{what: "to a name without a group", giver: "dora", who: "member:fjord", category: "partner", action: "create", refused: unseen, field: "who"},
		{what: "to a name of no kind", giver: "dora", who: "fjord", category: "partner", action: "create", refused: unseen, field: "who"},
		{what: "to nobody", giver: "dora", who: "", category: "partner", action: "create", refused: unseen, field: "who"},

		{what: "held through the own group", giver: "dora", who: "may", category: "events", action: "create", under: "group"},
		{what: "held through the own tree", giver: "dora", who: "may", category: "trials", action: "revoke", under: "tree"},
		{what: "held through a tree above", giver: "fred", who: "may", category: "trials", action: "modify", under: "tree"},
		{what: "held from far above", giver: "fred", who: "may", category: "samples", action: "create", under: "above"},
		{what: "a group's grant reaches none below", giver: "fred", who: "may", category: "events", action: "create", refused: denied, field: "category"},
		{what: "another action", giver: "dora", who: "may", category: "partner", action: "modify", refused: denied, field: "category"},
		{what: "another category", giver: "dora", who: "may", category: "internal", action: "create", refused: denied, field: "category"},
		{what: "what only the giver gave", giver: "dora", who: "may", category: "private", action: "create", refused: denied, field: "category"},
		{what: "what has ended", giver: "dora", who: "may", category: "past", action: "create", refused: denied, field: "category"},
		{what: "what ends today", giver: "dora", who: "may", category: "brief", action: "create", under: "today", until: "2026-11-21"},

		{what: "every action of one held so", giver: "dora", who: "may", category: "trials", action: "*", under: "tree"},
		{what: "every action of one held by one", giver: "dora", who: "may", category: "partner", action: "*", refused: denied, field: "category"},
		{what: "every category, held in some", giver: "dora", who: "may", category: "*", action: "create", refused: denied, field: "category"},
		{what: "everything, held in part", giver: "dora", who: "may", category: "*", action: "*", refused: denied, field: "category"},
		{what: "everything, from everything", giver: "isv", who: "may", category: "*", action: "*", under: "root"},
		{what: "one thing, from everything", giver: "isv", who: "may", category: "new", action: "revoke", under: "root"},

		{what: "an end of its own", giver: "dora", who: "may", category: "partner", action: "create", to: "2026-12-31", under: "dora1", until: "2026-12-31"},
		{what: "today", giver: "dora", who: "may", category: "partner", action: "create", to: "2026-11-21", under: "dora1", until: "2026-11-21"},
		{what: "up to the giver's own end", giver: "dora", who: "may", category: "partner", action: "create", to: "2027-06-30", under: "dora1", until: "2027-06-30"},
		{what: "longer than the giver holds it", giver: "dora", who: "may", category: "partner", action: "create", to: "2027-07-01", refused: invalid, field: "until"},
		{what: "ended before it began", giver: "dora", who: "may", category: "partner", action: "create", to: "2026-11-20", refused: invalid, field: "until"},
		{what: "an end, from what has none", giver: "isv", who: "may", category: "partner", action: "create", to: "2099-12-31", under: "root", until: "2099-12-31"},

		{what: "by a member", giver: "dave", who: "may", category: "trials", action: "create", refused: denied},
		{what: "by a service account", giver: "robot", who: "may", category: "trials", action: "create", refused: denied},
		{what: "by a suspended admin", giver: "sid", who: "may", category: "trials", action: "create", refused: denied},
	} {
		t.Run(x.what, func(t *testing.T) {
			d := delegation(t, held)
			giver := d.Members[licensing.MembershipID(x.giver)]
			g, err := d.MayGive(giver, whoIs(d, x.who), x.category, x.action, dayOf(t, x.to))
			if x.refused != "" {
				wantRefused(t, err, x.refused, x.field)
				return
			}
			want := licensing.Grant{
				Who: whoIs(d, x.who), Category: x.category, Action: x.action,
				GivenBy: giver.ID, Under: licensing.GrantID(x.under), Until: dayOf(t, x.until),
			}
			if err != nil || g != want {
				t.Errorf("%+v, %v; want %+v", g, err, want)
			}
		})
	}
}

// TestSupportIsTheSameEachTime: of grants that end on the same day the oldest supports.
func TestSupportIsTheSameEachTime(t *testing.T) {
	for range 50 {
		d := delegation(t, `
			c  dora partner create isv  -
			a  dora partner create isv2 -
			b  dora partner *      isv  -`)
		if g, ok := d.Support(d.Members["dora"], "partner", "create"); !ok || g.ID != "a" {
			t.Fatalf("%s, %v", g.ID, ok)
		}
	}
}

func TestMayTakeBack(t *testing.T) {
	const held = `
		root   isv          *       *      -    -
		root2  isv2         *       *      -    -
		dora1  dora         partner create isv  root
		dan1   dan          partner create isv  root
		dora2  dora         events  create dan  dan2
		dan2   dan          events  create dora dora3
		dora3  dora         events  create isv  root
		dave1  dave         trials  create isv  root
		fred1  fred         partner create dora dora1
		may1   may          partner create fred fred1
		nora1  nora         partner create isv  root
		old    may          partner create dora dora1 2026-11-20
		north  group:north  partner create isv  root
		nordic tree:nordic  samples create isv  root`
	for _, x := range []struct {
		what, by, grant, own string
		refused              licensing.Kind
		field                string
	}{
		{what: "what one gave", by: "dora", grant: "fred1", own: "dora1"},
		{what: "what another admin beside gave", by: "dan", grant: "fred1", own: "dan1"},
		{what: "what somebody below passed on", by: "dora", grant: "may1", own: "dora1"},
		{what: "what another ISV admin gave", by: "isv2", grant: "dora1", own: "root2"},
		{what: "of a whole group", by: "isv", grant: "north", own: "root"},
		{what: "of a colleague", by: "dora", grant: "dan1", own: "dora1"},
		{what: "what one holds from a colleague, and otherwise", by: "dora", grant: "dora2", own: "dora3"},

		{what: "what one holds by it alone", by: "dora", grant: "dora1", refused: licensing.Denied, field: "grant"},
		{what: "what one holds by it and what hangs under it", by: "dora", grant: "dora3", refused: licensing.Denied, field: "grant"},
		{what: "of the tree that one holds it by", by: "dora", grant: "nordic", refused: licensing.Denied, field: "grant"},
		{what: "what one does not hold", by: "dora", grant: "dave1", refused: licensing.Denied, field: "grant"},
		{what: "beside", by: "dora", grant: "nora1", refused: licensing.NotFound, field: "grant"},
		{what: "above", by: "fred", grant: "dora1", refused: licensing.NotFound, field: "grant"},
		{what: "of a group beside", by: "dora", grant: "north", refused: licensing.NotFound, field: "grant"},
		{what: "what has ended", by: "dora", grant: "old", refused: licensing.NotFound, field: "grant"},
		{what: "by a member", by: "dave", grant: "may1", refused: licensing.Denied},
		{what: "by a service account", by: "robot", grant: "may1", refused: licensing.Denied},
		{what: "by a suspended admin", by: "sid", grant: "may1", refused: licensing.Denied},
	} {
		t.Run(x.what, func(t *testing.T) {
			d := delegation(t, held)
			own, err := d.MayTakeBack(d.Members[licensing.MembershipID(x.by)], d.Grants[licensing.GrantID(x.grant)])
			if x.refused != "" {
				wantRefused(t, err, x.refused, x.field)
			} else if err != nil || string(own.ID) != x.own {
				t.Errorf("held otherwise by %q, %v; want %q", own.ID, err, x.own)
			}
		})
	}
}
