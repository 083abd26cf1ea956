package portal

import (
	"context"

	"kontor/internal/licensing"
)

// messageReason says why a message has not arrived yet, and whether there is something to do.
func messageReason(ctx context.Context, m licensing.Message) string {
	name, isv := connectorName(ctx, m.Connector), lookOf(ctx).isv
	switch {
	case m.State == licensing.MessageRejected:
		return sentences(T(ctx, "message.reasonRejected", "Connector", name, "ISV", isv), saidForInsiders(ctx, m.LastError))
	case m.State == licensing.MessageFailed:
		return sentences(T(ctx, "message.reasonFailed", "Connector", name, "ISV", isv), saidForInsiders(ctx, m.LastError))
	case m.Attempts == 0:
		return T(ctx, "message.reasonFirst")
	default:
		return sentences(T(ctx, "message.reasonWaiting", "Connector", name), saidForInsiders(ctx, m.LastError))
	}
}
