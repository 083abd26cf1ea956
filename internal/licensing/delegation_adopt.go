package licensing

import (
	"maps"
	"slices"
)

// Hold takes a grant away and lets by hold what was passed on under it: what would fall with it hangs from then on
// under own, given by by, and ends no later than that. What hangs deeper stays where it hangs, and ends no later either.
// What came back to the very holder of the grant falls, too, through however many hands: it is taken from him. So does
// what by himself would hold from himself.
func (d *Delegation) Hold(gone GrantID, by Membership, own Grant) Settled {
	after := d.clone()
	fallen := d.TakeAway(gone).Fallen
	taken := []GrantID{gone}
	for _, g := range fallen {
		if back := g.Who == d.Grants[gone].Who || isSamePerson(g.Who, by); back && g.ID != gone && !g.Ended(d.Today) {
			taken = append(taken, g.ID)
		}
	}
	var deeper []GrantID
	for _, g := range slices.Backward(fallen) { // what hangs higher first
		switch {
		case slices.Contains(taken, g.ID) || g.Ended(d.Today):
		case slices.Contains(taken, g.Under):
			after.adopt(g, by.ID, own)
		default:
			deeper = append(deeper, g.ID)
		}
	}
	after.apply(after.TakeAway(taken...))
	after.apply(after.Resettle(deeper...))
	return d.difference(after)
}

// Rehang lets what giver passed on hang under whom he had it from: each grant takes over giver and place of the grant
// that it hung under. It is what happens to them when he is demoted, suspended or removed.
func (d *Delegation) Rehang(giver MembershipID) Settled {
	after := d.clone()
	for _, id := range slices.Sorted(maps.Keys(d.Grants)) {
		g := d.Grants[id]
		if g.GivenBy != giver {
			continue
		}
		p := d.Grants[g.Under]
		for p.GivenBy == giver && p.ID != "" { // he gave it to his own group, and on from there
			p = d.Grants[p.Under]
		}
		above := d.Grants[p.Under]
		if current := after.Grants[id]; current.ID != "" {
			after.adopt(current, p.GivenBy, above)
		}
	}
	return d.difference(after)
}

// adopt makes giver the one who gave g, under another grant; the zero Grant and giver are the ISV. Where giver gave the
// same holder the same already, the two become one, which lasts as long as the longer one could.
func (d *Delegation) adopt(g Grant, giver MembershipID, under Grant) {
	until := Earlier(g.Until, under.Until)
	for _, twin := range d.Grants {
		if twin.ID == g.ID || twin.Who != g.Who || twin.Category != g.Category || twin.Action != g.Action || twin.GivenBy != giver {
			continue
		}
		if compareEnds(until, twin.Until) > 0 {
			twin.Under, twin.Until = under.ID, until
			d.Grants[twin.ID] = twin
		}
		for id, child := range d.Grants {
			if child.Under == g.ID {
				child.Under = twin.ID
				d.Grants[id] = child
			}
		}
		delete(d.Grants, g.ID)
		return
	}
	g.GivenBy, g.Under, g.Until = giver, under.ID, until
	d.Grants[g.ID] = g
}

func (d *Delegation) clone() *Delegation {
	c := *d
	c.Grants = maps.Clone(d.Grants)
	return &c
}

func (d *Delegation) apply(s Settled) {
	d.Add(s.Changed...)
	for _, g := range s.Fallen {
		delete(d.Grants, g.ID)
	}
}

// difference says how to come from d to after.
func (d *Delegation) difference(after *Delegation) (out Settled) {
	var missing []GrantID
	for _, id := range slices.Sorted(maps.Keys(d.Grants)) {
		switch g, ok := after.Grants[id]; {
		case !ok:
			missing = append(missing, id)
		case g != d.Grants[id]:
			out.Changed = append(out.Changed, g)
		}
	}
	depths := d.under(missing)
	for _, id := range missing {
		out.Fallen = append(out.Fallen, d.Grants[id])
	}
	slices.SortStableFunc(out.Fallen, func(a, b Grant) int { return depths[b.ID] - depths[a.ID] })
	return out
}
