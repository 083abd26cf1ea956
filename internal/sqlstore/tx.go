package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// tx is a licensing.Tx. Its methods stand in one file for each part of the interface.
type tx struct {
	sql *sql.Tx
	q   *db.Queries
	now licensing.Moment

	wall func() time.Time // goes on while now stands
	kept *keptTexts       // the store's

	stale map[licensing.LicenseID]bool // whose rows of the list are behind; true if so is when the license changed
}

// SQL is the transaction itself, for the jobs that are enqueued in it. Nobody else asks for it.
func (t *tx) SQL() *sql.Tx { return t.sql }

// Now implements licensing.Tx.
func (t *tx) Now() licensing.Moment { return t.now }

// The settings that make the business clock.
const (
	settingOffset = "clock.offset" // how far the business clock is ahead, a time.Duration
	settingZone   = "zone"         // the ISV's time zone, an IANA name
)

// moment makes the one now of a transaction. Offset and zone stand in the database, so that all processes share them.
func (s *Store) moment(ctx context.Context, q *db.Queries) (licensing.Moment, error) {
	m := atWall(s.wall())
	rows, err := q.HouseClock(ctx)
	if err != nil {
		return m, err
	}
	for _, r := range rows {
		if err := setClock(&m, r.Name, r.Value); err != nil {
			return m, err
		}
	}
	return m, nil
}

// atWall is a moment of a house that nobody has set up.
func atWall(wall time.Time) licensing.Moment {
	wall = micro(wall)
	return licensing.Moment{Business: wall, Wall: wall, Zone: time.UTC}
}

// setClock applies one of the settings that make the business clock.
func setClock(m *licensing.Moment, name, value string) (err error) {
	switch name {
	case settingOffset:
		offset, err := time.ParseDuration(value)
		if err != nil {
			return fmt.Errorf("setting %s: %w", settingOffset, err)
		}
		m.Business = m.Wall.Add(offset)
	case settingZone:
		if m.Zone, err = time.LoadLocation(value); err != nil {
			return fmt.Errorf("setting %s: %w", settingZone, err)
		}
	}
	return nil
}

// one turns "no rows" into licensing.ErrNone. A text that the database cannot hold is in no row either.
func one[T any](row T, err error) (T, error) {
	if errors.Is(err, sql.ErrNoRows) || notText(err) {
		err = licensing.ErrNone
	}
	return row, err
}

// changed turns "no row changed" into licensing.ErrRace: the version was another one.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		return licensing.ErrRace
	}
	return err
}

// toJSON encodes what is kept as text. The types are ours and always encode.
func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("sqlstore: encode %T: %v", v, err))
	}
	return string(b)
}

func fromJSON[T any](s string) (v T, err error) {
	if s == "" {
		return v, nil
	}
	if err = json.Unmarshal([]byte(s), &v); err != nil {
		return v, fmt.Errorf("decode %T: %w", v, err)
	}
	return v, nil
}

// pointer returns nil for the zero value, which is kept as NULL.
func pointer[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// value returns the zero value for NULL.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// utc gives times their zone; lib/pq returns them in that of the session.
func utc(t time.Time) time.Time { return t.UTC() }

func utcPointer(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

func parseDay(s string) (licensing.Day, error) {
	if s == "" {
		return licensing.Day{}, nil
	}
	return licensing.ParseDay(s)
}

// micro cuts a time to what both engines keep.
func micro(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func microPointer(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	m := micro(*t)
	return &m
}
