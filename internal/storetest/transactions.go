package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"kontor/internal/licensing"
)

var transactions = map[string]func(*testing.T, licensing.Store){
	"a failed one leaves nothing": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		before := got[int64](t)(s.PolicyVersion(t.Context()))
		stop := errors.New("stop")
		err := s.Write(t.Context(), func(tx licensing.Tx) error {
			o := w.place(t, tx, w.order(w.north, licensing.Customer{Name: "Gone"}))
			must(t, tx.InsertLicense(t.Context(), w.license(t, o), w.offer))
			must(t, tx.SetSetting(t.Context(), "gone", "yes"))
			must(t, tx.InsertGrant(t.Context(), licensing.Grant{ID: "gone", Who: "tree:root", Category: "*", Action: "*", CreatedAt: someTime}))
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatalf("got the error %v, want the one of the function", err)
		}
		read(t, s, func(tx licensing.Tx) {
			same(t, "licenses", got[licensing.Count](t)(tx.CountLicenses(t.Context(), w.everything(), licensing.LicenseFilter{}, 0)), licensing.Count{})
			same(t, "orders", got[[]licensing.OrderRow](t)(tx.OrderRows(t.Context(), w.everything(), licensing.OrderFilter{Limit: 10})), []licensing.OrderRow(nil))
			same(t, "setting", got[string](t)(tx.Setting(t.Context(), "gone")), "")
			_, err := tx.GrantByID(t.Context(), "gone")
			none(t, "grant", err)
		})
		same(t, "policy version", got[int64](t)(s.PolicyVersion(t.Context())), before)
	},
	"a panic leaves nothing and passes on": func(t *testing.T, s licensing.Store) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = s.Write(t.Context(), func(tx licensing.Tx) error {
				must(t, tx.SetSetting(t.Context(), "gone", "yes"))
				panic("in a transaction")
			})
		}()
		// The connection is free again, which on SQLite is the only one that writes.
		write(t, s, func(tx licensing.Tx) { same(t, "setting", got[string](t)(tx.Setting(t.Context(), "gone")), "") })
	},
	"a canceled one leaves nothing": func(t *testing.T, s licensing.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Write(ctx, func(tx licensing.Tx) error {
			must(t, tx.SetSetting(ctx, "gone", "yes"))
			cancel()
			return nil
		})
		if err == nil {
			t.Error("it committed")
		}
		read(t, s, func(tx licensing.Tx) { same(t, "setting", got[string](t)(tx.Setting(t.Context(), "gone")), "") })
	},
	"reading cannot write": func(t *testing.T, s licensing.Store) {
		err := s.Read(t.Context(), func(tx licensing.Tx) error { return tx.SetSetting(t.Context(), "written", "yes") })
		if err == nil || errors.Is(err, licensing.ErrRace) {
			t.Errorf("got the error %v, want one that is no race", err)
		}
		read(t, s, func(tx licensing.Tx) { same(t, "setting", got[string](t)(tx.Setting(t.Context(), "written")), "") })
	},
	"reading sees one snapshot": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		w.placed(t, s, w.north, licensing.Customer{Name: "First"})
		read(t, s, func(tx licensing.Tx) {
			count := func() int {
				return got[licensing.Count](t)(tx.CountLicenses(t.Context(), w.everything(), licensing.LicenseFilter{}, 0)).N
			}
			same(t, "licenses before", count(), 1)
			w.placed(t, s, w.north, licensing.Customer{Name: "Second"})
			same(t, "licenses after another committed", count(), 1)
			same(t, "orders", len(got[[]licensing.OrderRow](t)(tx.OrderRows(t.Context(), w.everything(), licensing.OrderFilter{Limit: 10}))), 1)
		})
	},
	"readers do not wait for a writer": func(t *testing.T, s licensing.Store) {
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.SetSetting(t.Context(), "open", "yes"))
			read(t, s, func(other licensing.Tx) {
				same(t, "what is not committed", got[string](t)(other.Setting(t.Context(), "open")), "")
			})
		})
	},
	"a writer sees what it wrote": func(t *testing.T, s licensing.Store) {
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.SetSetting(t.Context(), "mine", "one"))
			must(t, tx.SetSetting(t.Context(), "mine", "two"))
			same(t, "setting", got[string](t)(tx.Setting(t.Context(), "mine")), "two")
		})
	},
	"duplicate keys are races": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		_, l := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.InsertGroup(ctx, w.north) })
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.InsertGroup(ctx, group(w.root, "north")) })
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.InsertUser(ctx, user(w.member.Email)) })
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error {
			again := w.member
			again.ID = licensing.MembershipID(licensing.NewID())
			return tx.InsertMembership(ctx, again)
		})
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error { return tx.InsertProduct(ctx, product("APP")) })
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error {
			return tx.InsertOffer(ctx, licensing.Offer{ID: licensing.OfferID(licensing.NewID()), Category: w.category, Product: w.product})
		})
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error {
			again := l
			again.ID = licensing.LicenseID(licensing.NewID())
			return tx.InsertLicense(ctx, again, w.offer)
		})
		raced(t, s, func(ctx context.Context, tx licensing.Tx) error {
			return tx.InsertLine(ctx, w.line(licensing.Order{ID: l.Order}, 1))
		})
	},
	"what does not exist cannot be referred to": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		err := s.Write(t.Context(), func(tx licensing.Tx) error {
			nowhere := group(licensing.Group{ID: "nowhere"}, "lost")
			return tx.InsertGroup(t.Context(), nowhere)
		})
		if err == nil || errors.Is(err, licensing.ErrRace) {
			t.Errorf("a group below none: got the error %v, want one that is no race", err)
		}
		err = s.Write(t.Context(), func(tx licensing.Tx) error {
			o := w.order(licensing.Group{ID: "nowhere"}, licensing.Customer{Name: "Bright Studio"})
			_, err := tx.InsertOrder(t.Context(), o, w.customer, w.actor())
			return err
		})
		if err == nil || errors.Is(err, licensing.ErrRace) {
			t.Errorf("an order of no group: got the error %v, want one that is no race", err)
		}
	},
	"many writers lose nothing": func(t *testing.T, s licensing.Store) {
		const writers, each = 16, 10
		write(t, s, func(tx licensing.Tx) { must(t, tx.InsertGroup(t.Context(), group(licensing.Group{}, "root"))) })
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				for range each {
					if err := s.Write(t.Context(), func(tx licensing.Tx) error { return tx.NoteLoginFailure(t.Context(), "counter") }); err != nil {
						t.Errorf("write: %v", err)
					}
				}
			})
		}
		all.Wait()
		read(t, s, func(tx licensing.Tx) {
			n, _, err := tx.LoginFailures(t.Context(), "counter")
			must(t, err)
			same(t, "counted", n, writers*each)
		})
	},
}

