package usecasetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// deeds are what the machine can do. Each tells the oracle what it did, when it was not refused, and fails when it was
// refused, or was not, against the oracle's opinion.
var deeds = map[string]func(*machine, dice) error{
	"give":              (*machine).give,
	"give again":        (*machine).give,
	"pass on":           (*machine).passOn,
	"pass on further":   (*machine).passOn,
	"take back":         (*machine).takeBack,
	"set an end":        (*machine).setEnd,
	"move a group":      (*machine).move,
	"take another back": (*machine).takeBack,
	"change a person":   (*machine).changePerson,
	"let days pass":     (*machine).daysPass,
	"move the clock":    (*machine).moveClock,
	"add a category":    (*machine).addCategory,
}

// agree compares a refusal with what the oracle thinks; it returns whether the deed was done.
func (m *machine) agree(err error, allowed bool, what string, args ...any) (done bool, _ error) {
	m.last += ": " + fmt.Sprintf(what, args...)
	m.done = m.done || err == nil
	var e *licensing.Error
	switch {
	case err == nil && !allowed:
		return true, errors.New("it was done, and the oracle would refuse it")
	case err != nil && !errors.As(err, &e):
		return false, err
	case err != nil && (e.Kind == licensing.Internal || e.Kind == licensing.Unavailable):
		return false, err
	case err != nil && allowed:
		return false, fmt.Errorf("it was refused, and the oracle would allow it: %w", err)
	}
	return err == nil, nil
}

func (m *machine) give(d dice) error {
	actions := []string{"create", "modify", "revoke", "*"}
	in := access.GivePermission{
		Who: m.who(d), Category: append([]string{"*", "unheard-of"}, m.oracle.known...)[d.pick("category", 2+len(m.oracle.known))],
		Action: actions[d.pick("action", len(actions))], Until: m.until(d),
	}
	return m.giveAs(m.admin(d), in)
}

// passOn gives something that the giver holds to somebody below him: what makes chains.
func (m *machine) passOn(d dice) error {
	by := m.admin(d)
	for range 5 { // mostly somebody who holds something
		if slices.ContainsFunc(slices.Collect(maps.Values(m.oracle.grants)), func(g licensing.Grant) bool { return m.oracle.current(g) && m.oracle.reaches(g, by.ID) }) {
			break
		}
		by = m.admin(d)
	}
	var held []licensing.Grant
	for _, id := range slices.Sorted(maps.Keys(m.oracle.grants)) {
		if g := m.oracle.grants[id]; m.oracle.current(g) && m.oracle.reaches(g, by.ID) {
			held = append(held, g)
		}
	}
	if len(held) == 0 {
		return nil
	}
	g := held[d.pick("held", len(held))]
	in := access.GivePermission{Who: m.who(d), Category: g.Category, Action: g.Action, Until: m.until(d)}
	for range 8 { // mostly to somebody whom he may give to
		if m.oracle.below(groupOf(in.Who), by.GroupCode) && in.Who != by.Subject() {
			break
		}
		in.Who = m.who(d)
	}
	return m.giveAs(by, in)
}

func (m *machine) giveAs(by licensing.Actor, in access.GivePermission) error {
	o := m.oracle
	wanted := licensing.Grant{ID: "wanted", Who: in.Who, Category: in.Category, Action: in.Action, GivenBy: by.ID, Until: in.Until}
	var until licensing.Day
	supported := false
	for _, p := range o.grants {
		if o.supports(p, wanted) && (!supported || longer(p.Until, until)) {
			until, supported = p.Until, true
		}
	}
	email, _ := licensing.SubjectEmail(in.Who)
	allowed := supported && email != by.Email && (in.Category == "*" || slices.Contains(o.known, in.Category))
	if in.Until != (licensing.Day{}) {
		allowed = allowed && !in.Until.Before(o.today) && !longer(in.Until, until)
		until = in.Until
	}
	for id, p := range o.people {
		allowed = allowed && (p.Subject() != in.Who || !o.removed[id])
	}
	out, _, err := m.access.Give(m.ctx, by, "", in)
	// What he gave before can be what others gave him his own under: then he cannot let it last longer.
	for _, g := range o.grants {
		if same := g; err != nil && g.GivenBy == by.ID && g.Who == in.Who && g.Category == in.Category && g.Action == in.Action && longer(until, same.Until) {
			allowed = false
		}
	}
	done, err := m.agree(err, allowed, "%s gives %s in %s to %s until %q", by.Subject(), in.Action, in.Category, in.Who, in.Until)
	if !done || err != nil {
		return err
	}
	for id, g := range o.grants { // the same from him before: it lasts as long as he says now
		if g.GivenBy == by.ID && g.Who == in.Who && g.Category == in.Category && g.Action == in.Action {
			if !o.current(g) {
				delete(o.grants, id)
				continue
			}
			g.Until = until
			o.grants[id] = g
			o.settle()
			return nil
		}
	}
	wanted.ID, wanted.Until, wanted.Under = out.Grant, until, "something"
	o.grants[wanted.ID] = wanted
	return nil
}

