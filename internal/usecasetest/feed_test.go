package usecasetest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kontor/internal/connecting"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

// changes reads one page of the feed.
func (h *house) changes(t testing.TB, actor licensing.Actor, cursor string, size int) connecting.Changes {
	t.Helper()
	return got[connecting.Changes](t)(h.connecting.ListChanges(t.Context(), actor, connecting.ListChanges{Cursor: cursor, PageSize: &size}))
}

// kinds are what changes say happened, to the license of a ticket, or to the order where they name none.
func kinds(all []connecting.CursoredChange, ticket string) (kinds []string) {
	for _, c := range all {
		if c.Ticket == ticket {
			kinds = append(kinds, string(c.Kind))
		}
	}
	return kinds
}

// TestFeedHasEverything lets everything happen that happens to licenses, and reads it as a system that follows does.
func TestFeedHasEverything(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, erp := h.anna(t), h.erpAccount(t)
		start := h.changes(t, erp, "", 10)
		same(t, "at first", len(start.Changes), 0)
		in := suite()
		in.Test = true
		created := h.create(t, anna, in)
		l := created.Licenses[0]
		more := suite()
		more.OrderNumber, more.Test = created.OrderNumber, true
		second := h.create(t, anna, more).Licenses[0]
		h.modify(t, anna, ordering.ModifyLicense{Ticket: l.Ticket, Customer: &licensing.Customer{Name: "Another"}})
		change := func(c licensing.StateChange) {
			_, _, err := h.ordering.ChangeState(t.Context(), anna, licensing.NewID(), c, ordering.ChangeState{Ticket: l.Ticket, Reason: "because"})
			must(t, err)
		}
		change(licensing.ToSuspend)
		change(licensing.ToReinstate)
		change(licensing.ToRevoke)
		change(licensing.ToReinstate)
		h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		must(t, withdraw(t, h, anna, l))
		h.setBusinessDay(t, day(2027, 10, 22))
		h.extendDue(t)
		h.cancel(t, anna, subscriptions.Cancel{Ticket: l.Ticket})
		h.setBusinessDay(t, day(2028, 11, 21))
		h.extendDue(t)
		_, _, err := h.ordering.MoveLicenses(t.Context(), h.isv(t), "move", ordering.MoveLicenses{Licenses: []licensing.LicenseID{l.ID}, Group: "fjord", Reason: "sold"})
		must(t, err)
		_, _, err = h.ordering.ChangeState(t.Context(), h.isv(t), "delete", licensing.ToDelete, ordering.ChangeState{Ticket: l.Ticket, Reason: "gone"})
		must(t, err)

		all := h.changes(t, erp, start.Next, 500)
		same(t, "of the order", kinds(all.Changes, ""), []string{"orderCreated", "orderExtended"})
		want := []string{
			"licenseCreated", "licenseModified", "licenseSuspended", "licenseReinstated", "licenseRevoked", "licenseReinstated", "subscriptionCancelled",
			"cancellationWithdrawn", "subscriptionExtended", "subscriptionCancelled", "subscriptionEnded", "licenseMoved", "licenseDeleted",
		}
		same(t, "of the license", kinds(all.Changes, l.Ticket), want)
		same(t, "of the other license", kinds(all.Changes, second.Ticket), []string{"licenseCreated", "subscriptionExtended", "subscriptionExtended"})
		same(t, "the first", all.Changes[0].FeedEntry, licensing.FeedEntry{
			Number: 1, Mark: all.Changes[0].Mark, At: soldOn, Kind: licensing.TellOrderCreated, OrderNumber: l.OrderNumber, Test: true,
		})
		for _, c := range all.Changes {
			same(t, "a test, said of "+string(c.Kind), c.Test, true)
		}
		same(t, "the old owner", kinds(h.changes(t, anna, "", 500).Changes, l.Ticket), want[:len(want)-1])
		same(t, "the new owner", kinds(h.changes(t, h.as(t, "ben@northwind.example", "fjord"), "", 500).Changes, l.Ticket), want[len(want)-2:])
		same(t, "a member above", len(h.changes(t, h.staff(t), "", 500).Changes), 0)
		unchanged(t, h, "reading", func() { h.changes(t, erp, "", 500) })

		// Page by page, and on from any change.
		var paged []connecting.CursoredChange
		for cursor := ""; ; {
			page := h.changes(t, erp, cursor, 2)
			paged, cursor = append(paged, page.Changes...), page.Next
			if len(page.Changes) == 0 {
				break
			}
		}
		entries := func(all []connecting.CursoredChange) (entries []licensing.FeedEntry) {
			for _, c := range all {
				entries = append(entries, c.FeedEntry)
			}
			return entries
		}
		same(t, "page by page", entries(paged), entries(all.Changes))
		same(t, "after the third", h.changes(t, erp, all.Changes[2].Cursor, 1).Changes[0].FeedEntry, all.Changes[3].FeedEntry)
		last := h.changes(t, erp, all.Next, 10)
		same(t, "after the last", last.Changes, []connecting.CursoredChange(nil))
		same(t, "after nothing", h.changes(t, erp, last.Next, 10).Changes, []connecting.CursoredChange(nil))
	})
}

func TestFeedRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		erp := h.erpAccount(t)
		h.create(t, h.anna(t), suite())
		page := h.changes(t, erp, "", 1)
		cursor, first := page.Next, page.Changes[0]
		plain := fmt.Sprintf("%d/%s", first.Number, first.Mark) // what cursors were made of before they were sealed
		encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
		for _, wrong := range []string{
			"x", "'", "\x00", cursor + "=", cursor + "A", cursor[1:], encode(plain + " "), encode("+" + plain), encode("0" + plain), encode(strings.Replace(plain, "1/", "2/", 1)),
			encode("1/00000000"), encode("-1/"), encode("0/x"), encode("9999999/" + plain), encode("99999999999999999999/x"), encode("/"), strings.Repeat("A", 1<<16),
		} {
			_, err := h.connecting.ListChanges(t.Context(), erp, connecting.ListChanges{Cursor: wrong})
			refused(t, fmt.Sprintf("cursor %.40q", wrong), err, licensing.CodeInvalidRequest, "cursor")
		}
		for _, size := range []int{-1, 0, 501} {
			_, err := h.connecting.ListChanges(t.Context(), erp, connecting.ListChanges{PageSize: &size})
			refused(t, fmt.Sprintf("page size %d", size), err, licensing.CodeInvalidRequest, "pageSize")
		}
		same(t, "a good one", len(h.changes(t, erp, cursor, 500).Changes), 1)
		same(t, "one of before they were sealed", len(h.changes(t, erp, encode(plain), 500).Changes), 1)
		_, err := h.connecting.ListChanges(t.Context(), h.anna(t), connecting.ListChanges{Cursor: cursor})
		refused(t, "another account's", err, licensing.CodeInvalidRequest, "cursor")
	})
}

// TestCursorTellsNothing: a cursor does not show how much happens in the house, nor whether anything has.
func TestCursorTellsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		freya := h.freya(t)
		before := h.changes(t, freya, "", 500).Next
		h.create(t, h.anna(t), suite()) // beyond her sight
		after := h.changes(t, freya, before, 500)
		same(t, "changes within sight", len(after.Changes), 0)
		for _, cursor := range []string{before, after.Next, h.changes(t, freya, after.Next, 500).Next} {
			sealed := got[[]byte](t)(base64.RawURLEncoding.DecodeString(cursor))
			if strings.Contains(string(sealed), "/") && strings.Trim(string(sealed), "0123456789abcdef/") == "" {
				t.Errorf("the cursor %s can be read: %q", cursor, sealed)
			}
		}
		if again := h.changes(t, freya, after.Next, 500).Next; again == after.Next {
			t.Error("a cursor that stays the same says that nothing has happened")
		}
	})
}

// TestFeedIsReadWhileManyCreate has several processes that create and cancel while a system follows: it hears of each
// license once, and of its creation first.
func TestFeedIsReadWhileManyCreate(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, erp := h.anna(t), h.erpAccount(t)
		houses := []*house{h, h.another(t), h.another(t)}
		const writers, each = 6, 5
		var writing, reading sync.WaitGroup
		var done atomic.Bool
		var made sync.Map
		for i := range writers {
			writing.Go(func() {
				own := houses[i%len(houses)]
				for range each {
					out, _, err := own.ordering.CreateLicense(t.Context(), anna, licensing.NewID(), suite())
					if err == nil {
						made.Store(out.Licenses[0].Ticket, true)
						_, _, err = own.subscriptions.Cancel(t.Context(), anna, licensing.NewID(), subscriptions.Cancel{Ticket: out.Licenses[0].Ticket})
					}
					if err != nil {
						t.Errorf("write: %v", err)
					}
				}
			})
		}
		var heard []connecting.CursoredChange
		cursor := ""
		next := func(of *house) int {
			size := 7
			page, err := of.connecting.ListChanges(t.Context(), erp, connecting.ListChanges{Cursor: cursor, PageSize: &size})
			if err != nil {
				t.Errorf("read: %v", err)
				return 0
			}
			heard, cursor = append(heard, page.Changes...), page.Next
			return len(page.Changes)
		}
		reading.Go(func() {
			for i := 0; !done.Load(); i++ {
				next(houses[i%len(houses)])
			}
		})
		reading.Go(func() {
			for !done.Load() {
				if _, err := houses[2].connecting.NumberChanges(t.Context()); err != nil {
					t.Errorf("number: %v", err)
				}
			}
		})
		writing.Wait()
		done.Store(true)
		reading.Wait()
		for next(h) > 0 { // what is left
		}
		same(t, "heard of", len(heard), 3*writers*each)
		made.Range(func(ticket, _ any) bool {
			same(t, "of a license", kinds(heard, ticket.(string)), []string{"licenseCreated", "subscriptionCancelled"})
			return true
		})
	})
}

// TestFeedThatNobodyRead is numbered by the job, or by a reader who comes late.
func TestFeedThatNobodyRead(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		group := h.anna(t).Group
		h.write(t, func(tx licensing.Tx) error {
			for i := range 5100 {
				if err := tx.InsertChange(t.Context(), licensing.FeedEntry{Mark: "m", Kind: "licenseModified", Group: group, Ticket: fmt.Sprint(i)}); err != nil {
					return err
				}
			}
			return nil
		})
		page := h.changes(t, h.erpAccount(t), "", 500)
		same(t, "read", []string{page.Changes[0].Ticket, page.Changes[499].Ticket}, []string{"0", "499"})
		same(t, "left for the job", got[int](t)(h.connecting.NumberChanges(t.Context())), 0)
		h.write(t, func(tx licensing.Tx) error {
			return tx.InsertChange(t.Context(), licensing.FeedEntry{Mark: "m", Kind: "licenseModified", Group: group})
		})
		same(t, "by the job", got[int](t)(h.connecting.NumberChanges(t.Context())), 1)
	})
}
