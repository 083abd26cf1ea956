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
