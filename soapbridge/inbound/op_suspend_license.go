package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// suspendLicense is SuspendLicense: it stops a license until it is reinstated.
func suspendLicense(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	return changeState(ctx, s, actor, licensing.ToSuspend, request, response)
}
