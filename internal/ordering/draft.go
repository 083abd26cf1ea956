package ordering

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// draft is everything about an order that is known before anything is written. Creating and quoting share it, so that a
// quote promises what creating does.
type draft struct {
	order   licensing.Order
	extends bool      // the order exists
	created time.Time // of lines and licenses; the order may be older
	lines   []lineDraft
}

// draft decides, checks every value against its rule, and computes dates and prices. With Problems it holds what could be
// computed all the same.
func (s *Service) draft(ctx context.Context, tx *usecase.Tx, in placing) (draft, error) {
	if err := in.checkSize(); err != nil {
		return draft{}, err
	}
	group, err := s.targetGroup(ctx, tx, in.Group)
	if err != nil {
		return draft{}, err
	}
	now := tx.Now()
	d := draft{created: now.Business}
	d.order = licensing.Order{
		ID: licensing.OrderID(licensing.NewID()), Group: group.ID, GroupCode: group.Code, GroupName: group.Name, Test: in.Test,
		CreatedAt: now.Business, CreatedBy: tx.Actor.UserName, Creator: tx.Actor.ID,
	}
	var problems licensing.Problems
	d.order.Customer, err = in.Customer.Check()
	problems.Add(err)
	named := map[string]int{}
	for i, asked := range in.Lines {
		l, found, err := s.draftLine(ctx, tx, asked)
		d.lines = append(d.lines, l)
		if err != nil {
			return d, in.onLine(i, err)
		}
		problems.Add(in.onLine(i, found.OrNil()))
		if name := l.line.ExternalLine; name != "" && named[name] > 0 {
			problems.Add(in.onLine(i, licensing.InvalidRequest("externalLine", "Line %d has the same name. Give each line one of its own.", named[name])))
		}
		named[l.line.ExternalLine] = i + 1
		d.lines[i].line.Order, d.lines[i].line.Position = d.order.ID, i+1
	}
	if in.orderNumber == "" {
		problems.Add(d.setDataFields(in, now.Today()))
	}
	if err = problems.OrNil(); err != nil {
		return d, err
	}
	if in.orderNumber != "" {
		err = s.extend(ctx, tx, in, &d)
	}
	return d, err
}

// onLine says of an error which line of an order it is about.
func (in placing) onLine(i int, err error) error {
	if in.single {
		return err
	}
	return licensing.OnLine(i+1, err)
}

// targetGroup is the group that shall own the license: the actor's own or, where his sight reaches it, one below.
func (s *Service) targetGroup(ctx context.Context, tx *usecase.Tx, code string) (licensing.Group, error) {
	a := tx.Actor
	if code == "" || code == a.GroupCode {
		return licensing.Group{ID: a.Group, Code: a.GroupCode, Name: a.GroupName}, nil
	}
	denied := licensing.DeniedError("group", "You may not create licenses for the group %q.", code)
	g, err := tx.GroupByCode(ctx, code)
	if errors.Is(err, licensing.ErrNone) {
		return g, denied
	} else if err != nil {
		return g, err
	}
	seen, err := tx.InSight(ctx, a.Group, a.Role.Below(), g.ID)
	if err != nil {
		return g, err
	}
	if !seen {
		return g, denied
	}
	return g, nil
}

// grantedOffer finds an offer that the actor may create, and the grant that says so. What does not exist and what is
// not granted is denied in the same words.
func (s *Service) grantedOffer(ctx context.Context, tx *usecase.Tx, category, product string) (licensing.Offer, string, error) {
	decision, err := s.decider.Decide(ctx, tx, tx.Actor.ID, licensing.Create, category)
	if err != nil {
		return licensing.Offer{}, "", err
	}
	if !decision.Allowed {
		return licensing.Offer{}, "", licensing.OfferDenied("category", category, product)
	}
	offer, err := tx.Offer(ctx, category, product)
	if errors.Is(err, licensing.ErrNone) {
		return offer, "", licensing.OfferDenied("product", category, product)
	}
	if err != nil {
		return offer, "", err
	}
	return offer, decision.Grant, offer.Product.CheckSold()
}

// offerSeen adds what has changed of an offer since the version that whoever filled in a form saw.
func (s *Service) offerSeen(ctx context.Context, tx *usecase.Tx, seen int64, o licensing.Offer, problems *licensing.Problems) error {
	if seen == 0 || seen == o.Version {
		return nil
	}
	versions, err := tx.OfferVersions(ctx, o)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(versions, func(v licensing.OfferVersion) bool { return v.Version == seen })
	if i < 0 {
		problems.Add(licensing.InvalidRequest("offerVersion", "The rules of %s changed while you filled this in. Look at the fields once more.", o.Product.Name))
		return nil
	}
	*problems = append(*problems, licensing.OfferChanged(versions[i].Offer, o, tx.Now().Today())...)
	return nil
}

// extend puts the lines into an existing order, whose customer and data fields stay as they are.
func (s *Service) extend(ctx context.Context, tx *usecase.Tx, in placing, d *draft) error {
	existing, err := s.orderInSight(ctx, tx, in.orderNumber)
	if err != nil {
		return err
	}
	if existing.Group != d.order.Group {
		return licensing.InvalidRequest("orderNumber", "Order %s belongs to the group %q; a line for another group needs an order of its own.", existing.Number, existing.GroupCode)
	}
	if err := tx.MayChange(existing.Test, "orderNumber"); err != nil {
		return err
	}
	if existing.Test != in.Test {
		return licensing.InvalidRequest("test", "Order %s and its lines are either all test or all real.", existing.Number)
	}
	if !sameCustomer(existing.Customer, d.order.Customer) {
		return licensing.InvalidRequest("customer", "Order %s is for the customer %q; a line for another customer needs an order of its own.", existing.Number, existing.Customer.Name)
	}
	differing := existing.DifferingFields()
	for i := range d.lines {
		l := &d.lines[i]
		fields := slices.Clone(l.offer.DataFields)
		for i := range fields {
			if !differing[fields[i].Name] { // the order says it, or says that there is none
				fields[i].Rule.Optional, fields[i].Rule.Default = true, nil
			}
		}
		given, err := licensing.ResolveDataFields(fields, in.DataFields, tx.Now().Today())
		if err != nil {
			return err
		}
		l.dataFields, l.line.Order = slices.Clone(existing.DataFields), existing.ID
		for _, v := range given {
			has, _ := licensing.ValueOf(existing.DataFields, v.Name)
			switch {
			case differing[v.Name]:
				l.dataFields = append(l.dataFields, v)
			case has != v.Value:
				return licensing.InvalidParameter(v.Name, "Order %s has data fields already; leave this out or repeat its value.", existing.Number)
			}
		}
	}
	existing.Lines, existing.Licenses, existing.Documents = nil, nil, nil
	d.order, d.extends = existing, true
	return nil
}

func sameCustomer(a, b licensing.Customer) bool {
	if a.Number != "" || b.Number != "" {
		return strings.EqualFold(a.Number, b.Number)
	}
	return licensing.Fold(a.Name) == licensing.Fold(b.Name)
}
