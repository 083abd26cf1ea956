// Package migrations brings a database to the newest schema, on both engines. The SQL stands in postgres/ and
// sqlite/; River's own tables come by a Go migration from River itself.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed postgres/*.sql
var postgresSQL embed.FS

//go:embed sqlite/*.sql
var sqliteSQL embed.FS

// riverVersion is the place of River's tables among our migrations.
const riverVersion = 2

// Status is one migration and when it was applied; a zero time means that it is pending.
type Status struct {
	Version int64
	Name    string
	Applied time.Time
}

// Postgres migrates a PostgreSQL database. Processes that start at once wait for one another by a session lock. The
// pool must hold at least two connections: one keeps the lock.
func Postgres(ctx context.Context, db *sql.DB) error {
	p, err := postgresProvider(db)
	if err != nil {
		return err
	}
	return up(ctx, p)
}

// PostgresDown takes every migration back: our tables go, with all they hold, and River's.
func PostgresDown(ctx context.Context, db *sql.DB) error {
	p, err := postgresProvider(db)
	if err != nil {
		return err
	}
	if _, err := p.DownTo(ctx, 0); err != nil {
		return fmt.Errorf("migrate down: %w", err)
	}
	return nil
}

// SQLite migrates a SQLite database. Processes that start at once wait for one another by a lock on lockFile.
func SQLite(ctx context.Context, db *sql.DB, lockFile string) error {
	l := flock.New(lockFile)
	if _, err := l.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return fmt.Errorf("lock %s for migration: %w", lockFile, err)
	}
	defer l.Unlock() //nolint:errcheck // closing the file would free it as well
	p, err := sqliteProvider(db)
	if err != nil {
		return err
	}
	return up(ctx, p)
}

// StatusOf lists the migrations of a database of the given engine ("postgres" or "sqlite").
func StatusOf(ctx context.Context, engine string, db *sql.DB) ([]Status, error) {
	provider := sqliteProvider
	if engine == "postgres" {
		provider = postgresProvider
	}
	p, err := provider(db)
	if err != nil {
		return nil, err
	}
	rows, err := p.Status(ctx)
	if err != nil {
		return nil, err
	}
	var all []Status
	for _, r := range rows {
		name := r.Source.Path
		if r.Source.Version == riverVersion {
			name = "river"
		}
		all = append(all, Status{Version: r.Source.Version, Name: name, Applied: r.AppliedAt})
	}
	return all, nil
}

func postgresProvider(db *sql.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return provider(goose.DialectPostgres, db, postgresSQL, "postgres", func(db *sql.DB) riverdriver.Driver[*sql.Tx] { return riverdatabasesql.New(db) },
		goose.WithSessionLocker(locker))
}

func sqliteProvider(db *sql.DB) (*goose.Provider, error) {
	return provider(goose.DialectSQLite3, db, sqliteSQL, "sqlite", func(db *sql.DB) riverdriver.Driver[*sql.Tx] { return riversqlite.New(db) })
}

func provider(dialect goose.Dialect, db *sql.DB, files embed.FS, dir string, driver func(*sql.DB) riverdriver.Driver[*sql.Tx],
	opts ...goose.ProviderOption,
) (*goose.Provider, error) {
	sub, err := fs.Sub(files, dir)
	if err != nil {
		return nil, err
	}
	// RunDB, not RunTx: River's migrations manage their own transactions.
	river := func(direction rivermigrate.Direction, opts *rivermigrate.MigrateOpts) *goose.GoFunc {
		return &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
			m, err := rivermigrate.New(driver(db), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				return err
			}
			_, err = m.Migrate(ctx, direction, opts)
			return err
		}}
	}
	all := river(rivermigrate.DirectionDown, &rivermigrate.MigrateOpts{TargetVersion: -1})
	opts = append(opts,
		goose.WithGoMigrations(goose.NewGoMigration(riverVersion, river(rivermigrate.DirectionUp, nil), all)),
		goose.WithSlog(slog.New(slog.DiscardHandler)))
	return goose.NewProvider(dialect, db, sub, opts...)
}

func up(ctx context.Context, p *goose.Provider) error {
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
