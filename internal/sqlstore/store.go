package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// Store is a licensing.Store over one database.
type Store struct {
	engine  engine
	writer  *sql.DB // begins write transactions
	reader  *sql.DB // begins read transactions; the same pool on PostgreSQL
	write   *db.Queries
	read    *db.Queries
	wall    func() time.Time
	closers []func() error
	kept    keptTexts
}

// engine is what differs between PostgreSQL and SQLite.
type engine interface {
	name() string
	open(ctx context.Context) (writer, reader *sql.DB, err error)
	migrate(ctx context.Context, writer *sql.DB) error
	// readOptions begin a transaction that sees one snapshot and cannot write.
	readOptions() *sql.TxOptions
	// countTables is the query for how many tables there are, and how many of them show that the database is ours.
	countTables() string
	// empty removes what we keep; ErrInUse while a server runs.
	empty(ctx context.Context, writer *sql.DB) error
	// translate turns the engine's error codes into errors of the vocabulary.
	translate(err error) error
}

// Option changes how a store works.
type Option func(*Store)

// WallClock makes a store ask now for the time. It is called by several goroutines at once.
func WallClock(now func() time.Time) Option { return func(s *Store) { s.wall = now } }

// Open opens the database at address, "postgres://…" or "sqlite:///path/kontor.db", and brings it to the newest
// schema. Close it at the end.
func Open(ctx context.Context, address string, options ...Option) (*Store, error) {
	s, err := Connect(ctx, address)
	if err != nil {
		return nil, err
	}
	for _, o := range options {
		o(s)
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Connect opens the database as it is. Of what it returns, only Engine, Pool and Close are of use.
func Connect(ctx context.Context, address string) (*Store, error) {
	e, err := engineOf(address)
	if err != nil {
		return nil, err
	}
	s := &Store{engine: e, wall: time.Now}
	if s.writer, s.reader, err = e.open(ctx); err != nil {
		return nil, err
	}
	s.closers = append(s.closers, s.writer.Close)
	if s.reader != s.writer {
		s.closers = append(s.closers, s.reader.Close)
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	if err := s.engine.migrate(ctx, s.writer); err != nil {
		return err
	}
	var err error
	if s.write, err = db.Prepare(ctx, s.writer); err != nil {
		return fmt.Errorf("prepare statements: %w", err)
	}
	s.closers = append([]func() error{s.write.Close}, s.closers...)
	s.read = s.write
	if s.reader != s.writer {
		if s.read, err = db.Prepare(ctx, s.reader); err != nil {
			return fmt.Errorf("prepare statements: %w", err)
		}
		s.closers = append([]func() error{s.read.Close}, s.closers...)
	}
	if err := s.refold(ctx); err != nil {
		return err
	}
	if err := s.refoldProducts(ctx); err != nil {
		return err
	}
	return s.fillLists(ctx)
}

// ErrAddress says that an address is none of a database that we can open.
var ErrAddress = errors.New("a database address begins with postgres:// or sqlite:///, as in sqlite:///path/kontor.db")

func engineOf(address string) (engine, error) {
	u, err := url.Parse(address)
	if err != nil { // it may hold a password: the address itself is not shown
		return nil, ErrAddress
	}
	switch u.Scheme {
	case "postgres", "postgresql":
		return postgres{address: address}, nil
	case "sqlite":
		if path := strings.TrimPrefix(address, "sqlite://"); path != "" && path != "/" {
			return sqlite{path: path}, nil
		}
	}
	return nil, ErrAddress
}

// Engine is "postgres" or "sqlite".
func (s *Store) Engine() string { return s.engine.name() }

// Pool is the pool that writes, for those whose libraries keep tables of their own: sessions.
func (s *Store) Pool() *sql.DB { return s.writer }

// Close closes all connections.
func (s *Store) Close() error {
	var err error
	for _, c := range s.closers {
		err = errors.Join(err, c())
	}
	return err
}

// Write implements licensing.Store.
func (s *Store) Write(ctx context.Context, fn func(licensing.Tx) error) error {
	return s.run(ctx, s.writer, s.write, nil, fn)
}

// Read implements licensing.Store.
func (s *Store) Read(ctx context.Context, fn func(licensing.Tx) error) error {
	return s.run(ctx, s.reader, s.read, s.engine.readOptions(), fn)
}

func (s *Store) run(ctx context.Context, pool *sql.DB, q *db.Queries, opts *sql.TxOptions, fn func(licensing.Tx) error) error {
	sqlTx, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return s.engine.translate(err)
	}
	defer sqlTx.Rollback() //nolint:errcheck // does nothing after a commit; before it the error of fn says more
	t := &tx{sql: sqlTx, q: q.WithTx(sqlTx), wall: s.wall, kept: &s.kept, stale: map[licensing.LicenseID]bool{}}
	if t.now, err = s.moment(ctx, t.q); err != nil {
		return s.engine.translate(err)
	}
	if err := fn(t); err != nil {
		return s.engine.translate(err)
	}
	if err := t.relist(ctx); err != nil {
		return s.engine.translate(err)
	}
	return s.engine.translate(sqlTx.Commit())
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.PolicyVersion(ctx)
	return err
}
