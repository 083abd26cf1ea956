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
	return &Service{runner, usecase.Held(decider)}
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

// offersOf returns the open offers of categories.
func offersOf(ctx context.Context, tx *usecase.Tx, categories []licensing.Category) ([]CategoryOffers, error) {
	offers, err := tx.OffersIn(ctx, idsOf(categories))
	if err != nil {
		return nil, err
	}
	byCategory := map[licensing.CategoryID][]licensing.Offer{}
	for _, o := range offers {
		byCategory[o.Category.ID] = append(byCategory[o.Category.ID], o)
	}
	all := make([]CategoryOffers, len(categories))
	for i, c := range categories {
		all[i] = CategoryOffers{Category: c, Offers: byCategory[c.ID]}
	}
	return all, nil
}

func idsOf(categories []licensing.Category) []licensing.CategoryID {
	ids := make([]licensing.CategoryID, len(categories))
	for i, c := range categories {
		ids[i] = c.ID
	}
	return ids
}

// Choices are names of what the actor may create, for filters and columns of lists.
type Choices struct {
	Categories []licensing.Category
	Products   []licensing.ProductName // by name
	Fields     []licensing.FieldName   // those that the actor may read
}

// Choices returns the names of what the actor may create, without any rules.
func (s *Service) Choices(ctx context.Context, actor licensing.Actor) (Choices, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (c Choices, err error) {
		if c.Categories, err = s.granted(ctx, tx); err != nil || len(c.Categories) == 0 {
			return c, err
		}
		ids := idsOf(c.Categories)
		if c.Products, err = tx.ProductNames(ctx, ids); err != nil {
			return c, err
		}
		c.Fields, err = tx.FieldNames(ctx, ids, tx.Actor.GroupIsISV)
		return c, err
	})
}

// OfferName names an offer by the codes of its category and product.
type OfferName struct{ Category, Product string }

// OffersNamed returns those of some offers that the actor may create, each once, also of products that are deactivated;
// the others are left out.
func (s *Service) OffersNamed(ctx context.Context, actor licensing.Actor, names []OfferName) ([]licensing.Offer, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (all []licensing.Offer, err error) {
		var codes []string
		for _, n := range names {
			codes = append(codes, n.Category)
		}
		slices.Sort(codes)
		may, err := s.decider.Categories(ctx, tx, tx.Actor.ID, licensing.Create, slices.Compact(codes))
		if err != nil {
			return nil, err
		}
		seen := map[OfferName]bool{}
		for _, n := range names {
			if seen[n] || !slices.Contains(may, n.Category) {
				continue
			}
			seen[n] = true
			o, err := tx.Offer(ctx, n.Category, n.Product)
			if errors.Is(err, licensing.ErrNone) {
				continue
			}
			if err != nil {
				return nil, err
			}
			all = append(all, o)
		}
		return all, nil
	})
}

// FirstOffers returns the first few offers that the actor may create, in the catalog's order.
func (s *Service) FirstOffers(ctx context.Context, actor licensing.Actor, few int) ([]licensing.Offer, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (all []licensing.Offer, err error) {
		categories, err := s.granted(ctx, tx)
		if err != nil {
			return nil, err
		}
		for _, c := range categories {
			if len(all) >= few {
				break
			}
			offers, err := tx.OffersIn(ctx, []licensing.CategoryID{c.ID})
			if err != nil {
				return nil, err
			}
			all = append(all, offers...)
		}
		return all[:min(few, len(all))], nil
	})
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

// Offer returns one offer that the actor may create. One that is unknown or not granted is denied, in the same words; of
// one whose product is deactivated the error says so.
func (s *Service) Offer(ctx context.Context, actor licensing.Actor, category, product string) (licensing.Offer, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (licensing.Offer, error) {
		d, err := s.decider.Decide(ctx, tx, tx.Actor.ID, licensing.Create, category)
		if err != nil {
			return licensing.Offer{}, err
		}
		if !d.Allowed {
			return licensing.Offer{}, licensing.OfferDenied("category", category, product)
		}
		o, err := tx.Offer(ctx, category, product)
		if errors.Is(err, licensing.ErrNone) {
			return licensing.Offer{}, licensing.OfferDenied("product", category, product)
		}
		if err != nil {
			return licensing.Offer{}, err
		}
		return o, o.Product.CheckSold()
	})
}
