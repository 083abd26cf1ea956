package usecasetest

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// join puts somebody new into a group.
func (h *house) join(t testing.TB, email, name, group string, role licensing.Role) licensing.Actor {
	t.Helper()
	h.write(t, func(tx licensing.Tx) error {
		g, err := tx.GroupByCode(t.Context(), group)
		if err != nil {
			return err
		}
		u := licensing.User{ID: licensing.UserID(licensing.NewID()), Email: email, Name: name, CreatedAt: tx.Now().Business}
		if err := tx.InsertUser(t.Context(), u); err != nil {
			return err
		}
		return tx.InsertMembership(t.Context(), licensing.Membership{ID: licensing.MembershipID(licensing.NewID()), User: u.ID, Group: g.ID, Role: role, CreatedAt: tx.Now().Business})
	})
	return h.as(t, email, group)
}

// give has somebody give one grant.
func (h *house) give(t testing.TB, by licensing.Actor, who, category, action string, until ...licensing.Day) licensing.GrantID {
	t.Helper()
	in := access.GivePermission{Who: who, Category: category, Action: action}
	if len(until) > 0 {
		in.Until = until[0]
	}
	out, _, err := h.access.Give(t.Context(), by, licensing.NewID(), in)
	must(t, err)
	return out.Grant
}

// takeBack takes a grant back as it is shown.
func (h *house) takeBack(t testing.TB, by licensing.Actor, id licensing.GrantID, hold bool) access.TakenBack {
	t.Helper()
	p := got[access.TakeBackPreview](t)(h.access.PreviewTakeBack(t.Context(), by, id))
	out, _, err := h.access.TakeBack(t.Context(), by, licensing.NewID(), access.TakeBack{Grant: id, Hold: hold, Fingerprint: p.Fingerprint})
	must(t, err)
	return out
}

// may asks whether somebody may do something, as Explain says; its answer must be the decider's.
func (h *house) may(t testing.TB, who licensing.Actor, action licensing.Action, category string) bool {
	t.Helper()
	e := got[access.Explanation](t)(h.access.Explain(t.Context(), who, access.Question{Action: action, Category: category}))
	d := got[licensing.Decision](t)(h.policies.Decide(t.Context(), nil, who.ID, action, category))
	if e.Allowed != d.Allowed {
		t.Errorf("%s in %s by %s: explained as %v, decided as %v", action, category, who.Subject(), e.Allowed, d.Allowed)
	}
	if e.Allowed && (e.Grant == nil || string(e.Grant.ID) != d.Grant && e.Grant.To.Kind != access.PartyAbove) {
		t.Errorf("%s in %s by %s: explained by %+v, decided by %s", action, category, who.Subject(), e.Grant, d.Grant)
	}
	return e.Allowed
}

func (h *house) wantMay(t testing.TB, who licensing.Actor, action licensing.Action, want bool) {
	t.Helper()
	if h.may(t, who, action, "partner") != want {
		t.Errorf("%s in partner by %s: %v, want %v", action, who.Subject(), !want, want)
	}
}

// nordics is a branch in which grants are passed on: nora, admin of nordic, holds create and modify in partner; freya is
// the admin of fjord, mia a member there, and shop its service account.
type nordics struct {
	*house
	nora, freya, mia, shop licensing.Actor
}

func newNordics(t *testing.T, h *house) nordics {
	t.Helper()
	n := nordics{house: h, freya: h.as(t, "freya@fjord.example", "fjord")}
	n.nora = h.join(t, "nora@nordic.example", "Nora Dahl", "nordic", licensing.RoleAdmin)
	n.mia = h.join(t, "mia@fjord.example", "Mia Solberg", "fjord", licensing.RoleMember)
	n.shop = h.join(t, "shop@fjord.example", "shop", "fjord", licensing.RoleService)
	for _, action := range []string{"create", "modify"} {
		h.give(t, h.isv(t), n.nora.Subject(), "partner", action)
	}
	return n
}

