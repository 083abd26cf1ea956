package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"kontor/internal/licensing"
)

// entry is a change in a group, with a name that tells it from others.
func entry(group licensing.Group, name string) licensing.FeedEntry {
	return licensing.FeedEntry{Mark: "m-" + name, Kind: licensing.TellLicenseModified, Group: group.ID, OrderNumber: "K26-10001", Ticket: name}
}

// tickets are the names of changes.
func tickets(all []licensing.FeedEntry) (names []string) {
	for _, c := range all {
		names = append(names, c.Ticket)
	}
	return names
}

var feed = map[string]func(*testing.T, licensing.Store){
	"has places when they are given": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		var first licensing.FeedEntry
		write(t, s, func(tx licensing.Tx) {
			same(t, "given to none", got[int](t)(tx.NumberChanges(t.Context(), 10)), 0)
			first = entry(w.north, "a")
			first.Test = true
			must(t, tx.InsertChange(t.Context(), first))
			first.Number, first.At, first.Group = 1, tx.Now().Business, ""
			must(t, tx.InsertChange(t.Context(), entry(w.north, "b")))
			must(t, tx.InsertChange(t.Context(), entry(w.north, "c")))
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "waiting", got[bool](t)(tx.ChangesWait(t.Context())), true)
			same(t, "without places", len(got[[]licensing.FeedEntry](t)(tx.ChangesAfter(t.Context(), w.everything(), 0, 10))), 0)
			n, mark, err := tx.ChangeHead(t.Context())
			same(t, "head", []any{n, mark, err}, []any{int64(0), "", nil})
		})
		write(t, s, func(tx licensing.Tx) { same(t, "given", got[int](t)(tx.NumberChanges(t.Context(), 2)), 2) })
		write(t, s, func(tx licensing.Tx) { same(t, "given", got[int](t)(tx.NumberChanges(t.Context(), 2)), 1) })
		read(t, s, func(tx licensing.Tx) {
			same(t, "waiting", got[bool](t)(tx.ChangesWait(t.Context())), false)
			all := got[[]licensing.FeedEntry](t)(tx.ChangesAfter(t.Context(), w.everything(), 0, 10))
			same(t, "in order", tickets(all), []string{"a", "b", "c"})
			same(t, "the first", all[0], first)
			same(t, "the second is of a test", all[1].Test, false)
			same(t, "after it", tickets(got[[]licensing.FeedEntry](t)(tx.ChangesAfter(t.Context(), w.everything(), 1, 1))), []string{"b"})
			n, mark, err := tx.ChangeHead(t.Context())
			same(t, "head", []any{n, mark, err}, []any{int64(3), "m-c", nil})
			same(t, "mark", got[string](t)(tx.ChangeMark(t.Context(), 2)), "m-b")
			_, err = tx.ChangeMark(t.Context(), 4)
			none(t, "beyond the head", err)
		})
	},
	"is seen by who sees the group, of a move both": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertChange(t.Context(), entry(w.north, "north")))
			must(t, tx.InsertChange(t.Context(), entry(w.root, "root")))
			moved := entry(w.root, "moved")
			moved.FromGroup = w.north.ID
			must(t, tx.InsertChange(t.Context(), moved))
			got[int](t)(tx.NumberChanges(t.Context(), 10))
		})
		read(t, s, func(tx licensing.Tx) {
			seen := func(sight licensing.Sight) []string {
				return tickets(got[[]licensing.FeedEntry](t)(tx.ChangesAfter(t.Context(), sight, 0, 10)))
			}
			same(t, "all", seen(w.everything()), []string{"north", "root", "moved"})
			same(t, "north", seen(licensing.Sight{Group: w.north.ID, Below: true}), []string{"north", "moved"})
			same(t, "a member of the root", seen(licensing.Sight{Group: w.root.ID}), []string{"root", "moved"})
			same(t, "nobody", seen(licensing.Sight{Group: "none", Below: true}), []string(nil))
		})
	},
	"is read without a gap while many write": readWhileMany,
}

// readWhileMany writes in many transactions, whose ends come in another order than their beginnings, while others give
// places and one reads on from where it was: it gets every change exactly once, and those of one writer in their order.
func readWhileMany(t *testing.T, s licensing.Store) {
	w := makeWorld(t, s)
	const writers, each = 12, 15
	var writing, all sync.WaitGroup
	var done atomic.Bool
	for i := range writers {
		writing.Go(func() {
			for j := range each {
				err := s.Write(t.Context(), func(tx licensing.Tx) error {
					if err := tx.InsertChange(t.Context(), entry(w.north, fmt.Sprintf("%d-%d", i, j))); err != nil {
						return err
					}
					// Time for others to commit before this one: a read of something else.
					for range (i + j) % 7 {
						if _, err := tx.Setting(t.Context(), "none"); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Errorf("write: %v", err)
				}
			}
		})
	}
	number := func(ctx context.Context) {
		if err := s.Write(ctx, func(tx licensing.Tx) error { _, err := tx.NumberChanges(ctx, 7); return err }); err != nil {
			t.Errorf("number: %v", err)
		}
	}
	for range 2 {
		all.Go(func() {
			for !done.Load() {
				number(t.Context())
			}
		})
	}
	var read []licensing.FeedEntry
	next := func() (n int) {
		after := int64(0)
		if len(read) > 0 {
			after = read[len(read)-1].Number
		}
		err := s.Read(t.Context(), func(tx licensing.Tx) error {
			page, err := tx.ChangesAfter(t.Context(), w.everything(), after, 5)
			n, read = len(page), append(read, page...)
			return err
		})
		if err != nil {
			t.Errorf("read: %v", err)
		}
		return n
	}
	all.Go(func() {
		for !done.Load() {
			next()
		}
	})
	writing.Wait()
	done.Store(true)
	all.Wait()
	for range writers * each {
		number(t.Context())
	}
	for next() > 0 { // what is left
	}
	same(t, "read", len(read), writers*each)
	reached := map[int]int{}
	for i, c := range read {
		same(t, "place", c.Number, int64(i+1))
		var writer, step int
		if _, err := fmt.Sscanf(c.Ticket, "%d-%d", &writer, &step); err != nil || step != reached[writer] {
			t.Errorf("place %d has %s, want step %d of its writer", c.Number, c.Ticket, reached[writer])
		}
		reached[writer]++
	}
}
