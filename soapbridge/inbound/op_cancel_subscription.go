package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// cancelSubscription is CancelSubscription: it lets a subscription end, and answers the receipt.
func cancelSubscription(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	out, replayed, err := s.subscriptions.Cancel(ctx, actor, request.string("requestId"), subscriptions.Cancel{
		Ticket: request.string("ticket"), Reason: request.string("reason"), RefuseIfLate: request.string("ifLate") == "refuse",
	})
	if err != nil {
		return err
	}
	addSubscription(response, *out.License.Subscription)
	receipt := response.CreateElement("receipt")
	add(receipt, "number", out.Receipt.Number)
	add(receipt, "receivedAt", instant(out.ReceivedAt))
	addBool(receipt, "inTime", out.InTime)
	add(receipt, "endsOn", out.EndsOn.String())
	add(receipt, "document", out.Receipt.Document)
	addBool(response, "replayed", replayed)
	return nil
}
