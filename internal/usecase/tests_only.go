package usecase

import (
	"context"

	"kontor/internal/licensing"
)

// InsertOrder is licensing.Tx's. An actor who makes tests only makes nothing else, whatever the use case.
func (t *Tx) InsertOrder(ctx context.Context, o licensing.Order, customer licensing.CustomerID, by licensing.Actor) (int64, error) {
	if t.Actor.MakesTests && !o.Test {
		return 0, licensing.InvalidRequest("test", "Only test licenses are created in this way: send test as true.")
	}
	return t.Tx.InsertOrder(ctx, o, customer, by)
}

// MayChange refuses, to an actor who makes tests only, to change what is no test. It is asked once what shall change is
// found within sight, so that it tells nothing of what lies beyond.
func (t *Tx) MayChange(test bool, field string) error {
	if !t.Actor.MakesTests || test {
		return nil
	}
	return licensing.DeniedError(field, "This is the sandbox of %s, in which only tests are changed, and this is no test. Nothing has been changed.", t.Actor.Email)
}

// UpdateLicense is licensing.Tx's. An actor who makes tests only changes nothing else, whatever the use case.
func (t *Tx) UpdateLicense(ctx context.Context, l licensing.License) error {
	if err := t.MayChange(l.Test, "ticket"); err != nil {
		return err
	}
	return t.Tx.UpdateLicense(ctx, l)
}

// LicenseByTicket is licensing.Tx's. For an actor who is held to tests there is no other license.
func (t *Tx) LicenseByTicket(ctx context.Context, ticket string) (licensing.License, error) {
	l, err := t.Tx.LicenseByTicket(ctx, ticket)
	if err == nil && t.Actor.OnlyTests && !l.Test {
		return licensing.License{}, licensing.ErrNone
	}
	return l, err
}

// OrderByNumber is licensing.Tx's. For an actor who is held to tests there is no other order.
func (t *Tx) OrderByNumber(ctx context.Context, number string) (licensing.Order, error) {
	o, err := t.Tx.OrderByNumber(ctx, number)
	if err == nil && t.Actor.OnlyTests && !o.Test {
		return licensing.Order{}, licensing.ErrNone
	}
	return o, err
}
