package sqlstore

import (
	"context"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// exportShape is how an export's file looks.
type exportShape struct {
	Columns []string          `json:"columns"`
	Words   map[string]string `json:"words"`
}

func (t *tx) InsertExport(ctx context.Context, e licensing.Export) error {
	return t.q.InsertExport(ctx, db.InsertExportParams{
		ID: string(e.ID), Owner: string(e.Owner), List: string(e.List), Format: string(e.Format), Filter: e.Filter,
		Shape: toJSON(exportShape{e.Columns, e.Words}), CreatedAt: t.now.Wall,
	})
}

func (t *tx) Export(ctx context.Context, id licensing.ExportID) (licensing.Export, error) {
	row, err := one(t.q.ExportByID(ctx, string(id)))
	if err != nil {
		return licensing.Export{}, err
	}
	return export(row)
}

func export(r db.Export) (e licensing.Export, err error) {
	shape, err := fromJSON[exportShape](r.Shape)
	if err != nil {
		return e, err
	}
	e = licensing.Export{
		ID: licensing.ExportID(r.ID), Owner: licensing.MembershipID(r.Owner), List: licensing.ListKind(r.List), Format: licensing.ExportFormat(r.Format),
		Filter: r.Filter, Columns: shape.Columns, Words: shape.Words, State: licensing.ExportState(r.State), Run: int(r.Run), Done: int(r.Done), Total: int(r.Total),
		Size: r.Size, Reason: r.Reason, CreatedAt: utc(r.CreatedAt), BegunAt: utc(value(r.BegunAt)), SeenAt: utc(r.SeenAt), EndedAt: utc(value(r.EndedAt)),
	}
	e.Groups, err = fromJSON[[]licensing.GroupID](r.GroupIds)
	return e, err
}

func (t *tx) ExportsOf(ctx context.Context, owner licensing.MembershipID) ([]licensing.Export, error) {
	rows, err := t.q.ExportsOf(ctx, string(owner))
	if err != nil {
		return nil, err
	}
	all := make([]licensing.Export, len(rows))
	for i, r := range rows {
		if all[i], err = export(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (t *tx) BeginExport(ctx context.Context, id licensing.ExportID, leftSince time.Time) (licensing.Export, error) {
	row, err := one(t.q.BeginExport(ctx, db.BeginExportParams{ID: string(id), Now: &t.now.Wall, LeftSince: micro(leftSince)}))
	if err != nil {
		return licensing.Export{}, err
	}
	if err := t.q.DropExportChunks(ctx, string(id)); err != nil {
		return licensing.Export{}, err
	}
	return export(row)
}

func (t *tx) UpdateExport(ctx context.Context, e licensing.Export) error {
	var ended *time.Time
	if e.State != licensing.ExportRunning {
		ended = &t.now.Wall
	}
	n, err := t.q.UpdateExport(ctx, db.UpdateExportParams{
		ID: string(e.ID), Run: int64(e.Run), State: string(e.State), Done: int64(e.Done), Total: int64(e.Total), Size: e.Size, GroupIds: toJSON(e.Groups),
		Reason: e.Reason, SeenAt: t.now.Wall, EndedAt: ended,
	})
	if err == nil && n == 0 {
		err = licensing.ErrNone
	}
	return err
}

func (t *tx) StopExport(ctx context.Context, id licensing.ExportID) (bool, error) {
	n, err := t.q.StopExport(ctx, db.StopExportParams{ID: string(id), EndedAt: &t.now.Wall})
	if err != nil || n == 0 {
		return false, err
	}
	return true, t.q.DropExportChunks(ctx, string(id))
}

func (t *tx) AddExportChunk(ctx context.Context, id licensing.ExportID, run, number int, content []byte) error {
	return t.q.AddExportChunk(ctx, db.AddExportChunkParams{ExportID: string(id), Run: int64(run), Number: int64(number), Content: content})
}

func (t *tx) ExportChunk(ctx context.Context, id licensing.ExportID, run, number int) ([]byte, error) {
	return one(t.q.ExportChunk(ctx, db.ExportChunkParams{ExportID: string(id), Run: int64(run), Number: int64(number)}))
}

func (t *tx) LeftExports(ctx context.Context, since time.Time, limit int) ([]licensing.ExportID, error) {
	rows, err := t.q.LeftExports(ctx, db.LeftExportsParams{SeenAt: micro(since), Limit: int32(limit)}) //nolint:gosec // small
	all := make([]licensing.ExportID, len(rows))
	for i, r := range rows {
		all[i] = licensing.ExportID(r)
	}
	return all, err
}

func (t *tx) RemoveExports(ctx context.Context, before time.Time) (int, error) {
	ids, err := t.q.OldExports(ctx, micro(before))
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := t.q.DropExportChunks(ctx, id); err != nil {
			return 0, err
		}
		if err := t.q.DeleteExport(ctx, id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
