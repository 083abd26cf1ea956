package calls

import (
	"context"
	"errors"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// The sizes of pages, and how far lists are counted.
const (
	defaultPage = 25
	maxPage     = 500
	countedUpTo = 10_000
	maxQuery    = 300
)

// List is one page of the list of calls.
type List struct {
	Calls  []licensing.CallRow
	Found  licensing.Count
	All    licensing.Count
	Before string // for the filter's Before; empty on the first page
	After  string // for the filter's After; empty on the last page
	// Accounts are those within sight, to narrow by.
	Accounts []licensing.Membership
}

// List lists the calls of service accounts within the actor's sight; to an admin of the ISV also those of nobody known.
func (s *Service) List(ctx context.Context, actor licensing.Actor, f licensing.CallFilter) (List, error) {
	if f.Limit < 1 {
		f.Limit = defaultPage
	}
	f.Limit, f.Query = min(f.Limit, maxPage), strings.TrimSpace(strings.ToValidUTF8(f.Query, " "))
	f.Query = f.Query[:min(len(f.Query), maxQuery)]
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (l List, err error) {
		sight := licensing.SightOf(tx.Actor.Membership)
		more := f
		more.Limit++ // one more tells whether there is another page
		if l.Calls, err = tx.CallRows(ctx, sight, more); err != nil {
			return l, err
		}
		l.cut(f)
		licensing.CallsFor(tx.Actor, l.Calls)
		if l.Found, err = tx.CountCalls(ctx, sight, f, countedUpTo); err != nil {
			return l, err
		}
		if l.All, err = tx.CountCalls(ctx, sight, licensing.CallFilter{}, countedUpTo); err != nil {
			return l, err
		}
		accounts, err := tx.ServiceAccountsIn(ctx, sight)
		for _, a := range accounts {
			l.Accounts = append(l.Accounts, a.Membership)
		}
		return l, err
	})
}

// cut takes the page out of the rows, of which there is one more if there is another page behind it.
func (l *List) cut(f licensing.CallFilter) {
	more, backward := len(l.Calls) > f.Limit, f.Before != ""
	switch {
	case more && backward:
		l.Calls = l.Calls[len(l.Calls)-f.Limit:]
	case more:
		l.Calls = l.Calls[:f.Limit]
	}
	if len(l.Calls) == 0 {
		return
	}
	if backward && more || !backward && f.After != "" {
		l.Before = l.Calls[0].Cursor
	}
	if backward || more {
		l.After = l.Calls[len(l.Calls)-1].Cursor
	}
}

// Shown is a call with what its page shows.
type Shown struct {
	licensing.CallRow
	// Envelopes are nil when they are not kept, or not for the actor: see Hidden.
	Envelopes *Envelopes
	// Hidden says that they are kept, but only for admins: an account sees all below its group, and a member does not.
	Hidden bool
	// Away says that the order or license that the call is about is not within the actor's sight, perhaps not any more: neither
	// is what was said of it then.
	Away bool
	// License is the one that the call is about, and HasOrder says that its order is there, if they are within sight.
	License  licensing.LicenseID
	HasOrder bool
}

// Call returns the call of a reference, if its account is within the actor's sight.
func (s *Service) Call(ctx context.Context, actor licensing.Actor, reference string) (Shown, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (out Shown, err error) {
		sight := licensing.SightOf(tx.Actor.Membership)
		row, sealed, err := tx.CallByReference(ctx, sight, strings.TrimSpace(reference))
		if errors.Is(err, licensing.ErrNone) {
			return out, licensing.NotFoundError("reference", "There is no call with this reference within your sight. It may be too old.")
		}
		if err != nil {
			return out, err
		}
		out.CallRow = row
		switch {
		case sealed == nil:
		case tx.Actor.Role != licensing.RoleAdmin || tx.Actor.ReadOnly():
			out.Hidden = true
		default:
			e, err := s.opened(row.ID, sealed)
			if err != nil {
				return out, err
			}
			out.Envelopes = &e
		}
		if err := out.link(ctx, tx); err != nil {
			return out, err
		}
		return out, out.veil(ctx, tx)
	})
}

// veil takes out what the actor would not see elsewhere.
func (c *Shown) veil(ctx context.Context, tx *usecase.Tx) error {
	if c.Away {
		c.Envelopes, c.Hidden, c.Order, c.RequestID = nil, false, "", ""
	}
	if c.Envelopes == nil {
		return nil
	}
	hidden, err := hiddenNames(ctx, tx)
	c.Envelopes = &Envelopes{withoutValues(c.Envelopes.Request, hidden), withoutValues(c.Envelopes.Answer, hidden)}
	return err
}

// link finds what the call is about.
func (c *Shown) link(ctx context.Context, tx *usecase.Tx) error {
	if c.Envelopes != nil && c.TicketHash != "" {
		ticket := ticketIn(c.TicketHash, c.Envelopes.Request, c.Envelopes.Answer)
		l, err := tx.LicenseByTicket(ctx, ticket)
		if err != nil && !errors.Is(err, licensing.ErrNone) {
			return err
		}
		seen := false
		if err == nil {
			if seen, err = tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), l.Group); err != nil {
				return err
			}
		}
		if seen {
			c.License = l.ID
		}
		c.Away = l.ID != "" && !seen
	}
	if c.Order == "" {
		return nil
	}
	o, err := tx.OrderByNumber(ctx, c.Order)
	if errors.Is(err, licensing.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	c.HasOrder, err = tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), o.Group)
	c.Away = c.Away || !c.HasOrder
	return err
}

// ticketIn finds the ticket of a hash in envelopes: the log keeps no ticket outside of what is sealed.
func ticketIn(hash string, envelopes ...string) string {
	for _, e := range envelopes {
		for _, after := range strings.Split(e, "ticket>")[1:] {
			text, _, _ := strings.Cut(after, "<")
			if ticket, err := licensing.ParseTicket(text); err == nil && licensing.HashTicket(ticket) == hash {
				return ticket
			}
		}
	}
	return ""
}
