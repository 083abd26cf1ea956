package connecting

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// JobNumberChanges is the kind of job that gives places in the feed to what has none yet. Readers do so too; the job keeps
// the work small where nobody reads for long.
const JobNumberChanges = "number_changes"

const (
	// feedBatch is how many changes get their places in one transaction.
	feedBatch = 5000
	// feedBatches is how many of them a reader waits for at most; what is left has its turn at the next call.
	feedBatches = 10
	// feedPage and maxFeedPage are how many changes a page has when the caller does not say, and at most.
	feedPage, maxFeedPage = 100, 500
)

// note adds what happened to the feed, in the transaction in which it happened.
func note(ctx context.Context, tx *usecase.Tx, e licensing.FeedEntry) error {
	id := licensing.NewID()
	e.Mark = id[len(id)-8:]
	return tx.InsertChange(ctx, e)
}

// noteOrder adds an order that was created or extended, and the licenses that came with it.
func noteOrder(ctx context.Context, tx *usecase.Tx, kind licensing.MessageKind, o licensing.Order) error {
	if err := note(ctx, tx, licensing.FeedEntry{Kind: kind, Group: o.Group, OrderNumber: o.Number, Test: o.Test}); err != nil {
		return err
	}
	for _, l := range o.Licenses {
		if err := noteLicense(ctx, tx, licensing.TellLicenseCreated, l, ""); err != nil {
			return err
		}
	}
	return nil
}

// NoteReview subscribes to SubscriptionReviewed.
func (s *Service) NoteReview(ctx context.Context, tx *usecase.Tx, e licensing.SubscriptionReviewed) error {
	kind := licensing.TellSubscriptionResumed
	if e.License.Subscription.Discontinued() {
		kind = licensing.TellSubscriptionDiscontinued
	}
	return noteLicense(ctx, tx, kind, e.License, "")
}

// noteLicense adds what happened to a license or its subscription. From is the code of the group that owned it before a
// move.
func noteLicense(ctx context.Context, tx *usecase.Tx, kind licensing.MessageKind, l licensing.License, from string) error {
	var was licensing.GroupID
	if from != "" {
		g, err := tx.GroupByCode(ctx, from)
		if err != nil {
			return err
		}
		was = g.ID
	}
	return note(ctx, tx, licensing.FeedEntry{Kind: kind, Group: l.Group, FromGroup: was, OrderNumber: l.OrderNumber, Ticket: l.Ticket, Test: l.Test})
}

// NumberChanges gives places in the feed to all changes that have none, and returns to how many.
func (s *Service) NumberChanges(ctx context.Context) (all int, err error) {
	for {
		n, err := s.numberBatch(ctx)
		all += n
		if err != nil || n < feedBatch {
			return all, err
		}
	}
}

func (s *Service) numberBatch(ctx context.Context) (int, error) {
	n, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "NumberChanges", "", feedBatch, func(ctx context.Context, tx *usecase.Tx, limit int) (int, error) {
		return tx.NumberChanges(ctx, limit)
	})
	return n, err
}

// ListChanges asks for what happened after a place in the feed.
type ListChanges struct {
	Cursor   string // a change's, or the Next of the page before; empty: from the beginning
	PageSize *int   // 1 to 500; nil: 100
}

// Changes is one page of the feed, in order.
type Changes struct {
	Changes []CursoredChange
	Next    string // where the next page begins; never empty
}

// CursoredChange is a change with the cursor that leads on behind it.
type CursoredChange struct {
	licensing.FeedEntry
	Cursor string
}

// ListChanges returns what happened within the actor's sight after a cursor. Whoever goes on from each page's Next gets
// every change at least once and in order, also those that were committed late, by other processes. It needs no grant.
func (s *Service) ListChanges(ctx context.Context, actor licensing.Actor, in ListChanges) (Changes, error) {
	size := feedPage
	if in.PageSize != nil {
		if size = *in.PageSize; size < 1 || size > maxFeedPage {
			return Changes{}, licensing.InvalidRequest("pageSize", "Enter 1 to %d.", maxFeedPage)
		}
	}
	after, mark, ok := s.readCursor(actor.ID, in.Cursor)
	if !ok {
		return Changes{}, wrongCursor()
	}
	waiting, err := usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (bool, error) { return tx.ChangesWait(ctx) })
	if err != nil {
		return Changes{}, err
	}
	for i := 0; waiting && i < feedBatches; i++ {
		n, err := s.numberBatch(ctx)
		if err != nil {
			return Changes{}, err
		}
		waiting = n == feedBatch
	}
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (out Changes, err error) {
		if after > 0 {
			known, err := tx.ChangeMark(ctx, after)
			if errors.Is(err, licensing.ErrNone) || err == nil && known != mark {
				return out, wrongCursor()
			}
			if err != nil {
				return out, err
			}
		}
		all, err := tx.ChangesAfter(ctx, licensing.SightOf(tx.Actor.Membership), after, size)
		if err != nil {
			return out, err
		}
		for _, c := range all {
			cursor, err := s.cursorOf(tx.Actor.ID, c.Number, c.Mark)
			if err != nil {
				return out, err
			}
			out.Changes = append(out.Changes, CursoredChange{c, cursor})
		}
		if len(all) == size {
			out.Next = out.Changes[size-1].Cursor
			return out, nil
		}
		// Nothing within sight is left: what others did need not be looked at again.
		head, headMark, err := tx.ChangeHead(ctx)
		if err != nil {
			return out, err
		}
		out.Next, err = s.cursorOf(tx.Actor.ID, head, headMark)
		return out, err
	})
}
