// Package access holds the use cases of who somebody is: login, groups, people, invitations, service accounts, grants.
// It writes groups, users, memberships, invitations and the mails that carry them, and grants.
package access
