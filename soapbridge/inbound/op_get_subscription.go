package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// getSubscription is GetSubscription: it reads a subscription by its license's ticket.
func getSubscription(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	subscription, err := s.subscriptions.Subscription(ctx, actor, request.string("ticket"))
	if err != nil {
		return err
	}
	addSubscription(response, subscription)
	return nil
}
