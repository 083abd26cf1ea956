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

// draft is everything about one line that is known before anything is written. Creating and quoting share it, so
// that a quote promises what creating does.
type draft struct {
	offer      licensing.Offer
	grant      string // that allows it
	order      licensing.Order
	extends    bool // the order exists
	line       licensing.Line
	created    time.Time // of line and licenses; the order may be older
	separate   bool
	parameters []licensing.Value
	first      licensing.Period // with a plan
	expiresAt  *time.Time
	maintained licensing.Day
}

// draft decides, checks every value against its rule, and computes dates and price.
func (s *Service) draft(ctx context.Context, tx *usecase.Tx, in CreateLicense) (draft, error) {
	group, err := s.targetGroup(ctx, tx, in.Group)
	if err != nil {
		return draft{}, err
	}
	now := tx.Now()
	d := draft{separate: in.Separate, created: now.Business}
	if d.offer, d.grant, err = s.grantedOffer(ctx, tx, in.Category, in.Product); err != nil {
		return draft{}, err
	}
	d.order = licensing.Order{
		ID: licensing.OrderID(licensing.NewID()), Group: group.ID, GroupCode: group.Code, GroupName: group.Name, Test: in.Test,
		CreatedAt: now.Business, CreatedBy: tx.Actor.UserName, Creator: tx.Actor.ID,
	}
	var problems licensing.Problems
	if err := s.offerSeen(ctx, tx, in.OfferVersion, d.offer, &problems); err != nil {
		return draft{}, err
	}
	d.order.Customer, err = in.Customer.Check()
	problems.Add(err)
	d.parameters, err = licensing.ResolveParameters(d.offer, in.Parameters, now.Today())
	problems.Add(err)
	if in.OrderNumber == "" {
		d.order.DataFields, err = licensing.ResolveDataFields(d.offer.DataFields, in.DataFields, now.Today())
		problems.Add(err)
	}
	if q := *in.Quantity; q < 1 || q > licensing.MaxQuantity {
		problems.Add(licensing.InvalidRequest("quantity", "Enter 1 to 10,000."))
	}
	if len(problems) > 0 {
		return d, problems
	}
	if in.OrderNumber != "" {
		if err := s.extend(ctx, tx, in, &d); err != nil {
			return d, err
		}
	}
	if err := d.setDates(in, now); err != nil {
		return d, err
	}
	return d, d.setLine(*in.Quantity)
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
	denied := licensing.DeniedError("product", "You may not license the product %q in the category %q.", product, category).Lacking(licensing.Create, category)
	decision, err := s.decider.Decide(ctx, tx, tx.Actor.ID, licensing.Create, category)
	if err != nil {
		return licensing.Offer{}, "", err
	}
	if !decision.Allowed {
		return licensing.Offer{}, "", denied
	}
	offer, err := tx.Offer(ctx, category, product)
	if errors.Is(err, licensing.ErrNone) {
		return offer, "", denied
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

// extend puts the line into an existing order, whose customer and data fields stay as they are.
func (s *Service) extend(ctx context.Context, tx *usecase.Tx, in CreateLicense, d *draft) error {
	existing, err := s.orderInSight(ctx, tx, in.OrderNumber)
	if err != nil {
		return err
	}
	if existing.Group != d.order.Group {
		return licensing.InvalidRequest("orderNumber", "Order %s belongs to the group %q; a line for another group needs an order of its own.", existing.Number, existing.GroupCode)
	}
	if existing.Test != in.Test {
		return licensing.InvalidRequest("test", "Order %s and its lines are either all test or all real.", existing.Number)
	}
	if !sameCustomer(existing.Customer, d.order.Customer) {
		return licensing.InvalidRequest("customer", "Order %s is for the customer %q; a line for another customer needs an order of its own.", existing.Number, existing.Customer.Name)
	}
	given, err := licensing.ResolveDataFields(optional(d.offer.DataFields), in.DataFields, tx.Now().Today())
	if err != nil {
		return err
	}
	for _, v := range given {
		if has, _ := licensing.ValueOf(existing.DataFields, v.Name); has != v.Value {
			return licensing.InvalidParameter(v.Name, "Order %s has data fields already; leave this out or repeat its value.", existing.Number)
		}
	}
	existing.Lines, existing.Licenses, existing.Documents = nil, nil, nil
	d.order, d.extends = existing, true
	return nil
}

// optional are the same fields, none of them required and none filled in by default.
func optional(fields []licensing.DataField) []licensing.DataField {
	all := slices.Clone(fields)
	for i := range all {
		all[i].Rule.Optional, all[i].Rule.Default = true, nil
	}
	return all
}

func sameCustomer(a, b licensing.Customer) bool {
	if a.Number != "" || b.Number != "" {
		return strings.EqualFold(a.Number, b.Number)
	}
	return licensing.Fold(a.Name) == licensing.Fold(b.Name)
}

// setDates computes until when the license holds.
func (d *draft) setDates(in CreateLicense, now licensing.Moment) error {
	today, plan := now.Today(), d.offer.Plan()
	if plan == nil {
		return d.setExpiry(in, now)
	}
	start := in.StartDate
	if start.IsZero() {
		start = today
	}
	var err error
	if d.first, err = plan.FirstPeriod(start, today, in.EndDate); err != nil {
		return err
	}
	d.expiresAt, d.maintained = licensing.Prolong(plan.Type, d.first, now.Zone)
	return nil
}

func (d *draft) setExpiry(in CreateLicense, now licensing.Moment) error {
	if !in.StartDate.IsZero() || !in.EndDate.IsZero() {
		return licensing.InvalidRequest("startDate", "%s is no subscription: leave out start and end date.", d.offer.Product.Name)
	}
	var err error
	if d.maintained, _, err = licensing.Maintenance(d.parameters, d.offer.Product.Parameters, now.Today()); err != nil {
		return err
	}
	last, ok, err := licensing.Expiry(d.parameters, d.offer.Product.Parameters, now.Today())
	if err != nil || !ok {
		return err
	}
	d.expiresAt = new(last.AddDays(1).Begin(now.Zone))
	return nil
}

// setLine computes the price of the line.
func (d *draft) setLine(quantity int) (err error) {
	d.line = licensing.Line{
		ID: licensing.LineID(licensing.NewID()), Order: d.order.ID, Position: 1, Category: d.offer.Category.ID, CategoryCode: d.offer.Category.Code,
		CategoryName: d.offer.Category.Name, Product: d.offer.Product.ID, ProductCode: d.offer.Product.Code, ProductName: d.offer.Product.Name, Quantity: quantity,
	}
	d.line.Unit, d.line.Units, d.line.Amount, err = licensing.Price(d.offer.Product, d.parameters, quantity)
	return err
}

// licenses are what the line yields: one license that carries the quantity, or with separate tickets as many of
// quantity 1.
func (d *draft) licenses() []licensing.License {
	count, quantity := 1, d.line.Quantity
	if d.separate {
		count, quantity = quantity, 1
	}
	all := make([]licensing.License, count)
	for i := range all {
		all[i] = licensing.License{
			ID: licensing.LicenseID(licensing.NewID()), Order: d.order.ID, Line: d.line.ID, Group: d.order.Group, GroupCode: d.order.GroupCode,
			GroupName: d.order.GroupName, CategoryCode: d.line.CategoryCode, CategoryName: d.line.CategoryName, ProductCode: d.line.ProductCode,
			ProductName: d.line.ProductName, Quantity: quantity, State: licensing.LicenseActive, CreatedAt: d.created, ExpiresAt: d.expiresAt,
			MaintenanceUntil: d.maintained, Parameters: d.parameters, DataFields: d.order.DataFields, Customer: d.order.Customer,
			FileForm: d.offer.Product.FileForm, Definitions: d.offer.Product.Parameters, Price: d.offer.Product.Price, Test: d.order.Test, Version: 1,
		}
	}
	return all
}
