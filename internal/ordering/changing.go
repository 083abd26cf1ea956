package ordering

import (
	"context"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Changed is what came of a change of a license.
type Changed struct {
	License licensing.License `json:"license"` // as it is after the change
	Owner   licensing.GroupID `json:"owner"`
	At      time.Time         `json:"at"` // business clock; states are told as of then, also when the answer is given again
}

// OwnedBy implements usecase.Sighted.
func (c Changed) OwnedBy() licensing.GroupID { return c.Owner }

// OwnersNow implements usecase.Followed.
func (c Changed) OwnersNow(ctx context.Context, tx *usecase.Tx) ([]licensing.GroupID, error) {
	return tx.OwnersOf(ctx, c.License)
}

// needRequestID refuses a change without a request id: it would not be carried out exactly once.
func needRequestID(requestID string) error {
	if strings.TrimSpace(requestID) == "" {
		return licensing.InvalidRequest("requestId", "Enter a request id of 1 to 255 characters.")
	}
	return nil
}

// changeable finds a license that is in the actor's sight and in whose category he holds an action.
func (s *Service) changeable(ctx context.Context, tx *usecase.Tx, ticket string, action licensing.Action) (l licensing.License, grant string, err error) {
	l, err = tx.LicenseByTicket(ctx, ticket)
	if l, err = seen(ctx, tx, l, err, "ticket"); err != nil {
		return l, "", err
	}
	d, err := s.decider.Decide(ctx, tx, tx.Actor.ID, action, l.CategoryCode)
	if err != nil {
		return l, "", err
	}
	if !d.Allowed {
		return l, "", licensing.DeniedError("ticket", "You may not %s in %s. Nothing has been changed.", action, l.CategoryName).Lacking(action, l.CategoryCode)
	}
	return l, d.Grant, tx.MayChange(l.Test, "ticket")
}

// answer reads a license as it is after everything that followed from its change.
func answer(ctx context.Context, tx *usecase.Tx, id licensing.LicenseID) (Changed, error) {
	l, err := tx.LicenseByID(ctx, id)
	return Changed{License: l, Owner: l.Group, At: tx.Now().Business}, err
}
