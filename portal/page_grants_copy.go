package portal

import (
	"context"
	"net/http"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// mostFound is how many people a search of the dialog lists.
const mostFound = 8

// copyPage is the dialog that gives a member what another one holds.
type copyPage struct {
	From, To  copySide
	Result    *access.Copied // what would be given, once both are chosen
	Back      string
	RequestID string
	Problem   string
}

// copySide is one of the two people: the chosen one, or those whom a search finds.
type copySide struct {
	Name   string // of the field: "from" or "to"
	Chosen licensing.MembershipID
	Person string // whom the field names
	Query  string
	Found  []access.Party
}

func (s *site) copyDialog(v *visit) error {
	return s.showCopy(v, http.StatusOK, licensing.MembershipID(v.Query("from")), licensing.MembershipID(v.Query("to")), "")
}

// showCopy shows the dialog in front of the matrix.
func (s *site) showCopy(v *visit, status int, from, to licensing.MembershipID, problem string) error {
	q := returnTo(v)
	dialog := copyPage{
		Back: q.address(v.ctx()), RequestID: newRequestID(), Problem: problem,
		From: copySide{Name: "from", Chosen: from, Query: strings.TrimSpace(v.Query("fromQuery"))},
		To:   copySide{Name: "to", Chosen: to, Query: strings.TrimSpace(v.Query("toQuery"))},
	}
	if from != "" && to != "" {
		result, err := s.services.Grants.PreviewCopy(v.ctx(), v.actor, access.CopyGrants{From: from, To: to})
		e := licensing.AsError(err)
		switch {
		case err == nil:
			dialog.Result, dialog.From.Person, dialog.To.Person = &result, result.From.Name, result.To.Name
		case e.Kind == licensing.Invalid || e.Kind == licensing.Denied && e.Field != "":
			dialog.Problem = sentence(v.ctx(), e)
		default:
			return err
		}
	}
	for _, side := range []*copySide{&dialog.From, &dialog.To} {
		if dialog.Result != nil {
			continue
		}
		var err error
		if side.Found, err = s.findPeople(v, side.Query); err != nil {
			return err
		}
	}
	page, err := s.grantsPage(v, q)
	if err != nil {
		return err
	}
	return v.show(status, grants(page, copyAsk(dialog)))
}

// findPeople finds members and service accounts in sight by name or e-mail address.
func (s *site) findPeople(v *visit, query string) ([]access.Party, error) {
	m, err := s.services.Grants.Matrix(v.ctx(), v.actor, access.MatrixFilter{Query: query, Limit: 4 * mostFound})
	if err != nil {
		return nil, err
	}
	var found []access.Party
	for _, r := range m.Rows {
		if r.Party.Membership != "" && len(found) < mostFound {
			found = append(found, r.Party)
		}
	}
	return found, nil
}

// copyPeople answers a search of the dialog.
func (s *site) copyPeople(v *visit) error {
	name := "from"
	if v.Query("side") == "to" {
		name = "to"
	}
	found, err := s.findPeople(v, strings.TrimSpace(v.Query(name+"Query")))
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, copyFound(copySide{Name: name, Chosen: licensing.MembershipID(v.Query(name)), Found: found}))
}

// copyGrants carries it out.
func (s *site) copyGrants(v *visit) error {
	form := v.Request.PostForm
	in := access.CopyGrants{From: licensing.MembershipID(form.Get("from")), To: licensing.MembershipID(form.Get("to"))}
	_, _, err := s.services.Grants.Copy(v.ctx(), v.actor, form.Get("requestId"), in)
	if err == nil {
		return v.goTo(returnTo(v).address(v.ctx()))
	}
	if e := licensing.AsError(err); e.Kind == licensing.Invalid || e.Kind == licensing.Conflict {
		return s.showCopy(v, statusOf[e.Kind], in.From, in.To, sentence(v.ctx(), e))
	}
	return err
}

// copied is what one line copies: "create in Partner, to 31 Dec".
func copied(ctx context.Context, g access.CopiedGrant) string {
	category := g.CategoryName
	if g.Category == licensing.Any || category == "" {
		category = g.Category
	}
	text := what(ctx, g.Action, category)
	if !g.Until.IsZero() {
		text = T(ctx, "grants.to", "Text", text, "Day", dayNear(ctx, g.Until))
	}
	return text
}
