package inbound

import (
	"context"
	"sync"

	"kontor/internal/connecting"
	"kontor/internal/licensing"
)

// fakeFeed stands for connecting.Service: a feed of two changes, and one of a test.
type fakeFeed struct {
	mu    sync.Mutex
	asked connecting.ListChanges
}

func (f *fakeFeed) ListChanges(_ context.Context, _ licensing.Actor, in connecting.ListChanges) (connecting.Changes, error) {
	f.mu.Lock()
	f.asked = in
	f.mu.Unlock()
	if in.Cursor == "somewhere" {
		return connecting.Changes{}, licensing.InvalidRequest("cursor", "Enter the cursor of a change or a nextCursor as this system gave it to you, or none to begin anew.")
	}
	if in.Cursor == "end" {
		return connecting.Changes{Next: "end"}, nil
	}
	entry := func(kind licensing.MessageKind, ticket, cursor string) connecting.CursoredChange {
		return connecting.CursoredChange{FeedEntry: licensing.FeedEntry{At: testNow, Kind: kind, OrderNumber: knownOrder, Ticket: ticket}, Cursor: cursor}
	}
	test := entry(licensing.TellOrderCreated, "", "end")
	test.OrderNumber, test.Test = "K26-10002", true
	return connecting.Changes{
		Changes: []connecting.CursoredChange{entry(licensing.TellOrderCreated, "", "Mi9zZWNvbmQ"), entry(licensing.TellLicenseCreated, knownTicket, "My90aGlyZA"), test}, Next: "end",
	}, nil
}
