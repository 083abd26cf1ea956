package licensing

import (
	"context"
	"time"
)

// LoginRemembered is how long it is remembered that a login from somewhere was right.
const LoginRemembered = 7 * 24 * time.Hour

// CertificateTx is how service accounts come in and what they are held to; written by access.
type CertificateTx interface {
	// InsertCertificate registers one. ErrRace when its fingerprint is registered already: whoever asks has looked before.
	InsertCertificate(ctx context.Context, c Certificate) error
	// CertificatesOf returns an account's, those first that are valid longest.
	CertificatesOf(ctx context.Context, m MembershipID) ([]Certificate, error)
	// CertificatesNamed returns those of a name, of whichever account that has not been removed, the oldest first; limit at most.
	CertificatesNamed(ctx context.Context, name CertificateName, limit int) ([]Certificate, error)
	DeleteCertificate(ctx context.Context, id CertificateID) error
	// FreeCertificate deletes the one of a fingerprint if its account has been removed.
	FreeCertificate(ctx context.Context, fingerprint CertificateName) error

	SetAllowance(ctx context.Context, m MembershipID, a Allowance) error
	// HeldTo returns, in one go, what a service account is held to and its sandbox, which may have ended; zero values where
	// nobody has said anything. ErrNone when there is no such account.
	HeldTo(ctx context.Context, m MembershipID) (Allowance, Sandbox, error)
	// SetSandbox writes an account's sandbox. It counts as many calls as that has left.
	SetSandbox(ctx context.Context, m MembershipID, s Sandbox) error
	// UseSandbox counts a call for the sandbox of that id; false when none is left, or the account has another one now.
	UseSandbox(ctx context.Context, m MembershipID, id string) (bool, error)

	// LoginSuccess returns when a login under key was right last (wall clock); zero when that is not known any more.
	LoginSuccess(ctx context.Context, key string) (time.Time, error)
	NoteLoginSuccess(ctx context.Context, key string) error
}
