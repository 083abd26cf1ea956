// Package statements holds the use cases of monthly statements: what was created, extended, charged and revoked of a
// group's licenses. It writes entries, statements, and which months are closed.
//
// An entry is recorded in the transaction of what it tells of, and put into a statement when that is closed: so each is in
// one statement, and nothing is left out. A closed statement never changes; what is recorded later for its month stands in
// the next one.
package statements
