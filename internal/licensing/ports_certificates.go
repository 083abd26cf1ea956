package licensing

import "context"

// CertificateTx is which certificates service accounts have; written by access.
type CertificateTx interface {
	// InsertCertificate registers one. ErrRace when its fingerprint is registered already: whoever asks has looked before.
	InsertCertificate(ctx context.Context, c Certificate) error
	// CertificatesOf returns an account's, those first that are valid longest.
	CertificatesOf(ctx context.Context, m MembershipID) ([]Certificate, error)
	// CertificatesNamed returns those of a name, whosoever they are, the oldest first.
	CertificatesNamed(ctx context.Context, name CertificateName, limit int) ([]Certificate, error)
	DeleteCertificate(ctx context.Context, id CertificateID) error
}
