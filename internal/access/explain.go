package access

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// maxHelpers is how many people Explain names who could give what is missing.
const maxHelpers = 20

// Explain answers a question with its reasons: about oneself to everybody, about anybody in sight to admins. A category
// that does not exist is answered as one in which nothing is granted.
func (s *Service) Explain(ctx context.Context, actor licensing.Actor, q Question) (Explanation, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (Explanation, error) {
		viewer, err := tx.Membership(ctx, tx.Actor.ID)
		if errors.Is(err, licensing.ErrNone) || err == nil && !viewer.Active() {
			return Explanation{}, notInSight()
		}
		if err != nil {
			return Explanation{}, err
		}
		f := newFacts(tx)
		v := newView(f, viewer)
		if err := f.above(ctx, tx, viewer.Group, viewer.GroupCode); err != nil {
			return Explanation{}, err
		}
		if q.Membership == "" {
			q.Membership = viewer.ID
		}
		m, err := tx.Membership(ctx, q.Membership)
		if errors.Is(err, licensing.ErrNone) {
			return Explanation{}, notInSight()
		}
		if err != nil {
			return Explanation{}, err
		}
		if err := f.above(ctx, tx, m.Group, m.GroupCode); err != nil {
			return Explanation{}, err
		}
		if !m.RemovedAt.IsZero() || m.ID != viewer.ID && (viewer.Role != licensing.RoleAdmin || !v.sees(m.GroupCode)) {
			return Explanation{}, notInSight()
		}
		return s.explain(ctx, tx, v, m, q)
	})
}

func notInSight() error {
	return licensing.NotFoundError("membership", "There is no such person in your sight.")
}

// ExplainTo answers for the operator, who sees everything: member by his e-mail address and group.
func (s *Service) ExplainTo(ctx context.Context, email, group string, action licensing.Action, category string) (Explanation, error) {
	return usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) (Explanation, error) {
		f := newFacts(tx)
		v := newView(f, licensing.Membership{})
		v.all = true
		m, _, err := namedBy(ctx, tx, licensing.MemberSubject(foldEmail(email), group))
		if errors.Is(err, licensing.ErrNone) || err == nil && !m.RemovedAt.IsZero() {
			return Explanation{}, licensing.NotFoundError("member", "%s is not in the group %q.", email, group)
		}
		if err != nil {
			return Explanation{}, err
		}
		if err := f.above(ctx, tx, m.Group, m.GroupCode); err != nil {
			return Explanation{}, err
		}
		return s.explain(ctx, tx, v, m, Question{m.ID, action, category})
	})
}

// explaining is one question that is being answered to a viewer.
type explaining struct {
	*view
	member   licensing.Membership
	question Question
	reaching []licensing.Grant // what reaches the member and covers the question, whether or not he may act
	out      Explanation
}

// explain answers: casbin decides on the transaction's own lines, and the rest tells why. Who may not act has no lines.
func (s *Service) explain(ctx context.Context, tx *usecase.Tx, v *view, m licensing.Membership, q Question) (Explanation, error) {
	if !slices.Contains(allActions, q.Action) {
		return Explanation{}, licensing.InvalidRequest("action", "Choose create, modify or revoke.")
	}
	e := &explaining{view: v, member: m, question: q}
	e.out = Explanation{Party: v.partyOf(m), Action: q.Action, Category: q.Category, At: tx.Now()}
	policy, err := tx.PolicyLines(ctx, m.ID)
	if err != nil {
		return e.out, err
	}
	e.out.Version = policy.Version
	d, lines, err := s.judge.Lines(policy, m.ID, q.Action, q.Category)
	if err != nil {
		return e.out, err
	}
	category, exists, err := e.category(ctx, tx)
	if err != nil {
		return e.out, err
	}
	if !exists { // a grant in every category is none in one that is not there
		d = licensing.Decision{}
	}
	e.out.Allowed = d.Allowed
	if exists {
		e.out.CategoryName = category.Name
		all, err := e.view.reaching(ctx, tx, m.Subject(), nil)
		if err != nil {
			return e.out, err
		}
		e.reaching = slices.DeleteFunc(all, func(g licensing.Grant) bool { return !g.Covers(q.Category, string(q.Action)) })
	}
	for _, part := range []func(context.Context, *usecase.Tx) error{
		func(ctx context.Context, tx *usecase.Tx) error { return e.grants(ctx, tx, licensing.GrantID(d.Grant)) },
		func(ctx context.Context, tx *usecase.Tx) error { return e.steps(ctx, tx, exists) },
		func(ctx context.Context, tx *usecase.Tx) error { return e.lines(ctx, tx, lines) },
		e.helpers,
	} {
		if err := part(ctx, tx); err != nil {
			return e.out, err
		}
	}
	for code := m.GroupCode; code != "" && v.sees(code); code = v.Parent[code] {
		e.out.Groups = append(e.out.Groups, v.groups[code].Name)
	}
	e.out.Missing = e.missing()
	return e.out, nil
}

