package sqlstore

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) NextReceipt(ctx context.Context, l licensing.License) (int64, error) {
	return t.q.NextReceipt(ctx, db.NextReceiptParams{LicenseID: string(l.ID), GroupID: string(l.Group)})
}

func (t *tx) FinishReceipt(ctx context.Context, r licensing.Receipt) error {
	return changed(t.q.FinishReceipt(ctx, db.FinishReceiptParams{Seq: r.Seq, Document: r.Document, Facts: toJSON(r.Facts)}))
}

func (t *tx) ReceiptsOf(ctx context.Context, l licensing.LicenseID) ([]licensing.Receipt, error) {
	rows, err := t.q.ReceiptsOf(ctx, string(l))
	if err != nil {
		return nil, err
	}
	all := make([]licensing.Receipt, len(rows))
	for i, r := range rows {
		facts, err := fromJSON[licensing.ReceiptPayload](r.Facts)
		if err != nil {
			return nil, err
		}
		all[i] = licensing.Receipt{
			Seq: r.Seq, License: l, Group: licensing.GroupID(r.GroupID), Number: facts.Number, Document: r.Document, Facts: facts, WithdrawnAt: utcPointer(r.WithdrawnAt),
		}
	}
	return all, nil
}

func (t *tx) WithdrawReceipts(ctx context.Context, l licensing.LicenseID) error {
	at := t.now.Business
	return t.q.WithdrawReceipts(ctx, db.WithdrawReceiptsParams{LicenseID: string(l), WithdrawnAt: &at})
}
