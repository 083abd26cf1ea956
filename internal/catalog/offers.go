package catalog

import (
	"context"
	"maps"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// ManagedOffer returns an offer for its editor.
func (s *Service) ManagedOffer(ctx context.Context, actor licensing.Actor, category, product string) (out ManagedOffer, err error) {
	return look(ctx, s, actor, func(ctx context.Context, tx *usecase.Tx) (m ManagedOffer, err error) {
		if m.Offer, err = offerByCodes(ctx, tx, category, product); err != nil {
			return m, err
		}
		offers, err := tx.OffersOfProduct(ctx, m.Product.ID)
		if err != nil {
			return m, err
		}
		for _, o := range offers {
			if o.ID != m.ID && !o.Closed {
				m.Others = append(m.Others, o.Category)
			}
		}
		if m.Licenses, err = tx.LiveLicenses(ctx, m.Category.ID, m.Product.ID); err != nil {
			return m, err
		}
		versions, err := tx.OfferVersions(ctx, m.Offer)
		if err == nil && len(versions) > 0 {
			m.Last = versions[0]
		}
		return m, err
	})
}

// SaveOffer sets the rules of an offer, and what it takes away from its product's plan. They count for licenses created
// from then on, and the rules for what may change of those that exist. A parameter that is not named keeps its rule.
func (s *Service) SaveOffer(ctx context.Context, actor licensing.Actor, requestID string, in SaveOffer) (out licensing.Offer, replayed bool, err error) {
	return edit(ctx, s, actor, "SaveOffer", requestID, in, func(ctx context.Context, tx *usecase.Tx, in SaveOffer) (licensing.Offer, error) {
		was, err := offerByCodes(ctx, tx, in.Category, in.Product)
		if err != nil {
			return was, err
		}
		if was.Version != in.Version {
			return was, staleOffer(ctx, tx, was, in.Version)
		}
		o, err := checkedOffer(was, in)
		if err != nil {
			return was, err
		}
		if same(o.Rules, was.Rules) && same(o.Narrowing, was.Narrowing) {
			return was, nil
		}
		if err := tx.UpdateOffer(ctx, o); err != nil {
			return was, err
		}
		if err := tx.NoteOfferVersion(ctx, o.ID, tx.Actor); err != nil {
			return was, err
		}
		o.Version++
		return o, noteChange(ctx, tx, "offer.changed", string(o.ID), string(o.Category.ID), o.Version, offerChanges(was, o))
	})
}

// checkedOffer is an offer as it shall be; rules that are wrong are missing in it, and a narrowing that is wrong is as it was.
// The error is Problems, in SaveOffer's terms.
func checkedOffer(was licensing.Offer, in SaveOffer) (licensing.Offer, error) {
	o, problems := was, licensing.Problems(nil)
	var err error
	o.Rules, err = licensing.CheckRules(o.Product, completed(was, in.Rules))
	problems.Add(err)
	if in.Narrowing == nil {
		return o, problems.OrNil()
	}
	if err := in.Narrowing.Check(o.Product.Plan); err != nil {
		problems.Add(planProblems(err))
	} else {
		o.Narrowing = in.Narrowing.InUse()
	}
	return o, problems.OrNil()
}

// planProblems are what is wrong with a narrowing, in SaveOffer's terms.
func planProblems(err error) (problems licensing.Problems) {
	problems.Add(err)
	for i, wrong := range problems {
		e := *wrong
		e.Field = licensing.PlanPrefix + e.Field
		problems[i] = &e
	}
	return problems
}

// completed are given rules, with those that stand for parameters that are not named.
func completed(o licensing.Offer, given map[string]licensing.Rule) map[string]licensing.Rule {
	rules := maps.Clone(given)
	if rules == nil {
		rules = map[string]licensing.Rule{}
	}
	for _, def := range o.Product.Parameters {
		if _, ok := rules[def.Name]; !ok {
			rules[def.Name] = o.RuleOf(def.Name)
		}
	}
	return rules
}

// offerChanges is what the audit trail keeps of a change.
func offerChanges(was, is licensing.Offer) (changes []licensing.Value) {
	for _, c := range licensing.OfferChanges(was, is) {
		name := c.Limit
		if c.Parameter != "" {
			name = c.Parameter + "." + name
		}
		changes = append(changes, licensing.FromTo(name, c.From, c.To))
	}
	if len(changes) == 0 {
		changes = []licensing.Value{{Name: "texts", Value: "changed"}}
	}
	return changes
}

// staleOffer is the conflict that tells what has changed since a version was seen; its cause is a Stale.
func staleOffer(ctx context.Context, tx *usecase.Tx, now licensing.Offer, seen int64) error {
	versions, err := tx.OfferVersions(ctx, now)
	if err != nil {
		return err
	}
	stale := &Stale{Current: now}
	if len(versions) > 0 {
		stale.By, stale.At = versions[0].By, versions[0].At
	}
	if i := slices.IndexFunc(versions, func(v licensing.OfferVersion) bool { return v.Version == seen }); i >= 0 {
		stale.Changes = licensing.OfferChanges(versions[i].Offer, now)
	}
	conflict := licensing.ConflictError("This offer changed while you edited it. Look at what has changed, then save again.")
	if stale.By != "" {
		conflict = licensing.ConflictError("%s changed this offer while you edited it. Look at what has changed, then save again.", stale.By)
	}
	conflict.Err = stale
	return conflict
}

// PreviewOffer says what a reseller would see on a day (zero: today), and what is wrong with the rules.
func (s *Service) PreviewOffer(ctx context.Context, actor licensing.Actor, in SaveOffer, day licensing.Day) (out OfferPreview, err error) {
	return look(ctx, s, actor, func(ctx context.Context, tx *usecase.Tx) (p OfferPreview, err error) {
		was, err := offerByCodes(ctx, tx, in.Category, in.Product)
		if err != nil {
			return p, err
		}
		if p.Day = day; day.IsZero() {
			p.Day = tx.Now().Today()
		}
		o, err := checkedOffer(was, in)
		p.Problems.Add(err)
		rules := o.Rules
		p.Offer, p.Limits = o, map[string]licensing.Limits{}
		p.Offer.Rules = map[string]licensing.Rule{}
		for _, def := range was.Product.Parameters {
			r, ok := rules[def.Name]
			if !ok {
				r = was.RuleOf(def.Name)
			}
			p.Offer.Rules[def.Name] = r
			if t, ok := licensing.ParameterTypes[def.Type]; ok {
				p.Limits[def.Name] = t.Limits(r, p.Day)
			}
		}
		typed := was // also what does not hold together is a change that is not saved
		typed.Rules = completed(p.Offer, in.Rules)
		maps.Copy(typed.Rules, rules)
		if in.Narrowing != nil {
			typed.Narrowing = in.Narrowing.InUse()
		}
		p.Changes = licensing.OfferChanges(was, typed)
		return p, nil
	})
}

// OfferVersions returns the versions of an offer, newest first.
func (s *Service) OfferVersions(ctx context.Context, actor licensing.Actor, category, product string) (out []licensing.OfferVersion, err error) {
	return look(ctx, s, actor, func(ctx context.Context, tx *usecase.Tx) ([]licensing.OfferVersion, error) {
		o, err := offerByCodes(ctx, tx, category, product)
		if err != nil {
			return nil, err
		}
		return tx.OfferVersions(ctx, o)
	})
}