// category finds the category that was asked for, when the viewer may know of it.
func (e *explaining) category(ctx context.Context, tx *usecase.Tx) (c licensing.Category, exists bool, err error) {
	var known []licensing.Category
	if e.all {
		known, err = tx.Categories(ctx)
	} else {
		known, err = e.known(ctx, tx)
	}
	i := slices.IndexFunc(known, func(c licensing.Category) bool { return c.Code == e.question.Category })
	if err != nil || i < 0 {
		return c, false, err
	}
	return known[i], true, nil
}

// grants shows the grant that allowed it, and the others that do.
func (e *explaining) grants(ctx context.Context, tx *usecase.Tx, by licensing.GrantID) error {
	if !e.out.Allowed {
		return nil
	}
	for _, g := range e.reaching {
		held, err := e.shown(ctx, tx, g)
		if err != nil {
			return err
		}
		if held.To.Kind == PartyAbove {
			held.ID = ""
		}
		if g.ID == by {
			e.out.Grant = &held
		} else {
			e.out.Others = append(e.out.Others, held)
		}
	}
	return nil
}

// steps tells what was looked at, in order.
func (e *explaining) steps(ctx context.Context, tx *usecase.Tx, exists bool) error {
	e.out.Steps = append(e.out.Steps, Step{Kind: StepMember, Party: e.out.Party, Good: e.member.Active()})
	if exists {
		offers, err := e.offers(ctx, tx)
		if err != nil {
			return err
		}
		e.out.Steps = append(e.out.Steps, Step{Kind: StepCategory, Party: e.out.Party, Good: true, Offers: offers})
	}
	for i, name := range e.namesOf(e.member.Subject()) {
		step := Step{Kind: StepGrantTree}
		switch i {
		case 0:
			step.Kind = StepGrantOwn
		case 1:
			step.Kind = StepGrantGroup
		}
		var err error
		if step.Party, err = e.party(ctx, tx, name); err != nil {
			return err
		}
		if best, ok := bestOf(slices.DeleteFunc(slices.Clone(e.reaching), func(g licensing.Grant) bool { return g.Who != name }), name, e.question.Category, string(e.question.Action)); ok {
			step.Good, step.Until = true, best.Until
			if step.From, err = e.giverOf(ctx, tx, best); err != nil {
				return err
			}
			if step.Party.Kind != PartyAbove {
				step.Grant = best.ID
			}
		}
		if last := len(e.out.Steps) - 1; step.Party.Kind == PartyAbove && e.out.Steps[last].Party.Kind == PartyAbove {
			if step.Good {
				e.out.Steps[last] = step
			}
			continue
		}
		if step.Party.Kind != PartyAbove && step.Kind != StepGrantOwn {
			if step.People, err = e.count(ctx, tx, step.Party); err != nil {
				return err
			}
		}
		e.out.Steps = append(e.out.Steps, step)
	}
	return nil
}

// count counts the active people that a grant to a group in sight reaches.
func (v *view) count(ctx context.Context, tx *usecase.Tx, p Party) (n int, err error) {
	sight := licensing.Sight{Group: v.groups[p.GroupCode].ID, Below: p.Kind == PartyTree}
	if sight.Below && !v.all && !v.viewer.Role.Below() {
		return 0, nil // a member does not see what is below
	}
	for _, role := range []licensing.Role{"", licensing.RoleService} {
		some, err := tx.CountPeople(ctx, sight, licensing.PeopleFilter{Role: role, State: licensing.PersonActive})
		if err != nil {
			return 0, err
		}
		n += some
	}
	return n, nil
}

