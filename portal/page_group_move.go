package portal

import (
	"context"
	"net/http"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// moveAsk is what the dialog shows that moves a group: first where to, then what changes.
type moveAsk struct {
	Group   licensing.Group
	Targets []licensing.Option  // where it can go
	To      string              // the code that was chosen
	Preview *access.MovePreview // nil while nothing is chosen
	Names   map[string]string   // of groups within sight, by code
	Known   map[string]string   // names of categories, by code
	Problem string
	Request string
}

// moveDialog asks where a group shall go, and with an answer whether what that changes is wanted. Dropping a group in
// the tree leads to the second question at once.
func (s *site) moveDialog(v *visit) error {
	return s.showMove(v, http.StatusOK, v.Query("to"), "")
}

func (s *site) showMove(v *visit, status int, to, problem string) error {
	page, err := s.groupView(v)
	if err != nil {
		return err
	}
	if !page.CanMove {
		return licensing.DeniedError("", "%s", T(v.ctx(), "move.notYours", "Group", page.Group.Name))
	}
	rows, err := s.services.People.GroupNames(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	dialog := moveAsk{Group: page.Group, To: to, Problem: problem, Request: newRequestID(), Targets: moveTargets(rows, page.Group), Names: map[string]string{}, Known: map[string]string{}}
	for _, r := range rows {
		dialog.Names[r.Code] = r.Name
	}
	categories, err := s.services.Grants.GrantCategories(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	for _, c := range categories {
		dialog.Known[c.Code] = c.Name
	}
	if to != "" {
		preview, err := s.services.People.PreviewMove(v.ctx(), v.actor, access.MoveGroup{Code: page.Group.Code, Under: to})
		switch found, ok := formProblems(v.ctx(), err, []string{"under"}); {
		case ok:
			dialog.Problem, status = firstProblem(found), http.StatusUnprocessableEntity
		case err != nil:
			return err
		default:
			dialog.Preview = &preview
		}
	}
	return v.show(status, groupShown(page, moveDialogBox(dialog)))
}

// firstProblem is the first thing that is wrong.
func firstProblem(p problems) string {
	for _, text := range p.byField {
		return text
	}
	return strings.Join(p.rest, " ")
}

// moveTargets are the groups that one can go below: not itself, nothing below it, and not where it is.
func moveTargets(rows []access.GroupName, g licensing.Group) []licensing.Option {
	var allowed []access.GroupName
	above := "" // what it lies below
	for _, r := range rows {
		if r.Code == g.Code {
			above = r.Parent
		}
	}
	inside := -1 // the depth of the group while its own are walked over
	for _, r := range rows {
		if inside >= 0 && r.Depth > inside {
			continue
		}
		inside = -1
		if r.Code == g.Code {
			inside = r.Depth
			continue
		}
		if r.Code != above {
			allowed = append(allowed, r)
		}
	}
	return groupOptions(allowed)
}

// moveGroup carries it out. When what it changes is different from what was shown, it asks again.
func (s *site) moveGroup(v *visit) error {
	form := v.Request.PostForm
	in := access.MoveGroup{Code: v.Param("code"), Under: form.Get("under"), Preview: form.Get("preview")}
	_, _, err := s.services.People.MoveGroup(v.ctx(), v.actor, form.Get("requestId"), in)
	e := licensing.AsError(err)
	switch {
	case err == nil:
		return v.goTo(at(v.ctx(), "groups", in.Code))
	case e.Kind == licensing.Conflict:
		return s.showMove(v, http.StatusConflict, in.Under, e.Message)
	case e.Kind == licensing.Invalid:
		return s.showMove(v, http.StatusUnprocessableEntity, "", e.Message)
	default:
		return err
	}
}

// whoOf is a grant's holder for a person: "ben@northwind.example", "everyone in Fjord". Who is beyond sight is not
// named.
func (a moveAsk) whoOf(ctx context.Context, who string) string {
	kind, name, _ := strings.Cut(who, ":")
	switch kind {
	case "member":
		email, _, _ := strings.Cut(name, "/")
		return email
	case "group", "tree":
		if group, ok := a.Names[name]; ok {
			return T(ctx, "move.who."+kind, "Group", group)
		}
	}
	return T(ctx, "move.who.above")
}

// grantText is "create in partner"; all of something is said in words.
func (a moveAsk) grantText(ctx context.Context, g licensing.Grant) string {
	action, category := g.Action, g.Category
	if name, ok := a.Known[category]; ok {
		category = name
	}
	if action == licensing.Any {
		action = T(ctx, "move.everyAction")
	}
	if category == licensing.Any {
		category = T(ctx, "move.everyCategory")
	}
	return T(ctx, "move.grant", "Action", action, "Category", category)
}

// seenBy is "Nordic (Nora Dahl)" for each group that sees or no longer sees what moves.
func seenBy(ctx context.Context, all []access.SeenBy) string {
	var texts []string
	for _, s := range all {
		var names []string
		for _, m := range s.Admins {
			names = append(names, m.UserName)
		}
		if len(names) == 0 {
			texts = append(texts, s.Group.Name)
		} else {
			texts = append(texts, T(ctx, "move.seenBy", "Group", s.Group.Name, "Names", strings.Join(names, ", ")))
		}
	}
	return strings.Join(texts, "; ")
}
