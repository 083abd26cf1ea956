// Package pgtest gives tests and benchmarks a PostgreSQL to throw away.
//
//	dsn := pgtest.Database(t, sqlstore.Migrate)
//
// is a fresh, migrated database of the test's own. The first call of a test binary starts a server (about a second)
// and builds a template with the migrations; every further database is a copy of the template's files (about 30 ms)
// and is dropped when its test ends. No TestMain is needed: a keeper process stops the server and removes its files
// as soon as the test process is gone, however that ended.
//
// The server's default collation is deliberately not "C", as on most production servers: a query whose order depends
// on the collation has to say so, or a test that runs on both engines fails.
//
// Environment:
//
//   - KONTOR_TEST_POSTGRES=postgres://… names a server to use instead (15 or newer, a role that may create
//     databases). It keeps no templates: each database is migrated anew, and dropped when its test ends.
//   - KONTOR_TEST_POSTGRES_BIN is the folder that holds initdb and pg_ctl, when they are neither in Debian's place
//     (/usr/lib/postgresql/*/bin) nor in PATH.
package pgtest
