package inbound

import (
	"context"

	"kontor/internal/connecting"
	"kontor/internal/licensing"
)

// fakeFeed stands for connecting.Service: a feed of two changes.
type fakeFeed struct {
	asked connecting.ListChanges
}

func (f *fakeFeed) ListChanges(_ context.Context, _ licensing.Actor, in connecting.ListChanges) (connecting.Changes, error) {
	f.asked = in
	if in.Cursor == "somewhere" {
		return connecting.Changes{}, licensing.InvalidRequest("cursor", "Enter the cursor of a change or a nextCursor as this system gave it, or none to begin anew.")
	}
	if in.Cursor == "end" {
		return connecting.Changes{Next: "end"}, nil
	}
	entry := func(kind licensing.MessageKind, ticket, cursor string) connecting.CursoredChange {
		return connecting.CursoredChange{FeedEntry: licensing.FeedEntry{At: testNow, Kind: kind, OrderNumber: knownOrder, Ticket: ticket}, Cursor: cursor}
	}
	return connecting.Changes{
		Changes: []connecting.CursoredChange{entry(licensing.TellOrderCreated, "", "Mi9zZWNvbmQ"), entry(licensing.TellLicenseCreated, knownTicket, "end")}, Next: "end",
	}, nil
}
