package usecasetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kontor/internal/licensing"
)

// oracle is what grants mean, told as plainly as possible: no chains, no closures, everything looked at each time.
type oracle struct {
	today   licensing.Day
	parent  map[string]string // of each group, by code; "" for the root
	people  map[licensing.MembershipID]licensing.Membership
	grants  map[licensing.GrantID]licensing.Grant
	known   []string // categories
	removed map[licensing.MembershipID]bool
}

func (o *oracle) below(code, top string) bool {
	return code != "" && (code == top || o.below(o.parent[code], top))
}

func (o *oracle) active(id licensing.MembershipID) bool {
	m, ok := o.people[id]
	return ok && !m.Suspended && !o.removed[id]
}

func (o *oracle) admin(id licensing.MembershipID) bool {
	return o.active(id) && o.people[id].Role == licensing.RoleAdmin
}

func (o *oracle) current(g licensing.Grant) bool {
	return g.Until == licensing.Day{} || !g.Until.Before(o.today)
}

func groupOf(who string) string {
	if kind, name, _ := strings.Cut(who, ":"); kind != "member" {
		return name
	}
	return who[strings.LastIndex(who, "/")+1:]
}

// reaches reports whether a grant is to a membership, its group, or a group above with all below.
func (o *oracle) reaches(g licensing.Grant, id licensing.MembershipID) bool {
	m := o.people[id]
	switch kind, name, _ := strings.Cut(g.Who, ":"); kind {
	case "member":
		return name == m.Email+"/"+m.GroupCode
	case "group":
		return name == m.GroupCode
	default:
		return o.below(m.GroupCode, name)
	}
}

func within(g licensing.Grant, category, action string) bool {
	return (g.Category == "*" || g.Category == category) && (g.Action == "*" || g.Action == action)
}

// may is the whole of deciding.
func (o *oracle) may(id licensing.MembershipID, action licensing.Action, category string) bool {
	for _, g := range o.grants {
		if o.active(id) && o.current(g) && o.reaches(g, id) && within(g, category, string(action)) {
			return true
		}
	}
	return false
}

// supports reports whether giver, as far as he and the tree are concerned, may have given g under p.
func (o *oracle) supports(p, g licensing.Grant) bool {
	return p.ID != g.ID && o.current(p) && o.admin(g.GivenBy) && o.reaches(p, g.GivenBy) && within(p, g.Category, g.Action) &&
		o.below(groupOf(g.Who), o.people[g.GivenBy].GroupCode)
}

// earlier is the end of the two that comes first; without a day there is no end.
func earlier(a, b licensing.Day) licensing.Day {
	switch {
	case a == licensing.Day{}:
		return b
	case b == licensing.Day{} || a.Before(b):
		return a
	default:
		return b
	}
}

func longer(a, b licensing.Day) bool {
	return a != b && earlier(a, b) == b
}

// settle lets each grant last as long as anything supports it, and lets fall what nothing does: it tries until nothing
// changes any more, beginning with nothing but what the ISV gave itself.
func (o *oracle) settle() {
	ends := map[licensing.GrantID]licensing.Day{}
	for id, g := range o.grants {
		if g.Under == "" && o.current(g) {
			ends[id] = g.Until
		}
	}
	for changed := true; changed; {
		changed = false
		for id, g := range o.grants {
			if g.Under == "" || !o.current(g) {
				continue
			}
			for under := range maps.Clone(ends) {
				if !o.supports(o.grants[under], g) {
					continue
				}
				end := earlier(g.Until, ends[under])
				if before, ok := ends[id]; !ok || longer(end, before) {
					ends[id], changed = end, true
				}
			}
		}
	}
	for id, g := range o.grants {
		end, stays := ends[id]
		if !stays {
			delete(o.grants, id)
			continue
		}
		g.Until = end
		o.grants[id] = g
	}
}

// takeBack is what becomes of the others when g is taken back by somebody, who holds what falls or does not.
func (o *oracle) takeBack(g licensing.Grant, by licensing.MembershipID, hold bool) {
	before := maps.Clone(o.grants)
	delete(o.grants, g.ID)
	o.settle()
	if !hold {
		return
	}
	fell := before
	for id := range o.grants {
		delete(fell, id)
	}
	taken := map[licensing.GrantID]bool{g.ID: true}
	himself := licensing.MemberSubject(o.people[by].Email, "")
	for id, x := range fell { // what came back to the same holder is taken, too, and nobody gives to himself
		if (x.Who == g.Who || strings.HasPrefix(x.Who, himself)) && o.current(x) {
			taken[id] = true
		}
	}
	for id, x := range fell {
		if taken[id] {
			continue
		}
		if taken[x.Under] && o.current(x) {
			x.GivenBy = by
		}
		o.grants[id] = x
	}
	o.settle()
}

// pass gives what m gave to whom he had it from.
func (o *oracle) pass(m licensing.MembershipID) {
	next := maps.Clone(o.grants)
	for id, g := range o.grants {
		p := g
		for p.GivenBy == m && m != "" {
			p = o.grants[p.Under]
		}
		if g.GivenBy == m {
			// p is now what somebody else gave to m, on whose behalf g goes on.
			g.GivenBy, g.Under = p.GivenBy, p.Under
			next[id] = g
		}
	}
	o.grants = next
}

// summary is the current grants as texts: whom they are for, what they allow, who gave them, until when. Of several
// that are the same in all but their end, the one that lasts longest counts.
func summary(grants map[licensing.GrantID]licensing.Grant, current func(licensing.Grant) bool) []string {
	ends := map[string]licensing.Day{}
	for _, g := range grants {
		key := fmt.Sprintf("%s %s %s by %s", g.Who, g.Category, g.Action, g.GivenBy)
		if end, ok := ends[key]; current(g) && (!ok || longer(g.Until, end)) {
			ends[key] = g.Until
		}
	}
	var all []string
	for key, end := range ends {
		all = append(all, key+" until "+end.String())
	}
	slices.Sort(all)
	return all
}

// sound says what is wrong with grants as they are kept: each hangs, without going in circles, under a current one that
// its giver, an admin at or above whom it is for, holds, and ends no later.
func (o *oracle) sound(rows map[licensing.GrantID]licensing.Grant) error {
	for _, g := range rows {
		if !o.current(g) || g.Under == "" && g.GivenBy == "" {
			continue
		}
		p, ok := rows[g.Under]
		if !ok || !o.supports(p, g) || longer(g.Until, p.Until) {
			return fmt.Errorf("%+v hangs under %+v, which does not hold it", g, p)
		}
		steps := 0
		for x := g; x.Under != ""; x = rows[x.Under] {
			if steps++; steps > len(rows) {
				return fmt.Errorf("%+v hangs under itself", g)
			}
		}
	}
	return nil
}
