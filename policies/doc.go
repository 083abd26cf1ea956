// Package policies decides who may do what: casbin answers by model.conf on lines that a person can read, and the
// answers are kept per membership until the policy changes.
//
// # Lines
//
// A grant is one line. WHO is a membership, the members of a group, or a group's members with all below; CATEGORY is
// one category or "*", ACTION is create, modify, revoke or "*":
//
//	p, WHO, CATEGORY, ACTION, GRANT
//	p, member:anna@northwind.example/northwind, category:partner, create, 0193…
//	p, group:northwind, category:partner, *, 0194…
//	p, tree:nordic, *, *, 0195…
//
// Further lines link a membership, which is asked for by its id, to every name that a grant can reach it by. Together
// these names are its chain:
//
//	g, membership:0192…, member:ben@northwind.example/fjord
//	g, member:ben@northwind.example/fjord, group:fjord
//	g, group:fjord, tree:fjord
//	g, tree:fjord, tree:nordic
//	g, tree:nordic, tree:aurora
//
// No name is empty or holds a comma or white space. A membership that is suspended, or that there is none of, has no
// lines at all, and so may do nothing.
//
// A grant may have a last day. From the midnight after it, by the business clock, it stands in no line, and answers that
// were kept of lines with an end are dropped when the first of these ends.
//
// # Changes
//
// Whoever changes the policy raises its version by one and notes under that version the names whose lines are
// different: the WHO of a grant, the member name of a membership (the old one, should it get another), the tree name
// of a group that moved, or "*" for everything, as when the demo's business clock is moved. Answers are dropped where a chain holds a noted name. A version of
// which nothing was noted drops all.
package policies
