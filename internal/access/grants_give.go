package access

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// GivePermission asks for one grant.
type GivePermission struct {
	Who      string        // as in Grant.Who: a member, a group's members, or a group with all below
	Category string        // a code, or licensing.Any
	Action   string        // an action, or licensing.Any
	Until    licensing.Day // the last day in the ISV's zone; zero: as long as the giver's own
}

// Given is a grant that was given.
type Given struct {
	Grant licensing.GrantID
	To    Party
	Until licensing.Day // zero: open
}

// CopyGrants asks to give a member what another one holds himself, as far as the actor may.
type CopyGrants struct {
	From, To licensing.MembershipID
}

// Copied is what copying gives, or would give, and what it cannot.
type Copied struct {
	From, To Party
	Given    []CopiedGrant // what To gets
	Has      []CopiedGrant // what To holds already
	Left     []CopiedGrant // what the actor may not give, and so does not
}

// CopiedGrant is one line of Copied.
type CopiedGrant struct {
	Category     string // a code, or licensing.Any
	CategoryName string
	Action       string
	Until        licensing.Day
	Why          string // of what is left out: a sentence for a person
}

// SetEnd asks for another last day of a grant.
type SetEnd struct {
	Grant licensing.GrantID
	Until licensing.Day // zero: as long as the grant that it hangs under
}

// EndSet is a grant with another end.
type EndSet struct {
	Grant   licensing.GrantID
	From    licensing.Day
	Until   licensing.Day
	Clipped int // how many grants that were passed on under it now end earlier, too
}

// Give gives one grant. Denied when the actor does not hold it himself, or the category does not exist; the field is
// "who" for oneself, beside and above, and "until" for a day that is past or later than the giver's own.
// Giving again what the actor gave the same holder before changes its last day.
func (s *Service) Give(ctx context.Context, actor licensing.Actor, requestID string, in GivePermission) (out Given, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "Give", requestID, in, func(ctx context.Context, tx *usecase.Tx, in GivePermission) (Given, error) {
		g, err := s.giving(ctx, tx)
		if err != nil {
			return Given{}, err
		}
		return g.give(ctx, tx, in)
	})
}

// giving is an admin who passes something on.
type giving struct {
	*view
	admin      licensing.Membership
	policy     licensing.Policy
	judge      licensing.Judge
	categories map[string]licensing.Category // by code
	supports   map[string]licensing.Grant    // what the admin could give under, by category and action
}

// giving begins to pass on, or to take back: it holds the policy still, and reads anew who acts.
func (s *Service) giving(ctx context.Context, tx *usecase.Tx) (*giving, error) {
	if err := tx.LockPolicy(ctx); err != nil {
		return nil, err
	}
	return s.looking(ctx, tx)
}

// looking is giving that writes nothing.
func (s *Service) looking(ctx context.Context, tx *usecase.Tx) (*giving, error) {
	admin, err := passingOn(ctx, tx)
	if err != nil {
		return nil, err
	}
	f := newFacts(tx)
	g := &giving{view: newView(f, admin), admin: admin, judge: s.judge, categories: map[string]licensing.Category{}, supports: map[string]licensing.Grant{}}
	if err := f.tree(ctx, tx, admin.Group, admin.GroupCode); err != nil {
		return nil, err
	}
	if err := f.giver(ctx, tx, admin.ID); err != nil {
		return nil, err
	}
	all, err := tx.Categories(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		g.categories[c.Code] = c
	}
	g.policy, err = tx.PolicyLines(ctx, admin.ID)
	return g, err
}

// passingOn returns the actor as he is now, when he is an admin.
func passingOn(ctx context.Context, tx *usecase.Tx) (licensing.Membership, error) {
	m, err := tx.Membership(ctx, tx.Actor.ID)
	if errors.Is(err, licensing.ErrNone) || err == nil && (m.Role != licensing.RoleAdmin || !m.Active()) {
		return m, licensing.OnlyAdmins()
	}
	return m, err
}

// mayGive says whether the admin may give a grant, and completes it.
func (g *giving) mayGive(ctx context.Context, tx *usecase.Tx, in GivePermission) (licensing.Grant, error) {
	if err := g.MayGiveTo(g.admin, in.Who); err != nil {
		return licensing.Grant{}, err
	}
	if m, _, err := namedBy(ctx, tx, in.Who); errors.Is(err, licensing.ErrNone) || err == nil && !m.RemovedAt.IsZero() {
		return licensing.Grant{}, licensing.NobodyInSight()
	} else if err != nil {
		return licensing.Grant{}, err
	}
	switch licensing.Action(in.Action) {
	case licensing.Create, licensing.Modify, licensing.Revoke, licensing.Any:
	default:
		return licensing.Grant{}, licensing.InvalidRequest("action", "Choose create, modify, revoke or every action.")
	}
	if _, exists := g.categories[in.Category]; !exists && in.Category != licensing.Any {
		return licensing.Grant{}, licensing.NotYoursToGive(in.Category, in.Action)
	}
	d, err := g.judge.Judge(g.policy, g.admin.ID, in.Action, in.Category)
	if err == nil && !d.Allowed {
		err = licensing.NotYoursToGive(in.Category, in.Action)
	}
	if err != nil {
		return licensing.Grant{}, err
	}
	return g.MayGive(g.admin, in.Who, in.Category, in.Action, in.Until)
}

func (g *giving) give(ctx context.Context, tx *usecase.Tx, in GivePermission) (Given, error) {
	grant, err := g.mayGive(ctx, tx, in)
	if err != nil {
		return Given{}, err
	}
	to, err := g.party(ctx, tx, in.Who)
	if err != nil {
		return Given{}, err
	}
	there, err := tx.GrantsTo(ctx, in.Who)
	if err != nil {
		return Given{}, err
	}
	for _, before := range there {
		if before.Category != grant.Category || before.Action != grant.Action || before.GivenBy != grant.GivenBy {
			continue
		}
		if !before.Ended(g.Today) {
			if err := g.under(ctx, tx, before.ID); err != nil {
				return Given{}, err
			}
			under, ok := g.Support(g.admin, in.Category, in.Action, before.ID)
			if !ok || licensing.Earlier(grant.Until, under.Until) != grant.Until {
				return Given{}, licensing.NotYoursToGive(in.Category, in.Action)
			}
			after := before
			after.Until, after.Under = grant.Until, under.ID
			_, err := g.setEnd(ctx, tx, before, after)
			return Given{before.ID, to, grant.Until}, err
		}
		rest, err := tx.GrantsUnder(ctx, before.ID) // it has ended, and so has all that hangs under it
		if err != nil {
			return Given{}, err
		}
		f := newFacts(tx)
		f.add(rest)
		if err := f.write(ctx, tx, "", f.TakeAway(before.ID)); err != nil {
			return Given{}, err
		}
	}
	grant.ID, grant.CreatedAt = licensing.GrantID(licensing.NewID()), tx.Now().Business
	if err := tx.InsertGrant(ctx, grant); err != nil {
		return Given{}, err
	}
	return Given{grant.ID, to, grant.Until}, g.audit(ctx, tx, "grant.given", licensing.Grant{}, grant)
}
