package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// getLicense is GetLicense: it reads a license by its ticket.
func getLicense(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	license, err := s.ordering.License(ctx, actor, request.string("ticket"))
	if err != nil {
		return err
	}
	now, err := s.ordering.Now(ctx)
	if err != nil {
		return err
	}
	addLicense(response, license, now.Business)
	return nil
}
