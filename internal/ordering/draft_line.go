package ordering

import (
	"context"
	"slices"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// lineDraft is everything about one line that is known before anything is written.
type lineDraft struct {
	offer      licensing.Offer
	grant      string // that allows it
	line       licensing.Line
	separate   bool
	parameters []licensing.Value
	dataFields []licensing.Value
	first      licensing.Period // with a plan
	expiresAt  *time.Time
	maintained licensing.Day
}

// draftLine decides about a line, and computes what its values allow: with problems of the quantity there is no price, with
// problems of the parameters there are no dates either. An error that is no problem of the input ends it.
func (s *Service) draftLine(ctx context.Context, tx *usecase.Tx, in NewLine) (l lineDraft, problems licensing.Problems, err error) {
	l.separate = in.Separate
	if l.offer, l.grant, err = s.grantedOffer(ctx, tx, in.Category, in.Product); err != nil {
		return l, nil, err
	}
	if err := s.offerSeen(ctx, tx, in.OfferVersion, l.offer, &problems); err != nil {
		return l, nil, err
	}
	now := tx.Now()
	external, err := licensing.CheckExternalLine(in.ExternalLine)
	problems.Add(err)
	l.setLine(*in.Quantity, external)
	counted := l.line.Quantity >= 1 && l.line.Quantity <= licensing.MaxQuantity
	if !counted {
		problems.Add(licensing.InvalidRequest("quantity", "Enter 1 to 10,000."))
	}
	if l.parameters, err = licensing.ResolveParameters(l.offer, in.Parameters, now.Today()); err != nil {
		problems.Add(err)
		return l, problems, nil
	}
	problems.Add(l.setDates(in, now))
	if counted {
		err = l.setPrice()
	}
	return l, problems, err
}

// setDates computes until when the licenses hold.
func (l *lineDraft) setDates(in NewLine, now licensing.Moment) error {
	today, plan := now.Today(), l.offer.Plan()
	if plan == nil {
		return l.setExpiry(in, now)
	}
	start := in.StartDate
	if start.IsZero() {
		start = today
	}
	var err error
	if l.first, err = plan.FirstPeriod(start, today, in.EndDate); err != nil {
		return err
	}
	l.expiresAt, l.maintained = licensing.Prolong(plan.Type, l.first, now.Zone)
	return nil
}

func (l *lineDraft) setExpiry(in NewLine, now licensing.Moment) error {
	if !in.StartDate.IsZero() || !in.EndDate.IsZero() {
		return licensing.InvalidRequest("startDate", "%s is no subscription: leave out start and end date.", l.offer.Product.Name)
	}
	var err error
	if l.maintained, _, err = licensing.Maintenance(l.parameters, l.offer.Product.Parameters, now.Today()); err != nil {
		return err
	}
	last, ok, err := licensing.Expiry(l.parameters, l.offer.Product.Parameters, now.Today())
	if err != nil || !ok {
		return err
	}
	l.expiresAt = new(last.AddDays(1).Begin(now.Zone))
	return nil
}

func (l *lineDraft) setLine(quantity int, external string) {
	category, product := l.offer.Category, l.offer.Product
	l.line = licensing.Line{
		ID: licensing.LineID(licensing.NewID()), ExternalLine: external, Category: category.ID, CategoryCode: category.Code, CategoryName: category.Name,
		Product: product.ID, ProductCode: product.Code, ProductName: product.Name, Quantity: quantity,
	}
}

func (l *lineDraft) setPrice() (err error) {
	l.line.Unit, l.line.Units, l.line.Amount, err = licensing.Price(l.offer.Product, l.parameters, l.line.Quantity)
	return err
}

// licenses are what the line yields: one license that carries the quantity, or with separate tickets as many of
// quantity 1.
func (l lineDraft) licenses(d draft) []licensing.License {
	count, quantity := 1, l.line.Quantity
	if l.separate {
		count, quantity = quantity, 1
	}
	all := make([]licensing.License, count)
	for i := range all {
		all[i] = licensing.License{
			ID: licensing.LicenseID(licensing.NewID()), Order: d.order.ID, Line: l.line.ID, Group: d.order.Group, GroupCode: d.order.GroupCode,
			GroupName: d.order.GroupName, CategoryCode: l.line.CategoryCode, CategoryName: l.line.CategoryName, ProductCode: l.line.ProductCode,
			ProductName: l.line.ProductName, Quantity: quantity, State: licensing.LicenseActive, CreatedAt: d.created, ExpiresAt: l.expiresAt,
			MaintenanceUntil: l.maintained, Parameters: l.parameters, DataFields: l.dataFields, Customer: d.order.Customer,
			FileForm: l.offer.Product.FileForm, Definitions: l.offer.Product.Parameters, Price: l.offer.Product.Price, Test: d.order.Test, Version: 1,
		}
	}
	return all
}

// setDataFields resolves the data fields of every line, and those that the order has. What the order says holds for every line
// whose category knows the field and that says nothing of its own.
func (d *draft) setDataFields(in placing, today licensing.Day) error {
	var problems licensing.Problems
	for i := range d.lines {
		l, own := &d.lines[i], in.Lines[i].DataFields
		given := slices.Clone(own)
		for _, v := range in.DataFields {
			_, overruled := licensing.ValueOf(own, v.Name)
			// What no line knows is told of the first one.
			if !overruled && (l.knows(v.Name) || i == 0 && !d.knows(v.Name)) {
				given = append(given, v)
			}
		}
		var err error
		l.dataFields, err = licensing.ResolveDataFields(l.offer.DataFields, given, today)
		var found licensing.Problems
		found.Add(err)
		for _, p := range found {
			// What a line says nothing of is for the order to say, once.
			if _, overruled := licensing.ValueOf(own, p.Field); !overruled {
				if !slices.ContainsFunc(problems, func(q *licensing.Error) bool { return q.Line == 0 && q.Field == p.Field }) {
					problems = append(problems, p)
				}
				continue
			}
			problems.Add(in.onLine(i, p))
		}
	}
	d.order.DataFields = d.agreed()
	return problems.OrNil()
}

// agreed are the data fields that have the same value in every line whose category knows them: those are the order's.
func (d *draft) agreed() []licensing.Value {
	first, differs := map[string]string{}, map[string]bool{}
	for i := range d.lines {
		own := map[string]string{}
		for _, v := range d.lines[i].dataFields {
			own[v.Name] = v.Value
		}
		for _, f := range d.lines[i].offer.DataFields {
			value, known := first[f.Name]
			if !known {
				first[f.Name] = own[f.Name]
			} else if value != own[f.Name] {
				differs[f.Name] = true
			}
		}
	}
	var all []licensing.Value
	for i := range d.lines {
		for _, v := range d.lines[i].dataFields {
			if !differs[v.Name] {
				all, differs[v.Name] = append(all, v), true // once
			}
		}
	}
	return all
}

// knows reports whether the line's category has a data field.
func (l lineDraft) knows(name string) bool {
	return slices.ContainsFunc(l.offer.DataFields, func(f licensing.DataField) bool { return f.Name == name })
}

func (d *draft) knows(name string) bool {
	return slices.ContainsFunc(d.lines, func(l lineDraft) bool { return l.knows(name) })
}
