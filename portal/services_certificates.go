package portal

import (
	"context"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// Certificates is what the portal asks of the access use cases about how service accounts come in and what they are held
// to, within the actor's sight. Only admins may.
type Certificates interface {
	Certificates(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) ([]access.CertificateRow, error)
	AddCertificate(ctx context.Context, actor licensing.Actor, requestID string, in access.AddCertificate) (out access.CertificateRow, replayed bool, err error)
	Allowance(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (access.AllowanceRow, error)
	SetAllowance(ctx context.Context, actor licensing.Actor, requestID string, in access.SetAllowance) (out access.AllowanceRow, replayed bool, err error)
	Sandbox(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (access.SandboxRow, error)
	SetSandbox(ctx context.Context, actor licensing.Actor, requestID string, in access.SetSandbox) (out access.SandboxRow, replayed bool, err error)
	EndSandbox(ctx context.Context, actor licensing.Actor, requestID string, in access.EndSandbox) (out access.SandboxRow, replayed bool, err error)
	RemoveCertificate(ctx context.Context, actor licensing.Actor, requestID string, in access.RemoveCertificate) (out access.CertificateRow, replayed bool, err error)
}
