package access

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Named finds the service account that a login named which was refused, a suspended one too, so that its admins learn of it;
// the zero value when it named none. It is asked once the refusal is sent: neither what that says nor how long it took tells
// whether there is such an account. The name counts where one was sent, else the certificate, unless several accounts have one
// of that name.
func (s *Service) Named(ctx context.Context, name string, certificate licensing.CertificateName, remote string) (licensing.NamedAccount, error) {
	return usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) (n licensing.NamedAccount, err error) {
		if name != "" {
			n.Account, err = accountOfName(ctx, tx, name)
		} else {
			n.Account, err = accountOfCertificate(ctx, tx, certificate)
		}
		if errors.Is(err, licensing.ErrNone) {
			return licensing.NamedAccount{}, nil
		}
		if err != nil {
			return n, err
		}
		success, err := tx.LoginSuccess(ctx, loginKey("service", foldEmail(n.Account.Email), remote))
		n.Home = remembered(success, tx.Now())
		return n, err
	})
}

func accountOfName(ctx context.Context, tx *usecase.Tx, name string) (licensing.Membership, error) {
	if name = foldEmail(name); !isLoginName(name) {
		return licensing.Membership{}, licensing.ErrNone
	}
	a, err := tx.ServiceAccount(ctx, name)
	return a.Membership, err
}

func accountOfCertificate(ctx context.Context, tx *usecase.Tx, name licensing.CertificateName) (none licensing.Membership, err error) {
	if name == "" {
		return none, licensing.ErrNone
	}
	named, err := tx.CertificatesNamed(ctx, name, mostCandidates)
	if err != nil {
		return none, err
	}
	for _, c := range named {
		if c.Account != named[0].Account {
			return none, licensing.ErrNone
		}
	}
	if len(named) == 0 {
		return none, licensing.ErrNone
	}
	return tx.Membership(ctx, named[0].Account)
}

// isLoginName reports whether a name, folded, may be one of a service account.
func isLoginName(name string) bool {
	return name != "" && len(name) <= 254 && !strings.ContainsFunc(name, unicode.IsControl)
}
