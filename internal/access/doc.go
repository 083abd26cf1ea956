// Package access holds the use cases of who somebody is: login, memberships, service accounts. It writes groups,
// users, memberships and grants.
package access
