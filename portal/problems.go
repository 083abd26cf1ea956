package portal

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kontor/internal/licensing"
)

// problems is what is wrong with a form, by field.
type problems struct {
	byField map[string]string // the first sentence for each field's name in the form
	rest    []string          // what speaks of no field of the form
}

// formProblems sorts what a use case found into the fields of a form. known are their names; the use case names them
// as SOAP does, so a parameter or data field comes without its prefix. It returns false when err is no problem of
// the input.
func formProblems(ctx context.Context, err error, known []string) (problems, bool) {
	many, ok := inputProblems(err)
	return sortProblems(ctx, many, known), ok
}

// inputProblems are what is wrong with the input. It returns false when err is something else.
func inputProblems(err error) (licensing.Problems, bool) {
	var many licensing.Problems
	var one *licensing.Error
	switch {
	case errors.As(err, &many):
		return many, true
	case errors.As(err, &one) && one.Kind == licensing.Invalid && one.Code != licensing.CodeTooLarge:
		return licensing.Problems{one}, true
	}
	return nil, false
}

// sortProblems sorts them into the fields of a form.
func sortProblems(ctx context.Context, many licensing.Problems, known []string) problems {
	p := problems{byField: map[string]string{}}
	for _, e := range many {
		name, ok := fieldNamed(e, known)
		switch {
		case !ok:
			p.rest = append(p.rest, sentence(ctx, e))
		case p.byField[name] == "":
			p.byField[name] = sentence(ctx, e)
		}
	}
	return p
}

// fieldNamed finds the field of the form that an error speaks of.
func fieldNamed(e *licensing.Error, known []string) (string, bool) {
	if e.Code == licensing.CodeInvalidParameter {
		for _, prefix := range []string{parameterPrefix, dataFieldPrefix} {
			for _, name := range known {
				if name == prefix+e.Field {
					return name, true
				}
			}
		}
		return "", false
	}
	for _, name := range known {
		if name == e.Field {
			return name, true
		}
	}
	return "", false
}

// sentence is an error's sentence for a person. Days in it are written out; where no page is being shown yet, they stay as
// they are.
func sentence(ctx context.Context, e *licensing.Error) string {
	v := visitOf(ctx)
	if v == nil || v.now.Zone == nil {
		return e.Message
	}
	args, written := make([]any, len(e.Args)), false
	for i, a := range e.Args {
		args[i] = a
		if day, ok := a.(licensing.Day); ok {
			args[i], written = dayOrToday(ctx, day, v.today()), true
		}
	}
	if !written {
		return e.Message
	}
	// A sentence that says "on" before a day says nothing before "today".
	today := T(ctx, "date.today")
	return strings.ReplaceAll(fmt.Sprintf(e.Format, args...), " on "+today, " "+today)
}
