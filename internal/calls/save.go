package calls

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ready is a call as it is written.
type ready struct {
	call   licensing.Call
	sealed []byte
}

// save writes a batch in one transaction, and tries again for a while when the database does not take it. Where it takes some
// of the calls one by one and refuses others, those others are lost, and no more.
func (s *Service) save(ctx context.Context, batch []entry) {
	if len(batch) == 0 {
		s.report()
		return
	}
	all := make([]ready, len(batch))
	for i, e := range batch {
		sealed, err := s.sealed(e.call.ID, e.envelopes)
		if err != nil {
			s.config.Log.Error("the envelopes of a soap call are not kept", "reference", e.call.Reference, "error", err)
		}
		all[i] = ready{e.call, sealed}
	}
	begun := time.Now()
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := s.write(ctx, all)
		if err == nil {
			break
		}
		if refused, why := s.writeEach(ctx, all, err); len(refused) < len(all) {
			if len(refused) > 0 {
				s.config.Log.Error("soap calls were refused by the database", "count", len(refused), "reference", refused[0].call.Reference, "error", why)
				s.lost.Add(int64(len(refused)))
			}
			break
		}
		if ctx.Err() != nil || time.Since(begun)+pause > s.config.Patience {
			s.config.Log.Error("soap calls were not written", "count", len(all), "error", err)
			s.lost.Add(int64(len(all)))
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	s.report()
}

// writeEach writes calls one by one after they were refused together, and returns those that are refused by themselves, with
// the last reason. While the database cannot be reached it tries none.
func (s *Service) writeEach(ctx context.Context, all []ready, together error) (refused []ready, why error) {
	why = together
	if e := licensing.AsError(together); len(all) == 1 || ctx.Err() != nil || e != nil && e.Kind == licensing.Unavailable {
		return all, why
	}
	for i, r := range all {
		if err := s.write(ctx, []ready{r}); err != nil {
			refused, why = append(refused, r), err
		}
		if len(refused) == alike && i == alike-1 {
			return all, why // it is not for what is in them
		}
	}
	return refused, why
}

// alike is after how many refusals, of the first calls of a batch, the database is taken to refuse everything.
const alike = 8

// write is audited by nothing: it is a trail itself, and nobody decides it.
func (s *Service) write(ctx context.Context, all []ready) error {
	_, _, err := usecase.Run(ctx, s.runner, licensing.Scheduler(), "KeepCalls", "", 0, func(ctx context.Context, tx *usecase.Tx, _ int) (int, error) {
		for _, r := range all {
			if err := tx.InsertCall(ctx, r.call, r.sealed); err != nil {
				return 0, err
			}
		}
		return 0, nil
	})
	return err
}

// envelopeContext binds sealed envelopes to their call.
func envelopeContext(id licensing.CallID) []byte { return []byte("call\x00" + string(id)) }

// zippers are kept: a new one is a megabyte.
var zippers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // there is this level
	return z
}}

// sealed packs and seals envelopes; nil for none. They hold what customers are called, so they are sealed as answers are.
func (s *Service) sealed(id licensing.CallID, e *Envelopes) ([]byte, error) {
	if e == nil {
		return nil, nil
	}
	plain, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(&packed)
	_, _ = z.Write(plain) // a buffer takes everything
	if err := z.Close(); err != nil {
		return nil, err
	}
	return s.seal.Seal(packed.Bytes(), envelopeContext(id))
}

// maxUnpacked bounds what is unpacked: more than two envelopes have.
const maxUnpacked = 1 << 20

// opened is the opposite of sealed.
func (s *Service) opened(id licensing.CallID, sealed []byte) (e Envelopes, err error) {
	packed, err := s.seal.Open(sealed, envelopeContext(id))
	if err != nil {
		return e, fmt.Errorf("envelopes of a call: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return e, err
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxUnpacked))
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(plain, &e)
}
