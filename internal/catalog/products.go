package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ManagedProducts returns products.
func (s *Service) ManagedProducts(ctx context.Context, actor licensing.Actor, f ProductFilter) (out ProductPage, err error) {
	return look(ctx, s, actor, func(ctx context.Context, tx *usecase.Tx) (page ProductPage, err error) {
		f.Limit = pageSize(f.Limit) + 1
		if page.Products, err = tx.ListProducts(ctx, f); err != nil {
			return page, err
		}
		if most := f.Limit - 1; len(page.Products) > most {
			page.Products = page.Products[:most]
			page.Next = page.Products[most-1].Cursor
		}
		page.Total, err = tx.CountProducts(ctx, f)
		return page, err
	})
}

// ManagedProduct returns one product.
func (s *Service) ManagedProduct(ctx context.Context, actor licensing.Actor, code string) (out ManagedProduct, err error) {
	return look(ctx, s, actor, func(ctx context.Context, tx *usecase.Tx) (m ManagedProduct, err error) {
		if m.Product, err = productByCode(ctx, tx, code); err != nil {
			return m, err
		}
		offers, err := tx.OffersOfProduct(ctx, m.ID)
		if err != nil {
			return m, err
		}
		for _, o := range offers {
			if !o.Closed {
				m.Categories = append(m.Categories, o.Category)
			}
		}
		m.History, err = tx.History(ctx, string(m.ID))
		return m, err
	})
}

// CreateProduct adds a product; it is offered nowhere yet.
func (s *Service) CreateProduct(ctx context.Context, actor licensing.Actor, requestID string, in EditProduct) (out licensing.Product, replayed bool, err error) {
	return edit(ctx, s, actor, "CreateProduct", requestID, in, func(ctx context.Context, tx *usecase.Tx, in EditProduct) (licensing.Product, error) {
		p, err := licensing.Product{
			ID: licensing.ProductID(licensing.NewID()), Code: in.Code, Name: in.Name, Subtitle: in.Subtitle, Kind: in.Kind, FileForm: licensing.FileSigned,
			Parameters: in.Parameters, Features: in.Features, Plan: in.Plan, Version: 1,
		}.Check()
		var problems licensing.Problems
		problems.Add(err)
		checkSelections(&problems, p.Parameters, nil)
		switch in.Kind {
		case licensing.KindPerpetual, licensing.KindLimited, licensing.KindSubscription, licensing.KindKey:
		default:
			problems.Add(licensing.InvalidRequest("kind", "Choose perpetual, limited, subscription or key."))
		}
		if len(problems) > 0 {
			return p, problems
		}
		switch _, err := tx.ProductByCode(ctx, p.Code); {
		case err == nil:
			return p, licensing.Problems{licensing.InvalidRequest("code", "Another product has this code already.")}
		case !errors.Is(err, licensing.ErrNone):
			return p, err
		}
		if err := tx.InsertProduct(ctx, p); err != nil {
			return p, err
		}
		return p, noteChange(ctx, tx, "product.created", string(p.ID), "", p.Version, []licensing.Value{{Name: "code", Value: p.Code}, {Name: "name", Value: p.Name}})
	})
}

// checkSelections wants every selection that is new to say what there is to choose.
func checkSelections(problems *licensing.Problems, parameters, before []licensing.Parameter) {
	for i, def := range parameters {
		if _, known := parameterOf(before, def.Name); !known && def.Type == "selection" && len(def.Options) == 0 {
			problems.Add(licensing.InvalidRequest(fmt.Sprintf("parameters.%d.options", i), "Enter at least one value to choose."))
		}
	}
}

func parameterOf(all []licensing.Parameter, name string) (licensing.Parameter, bool) {
	i := slices.IndexFunc(all, func(p licensing.Parameter) bool { return p.Name == name })
	if i < 0 {
		return licensing.Parameter{}, false
	}
	return all[i], true
}

// EditProduct changes name, plan, parameters and features. Subscriptions that were sold keep the plan that they were
// sold with. Offers whose rules or whose narrowing of the plan no longer fit are told as problems, and nothing is
// changed. What live licenses were made by stays: their parameters with type and what they set.
func (s *Service) EditProduct(ctx context.Context, actor licensing.Actor, requestID string, in EditProduct) (out licensing.Product, replayed bool, err error) {
	return edit(ctx, s, actor, "EditProduct", requestID, in, editProduct)
}

func editProduct(ctx context.Context, tx *usecase.Tx, in EditProduct) (licensing.Product, error) {
	was, err := productByCode(ctx, tx, in.Code)
	if err != nil {
		return was, err
	}
	if was.Version != in.Version {
		return was, staleWords(ctx, tx, string(was.ID), in.Version)
	}
	p := was
	p.Name, p.Subtitle, p.Plan, p.Parameters, p.Features = in.Name, in.Subtitle, in.Plan, in.Parameters, in.Features
	var problems licensing.Problems
	p, err = p.Check()
	problems.Add(err)
	checkSelections(&problems, p.Parameters, was.Parameters)
	offers, err := tx.OffersOfProduct(ctx, p.ID)
	if err != nil {
		return was, err
	}
	if err := checkKept(ctx, tx, was, p, offers, &problems); err != nil {
		return was, err
	}
	if len(problems) > 0 {
		return was, problems
	}
	changes := productChanges(was, p)
	if len(changes) == 0 {
		return was, nil
	}
	changed, err := fitOffers(was, p, offers)
	if err != nil {
		return was, err
	}
	if err := tx.UpdateProduct(ctx, p); err != nil {
		return was, err
	}
	for _, o := range changed {
		if err := tx.UpdateOffer(ctx, o); err != nil {
			return was, err
		}
	}
	if !same(was.Parameters, p.Parameters) || !same(was.Plan, p.Plan) {
		if err := tx.RaiseOffersOf(ctx, p.ID, tx.Actor); err != nil {
			return was, err
		}
	}
	p.Version++
	return p, noteChange(ctx, tx, "product.changed", string(p.ID), "", p.Version, changes)
}

