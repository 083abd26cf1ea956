package catalog

import (
	"context"
	"errors"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// sortStep is what happens to one product in one category.
type sortStep struct {
	category licensing.Category
	product  licensing.Product
	offer    licensing.Offer // that there is, or shall be: without an id there is none yet
	out      bool
}

// PreviewSort says what SortProducts would do.
func (s *Service) PreviewSort(ctx context.Context, actor licensing.Actor, in SortProducts) (out Sorted, err error) {
	return look(ctx, s, actor, func(ctx context.Context, tx *usecase.Tx) (Sorted, error) {
		_, sorted, err := planSort(ctx, tx, in)
		return sorted, err
	})
}

// SortProducts sorts products into categories and out of them, all or nothing.
func (s *Service) SortProducts(ctx context.Context, actor licensing.Actor, requestID string, in SortProducts) (out Sorted, replayed bool, err error) {
	return edit(ctx, s, actor, "SortProducts", requestID, in, func(ctx context.Context, tx *usecase.Tx, in SortProducts) (Sorted, error) {
		steps, sorted, err := planSort(ctx, tx, in)
		if err != nil {
			return sorted, err
		}
		for _, step := range steps {
			if err := step.do(ctx, tx); err != nil {
				return sorted, err
			}
		}
		return sorted, nil
	})
}

// do opens or closes one offer.
func (step sortStep) do(ctx context.Context, tx *usecase.Tx) error {
	o, action := step.offer, "offer.opened"
	if o.ID == "" {
		o.ID = licensing.OfferID(licensing.NewID())
		o.Category, o.Product = step.category, step.product
		if err := tx.InsertOffer(ctx, o); err != nil {
			return err
		}
		o.Version = 1
	} else {
		if o.Closed = step.out; step.out {
			action = "offer.closed"
		}
		if err := tx.UpdateOffer(ctx, o); err != nil {
			return err
		}
		o.Version++
	}
	if err := tx.NoteOfferVersion(ctx, o.ID, tx.Actor); err != nil {
		return err
	}
	return noteChange(ctx, tx, action, string(o.ID), string(step.category.ID), o.Version,
		[]licensing.Value{{Name: "product", Value: step.product.Code}, {Name: "category", Value: step.category.Code}})
}

// planSort finds what SortProducts has to do, and refuses what it cannot.
func planSort(ctx context.Context, tx *usecase.Tx, in SortProducts) (steps []sortStep, sorted Sorted, err error) {
	in.Products, in.In, in.Out = unique(in.Products), unique(in.In), unique(in.Out)
	if err := checkSort(in); err != nil {
		return nil, sorted, err
	}
	var problems licensing.Problems
	products := make([]licensing.Product, 0, len(in.Products))
	for _, code := range in.Products {
		p, err := productByCode(ctx, tx, code)
		if err := missing(&problems, "products", err); err != nil {
			return nil, sorted, err
		}
		products = append(products, p)
	}
	var from map[string]licensing.Offer
	if in.RulesFrom != "" {
		c, err := categoryByCode(ctx, tx, in.RulesFrom)
		if err := missing(&problems, "rulesFrom", err); err != nil {
			return nil, sorted, err
		}
		if from, err = tx.OfferStates(ctx, c.ID); err != nil {
			return nil, sorted, err
		}
	}
	begin := newBeginnings(from)
	for _, side := range []struct {
		field string
		codes []string
		out   bool
	}{{"in", in.In, false}, {"out", in.Out, true}} {
		for _, code := range side.codes {
			c, err := categoryByCode(ctx, tx, code)
			if err := missing(&problems, side.field, err); err != nil {
				return nil, sorted, err
			}
			if len(problems) > 0 {
				continue
			}
			more, err := planCategory(ctx, tx, c, products, side.out, begin, &sorted)
			if err != nil {
				return nil, sorted, err
			}
			steps = append(steps, more...)
		}
	}
	return steps, sorted, problems.OrNil()
}

func checkSort(in SortProducts) error {
	switch {
	case len(in.Products) == 0:
		return licensing.Problems{licensing.InvalidRequest("products", "Choose at least one product.")}
	case len(in.In)+len(in.Out) == 0:
		return licensing.Problems{licensing.InvalidRequest("in", "Choose at least one category.")}
	case len(in.Products)*(len(in.In)+len(in.Out)) > MaxSorted:
		return licensing.Problems{licensing.InvalidRequest("products", "Choose fewer: at most %d offers can change at once.", MaxSorted)}
	}
	for _, code := range in.In {
		if slices.Contains(in.Out, code) {
			return licensing.Problems{licensing.InvalidRequest("out", "The category %q cannot be both.", code)}
		}
	}
	return nil
}

// missing puts what does not exist next to the field that named it, and returns every other error.
func missing(problems *licensing.Problems, field string, err error) error {
	if e := (*licensing.Error)(nil); errors.As(err, &e) && e.Kind == licensing.NotFound {
		problems.Add(licensing.InvalidRequest(field, e.Format, e.Args...))
		return nil
	}
	return err
}

func unique(codes []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(codes), func(code string) bool {
		defer func() { seen[code] = true }()
		return seen[code]
	})
}

