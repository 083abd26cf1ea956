package ordering

import (
	"context"
	"errors"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

const (
	exportPage = 1000
	// chunkSize is how much of a file is kept in one row.
	chunkSize = 256 << 10
)

// RunExport writes an export's file, page by page: each page is a transaction of its own, with the sight that its owner
// has then, so that the memory stays flat and nothing waits for it. When a process dies over it, another one begins anew.
func (s *Service) RunExport(ctx context.Context, id licensing.ExportID) error {
	e, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "BeginExport", "", id, func(ctx context.Context, tx *usecase.Tx, id licensing.ExportID) (licensing.Export, error) {
		return tx.BeginExport(ctx, id, tx.Now().Wall.Add(-leftAfter))
	})
	if errors.Is(err, licensing.ErrNone) { // it was stopped, is done, or somebody is at it
		return nil
	}
	if err != nil {
		return err
	}
	w := &exportWriter{service: s, export: e}
	err = w.write(ctx)
	var ours *licensing.Error
	switch {
	case err == nil, errors.Is(err, licensing.ErrNone): // done, or it was stopped or is another run's by now
		return nil
	case errors.As(err, &ours) && ours.Kind != licensing.Unavailable && ours.Kind != licensing.Internal && ours.Kind != licensing.Conflict:
		return w.end(ctx, licensing.ExportStopped, ours.Message)
	case ctx.Err() != nil: // the process ends; it is begun anew
		return err
	default:
		if failed := w.end(context.WithoutCancel(ctx), licensing.ExportFailed, ""); failed != nil {
			return failed
		}
		return err
	}
}

// exportWriter writes one run of an export.
type exportWriter struct {
	service *Service
	export  licensing.Export
	buffer  []byte
	chunks  int
}

// write writes the whole file.
func (w *exportWriter) write(ctx context.Context) error {
	source, err := sourceOf(w.export)
	if err != nil {
		return err
	}
	file, err := newExportFile(w.export, func(b []byte) error { return w.add(ctx, b) })
	if err != nil {
		return err
	}
	defer file.Discard()
	for after := ""; ; {
		lines, next, err := w.page(ctx, source, after)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := file.Line(l.cells); err != nil {
				return err
			}
			if !slices.Contains(w.export.Groups, l.group) {
				w.export.Groups = append(w.export.Groups, l.group)
			}
		}
		w.export.Done += len(lines)
		if len(lines) < exportPage {
			break
		}
		after = next
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := w.flush(ctx); err != nil {
		return err
	}
	w.export.Total = w.export.Done
	return w.end(ctx, licensing.ExportReady, "")
}

// page reads a page with the owner's sight at this moment, and notes how far the file is.
func (w *exportWriter) page(ctx context.Context, source exportSource, after string) (lines []line, next string, err error) {
	owner, err := w.owner(ctx)
	if err != nil {
		return nil, "", err
	}
	actor := licensing.Actor{Membership: owner, Via: "export"}
	_, err = usecase.Read(ctx, w.service.runner, actor, func(ctx context.Context, tx *usecase.Tx) (struct{}, error) {
		sight := licensing.SightOf(owner)
		if w.export.Total == 0 {
			n, err := source.count(ctx, tx, sight)
			if err != nil {
				return struct{}{}, err
			}
			w.export.Total = n.N
		}
		lines, next, err = source.page(ctx, tx, sight, after, exportPage)
		return struct{}{}, err
	})
	if err != nil {
		return nil, "", err
	}
	return lines, next, w.note(ctx, licensing.ExportRunning, "")
}

// owner is the membership that the file is for, as long as it may act.
func (w *exportWriter) owner(ctx context.Context) (licensing.Membership, error) {
	return usecase.Read(ctx, w.service.runner, licensing.Scheduler(), func(ctx context.Context, tx *usecase.Tx) (licensing.Membership, error) {
		m, err := tx.Membership(ctx, w.export.Owner)
		if errors.Is(err, licensing.ErrNone) || err == nil && !m.Active() {
			err = licensing.DeniedError("export", "Whoever asked for this export may not act in the group any more.")
		}
		return m, err
	})
}

// add takes a piece of the file, and keeps it when there is enough of it.
func (w *exportWriter) add(ctx context.Context, b []byte) error {
	w.buffer = append(w.buffer, b...)
	for len(w.buffer) >= chunkSize {
		if err := w.keep(ctx, w.buffer[:chunkSize]); err != nil {
			return err
		}
		w.buffer = append(w.buffer[:0], w.buffer[chunkSize:]...)
	}
	return nil
}

// flush keeps what is left.
func (w *exportWriter) flush(ctx context.Context) error {
	if len(w.buffer) == 0 {
		return nil
	}
	return w.keep(ctx, w.buffer)
}

// keep appends a chunk to the file, while this run is the one that counts.
func (w *exportWriter) keep(ctx context.Context, b []byte) error {
	w.chunks++
	w.export.Size += int64(len(b))
	_, _, err := usecase.Run(ctx, w.service.runner, licensing.Scheduler(), "KeepExport", "", "", func(ctx context.Context, tx *usecase.Tx, _ string) (string, error) {
		w.export.State = licensing.ExportRunning
		if err := tx.UpdateExport(ctx, w.export); err != nil {
			return "", err
		}
		return "", tx.AddExportChunk(ctx, w.export.ID, w.export.Run, w.chunks, b)
	})
	return err
}

// note writes where the export stands.
func (w *exportWriter) note(ctx context.Context, state licensing.ExportState, reason string) error {
	_, _, err := usecase.Run(ctx, w.service.runner, licensing.Scheduler(), "NoteExport", "", "", func(ctx context.Context, tx *usecase.Tx, _ string) (string, error) {
		w.export.State, w.export.Reason = state, reason
		return "", tx.UpdateExport(ctx, w.export)
	})
	return err
}

// end notes how it ended; that another run has taken over by then is no error.
func (w *exportWriter) end(ctx context.Context, state licensing.ExportState, reason string) error {
	err := w.note(ctx, state, reason)
	if errors.Is(err, licensing.ErrNone) {
		return nil
	}
	return err
}
