package portal

import (
	"context"

	"kontor/internal/licensing"
)

// messageReason says why a message has not arrived yet, and whether there is something to do.
func messageReason(ctx context.Context, m licensing.Message) string {
	name, isv, about := connectorName(ctx, m.Connector), lookOf(ctx).isv, "license"
	if m.Statement != "" {
		about = "statement"
	}
	switch {
	case m.State == licensing.MessageRejected:
		return sentences(T(ctx, "message.reasons."+about+".rejected", "Connector", name, "ISV", isv), saidForInsiders(ctx, m.LastError))
	case m.State == licensing.MessageFailed:
		return sentences(T(ctx, "message.reasons."+about+".failed", "Connector", name, "ISV", isv), saidForInsiders(ctx, m.LastError))
	case m.Attempts == 0:
		return T(ctx, "message.reasons."+about+".first")
	default:
		return sentences(T(ctx, "message.reasons."+about+".waiting", "Connector", name), saidForInsiders(ctx, m.LastError))
	}
}
