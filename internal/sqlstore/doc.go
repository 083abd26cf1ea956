// Package sqlstore keeps everything in a SQL database, PostgreSQL or SQLite. The queries are written once, in the
// common subset (queries/), and generated into one package (db/); what differs between the engines stands in
// dialect_postgres.go and dialect_sqlite.go. Both pass internal/storetest.
package sqlstore
