// Package access holds the use cases of who somebody is: login, groups, people, invitations, service accounts, grants.
// It writes groups, users, memberships, invitations and grants.
package access
