package sqlstore

import (
	"context"
	"errors"
	"strconv"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// The setting that says by which rules the lists are filled; other rules fill them anew.
const (
	settingLists = "lists"
	listsFilled  = "2"
)

// fillBatch is how many rows one transaction lists.
const fillBatch = 500

// fill lists what follows after, and returns where it ended; "" at the end.
type fill func(ctx context.Context, t *tx, after string) (next string, err error)

// fillLists lists what was written before there were lists. It goes on where another process, or this one before, was
// interrupted: listing twice does no harm.
func (s *Store) fillLists(ctx context.Context) error {
	filled := ""
	err := s.Read(ctx, func(tx licensing.Tx) (err error) {
		filled, err = tx.Setting(ctx, settingLists)
		return err
	})
	if err != nil || filled == listsFilled {
		return err
	}
	for _, f := range []fill{fillCustomers, fillOrders, fillLicenses} {
		for after, done := "", false; !done; {
			next := ""
			err := s.Write(ctx, func(ltx licensing.Tx) (err error) {
				next, err = f(ctx, ltx.(*tx), after)
				return err
			})
			switch {
			case err == nil:
				after, done = next, next == ""
			case !errors.Is(err, licensing.ErrRace):
				return err
			}
		}
	}
	return s.Write(ctx, func(tx licensing.Tx) error { return tx.SetSetting(ctx, settingLists, listsFilled) })
}

func fillLicenses(ctx context.Context, t *tx, after string) (string, error) {
	ids, err := t.q.UnlistedLicenses(ctx, db.UnlistedLicensesParams{ID: after, Limit: fillBatch})
	if err != nil {
		return "", err
	}
	for _, id := range ids {
		if err := t.relistLicense(ctx, licensing.LicenseID(id)); err != nil {
			return "", err
		}
	}
	return lastOf(ids), nil
}

func fillCustomers(ctx context.Context, t *tx, after string) (string, error) {
	ids, err := t.q.UnlistedCustomers(ctx, db.UnlistedCustomersParams{ID: after, Limit: fillBatch})
	if err != nil {
		return "", err
	}
	for _, id := range ids {
		if err := t.relistCustomer(ctx, id); err != nil {
			return "", err
		}
	}
	return lastOf(ids), nil
}

func lastOf(ids []string) string {
	if len(ids) < fillBatch {
		return ""
	}
	return ids[len(ids)-1]
}

func fillOrders(ctx context.Context, t *tx, after string) (string, error) {
	seq, _ := strconv.ParseInt(after, 10, 64) // "" is 0: before the first
	rows, err := t.q.UnlistedOrders(ctx, db.UnlistedOrdersParams{Seq: seq, Limit: fillBatch})
	if err != nil {
		return "", err
	}
	for _, r := range rows {
		c, err := fromJSON[licensing.Customer](r.Customer)
		if err != nil {
			return "", err
		}
		fields, err := fromJSON[[]licensing.Value](r.DataFields)
		if err != nil {
			return "", err
		}
		if err := t.listOrder(ctx, r.Seq, r.ID, r.GroupID, r.CustomerID, r.CreatedDay, c, fields); err != nil {
			return "", err
		}
	}
	if len(rows) < fillBatch {
		return "", nil
	}
	return strconv.FormatInt(rows[len(rows)-1].Seq, 10), nil
}
