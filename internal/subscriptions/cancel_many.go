package subscriptions

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// MaxCancelled is how many subscriptions can be cancelled at once.
const MaxCancelled = 500

// CancelMany asks to let subscriptions end.
type CancelMany struct {
	Licenses []licensing.LicenseID // 1 to MaxCancelled
	// Late are those of them for which it is known that their last day to cancel has passed. Another one that is late by
	// now is left as it is: whoever asked thought otherwise.
	Late []licensing.LicenseID
	// Ends are the last licensed days that were told for them. One that would end later by now is left as it is, too.
	Ends   map[licensing.LicenseID]licensing.Day
	Reason string // stands in each history and on each receipt; as Cancel has it
}

// CancelledOne is what came of one of many.
type CancelledOne struct {
	ID      licensing.LicenseID
	License licensing.License // zero when it is not within sight
	Done    Cancelled         // when Refused is nil
	Refused *licensing.Error  // why it was left as it is
}

// PreviewedOne is what cancelling one of many now would do.
type PreviewedOne struct {
	License licensing.License
	Preview Preview          // when Refused is nil
	Refused *licensing.Error // why it cannot be cancelled
}

// checkMany returns the ids in one order, each once.
func checkMany(ids []licensing.LicenseID) ([]licensing.LicenseID, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) < 1 || len(ids) > MaxCancelled {
		return nil, licensing.InvalidRequest("licenses", "Choose 1 to %d licenses.", MaxCancelled)
	}
	return ids, nil
}

// CancelMany cancels subscriptions one by one, each in a transaction of its own: one that is refused holds up no other.
// Asked again with the same request id, also after it had broken off, it does what is left and answers the rest as it did
// then. The answer is in the order of the ids. The error is for all: a wrong request, or one that could not be carried out.
func (s *Service) CancelMany(ctx context.Context, actor licensing.Actor, requestID string, in CancelMany) ([]CancelledOne, error) {
	if strings.TrimSpace(requestID) == "" {
		return nil, licensing.InvalidRequest("requestId", "Enter a request id of 1 to 255 characters.")
	}
	ids, err := checkMany(in.Licenses)
	if err != nil {
		return nil, err
	}
	received, err := s.now(ctx, actor) // one for all, though the last of them may come minutes later
	if err != nil {
		return nil, err
	}
	all := make([]CancelledOne, len(ids))
	for i, id := range ids {
		all[i].ID = id
		l, err := s.look(ctx, actor, id)
		if err == nil {
			all[i].License = l
			// The license is part of the request id: each is a request of its own, which is answered again by itself.
			all[i].Done, _, err = s.cancelReceived(ctx, actor, requestID+"/"+string(id), Cancel{
				Ticket: l.Ticket, Reason: in.Reason, RefuseIfLate: !slices.Contains(in.Late, id), EndsBy: in.Ends[id],
			}, received)
		}
		if e := licensing.AsError(err); e != nil {
			if e.Kind == licensing.Internal || e.Kind == licensing.Unavailable || e.Field == "reason" || e.Field == "requestId" {
				return nil, err
			}
			all[i].Refused = e
		}
	}
	return all, nil
}

// look reads a license within sight.
func (s *Service) look(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (licensing.License, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.License, error) {
		l, err := tx.LicenseByID(ctx, id)
		return seen(ctx, tx, l, err)
	})
}

// PreviewCancelMany tells of each license within sight what cancelling now would do, or why it cannot be cancelled, in the
// order of the ids; nothing is written.
func (s *Service) PreviewCancelMany(ctx context.Context, actor licensing.Actor, ids []licensing.LicenseID) ([]PreviewedOne, error) {
	ids, err := checkMany(ids)
	if err != nil {
		return nil, err
	}
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (all []PreviewedOne, err error) {
		for _, id := range ids {
			l, err := tx.LicenseByID(ctx, id)
			l, err = seen(ctx, tx, l, err)
			if e := licensing.AsError(err); e != nil && e.Kind == licensing.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			one := PreviewedOne{License: l}
			one.Preview, err = s.preview(ctx, tx, id)
			if e := licensing.AsError(err); e != nil {
				if e.Kind != licensing.Denied && e.Kind != licensing.Conflict {
					return nil, err
				}
				one.Refused = e
			}
			all = append(all, one)
		}
		if len(all) == 0 {
			return nil, licensing.NotFoundError("licenses", "There is no such license within your sight.")
		}
		return all, nil
	})
}
