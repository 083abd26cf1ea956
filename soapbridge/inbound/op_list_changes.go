package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/connecting"
	"kontor/internal/licensing"
)

// listChanges is ListChanges: it lists what happened, from a place in the feed on.
func listChanges(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	out, err := s.feed.ListChanges(ctx, actor, connecting.ListChanges{Cursor: trim(request.string("cursor")), PageSize: request.optionalInt("pageSize")})
	if err != nil {
		return err
	}
	changes := response.CreateElement("changes")
	for _, c := range out.Changes {
		change := changes.CreateElement("change")
		add(change, "cursor", c.Cursor)
		add(change, "at", instant(c.At))
		add(change, "kind", string(c.Kind))
		addOptional(change, "orderNumber", c.OrderNumber)
		addOptional(change, "ticket", c.Ticket)
		addTest(change, c.Test)
	}
	add(response, "nextCursor", out.Next)
	return nil
}
