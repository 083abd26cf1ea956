package licensing

import "context"

// CertificateTx is the certificates that service accounts come in with; written by access.
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
}
