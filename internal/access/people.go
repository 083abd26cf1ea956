package access

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// PeoplePage is a part of a list of memberships.
type PeoplePage struct {
	People []licensing.Membership
	Before string // PeopleFilter.Before of the page before; empty on the first page
	After  string // PeopleFilter.After of the next page; empty on the last page
	Total  int    // how many the filter leaves, over all pages
}

// maxPeople is the most memberships of a page, defaultPeople what it has unless asked.
const (
	maxPeople     = 500
	defaultPeople = 50
)

// People returns memberships within the actor's sight. Only admins may.
func (s *Service) People(ctx context.Context, actor licensing.Actor, f licensing.PeopleFilter) (PeoplePage, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (p PeoplePage, err error) {
		if err := adminsOnly(ctx, tx); err != nil {
			return p, err
		}
		sight := licensing.SightOf(tx.Actor.Membership)
		if f.Group != "" {
			g, err := groupInSight(ctx, tx, "group", f.Group)
			if err != nil {
				return p, err
			}
			sight = licensing.Sight{Group: g.ID, Below: f.Below}
		}
		if f.Limit < 1 || f.Limit > maxPeople {
			f.Limit = defaultPeople
		}
		if p.Total, err = tx.CountPeople(ctx, sight, f); err != nil {
			return p, err
		}
		size := f.Limit
		f.Limit++ // one more tells whether there is another page
		if p.People, err = tx.ListPeople(ctx, sight, f); err != nil {
			return p, err
		}
		p.cut(size, f)
		return p, nil
	})
}

// cut leaves a page of size people, of whom there is one more if there is another page behind it, and says what is around
// it.
func (p *PeoplePage) cut(size int, f licensing.PeopleFilter) {
	more, backward := len(p.People) > size, f.Before != ""
	switch {
	case more && backward:
		p.People = p.People[len(p.People)-size:]
	case more:
		p.People = p.People[:size]
	}
	n := len(p.People)
	if n == 0 {
		return
	}
	if backward && more || !backward && f.After != "" {
		p.Before = string(p.People[0].ID)
	}
	if backward || more {
		p.After = string(p.People[n-1].ID)
	}
}

// PersonDetail is one membership with what surrounds it.
type PersonDetail struct {
	Membership licensing.Membership
	Others     []licensing.Membership // of the same person in other groups within sight, the oldest first
	PassedOn   int                    // grants that it has given
	Self       bool                   // it is the actor's own
	// CanDemote, CanSuspend and CanRemove say what the actor may do; Why is the reason, for a person, when one of
	// them is false although the actor is an admin.
	CanWrite, CanDemote, CanSuspend, CanRemove bool
	Why                                        string
}

// Person returns a membership within sight that is not removed, a service account's too. Only admins may.
func (s *Service) Person(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (PersonDetail, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (d PersonDetail, err error) {
		if err := adminsOnly(ctx, tx); err != nil {
			return d, err
		}
		if d.Membership, err = personInSight(ctx, tx, id, false); err != nil {
			return d, err
		}
		m := d.Membership
		all, err := tx.MembershipsOf(ctx, m.User)
		if err != nil {
			return d, err
		}
		for _, other := range all {
			seen, err := tx.InSight(ctx, tx.Actor.Group, true, other.Group)
			if err != nil {
				return d, err
			}
			if seen && other.ID != m.ID {
				d.Others = append(d.Others, other)
			}
		}
		given, err := tx.GrantsGivenBy(ctx, m.ID)
		if err != nil {
			return d, err
		}
		d.PassedOn, d.Self, d.CanWrite = len(given), m.User == tx.Actor.User, true
		admins, err := tx.CountAdmins(ctx, m.Group)
		if err != nil {
			return d, err
		}
		refusal := losesAdmin(tx.Actor, m, admins-1)
		if refusal != nil {
			d.Why = refusal.Message
		}
		d.CanSuspend = refusal == nil && !m.Suspended
		d.CanRemove = refusal == nil
		d.CanDemote = refusal == nil && m.Role == licensing.RoleAdmin
		return d, nil
	})
}

// PersonHistory returns what happened to a membership within sight, newest first; removed ones have one, too. Only
// admins may read it.
func (s *Service) PersonHistory(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) ([]licensing.HistoryEntry, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.HistoryEntry, error) {
		if err := adminsOnly(ctx, tx); err != nil {
			return nil, err
		}
		if _, err := personInSight(ctx, tx, id, true); err != nil {
			return nil, err
		}
		return tx.History(ctx, string(id))
	})
}

// personInSight finds a membership. Beyond sight is not found, and so is a removed one unless asked for.
func personInSight(ctx context.Context, tx *usecase.Tx, id licensing.MembershipID, removed bool) (licensing.Membership, error) {
	m, err := tx.Membership(ctx, id)
	if err == nil {
		var seen bool
		if seen, err = tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), m.Group); err == nil && (!seen || !removed && !m.RemovedAt.IsZero()) {
			err = licensing.ErrNone
		}
	}
	if errors.Is(err, licensing.ErrNone) {
		return licensing.Membership{}, licensing.NotFoundError("membership", "There is no such person within your sight.")
	}
	return m, err
}

