package licensing

import (
	"cmp"
	"slices"
	"strings"
)

// Delegation is what the rules of passing on look at: the tree of groups, memberships and grants, as far as a question
// concerns them. Whoever asks loads
//
//   - for giving: the receiver's group with those above it, the giver, and what reaches him;
//   - for taking back, moving, and another end: the grants that are to be settled, everything that hangs under them,
//     who gave those, and what reaches each of these givers.
//
// Grants that ended count for nothing, but stand here while something hangs under them.
type Delegation struct {
	Today   Day
	Parent  map[string]string // the code of the group above each group, by code; "" for the ISV
	Members map[MembershipID]Membership
	Grants  map[GrantID]Grant
}

// NewDelegation returns one without anything in it.
func NewDelegation(today Day) *Delegation {
	return &Delegation{Today: today, Parent: map[string]string{}, Members: map[MembershipID]Membership{}, Grants: map[GrantID]Grant{}}
}

// Add puts grants in.
func (d *Delegation) Add(grants ...Grant) {
	for _, g := range grants {
		d.Grants[g.ID] = g
	}
}

// Covers reports whether g allows everything that action in category names, each of which may be Any.
func (g Grant) Covers(category, action string) bool {
	return (g.Category == Any || g.Category == category) && (g.Action == Any || g.Action == action)
}

// Ended reports whether g allows nothing any more on a day.
func (g Grant) Ended(today Day) bool { return !g.Until.IsZero() && g.Until.Before(today) }

// passesOn reports whether a membership can give and take back at all: only admins do.
func (m Membership) passesOn() bool { return m.Role == RoleAdmin && m.Active() }

// Subject is the name of a membership in the policy.
func (m Membership) Subject() string { return MemberSubject(m.Email, m.GroupCode) }

// SubjectGroup returns the code of the group that a Grant.Who stands in; false when it is no such name.
func SubjectGroup(who string) (code string, ok bool) {
	kind, name, _ := strings.Cut(who, ":")
	switch kind {
	case "member":
		i := strings.LastIndexByte(name, '/')
		if i <= 0 {
			return "", false
		}
		name = name[i+1:]
	case "group", "tree":
	default:
		return "", false
	}
	return name, name != ""
}

// SubjectEmail returns the e-mail address in the name of a membership; false for other names.
func SubjectEmail(who string) (email string, ok bool) {
	name, ok := strings.CutPrefix(who, "member:")
	i := strings.LastIndexByte(name, '/')
	if !ok || i <= 0 {
		return "", false
	}
	return name[:i], true
}

// NamesOf returns every name that a grant can reach a membership by, the nearest first.
func (d *Delegation) NamesOf(m Membership) []string {
	names := []string{m.Subject(), GroupSubject(m.GroupCode)}
	for code := m.GroupCode; code != ""; code = d.Parent[code] {
		names = append(names, TreeSubject(code))
	}
	return names
}

// AtOrBelow reports whether a group is another one, or somewhere below it.
func (d *Delegation) AtOrBelow(code, above string) bool {
	for ; code != ""; code = d.Parent[code] {
		if code == above {
			return true
		}
	}
	return false
}

