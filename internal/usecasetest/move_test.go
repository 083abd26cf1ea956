package usecasetest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// nora is an admin of Nordic who holds what a test gives her.
func (h *house) nora(t testing.TB, actions ...licensing.Action) licensing.Actor {
	t.Helper()
	h.write(t, func(tx licensing.Tx) error {
		g, err := tx.GroupByCode(t.Context(), "nordic")
		if err != nil {
			return err
		}
		u := licensing.User{ID: licensing.UserID(licensing.NewID()), Email: "nora@nordic.example", Name: "Nora Lie", CreatedAt: tx.Now().Business}
		if err := tx.InsertUser(t.Context(), u); err != nil {
			return err
		}
		m := licensing.Membership{ID: licensing.MembershipID(licensing.NewID()), User: u.ID, Group: g.ID, Role: licensing.RoleAdmin, CreatedAt: tx.Now().Business}
		if err := tx.InsertMembership(t.Context(), m); err != nil {
			return err
		}
		for _, action := range actions {
			err := tx.InsertGrant(t.Context(), licensing.Grant{
				ID: licensing.GrantID(licensing.NewID()), Who: licensing.MemberSubject("nora@nordic.example", "nordic"), Category: "partner", Action: string(action), CreatedAt: tx.Now().Business,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return h.as(t, "nora@nordic.example", "nordic")
}

// of is an input for a group.
func of(group string) func(*ordering.CreateLicense) {
	return func(in *ordering.CreateLicense) { in.Group = group }
}

func idsOf(licenses ...licensing.License) (ids []licensing.LicenseID) {
	for _, l := range licenses {
		ids = append(ids, l.ID)
	}
	return ids
}

// sentencesOf are the sentences of problems.
func sentencesOf(err error) (all []string) {
	var many licensing.Problems
	if errors.As(err, &many) {
		for _, p := range many {
			all = append(all, p.Message)
		}
	}
	return all
}

// TestMove moves several licenses, and looks at them with the eyes of everybody.
func TestMove(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, anna, nora := h.isv(t), h.anna(t), h.nora(t)
		fjord := h.as(t, "ben@northwind.example", "fjord")
		order := h.create(t, isv, with(suite(), func(in *ordering.CreateLicense) { in.Group, in.Separate, in.Quantity = "northwind", true, new(3) }))
		stays, one, two := order.Licenses[0], order.Licenses[1], order.Licenses[2]
		in := ordering.MoveLicenses{Licenses: idsOf(two, one, two), Group: "fjord", Reason: "sold on"}
		preview := got[ordering.MovePreview](t)(h.ordering.PreviewMove(t.Context(), isv, in.Licenses, "fjord"))
		same(t, "preview", []any{len(preview.Licenses), len(preview.Refused), preview.To.Name}, []any{2, 0, "Fjord"})
		out, replayed, err := h.ordering.MoveLicenses(t.Context(), isv, "move", in)
		must(t, err)
		same(t, "answer", []any{replayed, out.Licenses, out.Group}, []any{false, 2, "fjord"})
		slices.Reverse(in.Licenses)
		_, replayed, err = h.ordering.MoveLicenses(t.Context(), isv, "move", in)
		must(t, err)
		same(t, "again, in another order", replayed, true)

		same(t, "anna sees of the order", idsOf(h.order(t, anna, order.OrderNumber).Licenses...), idsOf(stays))
		same(t, "and its tickets", h.order(t, anna, order.OrderNumber).Lines[0].Tickets, []string{stays.Ticket})
		for name, actor := range map[string]licensing.Actor{"anna": anna, "the ISV": isv} {
			way := got[licensing.OrderWay](t)(h.ordering.OrderWay(t.Context(), actor, order.OrderNumber))
			slices.SortFunc(way.Parts, func(x, y licensing.OrderPart) int { return strings.Compare(string(x.Group), string(y.Group)) })
			want := h.order(t, actor, order.OrderNumber).Way()
			slices.SortFunc(want.Parts, func(x, y licensing.OrderPart) int { return strings.Compare(string(x.Group), string(y.Group)) })
			same(t, "how far it is, to "+name, way, want)
		}
		_, err = h.ordering.OrderWay(t.Context(), fjord, order.OrderNumber)
		refused(t, "fjord asks how far it is", err, licensing.CodeNotFound, "orderNumber")
		same(t, "the ISV sees of it", len(h.order(t, isv, order.OrderNumber).Licenses), 3)
		_, err = h.ordering.LicenseByID(t.Context(), anna, one.ID)
		refused(t, "anna reads what has gone", err, licensing.CodeNotFound, "license")
		for name, actor := range map[string]licensing.Actor{"fjord": fjord, "nordic above it": nora} {
			l := got[licensing.License](t)(h.ordering.LicenseByID(t.Context(), actor, one.ID))
			same(t, name, []any{l.GroupCode, l.Customer, l.State}, []any{"fjord", bright, licensing.LicenseActive})
			_, err = h.ordering.Order(t.Context(), actor, order.OrderNumber)
			refused(t, name+" reads the order", err, licensing.CodeNotFound, "orderNumber")
			same(t, name+" lists", len(got[ordering.LicensePage](t)(h.ordering.Licenses(t.Context(), actor, licensing.LicenseFilter{})).Licenses), 2)
			customers := got[[]licensing.CustomerRow](t)(h.ordering.Customers(t.Context(), actor, "bright"))
			same(t, name+" finds the customer", []any{len(customers), customers[0].Licenses}, []any{1, 2})
			e := h.newest(t, actor, one.ID)
			same(t, name+" reads the history", []any{e.By, e.FromAbove, e.Action, e.Detail}, []any{
				"", true, "license.moved", values("from", "", "fromName", "", "to", "fjord", "toName", "Fjord", "reason", "sold on"),
			})
		}
		e := h.newest(t, isv, one.ID)
		same(t, "the ISV reads the history", e.Detail, values("from", "northwind", "fromName", "Northwind", "to", "fjord", "toName", "Fjord", "reason", "sold on"))
		same(t, "anna's customer", got[[]licensing.CustomerRow](t)(h.ordering.Customers(t.Context(), anna, "bright"))[0].Licenses, 1)
		same(t, "told", h.told(t, one.Order), []string{"orderCreated", "licenseMoved", "licenseMoved"})
		m := h.messages(t, one.Order)[1].Content
		same(t, "what is told", []any{m.FromGroup, m.Group, m.Reason}, []any{"northwind", "fjord", "sold on"})
		same(t, "files", len(h.files(t, one.ID)), 1)
		h.setBusinessDay(t, day(2027, 10, 22))
		same(t, "extended where they are", h.extendDue(t), 3)
	})
}

func TestMoveRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, anna := h.isv(t), h.anna(t)
		nora := h.nora(t, licensing.Create)
		northwind := h.create(t, isv, with(suite(), of("northwind"))).Licenses[0]
		nordic := h.create(t, isv, with(suite(), of("nordic"))).Licenses[0]
		fjord := h.create(t, isv, with(suite(), of("fjord"))).Licenses[0]
		many := make([]licensing.LicenseID, 1001)
		for i := range many {
			many[i] = licensing.LicenseID(licensing.NewID())
		}
		for name, c := range map[string]struct {
			actor licensing.Actor
			id    string
			in    ordering.MoveLicenses
			code  licensing.Code
			field string
			says  []string
		}{
			"none":                        {isv, "id", ordering.MoveLicenses{Group: "fjord", Reason: "x"}, licensing.CodeInvalidRequest, "licenses", nil},
			"too many":                    {isv, "id", ordering.MoveLicenses{Licenses: many, Group: "fjord", Reason: "x"}, licensing.CodeInvalidRequest, "licenses", nil},
			"no group":                    {isv, "id", ordering.MoveLicenses{Licenses: idsOf(nordic), Reason: "x"}, licensing.CodeInvalidRequest, "group", nil},
			"no reason":                   {isv, "id", ordering.MoveLicenses{Licenses: idsOf(nordic), Group: "fjord"}, licensing.CodeInvalidRequest, "reason", nil},
			"no request id":               {isv, "", ordering.MoveLicenses{Licenses: idsOf(nordic), Group: "fjord", Reason: "x"}, licensing.CodeInvalidRequest, "requestId", nil},
			"a group that nobody knows":   {isv, "id", ordering.MoveLicenses{Licenses: idsOf(nordic), Group: "sahara", Reason: "x"}, licensing.CodeDenied, "group", []string{`You may not move licenses to the group "sahara".`}},
			"a group beside":              {anna, "id", ordering.MoveLicenses{Licenses: idsOf(northwind), Group: "nordic", Reason: "x"}, licensing.CodeDenied, "group", []string{`You may not move licenses to the group "nordic".`}},
			"a group above":               {anna, "id", ordering.MoveLicenses{Licenses: idsOf(northwind), Group: "aurora", Reason: "x"}, licensing.CodeDenied, "group", []string{`You may not move licenses to the group "aurora".`}},
			"by a member":                 {h.ben(t), "id", ordering.MoveLicenses{Licenses: idsOf(northwind), Group: "northwind", Reason: "x"}, licensing.CodeDenied, "licenses", nil},
			"where it is already":         {isv, "id", ordering.MoveLicenses{Licenses: idsOf(nordic, fjord), Group: "fjord", Reason: "x"}, licensing.CodeConflict, "licenses", []string{fjord.Ticket[:11] + "…: it belongs to Fjord already."}},
			"without revoke, and unknown": {nora, "id", ordering.MoveLicenses{Licenses: idsOf(fjord, northwind), Group: "nordic", Reason: "x"}, "", "licenses", []string{"There is no such license within your sight.", fjord.Ticket[:11] + "…: you may not revoke in Partner, and moving needs revoke and create there."}},
		} {
			unchanged(t, h, name, func() {
				_, _, err := h.ordering.MoveLicenses(t.Context(), c.actor, c.id, c.in)
				if c.code != "" {
					refused(t, name, err, c.code, c.field)
				}
				says := sentencesOf(err)
				if says == nil && err != nil {
					says = []string{licensing.AsError(err).Message}
				}
				slices.Sort(says)
				slices.SortFunc(c.says, strings.Compare)
				if c.says != nil {
					same(t, name, says, c.says)
				}
			})
		}
		for _, l := range []licensing.License{northwind, nordic, fjord} {
			same(t, "stayed", h.license(t, l.ID).Group, l.Group)
		}
	})
}

// TestMoveManyAtOnce moves as many as one request may, there and back by two at once: all of them end in one place.
func TestMoveManyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv := h.isv(t)
		in := with(trial(), func(in *ordering.CreateLicense) { in.Group, in.Separate, in.Quantity = "northwind", true, new(60) })
		ids := idsOf(h.create(t, isv, in).Licenses...)
		done := make(chan error, 2)
		for _, group := range []string{"fjord", "nordic"} {
			go func() {
				_, _, err := h.ordering.MoveLicenses(t.Context(), isv, licensing.NewID(), ordering.MoveLicenses{Licenses: ids, Group: group, Reason: "x"})
				done <- err
			}()
		}
		must(t, errors.Join(<-done, <-done))
		where := map[string]int{}
		for _, id := range ids {
			where[h.license(t, id).GroupCode]++
		}
		if len(where) != 1 || where["northwind"] > 0 {
			t.Errorf("they are in %v", where)
		}
	})
}
