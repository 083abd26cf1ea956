package inbound

import (
	"context"
	"fmt"
	"strconv"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// listOffers is ListOffers: what the caller may create, with the rules as they stand today.
func listOffers(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	categories, err := s.catalog.Offers(ctx, actor, request.string("group"), request.string("category"))
	if err != nil {
		return err
	}
	now, err := s.ordering.Now(ctx)
	if err != nil {
		return err
	}
	list := response.CreateElement("categories")
	for _, c := range categories {
		category := list.CreateElement("category")
		add(category, "code", c.Category.Code)
		add(category, "name", c.Category.Name)
		offers := category.CreateElement("offers")
		for _, o := range c.Offers {
			if err := addOffer(offers, o, now.Today()); err != nil {
				return err
			}
		}
	}
	return nil
}

func addOffer(parent *etree.Element, o licensing.Offer, today licensing.Day) error {
	e := parent.CreateElement("offer")
	add(e, "product", o.Product.Code)
	add(e, "name", o.Product.Name)
	parameters := e.CreateElement("parameters")
	for _, p := range o.Product.Parameters {
		if err := addRule(parameters.CreateElement("parameterRule"), p.Name, p.Type, p.LabelIn(o.RuleOf(p.Name), ""), o.RuleOf(p.Name), today); err != nil {
			return err
		}
	}
	dataFields := e.CreateElement("dataFields")
	for _, f := range o.DataFields {
		if err := addRule(dataFields.CreateElement("dataFieldRule"), f.Name, f.Type, f.LabelIn(""), f.Rule, today); err != nil {
			return err
		}
	}
	prices := e.CreateElement("prices")
	if o.Product.Price != nil {
		return addMoney(prices.CreateElement("price"), *o.Product.Price)
	}
	return nil
}

// addRule tells a rule in the terms of today: relative dates are days.
func addRule(e *etree.Element, name, typeName, label string, r licensing.Rule, today licensing.Day) error {
	parameterType, ok := licensing.ParameterTypes[typeName]
	if !ok {
		return fmt.Errorf("%s has the type %q, which does not exist", name, typeName)
	}
	add(e, "name", name)
	add(e, "type", typeName)
	add(e, "label", label)
	addBool(e, "required", !r.Optional && r.Fixed == nil && r.Default == nil)
	if r.Fixed != nil {
		add(e, "fixed", *r.Fixed)
		return nil
	}
	if r.Default != nil {
		add(e, "default", *r.Default)
	}
	limits := parameterType.Limits(r, today)
	addOptional(e, "minimum", orLength(limits.Minimum, limits.MinLength))
	addOptional(e, "maximum", orLength(limits.Maximum, limits.MaxLength))
	addOptional(e, "step", limits.Step)
	addOptional(e, "pattern", limits.Pattern)
	if len(limits.Options) > 0 {
		options := e.CreateElement("options")
		for _, o := range limits.Options {
			option := options.CreateElement("option")
			add(option, "value", o.Value)
			add(option, "label", o.LabelIn(""))
		}
	}
	return nil
}

// orLength returns a limit of the value, or where there is none that of its length in characters.
func orLength(limit string, length int) string {
	if limit == "" && length > 0 {
		return strconv.Itoa(length)
	}
	return limit
}