// losesAdmin says why m may not stop being an active admin when left other active admins of its group remain; nil when
// it may, or is none.
func losesAdmin(actor licensing.Actor, m licensing.Membership, left int) *licensing.Error {
	switch {
	case m.Role != licensing.RoleAdmin || !m.Active():
		return nil
	case m.GroupIsISV && m.User == actor.User:
		return licensing.DeniedError("role", "You are an admin of %s: only another one can take that from you. Nothing has been changed.", m.GroupName)
	case left > 0:
		return nil
	case m.GroupIsISV:
		return licensing.ConflictError("%s is the last admin of %s, which always has one. Make somebody else an admin first.", m.UserName, m.GroupName)
	case actor.Group == m.Group:
		return licensing.ConflictError("%s is the last admin of %s. Make somebody else an admin first; an admin from above can do without.", m.UserName, m.GroupName)
	default:
		return nil
	}
}

// ChangePerson asks to change a membership. Problems name the fields "role" and "reason".
type ChangePerson struct {
	Membership licensing.MembershipID `json:"membership"`
	Version    int                    `json:"version"`        // of the membership that was shown; 0: any
	Role       licensing.Role         `json:"role,omitempty"` // of SetRole: RoleAdmin or RoleMember
	Reason     string                 `json:"reason"`         // on one line, at most licensing.MaxReason characters; Suspend and Remove want one
}

// SetRole makes a member an admin or an admin a member. Nobody makes himself an admin, not even where he sees. What a
// demoted admin passed on hangs from then on under who gave it to him. The last active admin of a group is demoted
// only from above, the last active ISV admin not at all, and an ISV admin not by himself. An ISV admin gets the root
// grant with the role, and loses it with it.
func (s *Service) SetRole(ctx context.Context, actor licensing.Actor, requestID string, in ChangePerson) (out licensing.Membership, replayed bool, err error) {
	return s.changePerson(ctx, actor, requestID, "SetRole", in, func(ctx context.Context, tx *usecase.Tx, m licensing.Membership, in *ChangePerson) (next licensing.Membership, err error) {
		next = m
		if in.Role != licensing.RoleAdmin && in.Role != licensing.RoleMember {
			return m, licensing.InvalidRequest("role", "Choose admin or member.")
		}
		if m.Role == licensing.RoleService {
			return m, licensing.InvalidRequest("role", "A service account has no other role.")
		}
		if in.Role == licensing.RoleAdmin && m.User == tx.Actor.User && m.Role != in.Role {
			return m, licensing.DeniedError("role", "Nobody makes himself an admin. Another admin can. Nothing has been changed.")
		}
		if in.Reason, err = licensing.CheckOptionalReason(in.Reason); err != nil {
			return m, err
		}
		next.Role = in.Role
		return next, nil
	})
}

// Suspend keeps a membership from acting until it is resumed; service accounts, too. What it passed on hangs from
// then on under who gave it to it.
func (s *Service) Suspend(ctx context.Context, actor licensing.Actor, requestID string, in ChangePerson) (out licensing.Membership, replayed bool, err error) {
	return s.changePerson(ctx, actor, requestID, "Suspend", in, func(_ context.Context, _ *usecase.Tx, m licensing.Membership, in *ChangePerson) (next licensing.Membership, err error) {
		next = m
		next.Suspended = true
		in.Reason, err = licensing.CheckReason(in.Reason)
		return next, err
	})
}

// Resume lets a suspended membership act again.
func (s *Service) Resume(ctx context.Context, actor licensing.Actor, requestID string, in ChangePerson) (out licensing.Membership, replayed bool, err error) {
	return s.changePerson(ctx, actor, requestID, "Resume", in, func(_ context.Context, _ *usecase.Tx, m licensing.Membership, in *ChangePerson) (next licensing.Membership, err error) {
		next = m
		next.Suspended = false
		in.Reason, err = licensing.CheckOptionalReason(in.Reason)
		return next, err
	})
}

// Remove takes a membership, or a service account, out of its group: it acts nowhere and is listed nowhere any more,
// and what it held is gone. What it passed on hangs from then on under who gave it to it.
func (s *Service) Remove(ctx context.Context, actor licensing.Actor, requestID string, in ChangePerson) (out licensing.Membership, replayed bool, err error) {
	return s.changePerson(ctx, actor, requestID, "Remove", in, func(_ context.Context, tx *usecase.Tx, m licensing.Membership, in *ChangePerson) (next licensing.Membership, err error) {
		next = m
		next.RemovedAt = tx.Now().Business
		in.Reason, err = licensing.CheckReason(in.Reason)
		return next, err
	})
}

