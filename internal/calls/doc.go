// Package calls holds the use cases of the log of calls of the SOAP face: it takes calls from the face as they are
// answered, writes them behind, shows them to whoever has their account in sight, and forgets them in time.
package calls
