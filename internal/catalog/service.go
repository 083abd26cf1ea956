// Package catalog holds the use cases of categories, products and offers.
package catalog

import (
	"context"
	"errors"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Service offers the use cases.
type Service struct {
	runner  *usecase.Runner
	decider licensing.Decider
}

// New makes the service.
func New(runner *usecase.Runner, decider licensing.Decider) *Service {
	return &Service{runner, decider}
}

// CategoryOffers is a category with what can be licensed in it.
type CategoryOffers struct {
	Category licensing.Category
	Offers   []licensing.Offer
}

// Offers returns what the actor may create for a group (a code; empty: his own), in all categories or in one (a code).
// A category or group that is unknown or not granted is denied, in the same words.
func (s *Service) Offers(ctx context.Context, actor licensing.Actor, group, category string) ([]CategoryOffers, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) ([]CategoryOffers, error) {
		if err := checkGroup(ctx, tx, group); err != nil {
			return nil, err
		}
		categories, err := s.granted(ctx, tx)
		if err != nil {
			return nil, err
		}
		if category != "" {
			categories = slices.DeleteFunc(categories, func(c licensing.Category) bool { return c.Code != category })
			if len(categories) == 0 {
				return nil, licensing.DeniedError("category", "You may not license anything in the category %q.", category).Lacking(licensing.Create, category)
			}
		}
		return offersOf(ctx, tx, categories)
	})
}

// fewCategories is how many categories are asked for one by one; from there on all are read at once.
const fewCategories = 50

// offersOf returns the open offers of categories.
func offersOf(ctx context.Context, tx *usecase.Tx, categories []licensing.Category) ([]CategoryOffers, error) {
	all := make([]CategoryOffers, len(categories))
	if len(categories) > fewCategories {
		offers, err := tx.Offers(ctx)
		if err != nil {
			return nil, err
		}
		byCategory := map[licensing.CategoryID][]licensing.Offer{}
		for _, o := range offers {
			byCategory[o.Category.ID] = append(byCategory[o.Category.ID], o)
		}
		for i, c := range categories {
			all[i] = CategoryOffers{Category: c, Offers: byCategory[c.ID]}
		}
		return all, nil
	}
	for i, c := range categories {
		offers, err := tx.OffersOf(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		all[i] = CategoryOffers{Category: c, Offers: offers}
	}
	return all, nil
}

// granted returns the categories in which the actor may create, in their order. Only those are asked about that one of
// his grants names.
func (s *Service) granted(ctx context.Context, tx *usecase.Tx) ([]licensing.Category, error) {
	categories, err := tx.CategoriesNamed(ctx, tx.Actor.ID)
	if err != nil || len(categories) == 0 {
		return nil, err
	}
	codes := make([]string, len(categories))
	for i, c := range categories {
		codes[i] = c.Code
	}
	allowed, err := s.decider.Categories(ctx, tx, tx.Actor.ID, licensing.Create, codes)
	if err != nil {
		return nil, err
	}
	may := map[string]bool{}
	for _, code := range allowed {
		may[code] = true
	}
	return slices.DeleteFunc(categories, func(c licensing.Category) bool { return !may[c.Code] }), nil
}

func checkGroup(ctx context.Context, tx *usecase.Tx, code string) error {
	if code == "" || code == tx.Actor.GroupCode {
		return nil
	}
	denied := licensing.DeniedError("group", "You may not create licenses for the group %q.", code)
	g, err := tx.GroupByCode(ctx, code)
	if errors.Is(err, licensing.ErrNone) {
		return denied
	} else if err != nil {
		return err
	}
	seen, err := tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), g.ID)
	if err == nil && !seen {
		return denied
	}
	return err
}

// Offer returns one offer that the actor may create. One that is unknown or not granted is denied, in the same words.
func (s *Service) Offer(ctx context.Context, actor licensing.Actor, category, product string) (licensing.Offer, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.Offer, error) {
		denied := licensing.DeniedError("product", "You may not license the product %q in the category %q.", product, category).Lacking(licensing.Create, category)
		d, err := s.decider.Decide(ctx, tx, tx.Actor.ID, licensing.Create, category)
		if err != nil {
			return licensing.Offer{}, err
		}
		if !d.Allowed {
			return licensing.Offer{}, denied
		}
		o, err := tx.Offer(ctx, category, product)
		if errors.Is(err, licensing.ErrNone) {
			return licensing.Offer{}, denied
		}
		return o, err
	})
}
