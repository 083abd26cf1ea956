package calls

import (
	"context"
	"html"
	"regexp"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// blanked stands where a hidden value was.
const blanked = "(hidden)"

// A parameter or data field of an envelope, by the contract's order and, in a request that was refused, by the other.
var (
	nameFirst  = regexp.MustCompile(`(<(?:\w+:)?name(?: [^<>]*)?>)([^<>]*)(</(?:\w+:)?name>\s*<(?:\w+:)?value(?: [^<>]*)?>)([^<>]*)(</)`)
	valueFirst = regexp.MustCompile(`(<(?:\w+:)?value(?: [^<>]*)?>)([^<>]*)(</(?:\w+:)?value>\s*<(?:\w+:)?name(?: [^<>]*)?>)([^<>]*)(</)`)
)

// Veiled takes out of a text of XML, in which each element may begin a line, the values of parameters and data fields that
// pages show to the ISV's group alone. It goes by names: one that is hidden in some offer is hidden in every envelope.
func (s *Service) Veiled(ctx context.Context, actor licensing.Actor, text string) (string, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (string, error) {
		hidden, err := hiddenNames(ctx, tx)
		return withoutValues(text, hidden), err
	})
}

// hiddenNames are the names of what is hidden somewhere from the actor.
func hiddenNames(ctx context.Context, tx *usecase.Tx) ([]string, error) {
	if tx.Actor.GroupIsISV {
		return nil, nil
	}
	names, err := tx.HiddenParameters(ctx)
	if err != nil {
		return nil, err
	}
	fields, err := tx.DataFields(ctx)
	for _, f := range fields {
		if f.Hidden {
			names = append(names, f.Name)
		}
	}
	return names, err
}

func withoutValues(text string, hidden []string) string {
	if len(hidden) == 0 {
		return text
	}
	blank := func(pair *regexp.Regexp, name, value int) {
		text = pair.ReplaceAllStringFunc(text, func(found string) string {
			parts := pair.FindStringSubmatch(found)
			if slices.Contains(hidden, html.UnescapeString(parts[name])) {
				parts[value] = blanked
			}
			return parts[1] + parts[2] + parts[3] + parts[4] + parts[5]
		})
	}
	blank(nameFirst, 2, 4)
	blank(valueFirst, 4, 2)
	return text
}
