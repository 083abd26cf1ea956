package licensing_test

import (
	"testing"

	"kontor/internal/licensing"
)

// settlingCase is grants, what is done to them, and what becomes of them.
type settlingCase struct {
	what, grants string
	do           func(d *licensing.Delegation) licensing.Settled
	want         string
}

func trySettling(t *testing.T, cases []settlingCase) {
	t.Helper()
	for _, x := range cases {
		t.Run(x.what, func(t *testing.T) {
			for range 5 { // maps have no order
				if got := settledAs(x.do(delegation(t, x.grants))); got != x.want {
					t.Fatalf("%s\nwant %s", got, x.want)
				}
			}
		})
	}
}

func takeAway(ids ...licensing.GrantID) func(d *licensing.Delegation) licensing.Settled {
	return func(d *licensing.Delegation) licensing.Settled { return d.TakeAway(ids...) }
}

func TestTakeAway(t *testing.T) {
	trySettling(t, []settlingCase{
		{"nothing hangs under it", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dan1  dan  partner create isv  root`,
			takeAway("dora1"), "dora1 falls"},
		{"what hangs under it falls, the lowest first", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			fred1 fred partner create dora dora1
			may1  may  partner create fred fred1`,
			takeAway("dora1"), "may1 falls; fred1 falls; dora1 falls"},
		{"the giver holds it by another", `
			root  isv         *       *      -    -
			dora1 dora        partner create isv  root
			tree  tree:nordic partner *      isv  root
			fred1 fred        partner create dora dora1
			may1  may         partner create fred fred1`,
			takeAway("dora1"), "fred1: under tree by dora; dora1 falls"},
		{"the giver holds it by another that ends", `
			root  isv         *       *      -    -
			dora1 dora        partner create isv  root
			tree  tree:nordic partner *      isv  root 2027-01-31
			fred1 fred        partner create dora dora1
			may1  may         partner create fred fred1`,
			takeAway("dora1"), "fred1: under tree by dora to 2027-01-31; may1: under fred1 by fred to 2027-01-31; dora1 falls"},
		{"of two others the longer one takes over", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dora2 dora partner create isv2 root 2027-01-31
			dora3 dora partner *      isv  root 2027-03-31
			fred1 fred partner create dora dora1 2027-02-28`,
			takeAway("dora1"), "fred1: under dora3 by dora to 2027-02-28; dora1 falls"},
		{"another that has ended", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dora2 dora partner create isv2 root 2026-11-20
			fred1 fred partner create dora dora1`,
			takeAway("dora1"), "fred1 falls; dora1 falls"},
		{"another that covers less", `
			root  isv  *       *      -    -
			dora1 dora partner *      isv  root
			dora2 dora partner create isv2 root
			fred1 fred partner *      dora dora1
			may1  may  partner create dora dora1`,
			takeAway("dora1"), "may1: under dora2 by dora; fred1 falls; dora1 falls"},
		{"a colleague holds it, who did not give it", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dan1  dan  partner create isv  root
			fred1 fred partner create dora dora1`,
			takeAway("dora1"), "fred1 falls; dora1 falls"},
		{"two colleagues who gave it to one another support nobody", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dan1  dan  partner create dora dora1
			dora2 dora partner create dan  dan1
			fred1 fred partner create dora dora1`,
			takeAway("dora1"), "dora2 falls; dan1 falls; fred1 falls; dora1 falls"},
		{"colleagues in a circle, one of whom holds it otherwise", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dan1  dan  partner create dora dora1
			dora2 dora partner create dan  dan1
			dan2  dan  partner create isv  root
			fred1 fred partner create dora dora1`,
			takeAway("dora1"), "dan1: under dora2 by dora; dora2: under dan2 by dan; fred1: under dora2 by dora; dora1 falls"},
		{"a grant to the own group does not support its giver", `
			root  isv          *       *      -    -
			dora1 dora         partner create isv  root
			group group:nordic partner create dora dora1
			fred1 fred         partner create dora dora1
			dan1  fred         partner create dan  group`,
			takeAway("dora1"), "dan1 falls; fred1 falls; group falls; dora1 falls"},
		{"what was given to a group keeps whom it reaches", `
			root  isv          *       *      -    -
			dan1  dan          partner create isv  root
			group group:nordic partner create isv  root
			fred1 fred         partner create dan  dan1`,
			takeAway("dan1"), "fred1: under group by dan; dan1 falls"},
		{"two at once", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dora2 dora partner create isv2 root
			fred1 fred partner create dora dora1`,
			takeAway("dora1", "dora2"), "fred1 falls; dora1 falls; dora2 falls"},
		{"a root grant", `
			root  isv  *       *      -    -
			root2 isv2 *       *      -    -
			dora1 dora partner create isv  root
			dora2 dora events  create isv2 root2`,
			takeAway("root"), "dora1 falls; root falls"},
		{"the giver is no admin any more", `
			root  isv  *       *      -    -
			dave1 dave partner create isv  root
			dave2 dave partner create isv2 root
			may1  may  partner create dave dave1`,
			takeAway("dave1"), "may1 falls; dave1 falls"},
	})
}