// mayTakeBack is whether somebody may take a grant back, and the longest end of what he holds the same by otherwise.
func (m *machine) mayTakeBack(by licensing.Membership, g licensing.Grant) (end licensing.Day, ok bool) {
	o := m.oracle
	if !o.current(g) || !o.admin(by.ID) || !o.below(groupOf(g.Who), by.GroupCode) || m.withRole(g) {
		return end, false
	}
	for _, p := range o.grants {
		under := false
		for x := p; x.ID != ""; x = o.grants[x.Under] {
			under = under || x.ID == g.ID
		}
		if !under && o.current(p) && o.reaches(p, by.ID) && within(p, g.Category, g.Action) && (!ok || longer(p.Until, end)) {
			end, ok = p.Until, true
		}
	}
	return end, ok
}

// withRole reports whether a grant comes with being an ISV admin.
func (m *machine) withRole(g licensing.Grant) bool {
	for _, p := range m.oracle.people {
		if p.Subject() == g.Who && p.GroupIsISV && p.Role == licensing.RoleAdmin {
			return g.Under == "" && g.Category == "*" && g.Action == "*"
		}
	}
	return false
}

func (m *machine) takeBack(d dice) error {
	by, hold := m.admin(d), d.pick("hold", 2) == 1
	g, ok := m.grant(d)
	for range 8 { // mostly somebody who may
		if _, may := m.mayTakeBack(by.Membership, g); may {
			break
		}
		by = m.admin(d)
		g, ok = m.grant(d)
	}
	if !ok {
		return nil
	}
	_, allowed := m.mayTakeBack(by.Membership, g)
	p, err := m.access.PreviewTakeBack(m.ctx, by, g.ID)
	if err == nil {
		_, _, err = m.access.TakeBack(m.ctx, by, "", access.TakeBack{Grant: g.ID, Hold: hold, Fingerprint: p.Fingerprint})
	}
	done, err := m.agree(err, allowed, "%s takes %+v back, holding it: %v", by.Subject(), g, hold)
	if done && err == nil {
		m.oracle.takeBack(g, by.ID, hold)
	}
	return err
}

func (m *machine) setEnd(d dice) error {
	by, until := m.admin(d), m.until(d)
	g, ok := m.grant(d)
	for range 8 {
		if _, may := m.mayTakeBack(by.Membership, g); may || g.GivenBy == by.ID {
			break
		}
		by = m.admin(d)
		g, ok = m.grant(d)
	}
	if !ok {
		return nil
	}
	o := m.oracle
	latest, allowed := m.mayTakeBack(by.Membership, g)
	if g.GivenBy == by.ID && o.admin(by.ID) && o.current(g) && o.below(groupOf(g.Who), by.GroupCode) {
		latest, allowed = licensing.Day{}, true
	}
	if g.Under != "" {
		latest = earlier(latest, o.grants[g.Under].Until)
	}
	if until == (licensing.Day{}) {
		until = latest
	} else {
		allowed = allowed && !until.Before(o.today) && !longer(until, latest)
	}
	_, _, err := m.access.SetEnd(m.ctx, by, "", access.SetEnd{Grant: g.ID, Until: until})
	done, err := m.agree(err, allowed, "%s ends %+v on %q", by.Subject(), g, until)
	if done && err == nil {
		g.Until = until
		o.grants[g.ID] = g
		o.settle()
	}
	return err
}

