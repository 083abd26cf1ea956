package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// invitations are invitations and the mails that carry them.
var invitations = map[string]func(*testing.T, licensing.Store){
	"an invitation round-trips, once open a group and address": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		i := w.invitation("mia@ice.example", 1)
		write(t, s, func(tx licensing.Tx) {
			must(t, tx.InsertMail(t.Context(), licensing.MailMessage{ID: i.Mail, Recipient: i.Email, Subject: odd[3], Text: []byte{0, 1}, NextTry: &someTime}))
			must(t, tx.InsertInvitation(t.Context(), i))
		})
		read(t, s, func(tx licensing.Tx) {
			for what, find := range map[string]func() (licensing.Invitation, error){
				"by id":    func() (licensing.Invitation, error) { return tx.Invitation(t.Context(), i.ID) },
				"by token": func() (licensing.Invitation, error) { return tx.InvitationByToken(t.Context(), i.TokenHash) },
				"open":     func() (licensing.Invitation, error) { return tx.OpenInvitation(t.Context(), i.Group, i.Email) },
			} {
				same(t, what, got[licensing.Invitation](t)(find()), i)
			}
			same(t, "in sight", got[[]licensing.PendingInvitation](t)(tx.InvitationsIn(t.Context(), w.everything(), w.root.ID, 10)), []licensing.PendingInvitation{{
				Invitation: i, InviterAdmin: true, InviterAbove: true, InviterSeen: true,
				Post: licensing.MailMessage{ID: i.Mail, State: licensing.MailWaiting, NextTry: &someTime, UpdatedAt: got[licensing.MailMessage](t)(tx.Mail(t.Context(), i.Mail)).UpdatedAt},
			}})
			same(t, "how many", got[int](t)(tx.CountInvitations(t.Context(), w.everything())), 1)
			same(t, "how many beside", got[int](t)(tx.CountInvitations(t.Context(), licensing.Sight{Group: w.south.ID, Below: true})), 0)
			same(t, "beside", len(got[[]licensing.PendingInvitation](t)(tx.InvitationsIn(t.Context(), licensing.Sight{Group: w.south.ID, Below: true}, w.root.ID, 10))), 0)
			_, err := tx.InvitationByToken(t.Context(), []byte("other"))
			none(t, "another token", err)
			_, err = tx.Invitation(t.Context(), "none")
			none(t, "unknown", err)
			_, err = tx.OpenInvitation(t.Context(), w.north.ID, i.Email)
			none(t, "into another group", err)
		})
		for what, twin := range map[string]licensing.Invitation{"a second open one": w.invitation(i.Email, 2), "the same token": w.invitation("leo@ice.example", 1)} {
			twin.Mail = ""
			if err := s.Write(t.Context(), func(tx licensing.Tx) error { return tx.InsertInvitation(t.Context(), twin) }); !errors.Is(err, licensing.ErrRace) {
				t.Errorf("%s: got the error %v, want ErrRace", what, err)
			}
		}
		i.State, i.TokenHash, i.ExpiresAt, i.Mail = licensing.InvitationWithdrawn, []byte("new"), someTime.Add(time.Hour), ""
		write(t, s, func(tx licensing.Tx) { must(t, tx.UpdateInvitation(t.Context(), i)) })
		if err := s.Write(t.Context(), func(tx licensing.Tx) error { return tx.UpdateInvitation(t.Context(), i) }); !errors.Is(err, licensing.ErrRace) {
			t.Errorf("an old version: got the error %v, want ErrRace", err)
		}
		i.Version++
		write(t, s, func(tx licensing.Tx) {
			same(t, "changed", got[licensing.Invitation](t)(tx.Invitation(t.Context(), i.ID)), i)
			same(t, "how many are open", got[int](t)(tx.CountInvitations(t.Context(), w.everything())), 0)
			same(t, "none is open", len(got[[]licensing.PendingInvitation](t)(tx.InvitationsIn(t.Context(), w.everything(), w.root.ID, 10))), 0)
			next := w.invitation(i.Email, 3) // there is room for another one
			next.InvitedBy, next.InviterName, next.Mail = "", "", ""
			must(t, tx.InsertInvitation(t.Context(), next))
			same(t, "by nobody", got[licensing.Invitation](t)(tx.Invitation(t.Context(), next.ID)), next)
		})
	},
	"a list of invitations says who invited, and how the mail is doing": func(t *testing.T, s licensing.Store) {
		w := makeWorld(t, s)
		inviter := func(email string, g licensing.Group, change func(*licensing.Membership)) licensing.Membership {
			who := user(email)
			m := membership(who, g, licensing.RoleAdmin)
			change(&m)
			write(t, s, func(tx licensing.Tx) {
				must(t, tx.InsertUser(t.Context(), who))
				must(t, tx.InsertMembership(t.Context(), m))
				must(t, tx.UpdateMembership(t.Context(), m))
			})
			return m
		}
		as := func(*licensing.Membership) {}
		by := []licensing.Membership{ // all of them into ice, which is below north
			w.member,
			inviter("root@x.example", w.root, as),
			inviter("ice@x.example", w.ice, as),
			inviter("south@x.example", w.south, as),
			inviter("off@x.example", w.north, func(m *licensing.Membership) { m.Suspended = true }),
			inviter("gone@x.example", w.north, func(m *licensing.Membership) { m.RemovedAt = someTime }),
			inviter("member@x.example", w.north, func(m *licensing.Membership) { m.Role = licensing.RoleMember }),
			{}, // whoever runs the house
		}
		write(t, s, func(tx licensing.Tx) {
			for n, m := range by {
				i := w.invitation(fmt.Sprintf("p%d@ice.example", n), byte(n))
				i.InvitedBy = m.ID
				if n%2 == 0 {
					i.Mail = ""
				} else {
					must(t, tx.InsertMail(t.Context(), licensing.MailMessage{ID: i.Mail, Recipient: i.Email, Text: []byte("secret"), NextTry: &someTime}))
				}
				must(t, tx.InsertInvitation(t.Context(), i))
			}
		})
		line := func(i licensing.PendingInvitation) string {
			yes := func(is bool, word string) string {
				if is {
					return " " + word
				}
				return ""
			}
			return i.Email[:2] + yes(i.InviterAdmin, "admin") + yes(i.InviterAbove, "above") + yes(i.InviterSeen, "seen") + yes(i.Post.State == licensing.MailWaiting, "mail") + string(i.Post.Text)
		}
		read(t, s, func(tx licensing.Tx) {
			list := func(sight licensing.Sight, reader licensing.Group, limit int) (lines []string) {
				for _, i := range got[[]licensing.PendingInvitation](t)(tx.InvitationsIn(t.Context(), sight, reader.ID, limit)) {
					lines = append(lines, line(i))
				}
				return lines
			}
			same(t, "to the root", list(w.everything(), w.root, 10), []string{
				"p7 mail", "p6 above seen", "p5 above seen mail", "p4 above seen", "p3 admin seen mail", "p2 admin above seen", "p1 admin above seen mail", "p0 admin above seen",
			})
			same(t, "to north, of one group", list(licensing.Sight{Group: w.ice.ID}, w.north, 10), []string{
				"p7 mail", "p6 above seen", "p5 above seen mail", "p4 above seen", "p3 admin mail", "p2 admin above seen", "p1 admin above mail", "p0 admin above seen",
			})
			same(t, "to ice, the newest", list(licensing.Sight{Group: w.ice.ID, Below: true}, w.ice, 6)[3:], []string{"p4 above", "p3 admin mail", "p2 admin above seen"})
		})
	},
	"a mail is claimed by one, and finished by it alone": func(t *testing.T, s licensing.Store) {
		id := licensing.MailID(licensing.NewID())
		var wall time.Time
		write(t, s, func(tx licensing.Tx) {
			wall = tx.Now().Wall
			must(t, tx.InsertMail(t.Context(), licensing.MailMessage{ID: id, Recipient: "mia@ice.example", Subject: odd[4], Text: []byte{0, 0xff}, NextTry: &wall}))
			same(t, "kept", got[licensing.MailMessage](t)(tx.Mail(t.Context(), id)), licensing.MailMessage{
				ID: id, Recipient: "mia@ice.example", Subject: odd[4], Text: []byte{0, 0xff}, State: licensing.MailWaiting, NextTry: &wall, CreatedAt: wall, UpdatedAt: wall,
			})
		})
		var all sync.WaitGroup
		claims := make([]error, 6)
		for i := range claims {
			all.Go(func() {
				for claims[i] = licensing.ErrRace; errors.Is(claims[i], licensing.ErrRace); {
					claims[i] = s.Write(t.Context(), func(tx licensing.Tx) error {
						_, err := tx.ClaimMail(t.Context(), id, wall.Add(time.Hour))
						return err
					})
				}
			})
		}
		all.Wait()
		won := 0
		for _, err := range claims {
			if err == nil {
				won++
			} else {
				none(t, "the others", err)
			}
		}
		same(t, "who claimed it", won, 1)
		write(t, s, func(tx licensing.Tx) {
			same(t, "overdue before it is lost", got[[]licensing.MailID](t)(tx.OverdueMails(t.Context(), wall.Add(time.Hour), 10)), []licensing.MailID{})
			same(t, "overdue after", got[[]licensing.MailID](t)(tx.OverdueMails(t.Context(), wall.Add(time.Hour+time.Second), 10)), []licensing.MailID{id})
			m := got[licensing.MailMessage](t)(tx.Mail(t.Context(), id))
			same(t, "tries", m.Tries, 1)
			stale := m
			stale.Tries = 0
			none(t, "finishing another try", tx.FinishMail(t.Context(), stale))
			m.State, m.LastError, m.NextTry = licensing.MailFailed, odd[3], nil
			must(t, tx.FinishMail(t.Context(), m))
			none(t, "finishing twice", tx.FinishMail(t.Context(), m))
			m.UpdatedAt = tx.Now().Wall
			same(t, "finished", got[licensing.MailMessage](t)(tx.Mail(t.Context(), id)), m)
			_, err := tx.ClaimMail(t.Context(), id, wall)
			none(t, "claiming a finished one", err)
			_, err = tx.Mail(t.Context(), "none")
			none(t, "unknown", err)
		})
	},
}

// invitation is one into ice, not yet written; n makes its token.
func (w world) invitation(email string, n byte) licensing.Invitation {
	return licensing.Invitation{
		ID: licensing.InvitationID(licensing.NewID()), Group: w.ice.ID, GroupCode: w.ice.Code, GroupName: w.ice.Name, Email: email, Role: licensing.RoleMember,
		InvitedBy: w.member.ID, InviterName: w.member.UserName, TokenHash: []byte{0, 0xff, n}, State: licensing.InvitationOpen, CreatedAt: someTime,
		ExpiresAt: someTime.Add(time.Hour), Version: 1, Mail: licensing.MailID(licensing.NewID()),
	}
}
