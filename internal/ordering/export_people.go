package ordering

import (
	"context"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// peopleSource reads the list of people, which admins alone have.
func peopleSource(e licensing.Export) (exportSource, error) {
	f, err := filterIn[licensing.PeopleFilter](e.Filter)
	return exportSource{
		count: func(ctx context.Context, tx *usecase.Tx, s licensing.Sight) (licensing.Count, error) {
			sight, err := peopleSight(ctx, tx, s, f)
			if err != nil {
				return licensing.Count{}, err
			}
			n, err := tx.CountPeople(ctx, sight, f)
			return licensing.Count{N: n}, err
		},
		page: func(ctx context.Context, tx *usecase.Tx, s licensing.Sight, after string, size int) (lines []line, next string, err error) {
			sight, err := peopleSight(ctx, tx, s, f)
			if err != nil {
				return nil, "", err
			}
			f.After, f.Limit = after, size
			rows, err := tx.ListPeople(ctx, sight, f)
			lines, next = linesOf(e.Columns, rows, func(m licensing.Membership) (licensing.GroupID, string) { return m.Group, string(m.ID) },
				func(column string, m licensing.Membership) cell { return personCell(column, m, tx.Now(), e.Words) })
			return lines, next, err
		},
	}, err
}

func peopleForAdmins() *licensing.Error {
	return licensing.DeniedError("list", "Only admins see the people of their group and the groups below it.")
}

// peopleSight narrows the sight of an admin to the group that he asked for.
func peopleSight(ctx context.Context, tx *usecase.Tx, s licensing.Sight, f licensing.PeopleFilter) (licensing.Sight, error) {
	if tx.Actor.Role != licensing.RoleAdmin {
		return s, peopleForAdmins()
	}
	if f.Group == "" {
		return s, nil
	}
	unknown := licensing.NotFoundError("group", "There is no such group within your sight.")
	g, err := tx.GroupByCode(ctx, f.Group)
	if errors.Is(err, licensing.ErrNone) {
		return s, unknown
	}
	if err != nil {
		return s, err
	}
	seen, err := tx.InSight(ctx, s.Group, s.Below, g.ID)
	if err == nil && !seen {
		err = unknown
	}
	return licensing.Sight{Group: g.ID, Below: f.Below}, err
}

func personCell(column string, m licensing.Membership, now licensing.Moment, words map[string]string) cell {
	switch column {
	case "name":
		return m.UserName
	case "email":
		return m.Email
	case "group":
		return m.GroupName
	case "role":
		return word(words, "role."+string(m.Role))
	case "state":
		if m.Suspended {
			return word(words, "person.suspended")
		}
		return word(words, "person.active")
	case "since":
		return licensing.DayOf(m.CreatedAt, now.Zone)
	default:
		return nil
	}
}