func TestGivingReachesAndIsBounded(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		n := newNordics(t, h)
		h.wantMay(t, n.mia, licensing.Create, false)
		h.give(t, n.nora, n.freya.Subject(), "partner", "create")
		h.give(t, n.freya, n.mia.Subject(), "partner", "create")
		h.give(t, n.nora, "group:fjord", "partner", "modify")
		for _, who := range []licensing.Actor{n.freya, n.mia} {
			h.wantMay(t, who, licensing.Create, true)
			h.wantMay(t, who, licensing.Modify, true)
			h.wantMay(t, who, licensing.Revoke, false)
		}
		h.wantMay(t, n.shop, licensing.Create, false)
		h.wantMay(t, n.shop, licensing.Modify, true)

		today := licensing.Day{Year: 2026, Month: 11, Date: 21}
		h.give(t, n.nora, n.shop.Subject(), "partner", "create", today.AddDays(10))
		for name, c := range map[string]struct {
			by    licensing.Actor
			in    access.GivePermission
			kind  licensing.Kind
			field string
		}{
			"to oneself":                  {n.nora, access.GivePermission{Who: n.nora.Subject(), Category: "partner", Action: "create"}, licensing.Invalid, "who"},
			"above":                       {n.freya, access.GivePermission{Who: n.nora.Subject(), Category: "partner", Action: "create"}, licensing.NotFound, "who"},
			"to the group above":          {n.freya, access.GivePermission{Who: "tree:nordic", Category: "partner", Action: "create"}, licensing.NotFound, "who"},
			"beside":                      {n.nora, access.GivePermission{Who: h.ben(t).Subject(), Category: "partner", Action: "create"}, licensing.NotFound, "who"},
			"to nobody":                   {n.nora, access.GivePermission{Who: "member:nobody@fjord.example/fjord", Category: "partner", Action: "create"}, licensing.NotFound, "who"},
			"to no group":                 {n.nora, access.GivePermission{Who: "group:nowhere", Category: "partner", Action: "create"}, licensing.NotFound, "who"},
			"to something else":           {n.nora, access.GivePermission{Who: "fjord", Category: "partner", Action: "create"}, licensing.NotFound, "who"},
			"what one does not hold":      {n.nora, access.GivePermission{Who: n.freya.Subject(), Category: "partner", Action: "revoke"}, licensing.Denied, "category"},
			"every action":                {n.nora, access.GivePermission{Who: n.freya.Subject(), Category: "partner", Action: "*"}, licensing.Denied, "category"},
			"every category":              {n.nora, access.GivePermission{Who: n.freya.Subject(), Category: "*", Action: "create"}, licensing.Denied, "category"},
			"another category":            {n.nora, access.GivePermission{Who: n.freya.Subject(), Category: "internal", Action: "create"}, licensing.Denied, "category"},
			"no category":                 {n.nora, access.GivePermission{Who: n.freya.Subject(), Category: "unheard-of", Action: "create"}, licensing.Denied, "category"},
			"no category, all held":       {h.isv(t), access.GivePermission{Who: n.freya.Subject(), Category: "unheard-of", Action: "create"}, licensing.Denied, "category"},
			"no action":                   {n.nora, access.GivePermission{Who: n.freya.Subject(), Category: "partner", Action: "destroy"}, licensing.Invalid, "action"},
			"a day that is past":          {n.nora, access.GivePermission{Who: n.freya.Subject(), Category: "partner", Action: "create", Until: today.AddDays(-1)}, licensing.Invalid, "until"},
			"as a member":                 {n.mia, access.GivePermission{Who: n.shop.Subject(), Category: "partner", Action: "create"}, licensing.Denied, ""},
			"as a service account":        {n.shop, access.GivePermission{Who: n.mia.Subject(), Category: "partner", Action: "create"}, licensing.Denied, ""},
			"oneself in a group below":    {h.ben(t), access.GivePermission{Who: "member:ben@northwind.example/fjord", Category: "partner", Action: "create"}, licensing.Denied, ""},
			"later than one's own, below": {n.nora, access.GivePermission{Who: n.freya.Subject(), Category: "partner", Action: "modify", Until: today.AddDays(1)}, "", ""},
		} {
			before := h.rows(t)["permission"]
			_, _, err := h.access.Give(t.Context(), c.by, licensing.NewID(), c.in)
			if c.kind == "" {
				must(t, err)
				continue
			}
			e := licensing.AsError(err)
			if e == nil || e.Kind != c.kind || e.Field != c.field {
				t.Errorf("%s: %v, want a %s error about %q", name, err, c.kind, c.field)
			}
			if after := h.rows(t)["permission"]; after != before {
				t.Errorf("%s: something was written", name)
			}
		}
		// Not granted and not there are the same words.
		say := func(category string) string {
			_, _, err := h.access.Give(t.Context(), n.nora, licensing.NewID(), access.GivePermission{Who: n.freya.Subject(), Category: category, Action: "create"})
			return strings.ReplaceAll(licensing.AsError(err).Message, category, "…")
		}
		if a, b := say("internal"), say("unheard-of"); a != b {
			t.Errorf("%q and %q", a, b)
		}
	})
}

