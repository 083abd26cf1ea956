package ordering

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// The jobs of exports.
const (
	JobExport       = "export_list"
	JobSweepExports = "sweep_exports"
)

const (
	exportsKept = 7 * 24 * time.Hour
	// leftAfter is how long an export shows no sign of life until another process begins it anew.
	leftAfter = time.Minute
	// exportsAtOnce is how many of one membership may be on their way.
	exportsAtOnce = 3
	maxColumns    = 60
	maxColumnName = 100
)

// StartExport asks for a list as a file.
type StartExport struct {
	List    licensing.ListKind     `json:"list"`
	Format  licensing.ExportFormat `json:"format"`
	Filter  string                 `json:"filter"`  // JSON of the list's filter
	Columns []string               `json:"columns"` // by name, in order; see ExportColumns
	Words   map[string]string      `json:"words"`   // what columns and values are called; what is missing is called by its name
}

// Exported is what came of it.
type Exported struct {
	ID licensing.ExportID `json:"id"`
}

// StartExport begins to write a whole list into a file, as its owner sees it. It reads only what its owner may see at the
// time it is read.
func (s *Service) StartExport(ctx context.Context, actor licensing.Actor, requestID string, in StartExport) (Exported, bool, error) {
	if strings.TrimSpace(requestID) == "" {
		return Exported{}, false, licensing.InvalidRequest("requestId", "Enter a request id of 1 to 255 characters.")
	}
	return usecase.Run(ctx, s.runner, actor, "StartExport", requestID, in, func(ctx context.Context, tx *usecase.Tx, in StartExport) (Exported, error) {
		if err := in.check(); err != nil {
			return Exported{}, err
		}
		veil, err := veilOf(ctx, tx)
		if err != nil {
			return Exported{}, err
		}
		for _, c := range in.Columns {
			if !veil.column(c) {
				return Exported{}, noColumn(c)
			}
		}
		mine, err := tx.ExportsOf(ctx, tx.Actor.ID)
		if err != nil {
			return Exported{}, err
		}
		open := 0
		for _, e := range mine {
			if e.State == licensing.ExportWaiting || e.State == licensing.ExportRunning {
				open++
			}
		}
		if open >= exportsAtOnce {
			return Exported{}, licensing.ConflictError("Three exports of yours are on their way. Wait until one is ready, or stop one.")
		}
		e := licensing.Export{
			ID: licensing.ExportID(licensing.NewID()), Owner: tx.Actor.ID, List: in.List, Format: in.Format, Filter: in.Filter, Columns: in.Columns, Words: in.Words,
		}
		if err := tx.InsertExport(ctx, e); err != nil {
			return Exported{}, err
		}
		err = tx.Audit(ctx, "export.started", string(e.ID), string(tx.Actor.ID),
			licensing.Value{Name: "list", Value: string(e.List)}, licensing.Value{Name: "filter", Value: e.Filter})
		if err != nil {
			return Exported{}, err
		}
		tx.Enqueue(licensing.Job{Kind: JobExport, ID: string(e.ID)})
		return Exported{e.ID}, nil
	})
}

func (in StartExport) check() error {
	if in.Format != licensing.FormatCSV && in.Format != licensing.FormatSpreadsheet {
		return licensing.InvalidRequest("format", "Choose CSV or a spreadsheet.")
	}
	known, ok := ExportColumns[in.List]
	if !ok {
		return licensing.InvalidRequest("list", "Choose a list of licenses, orders, customers or people.")
	}
	if len(in.Columns) < 1 || len(in.Columns) > maxColumns {
		return licensing.InvalidRequest("columns", "Choose 1 to %d columns.", maxColumns)
	}
	for _, c := range in.Columns {
		if !slices.Contains(known, c) && (!strings.HasPrefix(c, FieldColumn) || len(c) > maxColumnName) {
			return noColumn(c)
		}
	}
	_, err := sourceOf(licensing.Export{List: in.List, Filter: in.Filter})
	return err
}

func noColumn(name string) error {
	return licensing.InvalidRequest("columns", "There is no column %q.", name)
}

// Exports are the actor's own, newest first.
func (s *Service) Exports(ctx context.Context, actor licensing.Actor) ([]licensing.Export, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.Export, error) {
		return tx.ExportsOf(ctx, tx.Actor.ID)
	})
}

// Export is one of the actor's own.
func (s *Service) Export(ctx context.Context, actor licensing.Actor, id licensing.ExportID) (licensing.Export, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.Export, error) {
		return ownExport(ctx, tx, id)
	})
}

func ownExport(ctx context.Context, tx *usecase.Tx, id licensing.ExportID) (licensing.Export, error) {
	e, err := tx.Export(ctx, id)
	if errors.Is(err, licensing.ErrNone) || err == nil && e.Owner != tx.Actor.ID {
		return licensing.Export{}, licensing.NotFoundError("export", "There is no such export of yours. It is kept for 7 days.")
	}
	return e, err
}

// StopExport ends an export that is not ready. One that is stays as it is.
func (s *Service) StopExport(ctx context.Context, actor licensing.Actor, requestID string, id licensing.ExportID) (Exported, bool, error) {
	return usecase.Run(ctx, s.runner, actor, "StopExport", requestID, Exported{id}, func(ctx context.Context, tx *usecase.Tx, in Exported) (Exported, error) {
		if _, err := ownExport(ctx, tx, in.ID); err != nil {
			return in, err
		}
		stopped, err := tx.StopExport(ctx, in.ID)
		if err != nil || !stopped {
			return in, err
		}
		return in, tx.Audit(ctx, "export.stopped", string(in.ID), string(tx.Actor.ID))
	})
}

// ExportPart returns a part of a file, from number 1 on; licensing.ErrNone after the last. The file is given only while
// everything in it is within its owner's sight, and a list of people only to an admin.
func (s *Service) ExportPart(ctx context.Context, actor licensing.Actor, id licensing.ExportID, number int) ([]byte, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]byte, error) {
		e, err := ownExport(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if e.List == licensing.ListOfPeople && tx.Actor.Role != licensing.RoleAdmin {
			return nil, peopleForAdmins()
		}
		if e.State != licensing.ExportReady {
			return nil, licensing.ConflictError("This export is not ready.")
		}
		if number == 1 {
			for _, g := range e.Groups {
				seen, err := tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), g)
				if err != nil {
					return nil, err
				}
				if !seen {
					return nil, licensing.DeniedError("export", "Some of what is in this file is beyond your sight now. Export the list again.")
				}
			}
		}
		return tx.ExportChunk(ctx, id, e.Run, number)
	})
}

// SweepExports enqueues exports again that were left alone, and forgets old ones with their files.
func (s *Service) SweepExports(ctx context.Context) error {
	_, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "SweepExports", "", struct{}{}, func(ctx context.Context, tx *usecase.Tx, _ struct{}) (int, error) {
		ids, err := tx.LeftExports(ctx, tx.Now().Wall.Add(-leftAfter), 100)
		if err != nil {
			return 0, err
		}
		for _, id := range ids {
			tx.Enqueue(licensing.Job{Kind: JobExport, ID: string(id)})
		}
		return tx.RemoveExports(ctx, tx.Now().Wall.Add(-exportsKept))
	})
	return err
}

// filterIn reads a filter as it was kept.
func filterIn[F any](text string) (f F, err error) {
	if err = json.Unmarshal([]byte(text), &f); err != nil {
		return f, licensing.InvalidRequest("filter", "This filter cannot be read.")
	}
	return f, nil
}
