package licensing

import (
	"cmp"
	"container/heap"
	"slices"
	"strings"
)

// Settled is what a change of grants, of the tree or of roles brings with it. Changed is to be written before Fallen.
type Settled struct {
	Changed []Grant // hang elsewhere, are given by somebody else, or end earlier; as they are from now on
	Fallen  []Grant // are gone; each before what it hung under
}

// Lost returns those of Fallen that still allowed something.
func (s Settled) Lost(today Day) []Grant {
	return slices.DeleteFunc(slices.Clone(s.Fallen), func(g Grant) bool { return g.Ended(today) })
}

// settling is one grant finding a place: supported by another one, with the end that it can have there.
type settling struct {
	grant, under GrantID
	until        Day
	stays        bool // it hangs there already
	depth        int  // how deep it hung before
}

// TakeAway settles what hangs under grants that go. Each of them finds its place again where its giver, being an admin
// at or above the receiver, holds the same by a grant that itself has a place: first where it hangs, else where it can
// last longest. It never ends later than what it hangs under. What finds no place falls.
func (d *Delegation) TakeAway(gone ...GrantID) Settled {
	return d.settle(d.under(gone), gone)
}

// Resettle settles grants whose surroundings have changed: the tree above their receivers, or the end of what they hang
// under.
func (d *Delegation) Resettle(concerned ...GrantID) Settled {
	return d.settle(d.under(concerned), nil)
}

// under returns grants with everything that hangs under them, and how deep each hangs.
func (d *Delegation) under(top []GrantID) map[GrantID]int {
	children := map[GrantID][]GrantID{}
	for _, g := range d.Grants {
		children[g.Under] = append(children[g.Under], g.ID)
	}
	depths := map[GrantID]int{}
	var walk func(id GrantID, depth int)
	walk = func(id GrantID, depth int) {
		if before, seen := depths[id]; !seen || depth > before {
			depths[id] = depth
			for _, c := range children[id] {
				walk(c, depth+1)
			}
		}
	}
	for _, id := range top {
		walk(id, 0)
	}
	return depths
}

// settle proves the concerned grants anew, from those that are not concerned: the greatest end first, so that each
// finds the best place that there is, and none supports itself.
func (d *Delegation) settle(concerned map[GrantID]int, gone []GrantID) Settled {
	loose := map[MembershipID][]Grant{} // those that still look for a place, by their giver
	for id := range concerned {
		if g, ok := d.Grants[id]; ok && g.Under != "" && !g.Ended(d.Today) && !slices.Contains(gone, id) {
			loose[g.GivenBy] = append(loose[g.GivenBy], g)
		}
	}
	reached := map[string][]Membership{} // their givers, by the names that a grant reaches them by
	for id := range loose {
		if giver, ok := d.Members[id]; ok && giver.passesOn() {
			for _, name := range d.NamesOf(giver) {
				reached[name] = append(reached[name], giver)
			}
		}
	}
	placed := map[GrantID]settling{}
	var queue places
	offer := func(p Grant, until Day) { // p has a place: what can hang under it?
		for _, giver := range reached[p.Who] {
			for _, g := range loose[giver.ID] {
				receiver, _ := SubjectGroup(g.Who)
				if _, done := placed[g.ID]; done || p.GivenBy == giver.ID || !p.Covers(g.Category, g.Action) || !d.AtOrBelow(receiver, giver.GroupCode) {
					continue
				}
				heap.Push(&queue, settling{g.ID, p.ID, Earlier(g.Until, until), g.Under == p.ID, concerned[g.ID]})
			}
		}
	}
	for id, g := range d.Grants {
		if _, is := concerned[id]; (!is || g.Under == "" && !slices.Contains(gone, id)) && !g.Ended(d.Today) {
			offer(g, g.Until)
		}
	}
	for len(queue) > 0 {
		s := heap.Pop(&queue).(settling) //nolint:forcetypeassert // nothing else is pushed
		if _, done := placed[s.grant]; !done {
			placed[s.grant] = s
			offer(d.Grants[s.grant], s.until)
		}
	}
	return d.outcome(concerned, placed, gone)
}

func (d *Delegation) outcome(concerned map[GrantID]int, placed map[GrantID]settling, gone []GrantID) (out Settled) {
	for id := range concerned {
		g, ok := d.Grants[id]
		if !ok || g.Under == "" && !slices.Contains(gone, id) {
			continue
		}
		s, stays := placed[id]
		switch {
		case !stays:
			out.Fallen = append(out.Fallen, g)
		case s.under != g.Under || s.until != g.Until:
			g.Under, g.Until = s.under, s.until
			out.Changed = append(out.Changed, g)
		}
	}
	slices.SortFunc(out.Changed, func(a, b Grant) int { return strings.Compare(string(a.ID), string(b.ID)) })
	slices.SortFunc(out.Fallen, func(a, b Grant) int {
		return cmp.Or(cmp.Compare(concerned[b.ID], concerned[a.ID]), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out
}

// places is a heap of where grants can go, the best first: the latest end; where it hangs already; what hung higher.
type places []settling

func (p places) Len() int      { return len(p) }
func (p places) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p places) Less(i, j int) bool {
	a, b := p[i], p[j]
	return cmp.Or(
		compareEnds(b.until, a.until), cmp.Compare(boolInt(b.stays), boolInt(a.stays)), cmp.Compare(a.depth, b.depth),
		strings.Compare(string(a.grant), string(b.grant)), strings.Compare(string(a.under), string(b.under)),
	) < 0
}

// Push implements heap.Interface.
func (p *places) Push(s any) { *p = append(*p, s.(settling)) } //nolint:forcetypeassert // settle pushes nothing else

// Pop implements heap.Interface.
func (p *places) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}
