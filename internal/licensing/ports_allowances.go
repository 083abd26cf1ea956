package licensing

import "context"

// AllowanceTx is what service accounts are held to, for good and in a sandbox; written by access.
type AllowanceTx interface {
	SetAllowance(ctx context.Context, m MembershipID, a Allowance) error
	// HeldTo returns, in one go, what a service account is held to and its sandbox, which may have ended; zero values where
	// nobody has said anything. ErrNone when there is no such account.
	HeldTo(ctx context.Context, m MembershipID) (Allowance, Sandbox, error)
	// SetSandbox writes an account's sandbox. It counts as many calls as that has left.
	SetSandbox(ctx context.Context, m MembershipID, s Sandbox) error
	// UseSandbox counts a call for the sandbox of that id; false when none is left, or the account has another one now.
	UseSandbox(ctx context.Context, m MembershipID, id string) (bool, error)
}