func TestGrantsEndByTheBusinessClock(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		n := newNordics(t, h)
		today := licensing.Day{Year: 2026, Month: 11, Date: 21}
		freyas := h.give(t, n.nora, n.freya.Subject(), "partner", "create", today.AddDays(10))
		if _, _, err := h.access.Give(t.Context(), n.freya, licensing.NewID(), access.GivePermission{Who: n.mia.Subject(), Category: "partner", Action: "create", Until: today.AddDays(11)}); licensing.AsError(err) == nil || licensing.AsError(err).Field != "until" {
			t.Errorf("longer than one's own: %v", err)
		}
		mias := h.give(t, n.freya, n.mia.Subject(), "partner", "create")
		h.read(t, func(tx licensing.Tx) {
			if g := got[licensing.Grant](t)(tx.GrantByID(t.Context(), mias)); g.Until != today.AddDays(10) {
				t.Errorf("it ends on %s, want with the giver's", g.Until)
			}
		})
		out, _, err := h.access.SetEnd(t.Context(), n.nora, licensing.NewID(), access.SetEnd{Grant: freyas, Until: today.AddDays(5)})
		must(t, err)
		if out.Clipped != 1 || out.Until != today.AddDays(5) {
			t.Errorf("%+v, want one clipped", out)
		}
		must(t, h.policies.Poll(t.Context()))
		h.wantMay(t, n.mia, licensing.Create, true)
		h.setBusinessDay(t, today.AddDays(5))
		must(t, h.policies.Poll(t.Context()))
		h.wantMay(t, n.mia, licensing.Create, true)
		h.setBusinessDay(t, today.AddDays(6))
		must(t, h.policies.Poll(t.Context()))
		h.wantMay(t, n.mia, licensing.Create, false)
		h.wantMay(t, n.freya, licensing.Create, false)
		_, err = h.access.PreviewTakeBack(t.Context(), n.nora, freyas)
		if e := licensing.AsError(err); e == nil || e.Kind != licensing.NotFound {
			t.Errorf("taking back what has ended: %v", err)
		}
		// What has ended makes room for a new one, and does not come back with it.
		h.give(t, n.nora, n.freya.Subject(), "partner", "create")
		must(t, h.policies.Poll(t.Context()))
		h.wantMay(t, n.freya, licensing.Create, true)
		h.wantMay(t, n.mia, licensing.Create, false)
	})
}