// checkKept refuses to take from a product what its live licenses rest on.
func checkKept(ctx context.Context, tx *usecase.Tx, was, p licensing.Product, offers []licensing.Offer, problems *licensing.Problems) error {
	live := 0
	for _, o := range offers {
		n, err := tx.LiveLicenses(ctx, o.Category.ID, p.ID)
		if err != nil {
			return err
		}
		live += n
	}
	for _, before := range was.Parameters {
		i := slices.IndexFunc(p.Parameters, func(d licensing.Parameter) bool { return d.Name == before.Name })
		switch {
		case i < 0 && live > 0:
			problems.Add(licensing.InvalidRequest("parameters", "%d live licenses have the parameter %s, so it stays.", live, before.Name))
		case i < 0:
		case p.Parameters[i].Type != before.Type:
			problems.Add(licensing.InvalidRequest(fmt.Sprintf("parameters.%d.type", i), "The type of a parameter stays; it is %s. Add another parameter instead.", before.Type))
		case live > 0 && (p.Parameters[i].Sets != before.Sets || p.Parameters[i].Particular != before.Particular):
			problems.Add(licensing.InvalidRequest(fmt.Sprintf("parameters.%d.sets", i), "%d live licenses were made with it, so what it sets stays: %s.", live, before.Sets))
		}
	}
	return nil
}

// fitOffers returns the offers whose rules have to change with the product: parameters that are gone take their rules
// along, and new ones may be left out at first. The error is Problems: rules that do not fit what the product knows, and
// narrowings that do not fit its plan.
func fitOffers(was, p licensing.Product, offers []licensing.Offer) (changed []licensing.Offer, err error) {
	var problems licensing.Problems
	for _, o := range offers {
		for _, e := range planProblems(o.Narrowing.Check(p.Plan)) {
			problems.Add(licensing.InvalidRequest(e.Field, "In %s the plan is narrowed, and that no longer fits: %s Change it there first.", o.Category.Name, e.Message))
		}
		rules := map[string]licensing.Rule{}
		for _, def := range p.Parameters {
			r, ok := o.Rules[def.Name]
			if _, known := parameterOf(was.Parameters, def.Name); !ok && !known {
				r = licensing.WidestRule(def)
				r.Optional = true
			}
			rules[def.Name] = r
		}
		checked, err := licensing.CheckRules(p, rules)
		if err != nil {
			var wrong licensing.Problems
			wrong.Add(err)
			for _, e := range wrong {
				problems.Add(licensing.InvalidRequest("parameters", "In %s, %s: %s", o.Category.Name, e.Field, e.Message))
			}
			continue
		}
		if !same(checked, o.Rules) {
			o.Rules = checked
			changed = append(changed, o)
		}
	}
	return changed, problems.OrNil()
}

// productChanges is what the audit trail keeps of a change.
func productChanges(was, p licensing.Product) []licensing.Value {
	changes := differences([3]string{"name", was.Name, p.Name}, [3]string{"subtitle", was.Subtitle, p.Subtitle})
	for _, c := range licensing.PlanChanges(was.Plan, p.Plan) {
		changes = append(changes, licensing.FromTo(c.Limit, c.From, c.To))
	}
	for _, f := range slices.Concat(was.Features, p.Features) {
		field := fmt.Sprintf("feature %d", f.Bit)
		if _, told := licensing.ValueOf(changes, field); !told {
			changes = append(changes, differences([3]string{field, featureName(was.Features, f.Bit), featureName(p.Features, f.Bit)})...)
		}
	}
	for _, def := range p.Parameters {
		before, ok := parameterOf(was.Parameters, def.Name)
		if !ok {
			changes = append(changes, licensing.FromTo(def.Name, "", def.Type))
			continue
		}
		said := differences([3]string{def.Name + ".label", before.Label, def.Label}, [3]string{def.Name + ".help", before.Help, def.Help},
			[3]string{def.Name + ".unit", before.Unit, def.Unit}, [3]string{def.Name + ".sets", string(before.Sets), string(def.Sets)})
		if len(said) == 0 && !same(before, def) {
			said = []licensing.Value{{Name: def.Name, Value: "changed"}}
		}
		changes = append(changes, said...)
	}
	for _, def := range was.Parameters {
		if _, ok := parameterOf(p.Parameters, def.Name); !ok {
			changes = append(changes, licensing.FromTo(def.Name, def.Type, ""))
		}
	}
	if len(changes) == 0 && !same(was.Parameters, p.Parameters) {
		changes = append(changes, licensing.Value{Name: "parameters", Value: "in another order"})
	}
	return changes
}

func featureName(all []licensing.Feature, bit int) string {
	for _, f := range all {
		if f.Bit == bit {
			return f.Name
		}
	}
	return ""
}

// same reports whether two values are kept in the same way.
func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && (string(x) == string(y) || isNothing(x) && isNothing(y))
}

// isNothing reports whether a list or map is empty, in any of the ways to be so.
func isNothing(b []byte) bool { return string(b) == "null" || string(b) == "[]" || string(b) == "{}" }
