package access

import (
	"context"
	"errors"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// facts are what the rules of passing on look at, loaded for one question: only what it concerns.
type facts struct {
	*licensing.Delegation
	groups map[string]licensing.Group // by code, those of the tree that were loaded
}

func newFacts(tx *usecase.Tx) *facts {
	return &facts{licensing.NewDelegation(tx.Now().Today()), map[string]licensing.Group{}}
}

// above loads a group and those above it.
func (f *facts) above(ctx context.Context, tx *usecase.Tx, g licensing.GroupID, code string) error {
	if _, loaded := f.groups[code]; loaded {
		return nil
	}
	line, err := tx.Lineage(ctx, g)
	for i, g := range line {
		f.groups[g.Code], f.Parent[g.Code] = g, ""
		if i+1 < len(line) {
			f.Parent[g.Code] = line[i+1].Code
		}
	}
	return err
}

// tree loads a group, those above it, and all below it.
func (f *facts) tree(ctx context.Context, tx *usecase.Tx, g licensing.GroupID, code string) error {
	if err := f.above(ctx, tx, g, code); err != nil {
		return err
	}
	all, err := tx.GroupsIn(ctx, licensing.Sight{Group: g, Below: true})
	codes := map[licensing.GroupID]string{}
	for _, g := range all {
		codes[g.ID] = g.Code
	}
	for _, g := range all {
		if parent := codes[g.Parent]; parent != "" {
			f.groups[g.Code], f.Parent[g.Code] = g, parent
		}
	}
	return err
}

// giver loads a membership with the groups above it and what reaches it.
func (f *facts) giver(ctx context.Context, tx *usecase.Tx, id licensing.MembershipID) error {
	if _, loaded := f.Members[id]; loaded || id == "" {
		return nil
	}
	m, err := tx.Membership(ctx, id)
	if err != nil {
		return err
	}
	if err := f.above(ctx, tx, m.Group, m.GroupCode); err != nil {
		return err
	}
	f.Members[id] = m
	reaching, err := tx.GrantsReaching(ctx, id)
	f.add(reaching)
	return err
}

// add puts grants in that are not there yet; what a rule has changed meanwhile stays.
func (f *facts) add(grants []licensing.Grant) {
	for _, g := range grants {
		if _, there := f.Grants[g.ID]; !there {
			f.Grants[g.ID] = g
		}
	}
}

// givers loads who gave grants.
func (f *facts) givers(ctx context.Context, tx *usecase.Tx, grants []licensing.Grant) error {
	for _, g := range grants {
		if err := f.giver(ctx, tx, g.GivenBy); err != nil {
			return err
		}
	}
	return nil
}

// under loads a grant, everything that hangs under it, and who gave that.
func (f *facts) under(ctx context.Context, tx *usecase.Tx, id licensing.GrantID) error {
	grants, err := tx.GrantsUnder(ctx, id)
	if err != nil {
		return err
	}
	f.add(grants)
	return f.givers(ctx, tx, grants)
}

// write carries out what was settled. Each grant is recorded with whom it is for: why it has changed, and of what is
// gone whether it was taken back or fell with another one.
func (f *facts) write(ctx context.Context, tx *usecase.Tx, why string, s licensing.Settled, takenBack ...licensing.GrantID) error {
	for _, g := range s.Changed {
		if err := tx.ChangeGrant(ctx, g); err != nil {
			return err
		}
		if err := f.audit(ctx, tx, why, f.Grants[g.ID], g); err != nil {
			return err
		}
	}
	for _, g := range s.Fallen {
		if err := tx.DeleteGrant(ctx, g.ID); err != nil {
			return err
		}
		if g.Ended(f.Today) {
			continue // it allowed nothing any more; that it ended was known
		}
		action := "grant.fell"
		if slices.Contains(takenBack, g.ID) {
			action = "grant.takenBack"
		}
		if err := f.audit(ctx, tx, action, g, licensing.Grant{}); err != nil {
			return err
		}
	}
	return nil
}

// audit records what became of a grant in the history of whom it is for. It names grants and memberships by their ids
// alone: who reads that history may not know everybody.
func (f *facts) audit(ctx context.Context, tx *usecase.Tx, action string, from, to licensing.Grant) error {
	g := to
	if g.ID == "" {
		g = from
	}
	object, parent, err := holder(ctx, tx, g.Who)
	if err != nil {
		return err
	}
	detail := []licensing.Value{{Name: "who", Value: g.Who}, {Name: "category", Value: g.Category}, {Name: "action", Value: g.Action}, {Name: "grant", Value: string(g.ID)}}
	changed := func(name, before, after, none string) {
		if before == "" {
			before = none
		}
		if after == "" {
			after = none
		}
		switch {
		case from.ID == "" || to.ID == "":
			if from.ID == "" {
				before = after
			}
			detail = append(detail, licensing.Value{Name: name, Value: before})
		case before != after:
			detail = append(detail, licensing.Value{Name: name, Value: before + " → " + after})
		}
	}
	changed("until", from.Until.String(), to.Until.String(), "open")
	changed("givenBy", string(from.GivenBy), string(to.GivenBy), "isv")
	changed("under", string(from.Under), string(to.Under), "none")
	return tx.Audit(ctx, action, object, parent, detail...)
}

// holder returns whose history a name of the policy stands for: a membership in its group, or a group.
func holder(ctx context.Context, tx *usecase.Tx, who string) (object, parent string, err error) {
	m, g, err := namedBy(ctx, tx, who)
	switch {
	case errors.Is(err, licensing.ErrNone):
		return who, "", nil
	case err != nil:
		return "", "", err
	case m.ID != "":
		return string(m.ID), string(g.ID), nil
	default:
		return string(g.ID), "", nil
	}
}

// namedBy finds the group that a name of the policy stands in, and the membership when it names one. ErrNone when there
// is no such thing; a removed membership is one.
func namedBy(ctx context.Context, tx *usecase.Tx, who string) (m licensing.Membership, g licensing.Group, err error) {
	code, ok := licensing.SubjectGroup(who)
	if !ok {
		return m, g, licensing.ErrNone
	}
	if g, err = tx.GroupByCode(ctx, code); err != nil {
		return m, g, err
	}
	email, isMember := licensing.SubjectEmail(who)
	if !isMember {
		return m, g, nil
	}
	u, err := tx.UserByEmail(ctx, email)
	if err != nil {
		return m, g, err
	}
	m, err = tx.MembershipIn(ctx, u.ID, g.ID)
	return m, g, err
}