func TestTakingBack(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		n := newNordics(t, h)
		chain := func() (freyas, mias licensing.GrantID) {
			freyas = h.give(t, n.nora, n.freya.Subject(), "partner", "create")
			mias = h.give(t, n.freya, n.mia.Subject(), "partner", "create")
			h.give(t, n.freya, n.shop.Subject(), "partner", "create")
			return freyas, mias
		}
		freyas, mias := chain()
		p := got[access.TakeBackPreview](t)(h.access.PreviewTakeBack(t.Context(), n.nora, freyas))
		var names []string
		for _, l := range p.Falls {
			names = append(names, strings.Repeat("  ", l.Depth)+l.Party.Name+" from "+l.From.Name)
		}
		if want := []string{"Freya Lund from Nora Dahl", "  Mia Solberg from Freya Lund", "  shop from Freya Lund"}; !slices.Equal(names, want) {
			t.Errorf("falls: %q, want %q", names, want)
		}
		if p.People != 3 || len(p.Held) != 2 || !slices.Equal(p.NobodyLeft, []string{"Fjord"}) {
			t.Errorf("%+v", p)
		}
		if out := h.takeBack(t, n.nora, freyas, false); out.Fell != 3 {
			t.Errorf("%+v, want 3 to fall", out)
		}
		must(t, h.policies.Poll(t.Context()))
		h.wantMay(t, n.freya, licensing.Create, false)
		h.wantMay(t, n.mia, licensing.Create, false)

		freyas, mias = chain()
		if out := h.takeBack(t, n.nora, freyas, true); out.Fell != 1 || out.Held != 2 {
			t.Errorf("%+v, want 1 to fall and 2 to be held", out)
		}
		must(t, h.policies.Poll(t.Context()))
		h.wantMay(t, n.freya, licensing.Create, false)
		h.wantMay(t, n.mia, licensing.Create, true)
		h.read(t, func(tx licensing.Tx) {
			if g := got[licensing.Grant](t)(tx.GrantByID(t.Context(), mias)); g.GivenBy != n.nora.ID {
				t.Errorf("given by %s, want Nora", g.GivenBy)
			}
		})
		// What somebody else supports stays.
		h.takeBack(t, n.nora, mias, false)
		freyas, mias = chain()
		h.give(t, n.nora, "tree:fjord", "partner", "create")
		if out := h.takeBack(t, n.nora, freyas, false); out.Fell != 1 {
			t.Errorf("%+v, want 1 to fall", out)
		}
		must(t, h.policies.Poll(t.Context()))
		h.wantMay(t, n.freya, licensing.Create, true)
		h.read(t, func(tx licensing.Tx) {
			if g := got[licensing.Grant](t)(tx.GrantByID(t.Context(), mias)); g.GivenBy != n.freya.ID {
				t.Errorf("given by %s, want Freya still", g.GivenBy)
			}
		})
		// Who may not.
		var noras licensing.GrantID
		h.read(t, func(tx licensing.Tx) {
			noras = got[[]licensing.Grant](t)(tx.GrantsTo(t.Context(), n.nora.Subject()))[0].ID
		})
		for name, c := range map[string]struct {
			by   licensing.Actor
			id   licensing.GrantID
			kind licensing.Kind
		}{
			"one's own":              {n.nora, noras, licensing.Denied},
			"of somebody above":      {n.freya, noras, licensing.NotFound},
			"of somebody elsewhere":  {h.anna(t), mias, licensing.NotFound},
			"one that is not there":  {n.nora, "none", licensing.NotFound},
			"a member's, as himself": {n.mia, mias, licensing.Denied},
		} {
			_, err := h.access.PreviewTakeBack(t.Context(), c.by, c.id)
			if e := licensing.AsError(err); e == nil || e.Kind != c.kind {
				t.Errorf("%s: %v, want a %s error", name, err, c.kind)
			}
		}
	})
}

func TestWhatFallsHasChangedSinceItWasShown(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		n := newNordics(t, h)
		freyas := h.give(t, n.nora, n.freya.Subject(), "partner", "create")
		p := got[access.TakeBackPreview](t)(h.access.PreviewTakeBack(t.Context(), n.nora, freyas))
		h.give(t, n.freya, n.mia.Subject(), "partner", "create")
		_, _, err := h.access.TakeBack(t.Context(), n.nora, licensing.NewID(), access.TakeBack{Grant: freyas, Fingerprint: p.Fingerprint})
		if e := licensing.AsError(err); e == nil || e.Kind != licensing.Conflict {
			t.Errorf("%v, want a conflict", err)
		}
		h.wantMay(t, n.mia, licensing.Create, true)
	})
}

