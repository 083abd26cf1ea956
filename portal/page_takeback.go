package portal

import (
	"context"
	"net/http"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// takeBackPage is the dialog that takes a grant back: who would lose it, and what becomes of what was passed on.
type takeBackPage struct {
	access.TakeBackPreview
	Back      string // the address of the matrix behind it
	RequestID string
	Hold      bool
	Changed   string // why it is shown again
}

// takeBackDialog shows what falls, in front of the matrix.
func (s *site) takeBackDialog(v *visit) error {
	return toGrants(v, s.showTakeBack(v, http.StatusOK, licensing.GrantID(v.Query("grant")), takeBackPage{}))
}

// toGrants lets the page of an error lead back to the matrix.
func toGrants(v *visit, err error) error {
	return withWay(err, returnTo(v).address(v.ctx()), T(v.ctx(), "takeBack.back"))
}

func (s *site) showTakeBack(v *visit, status int, grant licensing.GrantID, dialog takeBackPage) error {
	preview, err := s.services.Grants.PreviewTakeBack(v.ctx(), v.actor, grant)
	if err != nil {
		return err
	}
	q := returnTo(v)
	page, err := s.grantsPage(v, q)
	if err != nil {
		return err
	}
	if page.Panel, err = s.grantPanel(v, q); err != nil {
		return err
	}
	dialog.TakeBackPreview, dialog.Back, dialog.RequestID = preview, q.address(v.ctx()), newRequestID()
	return v.show(status, grants(page, takeBackAsk(dialog)))
}

// takeBack carries it out. What was shown holds: when something else would fall by now, it asks again.
func (s *site) takeBack(v *visit) error {
	form := v.Request.PostForm
	in := access.TakeBack{Grant: licensing.GrantID(form.Get("grant")), Hold: form.Get("passed") == "hold", Fingerprint: form.Get("fingerprint")}
	_, _, err := s.services.Grants.TakeBack(v.ctx(), v.actor, form.Get("requestId"), in)
	if err == nil {
		return v.goTo(returnTo(v).address(v.ctx()) + "#panel")
	}
	if e := licensing.AsError(err); e.Kind == licensing.Conflict {
		again := s.showTakeBack(v, http.StatusConflict, in.Grant, takeBackPage{Hold: in.Hold, Changed: sentence(v.ctx(), e)})
		if e := licensing.AsError(again); e == nil || e.Kind != licensing.NotFound {
			return again
		}
	}
	return toGrants(v, err)
}

// lost are those who lose something, without those who can do the same by another grant.
func (p takeBackPage) lost() int {
	n := 0
	for _, f := range p.Falls {
		if !f.Still {
			n++
		}
	}
	return n
}

// category is what the grant's category is called.
func (p takeBackPage) category() string {
	if p.Category == licensing.Any || p.CategoryName == "" {
		return p.Category
	}
	return p.CategoryName
}

// what is "create in Partner".
func (p takeBackPage) what(ctx context.Context) string { return what(ctx, p.Action, p.category()) }

// possessive chooses between singular and plural of whom it is taken from.
func (p takeBackPage) passedOn() int { return len(p.Falls) - 1 + len(p.Stays) }

// kept reports whether somebody keeps it when the actor holds it himself.
func (p takeBackPage) kept(who access.Party) bool {
	for _, h := range p.Held {
		if h.Who == who.Who {
			return true
		}
	}
	return false
}

// accounts are the service accounts that lose it: what they send is denied from then on.
func (p takeBackPage) accounts() []access.Party {
	var all []access.Party
	for _, f := range p.Falls {
		if f.Party.Kind == access.PartyService && !f.Still {
			all = append(all, f.Party)
		}
	}
	return all
}

// loses is what one line loses when that is not what the whole dialog is about.
func (p takeBackPage) loses(ctx context.Context, f access.Loss) string {
	if f.Category == p.Category && f.Action == p.Action {
		return ""
	}
	return what(ctx, f.Action, f.Category)
}
