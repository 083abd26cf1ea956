package portal

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// allowanceForm is what the form shows that holds a service account to something.
type allowanceForm struct {
	Account    licensing.Membership
	Addresses  field
	Operations choices
	Group      field
	Categories choices
	Limits     []field
	Summary    []problem
	Conflict   string // somebody else was faster
	RequestID  string
	Version    string
}

// choices are boxes of which any number is chosen.
type choices struct {
	field  // its value is not used
	Chosen []string
}

var allowanceFields = []string{"addresses", "operations", "group", "categories", "callsPerMinute", "callsPerDay", "licensesPerDay"}

func (s *site) allowanceForm(v *visit) error {
	return s.showAllowance(v, http.StatusOK, nil, problems{}, "")
}

// showAllowance shows the form: as the allowance is, or as it was typed.
func (s *site) showAllowance(v *visit, status int, form url.Values, found problems, conflict string) error {
	ctx := v.ctx()
	row, err := s.services.People.Allowance(ctx, v.actor, licensing.MembershipID(v.Param("id")))
	if err != nil {
		return err
	}
	groups, err := s.services.People.GroupNames(ctx, v.actor)
	if err != nil {
		return err
	}
	known, err := s.services.Grants.GrantCategories(ctx, v.actor)
	if err != nil {
		return err
	}
	if form == nil {
		form = url.Values{
			"addresses": {strings.Join(row.Addresses, "\n")}, "operations": row.Operations, "group": {row.Group}, "categories": row.Categories,
		}
		putLimits(form, row.Limits)
	}
	page := allowanceForm{
		Account: row.Account, Conflict: conflict, RequestID: newRequestID(), Version: strconv.Itoa(row.Account.Version),
		Addresses: field{
			Control: controlArea, Name: "addresses", Label: T(ctx, "allowance.addresses"), Hint: T(ctx, "allowance.addressesHint"), Value: form.Get("addresses"),
			Error: found.byField["addresses"], Optional: true, Length: 4000, Wrong: T(ctx, "field.wrongLength", "Max", 4000),
		},
		Operations: choices{field{
			Name: "operations", Label: T(ctx, "allowance.operations"), Hint: T(ctx, "allowance.operationsHint"), Error: found.byField["operations"], Optional: true,
			Options: operationOptions(),
		}, form["operations"]},
		Group: field{
			Control: controlSelect, Name: "group", Label: T(ctx, "allowance.group"), Hint: T(ctx, "allowance.groupHint"), Value: form.Get("group"),
			Error: found.byField["group"], Options: heldGroups(groups, row.Account.GroupCode),
		},
		Categories: choices{field{
			Name: "categories", Label: T(ctx, "allowance.categories"), Hint: T(ctx, "allowance.categoriesHint"), Error: found.byField["categories"], Optional: true,
			Options: heldCategories(known, row.Categories),
		}, form["categories"]},
	}
	if page.Group.Value == "" {
		page.Group.Value = row.Account.GroupCode
	}
	page.Limits = limitFields(ctx, form, row.House, found)
	page.Summary = summaryOf(append([]field{page.Addresses, page.Operations.field, page.Group, page.Categories.field}, page.Limits...), found)
	return v.show(status, allowanceFormPage(page))
}

func operationOptions() (all []licensing.Option) {
	for _, o := range licensing.Operations {
		all = append(all, licensing.Option{Value: o, Label: o})
	}
	return all
}

// heldCategories are those that an account can be held to: those that the admin may know of, and those that it is held to already.
func heldCategories(known []licensing.Category, held []string) (all []licensing.Option) {
	for _, c := range known {
		all = append(all, licensing.Option{Value: c.Code, Label: c.Name})
	}
	for _, code := range held {
		if !slices.ContainsFunc(all, func(o licensing.Option) bool { return o.Value == code }) {
			all = append(all, licensing.Option{Value: code, Label: code})
		}
	}
	return all
}

// heldGroups are an account's own group and those below it.
func heldGroups(all []access.GroupName, own string) []licensing.Option {
	at := slices.IndexFunc(all, func(g access.GroupName) bool { return g.Code == own })
	if at < 0 {
		return nil
	}
	end := at + 1
	for end < len(all) && all[end].Depth > all[at].Depth {
		end++
	}
	below := slices.Clone(all[at:end])
	for i := range below {
		below[i].Depth -= all[at].Depth
	}
	return groupOptions(below)
}

func (s *site) setAllowance(v *visit) error {
	form := v.Request.PostForm
	in := access.SetAllowance{Membership: licensing.MembershipID(v.Param("id")), Version: versionIn(form), Allowance: licensing.Allowance{
		Addresses: listed(form.Get("addresses")), Operations: form["operations"], Group: form.Get("group"), Categories: form["categories"],
		Limits: limitsIn(form),
	}}
	_, _, err := s.services.People.SetAllowance(v.ctx(), v.actor, form.Get("requestId"), in)
	if found, ok := formProblems(v.ctx(), err, allowanceFields); ok {
		return s.showAllowance(v, http.StatusUnprocessableEntity, form, found, "")
	}
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Conflict {
		return s.showAllowance(v, http.StatusConflict, form, problems{}, e.Message)
	}
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "people", v.Param("id")))
}

// listed are the things in a text, one a line or with commas between them.
func listed(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;\t\r\n", r) })
}

// heldTo is what the page of an account says of one part of its allowance.
func heldTo(ctx context.Context, all []string, anything string) string {
	if len(all) == 0 {
		return T(ctx, anything)
	}
	return strings.Join(all, ", ")
}

// heldGroup is the group that an account works in.
func heldGroup(ctx context.Context, a access.AllowanceRow) string {
	switch {
	case a.Group == "":
		return T(ctx, "allowance.ownGroup", "Group", a.Account.GroupName)
	case a.GroupName == "":
		return T(ctx, "allowance.goneGroup")
	default:
		return T(ctx, "allowance.oneGroup", "Group", a.GroupName)
	}
}
