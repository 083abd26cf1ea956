package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"

	"github.com/gofrs/flock"

	"kontor/migrations"
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
	return func() error { // the session goes back to the pool, which must not keep the lock
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock_shared($1)", presenceKey)
		return errors.Join(err, conn.Close())
	}, nil
}

// Foreign reports whether the database at address holds tables, and none of ours: it belongs to somebody else.
func Foreign(ctx context.Context, address string) (bool, error) {
	s, err := Connect(ctx, address)
	if err != nil {
		return false, err
	}
	var tables, ours int
	err = s.writer.QueryRowContext(ctx, s.engine.countTables()).Scan(&tables, &ours)
	return tables > 0 && ours == 0, errors.Join(err, s.Close())
}

func (postgres) countTables() string {
	return "SELECT COUNT(*), COUNT(*) FILTER (WHERE table_name IN ('org_group', 'goose_db_version')) FROM information_schema.tables WHERE table_schema = current_schema()"
}

func (sqlite) countTables() string {
	return "SELECT COUNT(*), COUNT(*) FILTER (WHERE name IN ('org_group', 'goose_db_version')) FROM sqlite_master WHERE type = 'table'"
}

// Reset removes what we keep in the database at address. It is refused with ErrInUse while a server runs, and where
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

// empty takes back every migration, unless a server runs. What others keep in the database stays.
func (postgres) empty(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // the pool is closed next
	var ok bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", presenceKey).Scan(&ok); err != nil {
		return err
	}
	if !ok {
		return ErrInUse
	}
	return migrations.PostgresDown(ctx, db)
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
