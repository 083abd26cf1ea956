package policies

import "kontor/internal/licensing"

// unreadable says that the policy could not be read. The cause stays visible to errors.Is, so that a transaction
// that lost a race is run again.
func unreadable(err error) error {
	const s = "Permissions cannot be checked at the moment. Try again in a few seconds."
	return &licensing.Error{Kind: licensing.Unavailable, Code: licensing.CodeUnavailable, Message: s, Format: s, Err: err}
}

// undecidable says that the policy holds something that it must not.
func undecidable(err error) error {
	const s = "Permissions could not be checked because of a mistake on our side."
	return &licensing.Error{Kind: licensing.Internal, Code: licensing.CodeInternal, Message: s, Format: s, Err: err}
}
