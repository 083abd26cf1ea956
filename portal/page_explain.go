package portal

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// mostPeople is how many people of a group the question offers; the one asked about is always among them.
const mostPeople = 300

// explainPage is the question, and what it is answered with.
type explainPage struct {
	Asked      bool
	Member     licensing.MembershipID
	Group      string
	Action     licensing.Action
	Category   string
	Groups     []access.GroupName     // of admins: those in sight
	People     []licensing.Membership // of the chosen group
	Categories []licensing.Category
	Answer     access.Explanation
	Simulated  *licensing.Membership // as whom the portal can be seen from here
}

// explain answers whether somebody may do something, with the reasons: to admins about anybody in sight, to others
// about themselves.
func (s *site) explain(v *visit) error {
	p := explainPage{
		Member: licensing.MembershipID(v.Query("member")), Group: v.Query("in"), Action: licensing.Action(v.Query("action")), Category: v.Query("category"),
	}
	if !slices.Contains(grantActions, p.Action) {
		p.Action = licensing.Create
	}
	var err error
	if p.Categories, err = s.services.Grants.GrantCategories(v.ctx(), v.actor); err != nil {
		return err
	}
	if p.Category == "" && len(p.Categories) > 0 {
		p.Category = p.Categories[0].Code
	}
	if v.actor.Role == licensing.RoleAdmin {
		if err := s.offerPeople(v, &p); err != nil {
			return err
		}
	}
	if p.Member == "" {
		p.Member = v.actor.ID
	}
	if p.Category == "" {
		return v.show(http.StatusOK, explain(p))
	}
	p.Asked = true
	p.Answer, err = s.services.Grants.Explain(v.ctx(), v.actor, access.Question{Membership: p.Member, Action: p.Action, Category: p.Category})
	if err != nil {
		return err
	}
	who := p.Answer.Party
	if v.actor.Role == licensing.RoleAdmin && !who.You && who.Kind == access.PartyMember && !who.Suspended {
		p.Simulated = &licensing.Membership{ID: who.Membership, UserName: who.Name, GroupName: who.GroupName}
	}
	return v.show(http.StatusOK, explain(p))
}

// offerPeople fills in the groups in sight, and the people of the chosen one, service accounts included.
func (s *site) offerPeople(v *visit, p *explainPage) (err error) {
	if p.Groups, err = s.services.People.GroupNames(v.ctx(), v.actor); err != nil {
		return err
	}
	if p.Member != "" {
		d, err := s.services.People.Person(v.ctx(), v.actor, p.Member)
		if err != nil {
			return err
		}
		if p.Group != "" && p.Group != d.Membership.GroupCode { // another group was chosen: somebody of that one
			p.Member = ""
		} else {
			p.Group, p.People = d.Membership.GroupCode, []licensing.Membership{d.Membership}
		}
	}
	if p.Group == "" {
		p.Group = v.actor.GroupCode
	}
	for _, role := range []licensing.Role{"", licensing.RoleService} {
		page, err := s.services.People.People(v.ctx(), v.actor, licensing.PeopleFilter{Group: p.Group, Role: role, Limit: mostPeople})
		if err != nil {
			return err
		}
		for _, m := range page.People {
			if m.ID != p.Member {
				p.People = append(p.People, m)
			}
		}
	}
	slices.SortStableFunc(p.People, func(a, b licensing.Membership) int {
		return strings.Compare(licensing.Fold(a.UserName), licensing.Fold(b.UserName))
	})
	if p.Member == "" && len(p.People) > 0 {
		p.Member = p.People[0].ID
		if p.Group == v.actor.GroupCode {
			p.Member = v.actor.ID
		}
	}
	return nil
}

// explainAddress is the page that answers a question about a membership; empty: one's own.
func explainAddress(ctx context.Context, m licensing.MembershipID, action licensing.Action, category string) string {
	return query(at(ctx, "explain"), "member", string(m), "action", string(action), "category", category)
}

// knows reports whether the category that is asked about is among those that are offered.
func (p explainPage) knows() bool {
	return slices.ContainsFunc(p.Categories, func(c licensing.Category) bool { return c.Code == p.Category })
}

// category is what the category is called.
func (p explainPage) category() string {
	if p.Answer.CategoryName != "" {
		return p.Answer.CategoryName
	}
	return p.Category
}

// what is "create in Partner".
func (p explainPage) what(ctx context.Context) string {
	return T(ctx, "grants.what", "Action", string(p.Action), "Category", p.category())
}