// planCategory finds what happens to products in one category.
func planCategory(ctx context.Context, tx *usecase.Tx, c licensing.Category, products []licensing.Product, out bool, begin *beginnings,
	sorted *Sorted,
) (steps []sortStep, err error) {
	states, err := tx.OfferStates(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range products {
		o, exists := states[p.Code]
		switch {
		case out && exists && !o.Closed:
			n, err := tx.LiveLicenses(ctx, c.ID, p.ID)
			if err != nil {
				return nil, err
			}
			sorted.Closed++
			sorted.Licenses += n
		case !out && exists && o.Closed:
			sorted.Opened++
		case !out && !exists:
			sorted.Opened++
		default:
			sorted.Same++
			continue
		}
		step := sortStep{category: c, product: p, offer: o, out: out}
		if !exists {
			if step.offer, err = begin.offer(ctx, tx, p); err != nil {
				return nil, err
			}
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// beginnings are the rules and narrowings with which new offers begin.
type beginnings struct {
	from map[string]licensing.Offer // by the product's code
	kept map[licensing.ProductID]licensing.Offer
}

func newBeginnings(from map[string]licensing.Offer) *beginnings {
	return &beginnings{from, map[licensing.ProductID]licensing.Offer{}}
}

// offer has the rules and the narrowing of the category to take them from, or is as wide as the product allows. Where a
// product does not say what there is to choose, its rules are those of another of its offers.
func (b *beginnings) offer(ctx context.Context, tx *usecase.Tx, p licensing.Product) (licensing.Offer, error) {
	if o, ok := b.kept[p.ID]; ok {
		return o, nil
	}
	o := licensing.Offer{Narrowing: b.from[p.Code].Narrowing}
	candidates := []map[string]licensing.Rule{}
	if o, ok := b.from[p.Code]; ok {
		candidates = append(candidates, o.Rules)
	}
	widest := map[string]licensing.Rule{}
	for _, def := range p.Parameters {
		widest[def.Name] = licensing.WidestRule(def)
	}
	candidates = append(candidates, widest)
	others, err := tx.OffersOfProduct(ctx, p.ID)
	if err != nil {
		return o, err
	}
	for _, other := range others {
		candidates = append(candidates, other.Rules)
	}
	for _, rules := range candidates {
		if o.Rules, err = licensing.CheckRules(p, rules); err == nil {
			b.kept[p.ID] = o
			return o, nil
		}
	}
	return o, licensing.InvalidRequest("products", "%s does not say yet what its selections offer. Give them values first.", p.Name)
}

// MoveOffer changes the order of a category's offers.
func (s *Service) MoveOffer(ctx context.Context, actor licensing.Actor, requestID string, in Place) (out Done, replayed bool, err error) {
	return edit(ctx, s, actor, "MoveOffer", requestID, in, func(ctx context.Context, tx *usecase.Tx, in Place) (Done, error) {
		o, err := offerByCodes(ctx, tx, in.Category, in.Code)
		if err != nil {
			return Done{}, err
		}
		var before licensing.Offer
		if in.Before != "" {
			if before, err = offerByCodes(ctx, tx, in.Category, in.Before); err != nil {
				return Done{}, err
			}
		}
		if err := tx.PlaceOffer(ctx, o.Category.ID, o.ID, before.ID); err != nil {
			return Done{}, err
		}
		return Done{}, tx.Audit(ctx, "offer.moved", string(o.ID), string(o.Category.ID), licensing.Value{Name: "before", Value: before.Product.Name})
	})
}
