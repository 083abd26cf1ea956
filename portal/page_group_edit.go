package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// groupForm is what the form shows that makes a group or changes one.
type groupForm struct {
	Group     *licensing.Group // that is changed; nil: a new one
	Path      []licensing.Group
	Parent    string // the code of the one that is chosen
	Fields    []field
	Summary   []problem
	Conflict  string // somebody else was faster
	RequestID string
	Version   string
}

// newGroup shows the form for a group below another one.
func (s *site) newGroup(v *visit) error {
	return s.showNewGroup(v, http.StatusOK, url.Values{"parent": {v.Query("below")}}, problems{})
}

func (s *site) showNewGroup(v *visit, status int, form url.Values, found problems) error {
	rows, err := s.services.People.GroupNames(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	page := groupForm{Parent: form.Get("parent"), RequestID: newRequestID()}
	parent := field{
		Control: controlSelect, Name: "parent", Label: T(v.ctx(), "group.parent"), Hint: T(v.ctx(), "group.parentHint"),
		Value: page.Parent, Error: found.byField["parent"], Options: groupOptions(rows),
	}
	if parent.Value == "" {
		parent.Value = v.actor.GroupCode
	}
	code := field{
		Control: controlText, Name: "code", Label: T(v.ctx(), "group.code"), Hint: T(v.ctx(), "group.codeHint", "Max", access.MaxGroupCode),
		Value: form.Get("code"), Error: found.byField["code"], Length: access.MaxGroupCode, Narrow: true,
		Wrong: T(v.ctx(), "field.wrongLength", "Max", access.MaxGroupCode),
	}
	rest := groupFields(v.ctx(), form, found)
	page.Fields = append([]field{parent, rest[0], code}, rest[1:]...)
	page.Summary = summaryOf(page.Fields, found)
	return v.show(status, groupFormPage(page))
}

func (s *site) createGroup(v *visit) error {
	form := v.Request.PostForm
	in := access.CreateGroup{Parent: form.Get("parent"), Code: strings.TrimSpace(form.Get("code")), GroupParticulars: readParticulars(form)}
	g, _, err := s.services.People.CreateGroup(v.ctx(), v.actor, form.Get("requestId"), in)
	if found, ok := formProblems(v.ctx(), err, append([]string{"parent", "code"}, particulars7...)); ok {
		return s.showNewGroup(v, http.StatusUnprocessableEntity, form, found)
	}
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "groups", g.Code))
}

// editGroupForm shows the form with what describes a group.
func (s *site) editGroupForm(v *visit) error {
	return s.showEditGroup(v, http.StatusOK, nil, problems{}, "")
}

// showEditGroup shows the form: as the group is, or as it was typed.
func (s *site) showEditGroup(v *visit, status int, form url.Values, found problems, conflict string) error {
	detail, err := s.services.People.Group(v.ctx(), v.actor, v.Param("code"))
	if err != nil {
		return err
	}
	g := detail.Group
	if form == nil {
		form = url.Values{
			"name": {g.Name}, "address": {g.Address}, "contactName": {g.Contact.Name}, "contactEmail": {g.Contact.Email},
			"contactPhone": {g.Contact.Phone}, "brandTitle": {g.Brand.Title}, "brandColor": {g.Brand.Color},
		}
	}
	page := groupForm{
		Group: &g, Path: detail.Path, Fields: groupFields(v.ctx(), form, found), Conflict: conflict,
		RequestID: newRequestID(), Version: strconv.Itoa(g.Version),
	}
	page.Summary = summaryOf(page.Fields, found)
	return v.show(status, groupFormPage(page))
}

func (s *site) editGroup(v *visit) error {
	form := v.Request.PostForm
	in := access.EditGroup{Code: v.Param("code"), Version: versionIn(form), GroupParticulars: readParticulars(form)}
	_, _, err := s.services.People.EditGroup(v.ctx(), v.actor, form.Get("requestId"), in)
	if found, ok := formProblems(v.ctx(), err, particulars7); ok {
		return s.showEditGroup(v, http.StatusUnprocessableEntity, form, found, "")
	}
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Conflict {
		return s.showEditGroup(v, http.StatusConflict, form, problems{}, e.Message)
	}
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "groups", in.Code))
}

// versionIn is the version that a form was shown for; one that is no number is none that there ever was.
func versionIn(form url.Values) int {
	n, err := strconv.Atoi(form.Get("version"))
	if err != nil {
		return -1
	}
	return n
}

// particulars7 are the names of the fields that describe a group.
var particulars7 = []string{"name", "address", "contactName", "contactEmail", "contactPhone", "brandTitle", "brandColor"}

func readParticulars(form url.Values) access.GroupParticulars {
	return access.GroupParticulars{
		Name: form.Get("name"), Address: strings.ReplaceAll(form.Get("address"), "\r\n", "\n"),
		ContactName: form.Get("contactName"), ContactEmail: form.Get("contactEmail"), ContactPhone: form.Get("contactPhone"),
		BrandTitle: form.Get("brandTitle"), BrandColor: form.Get("brandColor"),
	}
}

// groupFields are the fields that describe a group, the name first.
func groupFields(ctx context.Context, form url.Values, found problems) []field {
	limits := map[string]int{
		"name": access.MaxGroupName, "address": access.MaxGroupAddress, "contactName": access.MaxContact,
		"contactEmail": licensing.MaxEmail, "contactPhone": access.MaxContact, "brandTitle": access.MaxBrandTitle,
	}
	shapes := map[string]control{"address": controlArea, "contactEmail": controlEmail, "brandColor": controlColor}
	hints := map[string]string{"brandTitle": T(ctx, "group.brandTitleHint"), "brandColor": T(ctx, "group.brandColorHint")}
	var fields []field
	for _, name := range particulars7 {
		f := field{
			Control: controlText, Name: name, Label: T(ctx, "group.field."+name), Value: form.Get(name), Hint: hints[name],
			Optional: name != "name", Error: found.byField[name], Length: limits[name], Wrong: T(ctx, "field.wrongLength", "Max", limits[name]),
		}
		if shape, ok := shapes[name]; ok {
			f.Control = shape
		}
		fields = append(fields, f)
	}
	return fields
}

// groupOptions are the groups within sight to choose from, those below indented under those above.
func groupOptions(rows []access.GroupName) []licensing.Option {
	var options []licensing.Option
	for _, r := range rows {
		options = append(options, licensing.Option{Value: r.Code, Label: strings.Repeat("   ", r.Depth) + r.Name})
	}
	return options
}

// summaryOf is what stands above a form: each field that is wrong, and what is wrong elsewhere.
func summaryOf(fields []field, found problems) []problem {
	var all []problem
	for _, f := range fields {
		if f.Error != "" {
			all = append(all, problem{f.ID(), f.Label, f.Error})
		}
	}
	for _, text := range found.rest {
		all = append(all, problem{Text: text})
	}
	return all
}

// brandTitle is what stands beside the mark on the pages of a group's people.
func brandTitle(g licensing.Group) string {
	if g.Brand.Title != "" {
		return g.Brand.Title
	}
	return g.Name
}

// groupFormTitle is the page's title.
func groupFormTitle(ctx context.Context, p groupForm) string {
	if p.Group == nil {
		return T(ctx, "group.new")
	}
	return T(ctx, "group.editTitle", "Group", p.Group.Name)
}
