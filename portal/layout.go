package portal

import (
	"context"
	"strconv"

	"kontor/internal/licensing"
)

// actorLine is "Ben Hartmann, member".
func actorLine(ctx context.Context) string {
	m := visitOf(ctx).actor.Membership
	return T(ctx, "acting.line", "Name", m.UserName, "Role", T(ctx, "role."+roleKey(m)))
}

// roleKey names a membership's role in the language files.
func roleKey(m licensing.Membership) string {
	if m.GroupIsISV && m.Role == licensing.RoleAdmin {
		return "isvAdmin"
	}
	return string(m.Role)
}

// otherMemberships are those that the user can switch to.
func otherMemberships(ctx context.Context) []licensing.Membership {
	v := visitOf(ctx)
	var others []licensing.Membership
	for _, m := range v.memberships {
		if m.ID != v.actor.ID {
			others = append(others, m)
		}
	}
	return others
}

// inGroup is the address of a page of another group; page is a path below it, or empty for its home.
func inGroup(code, page string) string {
	if page == "" {
		return "/as/" + code
	}
	return "/as/" + code + "/" + page
}

// pressed says to a screen reader which theme is chosen.
func pressed(ctx context.Context, theme string) string {
	chosen := lookOf(ctx).theme
	return strconv.FormatBool(theme == chosen || theme == "system" && chosen == "")
}

// navItem is an entry of the sidebar's section for admins, which is named after their group.
type navItem struct {
	Name string   // of its text, "nav."+Name, and of the frame's Section on its pages
	Icon string   // of the sprite
	Path []string // below the group's address
	ISV  bool     // for ISV admins alone
}

// adminPages are the entries of that section, in their order. What is not here cannot be found by looking.
var adminPages = []navItem{
	{Name: "people", Icon: "users", Path: []string{"people"}},
	{Name: "grants", Icon: "key", Path: []string{"grants"}},
	{Name: "explain", Icon: "help-circle", Path: []string{"explain"}},
	{Name: "calls", Icon: "history", Path: []string{"calls"}},
	{Name: "integration", Icon: "code", Path: []string{"integration"}},
}

// catalogPages are the entries of the section below it, which ISV admins alone see.
var catalogPages = []navItem{
	{Name: "products", Icon: "box", Path: []string{"products"}, ISV: true},
	{Name: "categories", Icon: "category-2", Path: []string{"categories"}, ISV: true},
	{Name: "dataFields", Icon: "forms", Path: []string{"data-fields"}, ISV: true},
}

// adminNav returns the entries of a section that the visitor sees; none for who is no admin.
func adminNav(ctx context.Context, pages []navItem) []navItem {
	m := visitOf(ctx).actor.Membership
	if m.Role != licensing.RoleAdmin {
		return nil
	}
	var items []navItem
	for _, i := range pages {
		if !i.ISV || m.GroupIsISV {
			items = append(items, i)
		}
	}
	return items
}

// brandName is what stands beside the mark: the title that the group gave itself, or Kontor's name.
func brandName(ctx context.Context) string {
	if title := brandOf(ctx).Title; title != "" {
		return title
	}
	return "Kontor"
}

// brandOf is the brand of the group that one acts in; of no other, since whose pages look like above tells who is there.
func brandOf(ctx context.Context) licensing.Brand {
	if v := visitOf(ctx); v.acting() {
		return v.actor.GroupBrand
	}
	return licensing.Brand{}
}