func TestResettle(t *testing.T) {
	trySettling(t, []settlingCase{
		{"nothing has changed", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			fred1 fred partner create dora dora1`,
			func(d *licensing.Delegation) licensing.Settled { return d.Resettle("dora1", "fred1") }, ""},
		{"moved away from under the giver", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			fred1 fred partner create dora dora1
			fred2 fred events  create isv  root
			may1  may  partner create fred fred1
			may2  may  events  create fred fred2`, moved("fjord", "north"), "may1 falls; fred1 falls"},
		{"moved away from what reached the giver", `
			root  isv         *       *      -    -
			tree  tree:nordic partner create isv  root
			may1  may         partner create fred tree`, moved("fjord", "maker"), "may1 falls"},
		{"moved to where the same reaches the giver", `
			root  isv         *       *      -    -
			tree  tree:nordic partner create isv  root
			other tree:north  partner create isv  root 2027-01-31
			may1  may         partner create fred tree`, moved("fjord", "north"), "may1: under other by fred to 2027-01-31"},
		{"given from above both places", `
			root  isv  *       *      -    -
			fred1 fred partner create isv  root
			may1  may  partner create fred fred1`, moved("fjord", "north"), ""},
		{"what it hangs under ends earlier now", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root  2027-01-31
			fred1 fred partner create dora dora1 2027-06-30
			fred2 fred partner create dora dora1 2026-12-31
			may1  may  partner create fred fred1 2027-06-30`,
			resettled("fred1", "fred2", "may1"), "fred1: under dora1 by dora to 2027-01-31; may1: under fred1 by fred to 2027-01-31"},
		{"it ends earlier now, but the giver holds it longer otherwise", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root  2027-01-31
			dora2 dora partner create isv2 root
			fred1 fred partner create dora dora1 2027-06-30`,
			resettled("fred1"), "fred1: under dora2 by dora to 2027-06-30"},
		{"it has ended", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root  2026-11-20
			fred1 fred partner create dora dora1`,
			resettled("fred1"), "fred1 falls"},
		{"grants of the ISV itself stay", `
			root isv * * - -
			dan1 dan * * - -`, resettled("root", "dan1"), ""},
	})
}

func resettled(ids ...licensing.GrantID) func(d *licensing.Delegation) licensing.Settled {
	return func(d *licensing.Delegation) licensing.Settled { return d.Resettle(ids...) }
}

// moved hangs a group below another one and settles what is held in it.
func moved(group, below string) func(d *licensing.Delegation) licensing.Settled {
	return func(d *licensing.Delegation) licensing.Settled {
		d.Parent[group] = below
		var within []licensing.GrantID
		for id, g := range d.Grants {
			if code, _ := licensing.SubjectGroup(g.Who); d.AtOrBelow(code, group) {
				within = append(within, id)
			}
		}
		return d.Resettle(within...)
	}
}
