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