// because is the sentence behind a yes: who holds it, from whom, until when.
func (p explainPage) because(ctx context.Context) string {
	g := p.Answer.Grant
	if g == nil {
		return ""
	}
	who := capital(partyShort(ctx, p.Answer.Party))
	args := []any{"Who", who, "What", p.what(ctx), "From", fromParty(ctx, g.From), "Through", partyName(ctx, g.To)}
	key := "explain.through"
	switch {
	case g.To.Kind == access.PartyAbove:
		key = "explain.throughAbove"
	case g.To.Membership != "":
		key = "explain.held"
	}
	key = ofYou(key, p.Answer.Party)
	text := T(ctx, key, args...)
	if !g.Until.IsZero() {
		text = sentences(text, T(ctx, "explain.until", "Day", dayLong(ctx, g.Until)))
	}
	return sentences(text, "")
}

// stepTitle is what a step has found.
func stepTitle(ctx context.Context, p explainPage, s access.Step) string {
	who := capital(partyShort(ctx, p.Answer.Party))
	suffix := ".no"
	if s.Good {
		suffix = ".yes"
	}
	group := s.Party.Name
	if s.Kind == access.StepMember {
		group = p.Answer.Party.GroupName
	}
	key := "explain." + string(s.Kind) + suffix
	if s.Kind == access.StepGrantTree && s.Party.Kind == access.PartyAbove {
		key = "explain.grantAbove" + suffix
	}
	return T(ctx, key, "Who", who, "Role", T(ctx, "grants.role."+string(p.Answer.Party.Role)), "Group", group, "Category", p.category(), "Name", partyShort(ctx, p.Answer.Party))
}

// stepLine is a step's second line.
func stepLine(ctx context.Context, p explainPage, s access.Step) string {
	switch {
	case s.Kind == access.StepMember && p.Answer.Party.Suspended:
		return T(ctx, "explain.suspended")
	case s.Kind == access.StepMember:
		return T(ctx, "explain.notSuspended")
	case s.Kind == access.StepCategory:
		return T(ctx, "explain.offers", "Count", s.Offers, "N", number(s.Offers))
	case s.Good && s.Grant != "":
		text := fromParty(ctx, s.From)
		if !s.Until.IsZero() {
			text = T(ctx, "grants.to", "Text", text, "Day", dayNear(ctx, s.Until))
		}
		return text
	case s.People > 0:
		return T(ctx, "explain.wouldReach", "Count", s.People, "N", number(s.People))
	}
	return ""
}

// lineWords is what a line of casbin says, for who does not read casbin.
func lineWords(ctx context.Context, p explainPage, l access.Line) string {
	if l.Gloss == "" {
		return ""
	}
	name := func(q access.Party) string {
		if q.Kind == "" {
			return ""
		}
		if q.Kind == access.PartyGroup || q.Kind == access.PartyTree {
			return q.Name
		}
		return partyShort(ctx, q)
	}
	key := "explain.line." + string(l.Gloss)
	if p.Answer.Party.You && (l.Gloss == access.GlossMember || l.Gloss == access.GlossGroup) {
		key += "You"
	}
	return T(ctx, key, "Party", capital(name(l.Party)), "Other", name(l.Other), "Who", capital(partyShort(ctx, p.Answer.Party)))
}

// allLines are the lines as text, to copy.
func (p explainPage) allLines() string {
	lines := make([]string, len(p.Answer.Lines))
	for i, l := range p.Answer.Lines {
		lines[i] = l.Text
	}
	return strings.Join(lines, "\n")
}

// decided is when, on which policy: "21 Nov 2026, 14:28:40, policy 8,214".
func (p explainPage) decided(ctx context.Context) string {
	at := p.Answer.At
	return T(ctx, "explain.decided", "Day", dayShort(ctx, at.Today()), "Time", clockSeconds(at.Wall, at.Zone), "Version", number(int(p.Answer.Version)))
}

// canGive reports whether the viewer himself could give what is missing.
func (p explainPage) canGive() bool {
	return slices.ContainsFunc(p.Answer.Helpers, func(h access.Helper) bool { return h.Party.You })
}

// giveAddress opens the cell of the matrix in which it can be given.
func (p explainPage) giveAddress(ctx context.Context) string {
	q := grantQuery{Group: p.Answer.Party.GroupCode, Cell: grantCell{p.Answer.Party.Who, p.Category, p.Action}}
	if p.knows() {
		q.Columns = []string{p.Category}
	}
	return q.address(ctx) + "#panel"
}

// helperLine says how somebody could help.
func helperLine(ctx context.Context, h access.Helper) string {
	from := fromParty(ctx, h.From)
	if h.Party.You {
		return T(ctx, "explain.youHold", "From", from)
	}
	return T(ctx, "explain.holds", "Role", T(ctx, "grants.role."+string(h.Party.Role)), "Group", h.Party.GroupName, "From", from)
}
