package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/gofrs/flock"
)

// ErrInUse says that a server runs on the database.
var ErrInUse = errors.New("a server runs on this database; stop it first")

// presenceKey is the advisory lock that every running server shares and that Reset takes alone.
const presenceKey = 0x6b6f6e746f72 // "kontor"

// Announce tells others that a server runs on this database, until release. Servers announce side by side; what needs
// the database to itself is refused meanwhile.
func (s *Store) Announce(ctx context.Context) (release func() error, err error) {
	if lite, ok := s.engine.(sqlite); ok {
		l := flock.New(lite.path + ".server.lock")
		ok, err := l.TryRLock()
		if err == nil && !ok {
			err = errors.New("the database is being reset or restored")
		}
		return l.Unlock, err
	}
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	var ok bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock_shared($1)", presenceKey).Scan(&ok); err != nil || !ok {
		return nil, errors.Join(err, conn.Close(), errors.New("the database is being reset or restored"))
	}
	return conn.Close, nil // ends the session, and the lock with it
}

// Reset removes everything from the database at address. It is refused with ErrInUse while a server runs, and where
// allowed says no to what is there.
func Reset(ctx context.Context, address string, allowed func(ctx context.Context, s *Store) error) error {
	s, err := Open(ctx, address)
	if err != nil {
		return err
	}
	if err := allowed(ctx, s); err != nil {
		return errors.Join(err, s.Close())
	}
	if err := s.engine.empty(ctx, s.writer); err != nil {
		return errors.Join(err, s.Close())
	}
	return s.Close()
}

// empty drops the schema, unless a server runs.
func (postgres) empty(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after a commit
	var ok bool
	if err := tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", presenceKey).Scan(&ok); err != nil {
		return err
	}
	if !ok {
		return ErrInUse
	}
	var schema string
	if err := tx.QueryRowContext(ctx, "SELECT quote_ident(current_schema())").Scan(&schema); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("DROP SCHEMA %s CASCADE; CREATE SCHEMA %s", schema, schema)); err != nil {
		return err
	}
	return tx.Commit()
}

// empty removes the database's files, unless a server runs.
func (s sqlite) empty(_ context.Context, db *sql.DB) error {
	l := flock.New(s.path + ".server.lock")
	ok, err := l.TryLock()
	if err != nil {
		return err
	}
	if !ok {
		return ErrInUse
	}
	defer l.Unlock() //nolint:errcheck // the process is about to go on without it
	if err := db.Close(); err != nil {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(s.path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