// offers counts the open offers of the category.
func (e *explaining) offers(ctx context.Context, tx *usecase.Tx) (n int, err error) {
	return tx.CountOffers(ctx, e.question.Category)
}

// above is how a name beyond sight stands in lines.
const above = "(above)"

// lines shows casbin's lines, with everything beyond sight as one.
func (e *explaining) lines(ctx context.Context, tx *usecase.Tx, lines []licensing.PolicyLine) error {
	self := "membership:" + string(e.member.ID)
	add := func(gloss LineGloss, party, other Party, parts ...string) {
		e.out.Lines = append(e.out.Lines, Line{Text: strings.Join(parts, ", "), Gloss: gloss, Party: party, Other: other})
	}
	add(GlossQuestion, e.out.Party, Party{}, "r", self, "category:"+e.question.Category, string(e.question.Action))
	hidden := false
	for _, l := range lines {
		names := l[1:]
		if l[0] == "p" {
			names = l[1:2]
		}
		shown := make([]string, len(names))
		parties := make([]Party, 2)
		for i, name := range names {
			shown[i] = name
			if name == self {
				parties[i] = e.out.Party
				continue
			}
			p, err := e.party(ctx, tx, name)
			if err != nil {
				return err
			}
			if parties[i] = p; p.Kind == PartyAbove {
				shown[i] = above
			}
		}
		switch {
		case l[0] == "p" && !e.out.Allowed:
		case l[0] == "p":
			grant := l[4]
			if shown[0] == above {
				grant = above
			}
			add(GlossGrant, parties[0], Party{}, "p", shown[0], l[2], l[3], grant)
		case shown[0] == above: // what lies above lies above
		case shown[1] == above:
			if !hidden {
				add(GlossAbove, parties[0], parties[1], "g", shown[0], above)
			}
			hidden = true
		default:
			gloss := GlossBelow
			switch {
			case l[1] == self:
				gloss = GlossMember
			case parties[0].Membership != "":
				gloss = GlossGroup
			case parties[0].Kind == PartyGroup:
				gloss = GlossTree
			}
			add(gloss, parties[0], parties[1], "g", shown[0], shown[1])
		}
	}
	if !e.out.Allowed {
		add(GlossNone, e.out.Party, Party{}, "p", "none")
	}
	return nil
}

// helpers finds who in sight could give what is missing: the active admins of the member's group and those above it who
// hold it themselves, the nearest first.
func (e *explaining) helpers(ctx context.Context, tx *usecase.Tx) error {
	if e.out.Allowed || e.out.CategoryName == "" || !e.member.Active() {
		return nil
	}
	for code := e.member.GroupCode; code != "" && e.sees(code); code = e.Parent[code] {
		admins, err := tx.AdminsOf(ctx, e.groups[code].ID)
		if err != nil {
			return err
		}
		for _, a := range admins {
			if a.User == e.member.User {
				continue // nobody gives to himself
			}
			if err := e.giver(ctx, tx, a.ID); err != nil {
				return err
			}
			under, ok := e.Support(a, e.question.Category, string(e.question.Action))
			if !ok {
				continue
			}
			from, err := e.giverOf(ctx, tx, under)
			if err != nil {
				return err
			}
			if len(e.out.Helpers) == maxHelpers {
				return nil
			}
			e.out.Helpers = append(e.out.Helpers, Helper{e.partyOf(a), from})
		}
	}
	return nil
}

// missing says in one sentence what is missing.
func (e *explaining) missing() string {
	name, in := e.member.UserName, e.out.CategoryName
	if in == "" {
		in = e.question.Category
	}
	if e.out.Party.You {
		name = "you"
	}
	switch {
	case e.out.Allowed:
		return ""
	case e.member.Suspended:
		return name + " is suspended in " + e.member.GroupName + ", and may do nothing there."
	default:
		return "Nobody has given " + name + " " + string(e.question.Action) + " in " + in + " for " + e.member.GroupName + "."
	}
}
