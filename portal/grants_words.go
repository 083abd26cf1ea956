package portal

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// rowName is how the matrix calls a holder: "Freya Lund", "Everyone in Fjord", "Fjord with all below".
func rowName(ctx context.Context, p access.Party) string {
	switch p.Kind {
	case access.PartyGroup:
		return T(ctx, "grants.everyone", "Group", p.Name)
	case access.PartyTree:
		return T(ctx, "grants.tree", "Group", p.Name)
	default:
		return partyName(ctx, p)
	}
}

// rowLine is the holder's second line: "admin, you", "its members, now and later".
func rowLine(ctx context.Context, p access.Party) string {
	switch p.Kind {
	case access.PartyGroup:
		return T(ctx, "grants.everyoneLine")
	case access.PartyTree:
		return T(ctx, "grants.treeLine")
	}
	words := []string{T(ctx, "grants.role."+string(p.Role))}
	if p.You {
		words = append(words, T(ctx, "grants.you"))
	}
	if p.Suspended {
		words = append(words, T(ctx, "grants.suspended"))
	}
	return strings.Join(words, ", ")
}

// partyName is what a party is called in a sentence: "Freya Lund", "everyone in Fjord", "somebody above".
func partyName(ctx context.Context, p access.Party) string {
	switch p.Kind {
	case access.PartyAbove:
		return T(ctx, "grants.somebodyAbove")
	case access.PartyISV:
		return lookOf(ctx).isv
	case access.PartyGroup:
		return T(ctx, "grants.everyoneIn", "Group", p.Name)
	case access.PartyTree:
		return T(ctx, "grants.tree", "Group", p.Name)
	default:
		return p.Name
	}
}

// partyShort is partyName with the first name alone, and "you".
func partyShort(ctx context.Context, p access.Party) string {
	switch {
	case p.You:
		return T(ctx, "grants.you")
	case p.Kind == access.PartyMember:
		return firstName(p.Name)
	default:
		return partyName(ctx, p)
	}
}

// ofYou is the key of a sentence about parties; about the viewer, alone or with others, it is told in another form.
func ofYou(key string, parties ...access.Party) string {
	if slices.ContainsFunc(parties, func(p access.Party) bool { return p.You }) {
		return key + "You"
	}
	return key
}

// byParty is "by you", "by Freya", "from above".
func byParty(ctx context.Context, p access.Party) string {
	switch {
	case p.Kind == access.PartyAbove || p.Kind == "":
		return T(ctx, "grants.fromAbove")
	case p.You:
		return T(ctx, "grants.byYou")
	default:
		return T(ctx, "grants.by", "Name", partyShort(ctx, p))
	}
}

// fromParty is "from you", "from Freya", "from above".
func fromParty(ctx context.Context, p access.Party) string {
	if p.Kind == access.PartyAbove || p.Kind == "" {
		return T(ctx, "grants.fromAbove")
	}
	return T(ctx, "grants.from", "Name", partyShort(ctx, p))
}

// cellText is what a cell of a holder shows beside its mark: "by Freya, to 31 Dec 2026", "via Nordic". What an ISV admin
// holds by his role, "ISV admin" tells.
func cellText(ctx context.Context, holder access.Party, c access.Cell) string {
	text := ""
	switch c.State {
	case access.CellHeld:
		text = byParty(ctx, c.From)
		if c.From.Kind == access.PartyISV && holder.Role == licensing.RoleAdmin && visitOf(ctx).actor.GroupIsISV && holder.GroupCode == visitOf(ctx).actor.GroupCode {
			text = T(ctx, "grants.isvAdmin")
		}
	case access.CellThrough:
		text = T(ctx, "grants.fromAbove")
		if c.Through.Kind != access.PartyAbove {
			text = T(ctx, "grants.via", "Group", c.Through.Name)
		}
	}
	if text != "" && !c.Until.IsZero() {
		text = T(ctx, "grants.to", "Text", text, "Day", dayNear(ctx, c.Until))
	}
	return text
}

// dayNear is "31 Dec", with the year when it is another one.
func dayNear(ctx context.Context, d licensing.Day) string {
	if d.Year == visitOf(ctx).today().Year {
		return formatDay(ctx, "date.dayMonth", d)
	}
	return dayShort(ctx, d)
}

// cellSentence reads a cell out: "Mia Solberg, create in Partner: held, by Freya".
func cellSentence(ctx context.Context, p access.Party, c access.Cell, category string) string {
	return T(ctx, "grants.cell."+string(c.State), "Who", rowName(ctx, p), "Action", string(c.Action), "Category", category, "Text", cellText(ctx, p, c))
}

// cellLook is a cell's icon and class.
func cellLook(s access.CellState) (iconName, class string) {
	switch s {
	case access.CellHeld:
		return "square-check-f", "k-has"
	case access.CellThrough:
		return "square-half", "k-via"
	case access.CellMayGive:
		return "square", "k-may"
	default:
		return "minus", "k-no"
	}
}

// what is "create in Partner"; a grant may hold for all actions, or in all categories.
func what(ctx context.Context, action, category string) string {
	if category == licensing.Any {
		category = T(ctx, "grants.anyCategory")
	}
	if action == licensing.Any {
		action = T(ctx, "grants.anyAction")
	}
	return T(ctx, "grants.what", "Action", action, "Category", category)
}

// keeps is "modify; create in Education", or "nothing".
func keeps(ctx context.Context, all []access.Keeps, category string) string {
	var texts []string
	for _, k := range all {
		actions := make([]string, len(k.Actions))
		for i, a := range k.Actions {
			actions[i] = string(a)
		}
		text := strings.Join(actions, ", ")
		if k.Category != category {
			text = T(ctx, "grants.what", "Action", text, "Category", k.CategoryName)
		}
		texts = append(texts, text)
	}
	if len(texts) == 0 {
		return T(ctx, "grants.nothing")
	}
	const shown = 3
	if more := len(texts) - shown; more > 0 {
		texts = append(texts[:shown], T(ctx, "grants.more", "Count", more))
	}
	return strings.Join(texts, "; ")
}

// partyNames is "Mia, Tor and shop"; beyond a bound "and 12 more".
func partyNames(ctx context.Context, all []access.Party) string {
	const shown = 5
	var names []string
	for _, p := range all {
		if name := partyShort(ctx, p); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if more := len(names) - shown; more > 0 {
		return T(ctx, "grants.namesMore", "Names", strings.Join(names[:shown], ", "), "N", number(more))
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return T(ctx, "grants.and", "Names", strings.Join(names[:last], ", "), "Last", names[last])
}