func (m *machine) move(d dice) error {
	by, code, under := m.admin(d), m.group(d, "group"), m.group(d, "under")
	o := m.oracle
	for range 8 { // mostly a move that can be
		if o.parent[code] != "" && code != by.GroupCode && o.below(code, by.GroupCode) && o.below(under, by.GroupCode) && !o.below(under, code) {
			break
		}
		by, code, under = m.admin(d), m.group(d, "group"), m.group(d, "under")
	}
	allowed := o.admin(by.ID) && o.parent[code] != "" && code != by.GroupCode && o.below(code, by.GroupCode) && o.below(under, by.GroupCode) &&
		!o.below(under, code) && o.parent[code] != under
	_, _, err := m.access.MoveGroup(m.ctx, by, "", access.MoveGroup{Code: code, Under: under})
	done, err := m.agree(err, allowed, "%s moves %s below %s", by.Subject(), code, under)
	if done && err == nil {
		o.parent[code] = under
		o.settle()
	}
	return err
}

// changePerson changes a role, suspends, resumes or removes. Who may do that is others' matter: the oracle only follows.
func (m *machine) changePerson(d dice) error {
	by, who := m.admin(d), m.anybody(d, "whom")
	in := access.ChangePerson{Membership: who.ID, Reason: "a reason"}
	what := []string{"SetRole", "Suspend", "Resume", "Remove"}[min(d.pick("what", 7), 6)%4]
	var to licensing.Membership
	var err error
	switch what {
	case "SetRole":
		in.Role = []licensing.Role{licensing.RoleAdmin, licensing.RoleMember}[d.pick("role", 2)]
		to, _, err = m.access.SetRole(m.ctx, by, "", in)
	case "Suspend":
		to, _, err = m.access.Suspend(m.ctx, by, "", in)
	case "Resume":
		to, _, err = m.access.Resume(m.ctx, by, "", in)
	case "Remove":
		to, _, err = m.access.Remove(m.ctx, by, "", in)
	}
	done, err := m.agree(err, err == nil, "%s: %s of %s %s", by.Subject(), what, who.Subject(), in.Role)
	if !done || err != nil {
		return err
	}
	o := m.oracle
	isISV := func(p licensing.Membership) bool {
		return p.GroupIsISV && p.Role == licensing.RoleAdmin && p.RemovedAt.IsZero()
	}
	o.people[who.ID] = to
	o.removed[who.ID] = !to.RemovedAt.IsZero()
	if !o.admin(who.ID) {
		o.pass(who.ID)
	}
	for id, g := range o.grants {
		if g.Who == who.Subject() && (o.removed[who.ID] || isISV(who) && !isISV(to) && g.GivenBy == "" && g.Under == "" && g.Category == "*" && g.Action == "*") {
			delete(o.grants, id)
		}
	}
	if !isISV(who) && isISV(to) {
		o.grants["root of "+licensing.GrantID(who.ID)] = licensing.Grant{ID: "root", Who: who.Subject(), Category: "*", Action: "*"}
	}
	return nil
}

// daysPass lets time pass, and nothing else: nobody writes anything.
func (m *machine) daysPass(d dice) error {
	m.done = true
	days := 1 + d.pick("days", 3)
	m.wall.advance(time.Duration(days) * 24 * time.Hour)
	m.passed += time.Duration(days) * 24 * time.Hour
	m.oracle.today = m.oracle.today.AddDays(days)
	return nil
}

// moveClock moves the demo's business clock.
func (m *machine) moveClock(d dice) error {
	m.done = true
	days := 1 + d.pick("days", 2)
	m.oracle.today = m.oracle.today.AddDays(days)
	return m.store.Write(m.ctx, func(tx licensing.Tx) error {
		offset := tx.Now().Business.Sub(tx.Now().Wall) + time.Duration(days)*24*time.Hour
		return tx.SetSetting(m.ctx, "clock.offset", offset.String())
	})
}

func (m *machine) addCategory(d dice) error {
	m.done = true
	if len(m.oracle.known) > 3 {
		return nil
	}
	code := "c" + strings.Repeat("x", len(m.oracle.known))
	m.oracle.known = append(m.oracle.known, code)
	return m.store.Write(m.ctx, func(tx licensing.Tx) error {
		return tx.InsertCategory(m.ctx, licensing.Category{ID: licensing.CategoryID(licensing.NewID()), Code: code, Name: code})
	})
}
