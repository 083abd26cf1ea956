package catalog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// mayEdit lets ISV admins through, and denies everybody else.
func mayEdit(a licensing.Actor) error {
	if a.GroupIsISV && a.Role == licensing.RoleAdmin {
		return nil
	}
	return licensing.DeniedError("", "You may not change what can be licensed.")
}

// edit carries out a change of the catalog for an ISV admin, once per request id.
func edit[I, O any](ctx context.Context, s *Service, actor licensing.Actor, operation, requestID string, in I,
	fn func(ctx context.Context, tx *usecase.Tx, in I) (O, error),
) (out O, replayed bool, err error) {
	if strings.TrimSpace(requestID) == "" {
		return out, false, licensing.InvalidRequest("requestId", "Enter a request id of 1 to 255 characters.")
	}
	return usecase.Run(ctx, s.runner, actor, operation, requestID, in, func(ctx context.Context, tx *usecase.Tx, in I) (out O, err error) {
		if err := mayEdit(tx.Actor); err != nil {
			return out, err
		}
		return fn(ctx, tx, in)
	})
}

// look reads for an ISV admin.
func look[O any](ctx context.Context, s *Service, actor licensing.Actor, fn func(ctx context.Context, tx *usecase.Tx) (O, error)) (O, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (out O, err error) {
		if err := mayEdit(tx.Actor); err != nil {
			return out, err
		}
		return fn(ctx, tx)
	})
}

// found turns "no such row" into an error for a person.
func found[T any](row T, err error, field, format string, args ...any) (T, error) {
	if errors.Is(err, licensing.ErrNone) {
		err = licensing.NotFoundError(field, format, args...)
	}
	return row, err
}

func categoryByCode(ctx context.Context, tx *usecase.Tx, code string) (licensing.Category, error) {
	c, err := tx.CategoryByCode(ctx, code)
	return found(c, err, "category", "There is no category %q.", code)
}

func productByCode(ctx context.Context, tx *usecase.Tx, code string) (licensing.Product, error) {
	p, err := tx.ProductByCode(ctx, code)
	return found(p, err, "product", "There is no product %q.", code)
}

func offerByCodes(ctx context.Context, tx *usecase.Tx, category, product string) (licensing.Offer, error) {
	o, err := tx.OfferOfLicense(ctx, category, product)
	return found(o, err, "product", "The product %q is not in the category %q.", product, category)
}

// versionDetail is the name under which the audit trail keeps the version that a change made.
const versionDetail = "version"

// noteChange appends to the audit trail what has changed of something, and the version that it has now.
func noteChange(ctx context.Context, tx *usecase.Tx, action, object, parent string, version int64, changes []licensing.Value) error {
	return tx.Audit(ctx, action, object, parent, append(changes, licensing.Value{Name: versionDetail, Value: strconv.FormatInt(version, 10)})...)
}

// differences are those of named texts, as the audit trail keeps them.
func differences(texts ...[3]string) (changes []licensing.Value) {
	for _, t := range texts {
		if name, from, to := t[0], t[1], t[2]; from != to {
			changes = append(changes, licensing.FromTo(name, from, to))
		}
	}
	return changes
}

// staleWords is the conflict that tells what has changed of something since a version of it was seen.
func staleWords(ctx context.Context, tx *usecase.Tx, object string, seen int64) error {
	history, err := tx.History(ctx, object)
	if err != nil {
		return err
	}
	var by string
	var said []string
	for _, e := range history {
		if made, _ := licensing.ValueOf(e.Detail, versionDetail); version(made) <= seen {
			continue
		}
		if by == "" {
			by = e.By
		}
		for _, v := range e.Detail {
			if from, to, ok := licensing.SplitFromTo(v); ok {
				said = append(said, fmt.Sprintf("%s was %s and is %s now", v.Name, quoted(from), quoted(to)))
			}
		}
	}
	if len(said) == 0 {
		return licensing.ConflictError("This changed while you edited it. Look at it as it is now, then save again.")
	}
	return licensing.ConflictError("%s changed this while you edited it: %s. Look at it, then save again.", by, strings.Join(said, "; "))
}

func version(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func quoted(s string) string {
	if s == "" {
		return "empty"
	}
	return "“" + s + "”"
}
