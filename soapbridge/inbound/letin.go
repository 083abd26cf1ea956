package inbound

import (
	"context"

	"kontor/internal/licensing"
)

// letInKey is known to this package alone, so that nothing that comes over a network can carry its value.
type letInKey struct{}

// LetIn returns a context whose requests come from an actor who was let in by another way of this process: no
// credentials are looked for in them. Everything else is as for any request.
func LetIn(ctx context.Context, actor licensing.Actor) context.Context {
	return context.WithValue(ctx, letInKey{}, actor)
}

func letIn(ctx context.Context) (licensing.Actor, bool) {
	actor, ok := ctx.Value(letInKey{}).(licensing.Actor)
	return actor, ok
}
