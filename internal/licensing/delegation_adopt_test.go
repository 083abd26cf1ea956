package licensing_test

import (
	"testing"

	"kontor/internal/licensing"
)

// heldBy lets somebody take a grant away and hold what was passed on under it, as taking back does.
func heldBy(by licensing.MembershipID, gone, own licensing.GrantID) func(d *licensing.Delegation) licensing.Settled {
	return func(d *licensing.Delegation) licensing.Settled { return d.Hold(gone, d.Members[by], d.Grants[own]) }
}

func TestHold(t *testing.T) {
	trySettling(t, []settlingCase{
		{"what was passed on goes on from him who takes back", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			fred1 fred partner create dora dora1
			may1  may  partner create fred fred1`,
			heldBy("isv", "dora1", "root"), "fred1: under root by isv; dora1 falls"},
		{"it ends when his own does", `
			root  isv  *       *      -    -
			dan1  dan  partner create isv  root  2027-01-31
			dora1 dora partner create isv  root
			fred1 fred partner create dora dora1
			may1  may  partner create fred fred1 2026-12-31`,
			heldBy("dan", "dora1", "dan1"), "fred1: under dan1 by dan to 2027-01-31; dora1 falls"},
		{"what lasts longer below is cut as well", `
			root  isv  *       *      -    -
			dan1  dan  partner create isv  root  2027-01-31
			dora1 dora partner create isv  root
			fred1 fred partner create dora dora1
			may1  may  partner create fred fred1`,
			heldBy("dan", "dora1", "dan1"), "fred1: under dan1 by dan to 2027-01-31; may1: under fred1 by fred to 2027-01-31; dora1 falls"},
		{"what the holder gets back from below falls", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dan1  dan  partner create dora dora1
			dora2 dora partner create dan  dan1`,
			heldBy("isv", "dora1", "root"), "dan1: under root by isv; dora2 falls; dora1 falls"},
		{"what the holder passed on of what he got back goes on as well", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dan1  dan  partner create dora dora1
			dora2 dora partner create dan  dan1
			fred1 fred partner create dora dora2
			may1  may  partner create fred fred1`,
			heldBy("isv", "dora1", "root"), "dan1: under root by isv; fred1: under root by isv; dora2 falls; dora1 falls"},
		{"nobody holds anything from himself", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dan1  dan  partner create isv  root 2027-01-31
			dan2  dan  partner create dora dora1
			fred1 fred partner create dan  dan2`,
			heldBy("dan", "dora1", "dan1"), "fred1: under dan1 by dan to 2027-01-31; dan2 falls; dora1 falls"},
		{"what its giver holds otherwise stays his", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dora2 dora partner *      isv2 root
			fred1 fred partner create dora dora1`,
			heldBy("isv", "dora1", "root"), "fred1: under dora2 by dora; dora1 falls"},
		{"he gave the same already", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			fred1 fred partner create dora dora1
			fred2 fred partner create isv  root 2027-01-31
			may1  may  partner create fred fred1 2026-12-31`,
			heldBy("isv", "dora1", "root"), "fred2: under root by isv; may1: under fred2 by fred to 2026-12-31; fred1 falls; dora1 falls"},
	})
}

func rehung(m licensing.MembershipID) func(d *licensing.Delegation) licensing.Settled {
	return func(d *licensing.Delegation) licensing.Settled { return d.Rehang(m) }
}

func TestRehang(t *testing.T) {
	trySettling(t, []settlingCase{
		{"he passed nothing on", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root`, rehung("dora"), ""},
		{"his own giver takes over", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			fred1 fred partner create dora dora1
			may1  may  partner create fred fred1`, rehung("dora"), "fred1: under root by isv"},
		{"the middle of a chain", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root  2027-06-30
			fred1 fred partner create dora dora1 2027-03-31
			may1  may  partner create fred fred1 2027-01-31`, rehung("fred"), "may1: under dora1 by dora to 2027-01-31"},
		{"an ISV admin hands over to the ISV", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			dora2 dora events  create isv  root 2027-01-31
			fred1 fred partner create dora dora1`, rehung("isv"), "dora1: under nobody by nobody; dora2: under nobody by nobody to 2027-01-31"},
		{"two ISV admins gave the same, and both go", `
			root  isv  *       *      -   -
			gave  dora partner create -   - 2027-01-31
			dora1 dora partner create isv root`, rehung("isv"), "gave: under nobody by nobody; dora1 falls"},
		{"what he gave to his own group, and on from there", `
			root  isv          *       *      -    -
			dora1 dora         partner create isv  root
			group group:nordic partner create dora dora1
			fred1 fred         partner create dora group`, rehung("dora"), "fred1: under root by isv; group: under root by isv"},
		{"his giver gave the same: the longer one stays", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			fred1 fred partner create dora dora1
			fred2 fred partner create isv  root 2027-01-31
			may1  may  partner create fred fred1`, rehung("dora"), "fred2: under root by isv; may1: under fred2 by fred; fred1 falls"},
		{"his giver gave the same for longer", `
			root  isv  *       *      -    -
			dora1 dora partner create isv  root
			fred1 fred partner create dora dora1 2027-01-31
			fred2 fred partner create isv  root
			may1  may  partner create fred fred1 2027-01-31`, rehung("dora"), "may1: under fred2 by fred to 2027-01-31; fred1 falls"},
		{"two of his own become one", `
			root  isv         *       *      -    -
			dora1 dora        partner create isv  root
			tree  tree:nordic partner *      isv  root
			fred1 fred        partner create dora dora1
			fred2 fred        partner create dora tree 2027-01-31
			may1  may         partner create fred fred2 2027-01-31`, rehung("dora"), "fred1: under root by isv; may1: under fred1 by fred to 2027-01-31; fred2 falls"},
	})
}
