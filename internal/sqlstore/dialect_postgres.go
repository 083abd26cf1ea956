package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"time"

	"github.com/lib/pq"

	"kontor/internal/licensing"
	"kontor/migrations"
)

type postgres struct{ address string }

func (postgres) name() string { return "postgres" }

// postgresDefaults bound what one statement or one forgotten transaction can cost the others, and how long a server is waited for
// that does not answer: when a connection begins, and when a statement is cancelled, for which the driver opens one more.
var postgresDefaults = map[string]string{
	"timezone":                            "UTC",
	"connect_timeout":                     "10",    // s
	"lock_timeout":                        "10000", // ms
	"statement_timeout":                   "30000",
	"idle_in_transaction_session_timeout": "60000",
	"application_name":                    "kontor",
}

// maxPostgresConns leaves room for several processes below PostgreSQL's default of 100 connections.
const maxPostgresConns = 24

func (p postgres) open(ctx context.Context) (writer, reader *sql.DB, err error) {
	u, err := url.Parse(p.address)
	if err != nil {
		return nil, nil, errors.New("the database address is not a URL")
	}
	q := u.Query()
	for k, v := range postgresDefaults {
		if !q.Has(k) {
			q.Set(k, v)
		}
	}
	u.RawQuery = q.Encode()
	pool, err := sql.Open("postgres", u.String())
	if err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(maxPostgresConns)
	pool.SetMaxIdleConns(maxPostgresConns)
	pool.SetConnMaxLifetime(time.Hour)
	if err := pool.PingContext(ctx); err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	return pool, pool, nil
}

func (postgres) migrate(ctx context.Context, writer *sql.DB) error {
	return migrations.Postgres(ctx, writer)
}

func (postgres) readOptions() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

func (postgres) translate(err error) error {
	if err == nil {
		return nil
	}
	var e *pq.Error
	if !errors.As(err, &e) {
		return unavailable(err)
	}
	switch e.Code {
	case "40001", "40P01", "23505": // serialization_failure, deadlock_detected, unique_violation
		return errors.Join(licensing.ErrRace, err)
	case notTextCode:
		return licensing.InvalidRequest("", "Enter text in UTF-8, without zero bytes.")
	case "55P03": // lock_not_available: somebody holds it for long
		return &licensing.Error{Kind: licensing.Conflict, Code: licensing.CodeConflict, Message: "This is being changed by somebody else at the moment. Try again.", Err: err}
	case "53300", "57014", "57P01", "57P02", "57P03": // too_many_connections, query_canceled (it took too long), shutdown, starting up
		return &licensing.Error{Kind: licensing.Unavailable, Code: licensing.CodeUnavailable, Message: "The database is not available at the moment. Try again.", Err: err}
	}
	return err
}

// notTextCode is PostgreSQL's for a text with a zero byte, or not in UTF-8 (character_not_in_repertoire). SQLite takes
// such a text, and finds nothing by it.
const notTextCode = "22021"

func notText(err error) bool {
	var e *pq.Error
	return errors.As(err, &e) && e.Code == notTextCode
}