// changePerson is what the four have in common: who may, the version, the last admin, grants, and the audit trail.
// next returns what the membership is to be.
func (s *Service) changePerson(ctx context.Context, actor licensing.Actor, requestID, operation string, in ChangePerson,
	next func(context.Context, *usecase.Tx, licensing.Membership, *ChangePerson) (licensing.Membership, error),
) (licensing.Membership, bool, error) {
	return usecase.Run(ctx, s.runner, actor, operation, requestID, in, func(ctx context.Context, tx *usecase.Tx, in ChangePerson) (licensing.Membership, error) {
		if err := adminsOnly(ctx, tx); err != nil {
			return licensing.Membership{}, err
		}
		// Two admins who demote each other at once wait here for one another: the second finds himself the last.
		if err := tx.LockPolicy(ctx); err != nil {
			return licensing.Membership{}, err
		}
		m, err := personInSight(ctx, tx, in.Membership, false)
		if err != nil {
			return licensing.Membership{}, err
		}
		to, err := next(ctx, tx, m, &in)
		if err != nil {
			return licensing.Membership{}, err
		}
		if to == m { // it is so already, whoever did it
			return m, nil
		}
		if in.Version != 0 && in.Version != m.Version {
			return licensing.Membership{}, licensing.ConflictError("Somebody else changed %s in %s since you opened this: %s now. Nothing has been changed; look at it and decide again.", m.UserName, m.GroupName, standing(m))
		}
		return to, become(ctx, tx, m, to, in.Reason)
	})
}

// standing is what a membership is, in a sentence.
func standing(m licensing.Membership) string {
	role := map[licensing.Role]string{licensing.RoleAdmin: "admin", licensing.RoleMember: "member", licensing.RoleService: "service account"}[m.Role]
	if m.Suspended {
		return role + ", suspended,"
	}
	return role + ", not suspended,"
}

// become writes what a membership is from now on, with everything that follows from it.
func become(ctx context.Context, tx *usecase.Tx, m, to licensing.Membership, reason string) error {
	if stopsActing := m.Role == licensing.RoleAdmin && m.Active() && (to.Role != licensing.RoleAdmin || !to.Active()); stopsActing {
		admins, err := tx.CountAdmins(ctx, m.Group)
		if err != nil {
			return err
		}
		if refusal := losesAdmin(tx.Actor, m, admins-1); refusal != nil {
			return refusal
		}
	}
	if m.Role != licensing.RoleService && (to.Role != licensing.RoleAdmin || !to.Active()) {
		if err := rehang(ctx, tx, m); err != nil {
			return err
		}
	}
	if err := rootGrant(ctx, tx, m, to); err != nil {
		return err
	}
	if !to.RemovedAt.IsZero() {
		if err := dropHeld(ctx, tx, m); err != nil {
			return err
		}
	}
	if err := tx.UpdateMembership(ctx, to); err != nil {
		return err
	}
	return tx.Audit(ctx, deedOf(m, to), string(m.ID), string(m.Group), standingChanges(m, to, reason)...)
}

// deedOf names a change of a membership in the audit trail.
func deedOf(m, to licensing.Membership) string {
	switch {
	case !to.RemovedAt.IsZero():
		return "membership.removed"
	case to.Suspended && !m.Suspended:
		return "membership.suspended"
	case m.Suspended && !to.Suspended:
		return "membership.resumed"
	default:
		return "membership.roleChanged"
	}
}

func standingChanges(m, to licensing.Membership, reason string) []licensing.Value {
	detail := []licensing.Value{{Name: "person", Value: m.UserName}}
	state := func(m licensing.Membership) string {
		switch {
		case !m.RemovedAt.IsZero():
			return "removed"
		case m.Suspended:
			return "suspended"
		default:
			return "active"
		}
	}
	if m.Role != to.Role {
		detail = append(detail, licensing.FromTo("role", string(m.Role), string(to.Role)))
	}
	if from, now := state(m), state(to); from != now {
		detail = append(detail, licensing.FromTo("state", from, now))
	}
	if reason != "" {
		detail = append(detail, licensing.Value{Name: "reason", Value: reason})
	}
	return detail
}

// isISVAdmin reports whether a membership has the role that holds everything.
func isISVAdmin(m licensing.Membership) bool {
	return m.GroupIsISV && m.Role == licensing.RoleAdmin && m.RemovedAt.IsZero()
}

// rootGrant gives the root grant to who becomes an ISV admin, and ends it of who is one no more. A suspended one keeps
// it: it allows nothing meanwhile.
func rootGrant(ctx context.Context, tx *usecase.Tx, m, to licensing.Membership) error {
	was, is := isISVAdmin(m), isISVAdmin(to)
	if was == is {
		return nil
	}
	who := to.Subject()
	held, err := tx.GrantsTo(ctx, who)
	if err != nil {
		return err
	}
	for _, g := range held {
		if g.Category != licensing.Any || g.Action != licensing.Any || g.GivenBy != "" || g.Under != "" {
			continue
		}
		if is { // it has one
			return nil
		}
		if err := tx.DeleteGrant(ctx, g.ID); err != nil {
			return err
		}
	}
	if !is {
		return nil
	}
	return tx.InsertGrant(ctx, licensing.Grant{
		ID: licensing.GrantID(licensing.NewID()), Who: who, Category: licensing.Any, Action: licensing.Any, CreatedAt: tx.Now().Business,
	})
}
