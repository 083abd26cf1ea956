package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// reinstateLicense is ReinstateLicense: it lets a suspended or revoked license be used again.
func reinstateLicense(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	return changeState(ctx, s, actor, licensing.ToReinstate, request, response)
}
