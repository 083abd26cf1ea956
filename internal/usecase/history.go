package usecase

import (
	"context"
	"errors"

	"kontor/internal/licensing"
)

// History returns what happened to an object, newest first, as the actor may read it: whoever acted from a group beyond
// his sight has no name there.
func (t *Tx) History(ctx context.Context, object string) ([]licensing.HistoryEntry, error) {
	all, err := t.Tx.History(ctx, object)
	if err != nil {
		return nil, err
	}
	return t.readable(ctx, all)
}

// HistoryWithin is History of an object and of what belongs to it.
func (t *Tx) HistoryWithin(ctx context.Context, object string, limit int) ([]licensing.HistoryEntry, error) {
	all, err := t.Tx.HistoryWithin(ctx, object, limit)
	if err != nil {
		return nil, err
	}
	return t.readable(ctx, all)
}

// readable takes the names out of a history that the actor may not read.
func (t *Tx) readable(ctx context.Context, all []licensing.HistoryEntry) ([]licensing.HistoryEntry, error) {
	for i, e := range all {
		seen, err := t.SeesGroup(ctx, e.ByGroup)
		if err != nil {
			return nil, err
		}
		if !seen {
			all[i].By, all[i].ByGroup, all[i].FromAbove = "", "", true
		}
	}
	return all, nil
}

// OwnersOf returns the groups that licenses belong to now. One that is found no more has none.
func (t *Tx) OwnersOf(ctx context.Context, licenses ...licensing.License) (owners []licensing.GroupID, err error) {
	for _, l := range licenses {
		now, err := t.LicenseByID(ctx, l.ID)
		if errors.Is(err, licensing.ErrNone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		owners = append(owners, now.Group)
	}
	return owners, nil
}

// SeesGroup reports whether the group of a code is within the actor's sight. Nobody's group, which is the clock's, is
// in everybody's.
func (t *Tx) SeesGroup(ctx context.Context, code string) (bool, error) {
	if code == "" || code == t.Actor.GroupCode {
		return true, nil
	}
	g, err := t.GroupByCode(ctx, code)
	if errors.Is(err, licensing.ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return t.InSight(ctx, t.Actor.Group, t.Actor.Role.Below(), g.ID)
}
