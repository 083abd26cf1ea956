package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"kontor/internal/licensing"
	"kontor/migrations"
)

type sqlite struct{ path string }

func (sqlite) name() string { return "sqlite" }

// SQLiteAddress is how every pool over the file opens it. Write transactions take the lock at their begin, so that
// none has to give up halfway; a commit is on the disk before it returns.
func SQLiteAddress(path string, queryOnly bool) string {
	q := url.Values{
		"_txlock":      {"immediate"},
		"_time_format": {"sqlite"},
		"_timezone":    {"UTC"},
		"_pragma":      {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"},
	}
	if queryOnly {
		q.Set("_txlock", "deferred")
		q.Add("_pragma", "query_only(1)")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// open makes two pools: one connection that writes, and readers beside it. With one writer per process, writers wait
// in Go's fair queue and not in SQLite's busy loop.
func (s sqlite) open(ctx context.Context) (writer, reader *sql.DB, err error) {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return nil, nil, fmt.Errorf("data directory: %w", err)
	}
	if writer, err = sql.Open("sqlite", SQLiteAddress(s.path, false)); err != nil {
		return nil, nil, err
	}
	writer.SetMaxOpenConns(1)
	if err := writer.PingContext(ctx); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open %s: %w", s.path, err), writer.Close())
	}
	if reader, err = sql.Open("sqlite", SQLiteAddress(s.path, true)); err != nil {
		return nil, nil, errors.Join(err, writer.Close())
	}
	readers := max(4, runtime.NumCPU())
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	return writer, reader, nil
}

// migrate uses a pool of its own: goose keeps one connection while River's migration needs another.
func (s sqlite) migrate(ctx context.Context, _ *sql.DB) error {
	pool, err := sql.Open("sqlite", SQLiteAddress(s.path, false))
	if err != nil {
		return err
	}
	return errors.Join(migrations.SQLite(ctx, pool, s.path+".migrate.lock"), pool.Close())
}

func (sqlite) readOptions() *sql.TxOptions { return nil } // the reader pool is query_only, a snapshot begins at the first read

func (sqlite) translate(err error) error {
	if err == nil {
		return nil
	}
	var e *driver.Error
	if !errors.As(err, &e) {
		return unavailable(err)
	}
	switch {
	case e.Code() == codes.SQLITE_CONSTRAINT_UNIQUE, e.Code() == codes.SQLITE_CONSTRAINT_PRIMARYKEY,
		e.Code()&0xff == codes.SQLITE_BUSY, e.Code()&0xff == codes.SQLITE_LOCKED:
		return errors.Join(licensing.ErrRace, err)
	case e.Code()&0xff == codes.SQLITE_FULL, e.Code()&0xff == codes.SQLITE_IOERR:
		return &licensing.Error{Kind: licensing.Unavailable, Code: licensing.CodeUnavailable, Message: "The database cannot be written at the moment.", Err: err}
	}
	return err
}

// OpenSQLitePool opens a further pool of one connection over the file at address (sqlite:///path), for a library that
// keeps tables of its own there.
func OpenSQLitePool(address string) (*sql.DB, error) {
	e, err := engineOf(address)
	if err != nil {
		return nil, err
	}
	s, ok := e.(sqlite)
	if !ok {
		return nil, errors.New("not the address of a SQLite database")
	}
	pool, err := sql.Open("sqlite", SQLiteAddress(s.path, false))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	return pool, nil
}
