package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// revokeLicense is RevokeLicense: it ends a license, and its subscription this day.
func revokeLicense(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	return changeState(ctx, s, actor, licensing.ToRevoke, request, response)
}
