package storetest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/licensing"
)

var organization = map[string]func(*testing.T, licensing.Store){
	"groups round-trip": func(t *testing.T, s licensing.Store) {
		root := group(licensing.Group{}, "root")
		all := []licensing.Group{root}
		for i, name := range append(odd, long()) {
			g := group(root, fmt.Sprint("g", i))
			g.Name = name
			all = append(all, g)
		}
		write(t, s, func(tx licensing.Tx) {
			for _, g := range all {
				must(t, tx.InsertGroup(t.Context(), g))
			}
		})
		read(t, s, func(tx licensing.Tx) {
			for _, g := range all {
				same(t, g.Code, got[licensing.Group](t)(tx.GroupByCode(t.Context(), g.Code)), g)
			}
			for _, missing := range []string{"", "ROOT", "Root", "root ", "r%", "_oot"} {
				_, err := tx.GroupByCode(t.Context(), missing)
				none(t, missing, err)
			}
		})
	},
	"times are cut to microseconds in UTC": func(t *testing.T, s licensing.Store) {
		east := time.FixedZone("east", 5*60*60+45*60)
		for i, at := range []time.Time{
			time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 21, 9, 30, 15, 999_999_999, east),
			time.Date(1970, 1, 1, 0, 0, 0, 1_000, time.UTC), time.Date(2400, 2, 29, 23, 59, 59, 999_999_000, time.UTC),
		} {
			g := group(licensing.Group{}, fmt.Sprint("g", i))
			g.CreatedAt = at
			write(t, s, func(tx licensing.Tx) { must(t, tx.InsertGroup(t.Context(), g)) })
			read(t, s, func(tx licensing.Tx) {
				back := got[licensing.Group](t)(tx.GroupByCode(t.Context(), g.Code)).CreatedAt
				if want := at.UTC().Truncate(time.Microsecond); back != want {
					t.Errorf("%v came back as %v, want %v", at, back, want)
				}
			})
		}
	},
	"what cannot be kept is not there": func(t *testing.T, s licensing.Store) {
		makeWorld(t, s)
		for _, text := range []string{"nor\x00th", "north\x00", "\xff", "\xed\xa0\x80"} {
			for what, find := range map[string]func(tx licensing.Tx) error{
				"group": func(tx licensing.Tx) error { _, err := tx.GroupByCode(t.Context(), text); return err },
				"user":  func(tx licensing.Tx) error { _, err := tx.UserByEmail(t.Context(), text); return err },
				"membership": func(tx licensing.Tx) error {
					_, err := tx.Membership(t.Context(), licensing.MembershipID(text))
					return err
				},
				"service account": func(tx licensing.Tx) error { _, err := tx.ServiceAccount(t.Context(), text); return err },
				"offer":           func(tx licensing.Tx) error { _, err := tx.Offer(t.Context(), "partner", text); return err },
				"license": func(tx licensing.Tx) error {
					_, err := tx.LicenseByID(t.Context(), licensing.LicenseID(text))
					return err
				},
				"grant":   func(tx licensing.Tx) error { _, err := tx.GrantByID(t.Context(), licensing.GrantID(text)); return err },
				"message": func(tx licensing.Tx) error { _, err := tx.Message(t.Context(), licensing.MessageID(text)); return err },
				"order":   func(tx licensing.Tx) error { _, err := tx.OrderByNumber(t.Context(), text); return err },
			} {
				none(t, fmt.Sprintf("%s %q", what, text), s.Read(t.Context(), find))
			}
		}
	},
	"sight": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		groups := map[string]licensing.GroupID{"root": w.root.ID, "north": w.north.ID, "south": w.south.ID, "ice": w.ice.ID, "none": "none"}
		below := map[string][]string{"root": {"root", "north", "south", "ice"}, "north": {"north", "ice"}, "south": {"south"}, "ice": {"ice"}}
		read(t, s, func(tx licensing.Tx) {
			for own, sees := range below {
				for target, id := range groups {
					same(t, own+" and below sees "+target, got[bool](t)(tx.InSight(t.Context(), groups[own], true, id)), slices.Contains(sees, target))
					same(t, own+" sees "+target, got[bool](t)(tx.InSight(t.Context(), groups[own], false, id)), own == target)
				}
			}
		})
	},
	"sight reaches deep down": func(t *testing.T, s licensing.Store) {
		top, leaf := deepTree(t, s, 40)
		read(t, s, func(tx licensing.Tx) {
			same(t, "down", got[bool](t)(tx.InSight(t.Context(), top.ID, true, leaf.ID)), true)
			same(t, "up", got[bool](t)(tx.InSight(t.Context(), leaf.ID, true, top.ID)), false)
		})
	},
	"users round-trip and their addresses are exact": func(t *testing.T, s licensing.Store) {
		u := user("ada@north.example")
		u.Name, u.PasswordHash = "Ada Ünal", ""
		write(t, s, func(tx licensing.Tx) { must(t, tx.InsertUser(t.Context(), u)) })
		read(t, s, func(tx licensing.Tx) {
			same(t, "user", got[licensing.User](t)(tx.UserByEmail(t.Context(), u.Email)), u)
			for _, missing := range []string{"Ada@north.example", "ada@north.exampl_", ""} {
				_, err := tx.UserByEmail(t.Context(), missing)
				none(t, missing, err)
			}
		})
	},
	"memberships round-trip": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		who := user("ben@south.example")
		second := membership(who, w.south, licensing.RoleMember)
		first := membership(who, w.root, licensing.RoleAdmin)
		first.CreatedAt = second.CreatedAt.Add(-time.Microsecond)
		second.Suspended = true
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertUser(t.Context(), who))
			must(t, tx.InsertMembership(t.Context(), second))
			must(t, tx.InsertMembership(t.Context(), first))
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "one", got[licensing.Membership](t)(tx.Membership(t.Context(), second.ID)), second)
			same(t, "the oldest first", got[[]licensing.Membership](t)(tx.MembershipsOf(t.Context(), who.ID)), []licensing.Membership{first, second})
			same(t, "of nobody", got[[]licensing.Membership](t)(tx.MembershipsOf(t.Context(), "nobody")), []licensing.Membership{})
			_, err := tx.Membership(t.Context(), "none")
			none(t, "unknown", err)
		})
	},
	"admins are active, and by name byte by byte": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		want := []string{}
		write(t, s, func(tx licensing.Tx) {
			for i, name := range []string{"zoe", "Zoe", "Äbel", "anna", "Bob", "_", "Älfric", "Abel"} {
				u := user(fmt.Sprint("u", i, "@south.example"))
				u.Name = name
				want = append(want, name)
				must(t, tx.InsertUser(t.Context(), u))
				must(t, tx.InsertMembership(t.Context(), membership(u, w.south, licensing.RoleAdmin)))
			}
			for i, m := range []licensing.Membership{{Role: licensing.RoleMember}, {Role: licensing.RoleService}, {Role: licensing.RoleAdmin, Suspended: true}} {
				u := user(fmt.Sprint("x", i, "@south.example"))
				other := membership(u, w.south, m.Role)
				other.Suspended = m.Suspended
				must(t, tx.InsertUser(t.Context(), u))
				must(t, tx.InsertMembership(t.Context(), other))
			}
		})
		slices.Sort(want)
		read(t, s, func(tx licensing.Tx) {
			var names []string
			for _, m := range got[[]licensing.Membership](t)(tx.AdminsOf(t.Context(), w.south.ID)) {
				names = append(names, m.UserName)
			}
			same(t, "admins", names, want)
		})
	},
	"service accounts keep any bytes as their secret": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		who := user("erp@root.example")
		m := membership(who, w.root, licensing.RoleService)
		secret := []byte{0, 1, 0xff, 0xfe, '\'', '\\', 0}
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertUser(t.Context(), who))
			must(t, tx.InsertMembership(t.Context(), m))
		})
		read(t, s, func(tx licensing.Tx) {
			_, err := tx.ServiceAccount(t.Context(), who.Email)
			none(t, "one without a secret", err)
		})
		var since time.Time
		write(t, s, func(tx licensing.Tx) {
			since = tx.Now().Wall
			must(t, tx.SetServiceSecret(t.Context(), m.ID, secret))
			m.Version++
			must(t, tx.SetServiceSecret(t.Context(), w.member.ID, secret))
		})
		read(t, s, func(tx licensing.Tx) {
			same(t, "account", got[licensing.ServiceAccount](t)(tx.ServiceAccount(t.Context(), who.Email)), licensing.ServiceAccount{Membership: m, Secret: secret, SecretSince: since})
			_, err := tx.ServiceAccount(t.Context(), w.member.Email)
			none(t, "a person's address", err)
		})
	},
}