// Earlier returns the day of the two that comes first, the zero Day being never.
func Earlier(a, b Day) Day {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// compareEnds puts the end that comes first first, and none last.
func compareEnds(a, b Day) int {
	if a.IsZero() || b.IsZero() {
		return cmp.Compare(boolInt(a.IsZero()), boolInt(b.IsZero()))
	}
	return a.Compare(b)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Support returns the grant that giver can pass category and action on under: what reaches him and covers them, the
// one with the latest end, and of those the oldest. What he gave himself (to his own group) is left out: it hangs under
// another that supports as well. So are without, and what hangs under those.
func (d *Delegation) Support(giver Membership, category, action string, without ...GrantID) (under Grant, ok bool) {
	names := map[string]bool{}
	for _, n := range d.NamesOf(giver) {
		names[n] = true
	}
	for _, g := range d.Grants {
		if !names[g.Who] || !g.Covers(category, action) || g.Ended(d.Today) || g.GivenBy == giver.ID || slices.ContainsFunc(without, func(id GrantID) bool { return d.HangsUnder(g.ID, id) }) {
			continue
		}
		if better := compareEnds(g.Until, under.Until); !ok || better > 0 || better == 0 && g.ID < under.ID {
			under, ok = g, true
		}
	}
	return under, ok
}

// HangsUnder reports whether a grant is another one, or hangs under it at any depth.
func (d *Delegation) HangsUnder(id, other GrantID) bool {
	for ; id != ""; id = d.Grants[id].Under {
		if id == other {
			return true
		}
	}
	return false
}

// MayGive says whether giver may give who an action in a category, and completes the grant: what it hangs under, and its
// end, which is that of what it hangs under when until is zero. category and action may be Any.
func (d *Delegation) MayGive(giver Membership, who, category, action string, until Day) (Grant, error) {
	if err := d.MayGiveTo(giver, who); err != nil {
		return Grant{}, err
	}
	under, ok := d.Support(giver, category, action)
	if !ok {
		return Grant{}, NotYoursToGive(category, action)
	}
	if until.IsZero() {
		until = under.Until
	}
	switch {
	case until.IsZero():
	case until.Before(d.Today):
		return Grant{}, InvalidRequest("until", "Enter %s or a later day.", d.Today)
	case compareEnds(until, under.Until) > 0:
		return Grant{}, InvalidRequest("until", "Enter a day up to %s: your own grant ends then.", under.Until)
	}
	return Grant{Who: who, Category: category, Action: action, GivenBy: giver.ID, Under: under.ID, Until: until}, nil
}

// MayGiveTo says whether giver may give who anything: an admin gives within his subtree, the own group included, and
// never to himself.
func (d *Delegation) MayGiveTo(giver Membership, who string) error {
	code, ok := SubjectGroup(who)
	switch {
	case !giver.passesOn():
		return OnlyAdmins()
	case !ok || !d.AtOrBelow(code, giver.GroupCode):
		return NobodyInSight()
	case isSamePerson(who, giver):
		return InvalidRequest("who", "You cannot give to yourself. Ask an admin beside or above you.")
	}
	return nil
}

// NobodyInSight is said of somebody beyond sight, and of who is not there.
func NobodyInSight() *Error {
	return NotFoundError("who", "There is no such member or group in your sight.")
}

// isSamePerson reports whether who is a membership of the giver, the one he acts in or another one.
func isSamePerson(who string, giver Membership) bool {
	return strings.HasPrefix(who, MemberSubject(giver.Email, ""))
}

// MayTakeBack says whether an admin may take a grant back, and returns the grant that he holds the same by otherwise:
// what was passed on can go on under that.
func (d *Delegation) MayTakeBack(by Membership, g Grant) (own Grant, err error) {
	code, _ := SubjectGroup(g.Who)
	switch {
	case !by.passesOn():
		return own, OnlyAdmins()
	case g.Ended(d.Today) || !d.AtOrBelow(code, by.GroupCode):
		return own, NoSuchGrant()
	}
	own, ok := d.Support(by, g.Category, g.Action, g.ID)
	if !ok {
		return own, NotYoursToTakeBack()
	}
	return own, nil
}

// OnlyAdmins refuses members and service accounts.
func OnlyAdmins() *Error {
	return DeniedError("", "Only admins give grants and take them back.")
}

// NotYoursToTakeBack refuses who does not hold the same, otherwise than by the grant itself.
func NotYoursToTakeBack() *Error {
	return DeniedError("grant", "You do not hold this yourself by another grant, so you cannot take it back.")
}

// NoSuchGrant is said of a grant beyond sight, and of one that is gone.
func NoSuchGrant() *Error {
	return NotFoundError("grant", "There is no such grant in your sight any more. Somebody may have taken it back already, or it has ended.")
}

// NotYoursToGive refuses what the giver does not hold, and categories that do not exist, in the same words.
func NotYoursToGive(category, action string) *Error {
	switch {
	case category == Any && action == Any:
		return DeniedError("category", "You do not hold every action in every category, so you cannot give that.")
	case category == Any:
		return DeniedError("category", "You do not hold %s in every category, so you cannot give it.", action)
	case action == Any:
		return DeniedError("category", "You do not hold every action in %q, so you cannot give that.", category)
	default:
		return DeniedError("category", "You do not hold %s in %q, so you cannot give it.", action, category)
	}
}
