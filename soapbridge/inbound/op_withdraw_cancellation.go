package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// withdrawCancellation is WithdrawCancellation: it takes a cancellation back.
func withdrawCancellation(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	out, replayed, err := s.subscriptions.Withdraw(ctx, actor, request.string("requestId"), subscriptions.Withdraw{Ticket: request.string("ticket")})
	if err != nil {
		return err
	}
	addSubscription(response, *out.License.Subscription)
	addBool(response, "replayed", replayed)
	return nil
}