// deepTree makes a chain of groups, more than any default of a role manager reaches.
func deepTree(t *testing.T, s licensing.Store, depth int) (top, leaf licensing.Group) {
	t.Helper()
	top = group(licensing.Group{}, "g0")
	leaf = top
	write(t, s, func(tx licensing.Tx) {
		must(t, tx.InsertGroup(t.Context(), top))
		for i := 1; i < depth; i++ {
			leaf = group(leaf, fmt.Sprint("g", i))
			must(t, tx.InsertGroup(t.Context(), leaf))
		}
	})
	return top, leaf
}

var logins = map[string]func(*testing.T, licensing.Store){
	"failures count in a row until forgotten": func(t *testing.T, s licensing.Store) {
		var last time.Time
		for range 3 {
			write(t, s, func(tx licensing.Tx) {
				last = tx.Now().Wall
				must(t, tx.NoteLoginFailure(t.Context(), "key"))
			})
		}
		check := func(key string, want int, wantLast time.Time) {
			t.Helper()
			read(t, s, func(tx licensing.Tx) {
				n, at, err := tx.LoginFailures(t.Context(), key)
				must(t, err)
				if n != want || at != wantLast {
					t.Errorf("%s: %d failures, the last at %v; want %d and %v", key, n, at, want, wantLast)
				}
			})
		}
		check("key", 3, last)
		check("KEY", 0, time.Time{})
		write(t, s, func(tx licensing.Tx) { must(t, tx.ForgetLoginFailures(t.Context(), "key")) })
		check("key", 0, time.Time{})
	},
	"a nonce is used once": func(t *testing.T, s licensing.Store) {
		use := func(nonce string, lives time.Duration) (fresh bool) {
			write(t, s, func(tx licensing.Tx) {
				fresh = got[bool](t)(tx.UseNonce(t.Context(), nonce, tx.Now().Wall.Add(lives)))
			})
			return fresh
		}
		same(t, "first", use("n", time.Hour), true)
		same(t, "again", use("n", time.Hour), false)
		same(t, "another case", use("N", time.Hour), true)
		same(t, "one that is over already", use("old", -time.Second), true)
		same(t, "that one again, when nobody accepts it any more", use("old", time.Hour), true)
	},
	"of many with one nonce one wins": func(t *testing.T, s licensing.Store) {
		var fresh atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				var won bool
				err := s.Write(t.Context(), func(tx licensing.Tx) (err error) {
					won, err = tx.UseNonce(t.Context(), "n", tx.Now().Wall.Add(time.Hour))
					return err
				})
				if err != nil {
					t.Errorf("write: %v", err)
				}
				if won {
					fresh.Add(1)
				}
			})
		}
		all.Wait()
		same(t, "winners", fresh.Load(), int64(1))
	},
}
