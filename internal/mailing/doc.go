// Package mailing holds the use cases of mails: the others hand them over by an event in their own transaction, and they
// are sent in jobs, tried again, and given up. It writes mails; what they say is sealed, for it may hold a link that lets
// somebody in.
package mailing
