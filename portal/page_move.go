package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"kontor/internal/access"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// moveLicensesPage is what the page shows that moves licenses to another group.
type moveLicensesPage struct {
	ordering.MovePreview
	Group     field
	Reason    field
	Refusals  []string // why nothing can be moved, or was
	Summary   []problem
	Nowhere   bool // there is no other group within sight
	RequestID string
}

// moveLicensesForm shows what is chosen in the address: id once for each license, and to for a group.
func (s *site) moveLicensesForm(v *visit) error {
	return s.showMoveLicenses(v, http.StatusOK, idsIn(v.Request.URL.Query()), url.Values{"group": {v.Query("to")}}, nil)
}

func idsIn(values url.Values) []licensing.LicenseID {
	ids := make([]licensing.LicenseID, len(values["id"]))
	for i, id := range values["id"] {
		ids[i] = licensing.LicenseID(id)
	}
	return ids
}

// moveLicenses moves all of them, or shows why none was.
func (s *site) moveLicenses(v *visit) error {
	form := v.Request.PostForm
	ids := idsIn(form)
	in := ordering.MoveLicenses{Licenses: ids, Group: form.Get("group"), Reason: form.Get("reason")}
	out, _, err := s.services.Ordering.MoveLicenses(v.ctx(), v.actor, form.Get("requestId"), in)
	switch e := licensing.AsError(err); {
	case err == nil:
		next := at(v.ctx(), "licenses")
		if len(ids) == 1 {
			next = at(v.ctx(), "licenses", string(ids[0]))
		}
		return v.goTo(query(next, "moved", strconv.Itoa(out.Licenses), "to", out.Group))
	case e.Kind == licensing.Internal || e.Kind == licensing.Unavailable:
		return err
	default:
		return s.showMoveLicenses(v, statusOf[e.Kind], ids, form, err)
	}
}

// movedLicenses is what the page after a move says of it.
type movedLicenses struct {
	Count int // 0: it says nothing
	To    access.GroupName
}

// readMoved reads from the address what has just been moved. An address can be made up: it says nothing but a number that
// can be, and nothing of a group beyond sight.
func readMoved(v *visit, groups []access.GroupName) (m movedLicenses) {
	n, err := strconv.Atoi(v.Query("moved"))
	i := slices.IndexFunc(groups, func(g access.GroupName) bool { return g.Code == v.Query("to") })
	if err == nil && n > 0 && n <= ordering.MaxMoved && i >= 0 {
		m = movedLicenses{n, groups[i]}
	}
	return m
}

// showMoveLicenses shows the page with what was chosen, and what is wrong with it.
func (s *site) showMoveLicenses(v *visit, status int, ids []licensing.LicenseID, form url.Values, wrong error) error {
	preview, err := s.services.Ordering.PreviewMove(v.ctx(), v.actor, ids, "")
	if err != nil {
		return err
	}
	if len(preview.Licenses) == 0 {
		return licensing.NotFoundError("licenses", "There is no such license within your sight.")
	}
	if len(ids) == 1 && len(preview.Refused) > 0 {
		missing := licensing.Revoke
		actions, err := s.services.Ordering.Actions(v.ctx(), v.actor, ids[0])
		if err != nil {
			return err
		}
		if a, ok := actionCalled(actions, "move"); ok && len(a.Missing) > 0 {
			missing = a.Missing[0]
		}
		return notHeld(v.ctx(), preview.Licenses[0], missing)
	}
	rows, err := s.services.People.GroupNames(v.ctx(), v.actor)
	if licensing.AsError(err) != nil && licensing.AsError(err).Kind != licensing.Denied { // a member sees one group
		return err
	}
	p := moveLicensesPage{MovePreview: preview, RequestID: newRequestID(), Nowhere: len(rows) < 2}
	p.Group = field{
		Control: controlSelect, Name: "group", Label: T(v.ctx(), "moving.group"), Value: form.Get("group"), Hint: T(v.ctx(), "moving.groupHint"), Options: groupOptions(rows),
	}
	p.Reason = field{
		Control: controlText, Name: "reason", Label: T(v.ctx(), "cancel.reason"), Value: form.Get("reason"), Length: licensing.MaxReason,
		Hint: T(v.ctx(), "moving.reasonHint"), Wrong: T(v.ctx(), "field.wrongLength", "Max", licensing.MaxReason),
	}
	p.blame(v.ctx(), wrong)
	return v.show(status, moveLicensesShown(p))
}

// blame sorts what is wrong: into the fields, and above them what speaks of licenses.
func (p *moveLicensesPage) blame(ctx context.Context, wrong error) {
	var all licensing.Problems
	if !errors.As(wrong, &all) && wrong != nil {
		all = licensing.Problems{licensing.AsError(wrong)}
	}
	if wrong == nil {
		all = p.Refused
	}
	for _, e := range all {
		switch text := sentence(ctx, e); e.Field {
		case "group":
			p.Group.Error = text
		case "reason":
			p.Reason.Error = text
		default:
			p.Refusals = append(p.Refusals, text)
		}
	}
	p.Summary = summaryOf([]field{p.Group, p.Reason}, problems{})
}

// title is "Move 3 licenses", or names the one.
func (p moveLicensesPage) title(ctx context.Context) string {
	if len(p.Licenses) == 1 {
		return T(ctx, "moving.single", "Product", p.Licenses[0].ProductName, "Customer", customerName(p.Licenses[0].Customer))
	}
	return T(ctx, "moving.several", "Count", len(p.Licenses), "N", number(len(p.Licenses)))
}

// back is where one comes from.
func (p moveLicensesPage) back(ctx context.Context) string {
	if len(p.Licenses) == 1 {
		return at(ctx, "licenses", string(p.Licenses[0].ID))
	}
	return at(ctx, "licenses")
}