func TestTwoAdminsTakeTheSameGrantBack(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		n := newNordics(t, h)
		nils := h.join(t, "nils@nordic.example", "Nils Berg", "nordic", licensing.RoleAdmin)
		h.give(t, h.isv(t), nils.Subject(), "partner", "create")
		for range 5 {
			freyas := h.give(t, n.nora, n.freya.Subject(), "partner", "create")
			p := got[access.TakeBackPreview](t)(h.access.PreviewTakeBack(t.Context(), n.nora, freyas))
			errs := make([]error, 2)
			var both sync.WaitGroup
			for i, by := range []licensing.Actor{n.nora, nils} {
				both.Go(func() {
					fingerprint := p.Fingerprint
					if i == 1 {
						if other, err := h.access.PreviewTakeBack(t.Context(), by, freyas); err == nil {
							fingerprint = other.Fingerprint
						}
					}
					_, _, errs[i] = h.access.TakeBack(t.Context(), by, licensing.NewID(), access.TakeBack{Grant: freyas, Fingerprint: fingerprint})
				})
			}
			both.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("%v and %v, want one to win", errs[0], errs[1])
			}
			for _, err := range errs {
				if e := licensing.AsError(err); e != nil && e.Kind != licensing.NotFound && e.Kind != licensing.Conflict {
					t.Errorf("the other is told %v", err)
				}
			}
		}
	})
}

func TestCopying(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		n := newNordics(t, h)
		h.give(t, n.nora, n.mia.Subject(), "partner", "create")
		h.give(t, h.isv(t), n.mia.Subject(), "internal", "create")
		h.give(t, n.nora, n.mia.Subject(), "partner", "modify")
		h.give(t, n.nora, n.shop.Subject(), "partner", "modify")
		in := access.CopyGrants{From: n.mia.ID, To: n.shop.ID}
		p := got[access.Copied](t)(h.access.PreviewCopy(t.Context(), n.nora, in))
		out, _, err := h.access.Copy(t.Context(), n.nora, licensing.NewID(), in)
		must(t, err)
		for what, c := range map[string]access.Copied{"preview": p, "copied": out} {
			if len(c.Given) != 1 || c.Given[0].Action != "create" || len(c.Has) != 1 || len(c.Left) != 1 || c.Left[0].Category != "internal" || c.Left[0].Why == "" {
				t.Errorf("%s: %+v", what, c)
			}
		}
		h.wantMay(t, n.shop, licensing.Create, true)
		if _, err := h.access.PreviewCopy(t.Context(), n.nora, access.CopyGrants{From: h.anna(t).ID, To: n.shop.ID}); licensing.AsError(err) == nil || licensing.AsError(err).Kind != licensing.NotFound {
			t.Errorf("from somebody beyond sight: %v", err)
		}
	})
}

// TestTwinsBecomeOneForTheISV holds that what a demoted ISV admin gave becomes one with what the ISV itself gave the
// same holder, and lasts as long as the longer of the two.
func TestTwinsBecomeOneForTheISV(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, anna := h.isv(t), h.anna(t)
		other := h.join(t, "ida@aurora.example", "Ida Berg", "aurora", licensing.RoleMember)
		_, _, err := h.access.SetRole(t.Context(), isv, "promote", access.ChangePerson{Membership: other.ID, Role: licensing.RoleAdmin})
		must(t, err)
		other = h.as(t, "ida@aurora.example", "aurora")
		end := licensing.DayOf(soldOn, time.UTC).AddDays(30)
		h.write(t, func(tx licensing.Tx) error {
			return tx.InsertGrant(t.Context(), licensing.Grant{
				ID: "house", Who: anna.Subject(), Category: "partner", Action: string(licensing.Revoke), Until: end, CreatedAt: tx.Now().Business,
			})
		})
		h.give(t, other, anna.Subject(), "partner", string(licensing.Revoke))
		_, _, err = h.access.SetRole(t.Context(), isv, "demote", access.ChangePerson{Membership: other.ID, Role: licensing.RoleMember})
		must(t, err)
		h.read(t, func(tx licensing.Tx) {
			var theirs []licensing.Grant
			for _, g := range got[[]licensing.Grant](t)(tx.GrantsTo(t.Context(), anna.Subject())) {
				if g.Category == "partner" && g.Action == string(licensing.Revoke) && g.GivenBy == "" {
					theirs = append(theirs, g)
				}
			}
			if len(theirs) != 1 || !theirs[0].Until.IsZero() {
				t.Errorf("she holds %+v, want one grant of the ISV that is open", theirs)
			}
		})
	})
}
