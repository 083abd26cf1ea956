package usecasetest

import (
	"fmt"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
)

func (h *house) find(t testing.TB, actor licensing.Actor, in ordering.FindLicenses) []licensing.LicenseID {
	t.Helper()
	return idsOf(got[ordering.Found](t)(h.ordering.FindLicenses(t.Context(), actor, in)).Licenses...)
}

func TestFindLicenses(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, anna := h.isv(t), h.anna(t)
		a := h.create(t, anna, design()).Licenses[0]
		h.wall.advance(time.Hour)
		b := h.create(t, anna, with(suite(), func(in *ordering.CreateLicense) {
			in.Customer, in.DataFields = licensing.Customer{Number: "c-2", Name: "Kessler"}, values("externalOrderNumber", `PO-"1"<&>`)
		})).Licenses[0]
		h.wall.advance(time.Hour)
		c := h.create(t, isv, with(suite(), func(in *ordering.CreateLicense) { in.Group, in.Category = "fjord", "internal" })).Licenses[0]
		h.wall.advance(time.Hour)
		d := h.create(t, anna, event()).Licenses[0]
		h.wall.advance(time.Hour)
		h.change(t, anna, licensing.ToSuspend, a.Ticket) // at 13:00
		h.wall.advance(time.Hour)
		h.cancel(t, anna, subscriptions.Cancel{Ticket: b.Ticket}) // at 14:00
		at := func(hour int) time.Time { return time.Date(2026, 11, 21, hour, 0, 0, 0, time.UTC) }
		for name, q := range map[string]struct {
			actor licensing.Actor
			in    ordering.FindLicenses
			want  []licensing.LicenseID
		}{
			"all":                          {isv, ordering.FindLicenses{}, idsOf(d, c, b, a)},
			"anna's":                       {anna, ordering.FindLicenses{}, idsOf(d, b, a)},
			"a member's":                   {h.ben(t), ordering.FindLicenses{}, idsOf(d, b, a)},
			"staff's":                      {h.staff(t), ordering.FindLicenses{}, nil},
			"of a group":                   {isv, ordering.FindLicenses{Group: "northwind"}, idsOf(d, b, a)},
			"of a group with none":         {isv, ordering.FindLicenses{Group: "nordic"}, nil}, // Fjord, below it, has one
			"of a category":                {isv, ordering.FindLicenses{Category: "internal"}, idsOf(c)},
			"of no category":               {isv, ordering.FindLicenses{Category: "none"}, nil},
			"of a category beyond sight":   {anna, ordering.FindLicenses{Category: "internal"}, nil},
			"of a product":                 {isv, ordering.FindLicenses{Product: "AUR-SUITE"}, idsOf(c, b)},
			"of a customer":                {isv, ordering.FindLicenses{CustomerNumber: "C-1"}, idsOf(d, c, a)},
			"of a customer, any case":      {isv, ordering.FindLicenses{CustomerNumber: "C-2"}, idsOf(b)},
			"of part of a number":          {isv, ordering.FindLicenses{CustomerNumber: "C"}, nil},
			"with a data field":            {isv, ordering.FindLicenses{DataField: licensing.Value{Name: "externalOrderNumber", Value: "PO-4711"}}, idsOf(a)},
			"with odd characters":          {isv, ordering.FindLicenses{DataField: licensing.Value{Name: "externalOrderNumber", Value: `PO-"1"<&>`}}, idsOf(b)},
			"with a value in another case": {isv, ordering.FindLicenses{DataField: licensing.Value{Name: "externalOrderNumber", Value: "po-4711"}}, nil},
			"with part of a value":         {isv, ordering.FindLicenses{DataField: licensing.Value{Name: "externalOrderNumber", Value: "PO-"}}, nil},
			"with a wildcard":              {isv, ordering.FindLicenses{DataField: licensing.Value{Name: "externalOrderNumber", Value: "PO-%"}}, nil},
			"without a data field's value": {isv, ordering.FindLicenses{DataField: licensing.Value{Name: "externalOrderNumber"}}, nil},
			"suspended":                    {isv, ordering.FindLicenses{State: licensing.LicenseSuspended}, idsOf(a)},
			"active":                       {isv, ordering.FindLicenses{State: licensing.LicenseActive}, idsOf(d, c, b)},
			"revoked":                      {isv, ordering.FindLicenses{State: licensing.LicenseRevoked}, nil},
			"changed since the beginning":  {isv, ordering.FindLicenses{ChangedSince: at(9)}, idsOf(d, c, b, a)},
			"changed since noon":           {isv, ordering.FindLicenses{ChangedSince: at(12)}, idsOf(d, b, a)},
			"since it was suspended":       {isv, ordering.FindLicenses{ChangedSince: at(13)}, idsOf(b, a)},
			"right after that":             {isv, ordering.FindLicenses{ChangedSince: at(13).Add(time.Microsecond)}, idsOf(b)},
			"since it was cancelled":       {isv, ordering.FindLicenses{ChangedSince: at(14).In(time.FixedZone("east", 3600))}, idsOf(b)},
			"after everything":             {isv, ordering.FindLicenses{ChangedSince: at(15)}, nil},
			"all of it":                    {isv, ordering.FindLicenses{Group: "northwind", Category: "partner", Product: "AUR-DESIGN", CustomerNumber: "c-1", State: licensing.LicenseSuspended, ChangedSince: at(9)}, idsOf(a)},
		} {
			same(t, name, h.find(t, q.actor, q.in), q.want)
		}
		found := got[ordering.Found](t)(h.ordering.FindLicenses(t.Context(), anna, ordering.FindLicenses{}))
		for _, l := range found.Licenses {
			same(t, "no file", l.File, "")
		}
		same(t, "no next page", found.Next, "")
		for name, r := range map[string]struct {
			actor licensing.Actor
			in    ordering.FindLicenses
			code  licensing.Code
			field string
		}{
			"a group beside":        {anna, ordering.FindLicenses{Group: "nordic"}, licensing.CodeDenied, "group"},
			"a group above":         {anna, ordering.FindLicenses{Group: "aurora"}, licensing.CodeDenied, "group"},
			"a group unknown":       {anna, ordering.FindLicenses{Group: "sahara"}, licensing.CodeDenied, "group"},
			"a state unknown":       {anna, ordering.FindLicenses{State: "deleted"}, licensing.CodeInvalidRequest, "state"},
			"no page":               {anna, ordering.FindLicenses{PageSize: new(0)}, licensing.CodeInvalidRequest, "pageSize"},
			"a large page":          {anna, ordering.FindLicenses{PageSize: new(501)}, licensing.CodeInvalidRequest, "pageSize"},
			"a cursor of one's own": {anna, ordering.FindLicenses{Cursor: "x"}, licensing.CodeInvalidRequest, "cursor"},
		} {
			_, err := h.ordering.FindLicenses(t.Context(), r.actor, r.in)
			refused(t, name, err, r.code, r.field)
		}
	})
}

// TestFindPages turns pages while licenses are created.
func TestFindPages(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		var want []licensing.LicenseID
		for i := range 7 {
			l := h.create(t, anna, with(trial(), func(in *ordering.CreateLicense) { in.Customer.Number = fmt.Sprint("C-", i%2) })).Licenses[0]
			if i%2 == 0 {
				want = append([]licensing.LicenseID{l.ID}, want...)
			}
		}
		var all []licensing.LicenseID
		in := ordering.FindLicenses{CustomerNumber: "C-0", PageSize: new(1)}
		for {
			page := got[ordering.Found](t)(h.ordering.FindLicenses(t.Context(), anna, in))
			same(t, "size", len(page.Licenses), 1)
			all = append(all, idsOf(page.Licenses...)...)
			if page.Next == "" {
				break
			}
			in.Cursor = page.Next
			_, err := h.ordering.FindLicenses(t.Context(), anna, ordering.FindLicenses{CustomerNumber: "C-1", Cursor: page.Next})
			refused(t, "the cursor of another search", err, licensing.CodeInvalidRequest, "cursor")
			h.create(t, anna, with(trial(), func(in *ordering.CreateLicense) { in.Customer.Number = "C-0" }))
		}
		same(t, "each once", all, want)
	})
}
