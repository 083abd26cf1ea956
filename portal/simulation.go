package portal

import (
	"context"
	"errors"
	"net/http"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// What a session holds while somebody sees the portal as somebody else.
const (
	sessionSeenAs    = "seenAs"    // licensing.MembershipID of the one whose portal is shown
	sessionSeenBy    = "seenBy"    // licensing.MembershipID of the admin's own membership
	sessionSeenSince = "seenSince" // when it began, in Unix seconds of the wall clock
)

// errSimulationOver says that a look as somebody else has ended without being asked to.
var errSimulationOver = errors.New("the look as somebody else is over")

// simulation returns the look that the session is in.
func (s *site) simulation(ctx context.Context) (by, as licensing.MembershipID, since time.Time, ok bool) {
	m := s.config.Sessions
	as = licensing.MembershipID(m.GetString(ctx, sessionSeenAs))
	return licensing.MembershipID(m.GetString(ctx, sessionSeenBy)), as, time.Unix(m.GetInt64(ctx, sessionSeenSince), 0), as != ""
}

func (s *site) forgetSimulation(ctx context.Context) {
	for _, key := range []string{sessionSeenAs, sessionSeenBy, sessionSeenSince} {
		s.config.Sessions.Remove(ctx, key)
	}
}

// lookAs makes the visit that of the membership whose portal is shown, in place of the user's own ones. Whatever is
// sent is refused here, before its route is reached, but for what is the user's own (Route.Own); what the route
// answers goes through a veil.
func (s *site) lookAs(v *visit, route Route) error {
	by, as, since, _ := s.simulation(v.ctx())
	actor, err := s.services.Simulation.Simulated(v.ctx(), v.user, by, as, since, v.ClientIP())
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.NotFound {
		s.forgetSimulation(v.ctx())
		if err := s.ownMemberships(v); err != nil {
			return err
		}
		return errors.Join(errSimulationOver, s.actAsLately(v))
	}
	if err != nil {
		return err
	}
	v.memberships, v.actor = []licensing.Membership{actor.Membership}, actor
	v.seenUntil = access.Simulation{Begun: since}.Until()
	if v.Request.Method != http.MethodGet && v.Request.Method != http.MethodHead && !route.Own {
		return licensing.ReadOnlyError()
	}
	if route.For.inGroup() && v.Param("group") != actor.GroupCode {
		return licensing.NotFoundError("", "There is no such page, or not for you.")
	}
	if v.fragment() {
		return nil
	}
	return s.lookAround(v)
}

// simulating reports whether the visit sees the portal as somebody else.
func (v *visit) simulating() bool { return v != nil && v.actor.ReadOnly() }

// simulate begins a look at the portal as the membership that the form names.
func (s *site) simulate(v *visit) error {
	form := v.Request.PostForm
	in := access.Simulate{Member: licensing.MembershipID(form.Get("member"))}
	look, _, err := s.services.Simulation.Simulate(v.ctx(), v.actor, form.Get("requestId"), in)
	if err != nil {
		return err
	}
	m := s.config.Sessions
	m.Put(v.ctx(), sessionSeenAs, string(look.As.ID))
	m.Put(v.ctx(), sessionSeenBy, string(look.By))
	m.Put(v.ctx(), sessionSeenSince, look.Begun.Unix())
	return v.goTo(inGroup(look.As.GroupCode, ""))
}

// endSimulation leads back to oneself: to the grants of the group that was looked from.
func (s *site) endSimulation(v *visit) error {
	by, as, _, ok := s.simulation(v.ctx())
	if !ok {
		return v.goTo("/")
	}
	s.forgetSimulation(v.ctx())
	if err := s.ownMemberships(v); err != nil {
		return err
	}
	own, err := s.services.Access.Act(v.ctx(), v.user, by, "portal", v.ClientIP())
	if err != nil {
		return v.goTo("/") // it is nobody's any more; there is nothing to note
	}
	if err := s.services.Simulation.EndSimulation(v.ctx(), own, access.Simulate{Member: as}); err != nil {
		s.config.Log.InfoContext(v.ctx(), "portal: the end of a look was not noted", "error", err)
	}
	return v.goTo(inGroup(own.GroupCode, ""))
}