var clock = map[string]func(*testing.T, licensing.Store){
	"is in UTC and microseconds, and stands still": func(t *testing.T, s licensing.Store) {
		write(t, s, func(tx licensing.Tx) {
			now := tx.Now()
			if now.Wall.Nanosecond()%1000 != 0 || now.Business.Nanosecond()%1000 != 0 {
				t.Errorf("the moment is finer than microseconds: %v", now)
			}
			if now.Wall.Location().String() != "UTC" || now.Business.Location().String() != "UTC" || now.Zone.String() != "UTC" {
				t.Errorf("the moment is not in UTC: %v", now)
			}
			same(t, "business clock", now.Business, now.Wall)
			if again := tx.Now(); again != now {
				t.Errorf("a transaction has two nows: %v and %v", now, again)
			}
		})
	},
	"follows offset and zone": func(t *testing.T, s licensing.Store) {
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.SetSetting(t.Context(), "clock.offset", "8784h0m0.000001s"))
			must(t, tx.SetSetting(t.Context(), "zone", "Pacific/Auckland"))
		})
		for _, run := range []func(context.Context, func(licensing.Tx) error) error{s.Read, s.Write} {
			must(t, run(t.Context(), func(tx licensing.Tx) error {
				now := tx.Now()
				same(t, "ahead", now.Business.Sub(now.Wall).String(), "8784h0m0.000001s")
				same(t, "zone", now.Zone.String(), "Pacific/Auckland")
				same(t, "today", now.Today(), licensing.DayOf(now.Business, now.Zone))
				return nil
			}))
		}
	},
	"is an error when its settings are none": func(t *testing.T, s licensing.Store) {
		write(t, s, func(tx licensing.Tx) { must(t, tx.SetSetting(t.Context(), "zone", "Atlantis/Capital")) })
		if err := s.Read(t.Context(), func(licensing.Tx) error { return nil }); err == nil {
			t.Error("a zone that does not exist is taken")
		}
	},
	"settings keep any text": func(t *testing.T, s licensing.Store) {
		for _, text := range append(odd, long()) {
			write(t, s, func(tx licensing.Tx) { must(t, tx.SetSetting(t.Context(), "text", text)) })
			read(t, s, func(tx licensing.Tx) { same(t, "text", got[string](t)(tx.Setting(t.Context(), "text")), text) })
		}
	},
	"Empty until there is a group": func(t *testing.T, s licensing.Store) {
		write(t, s, func(tx licensing.Tx) {
			same(t, "empty", got[bool](t)(tx.Empty(t.Context())), true)
			must(t, tx.InsertGroup(t.Context(), group(licensing.Group{}, "root")))
			same(t, "empty", got[bool](t)(tx.Empty(t.Context())), false)
		})
	},
}
