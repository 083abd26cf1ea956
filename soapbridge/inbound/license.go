package inbound

import (
	"time"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// readCustomer decodes a customer that has passed the schema.
func readCustomer(e *element) licensing.Customer {
	return licensing.Customer{
		Number:   e.string("number"),
		Name:     e.string("name"),
		Company:  e.string("company"),
		Email:    e.string("email"),
		Country:  e.string("country"),
		Language: e.string("language"),
	}
}

func addCustomer(parent *etree.Element, c licensing.Customer) {
	e := parent.CreateElement("customer")
	addOptional(e, "number", c.Number)
	add(e, "name", c.Name)
	addOptional(e, "company", c.Company)
	addOptional(e, "email", c.Email)
	addOptional(e, "country", c.Country)
	addOptional(e, "language", c.Language)
}

// addLicense appends a license as it stands at an instant of the business clock.
func addLicense(parent *etree.Element, l licensing.License, at time.Time) {
	e := parent.CreateElement("license")
	add(e, "ticket", l.Ticket)
	add(e, "orderNumber", l.OrderNumber)
	add(e, "group", l.GroupCode)
	add(e, "category", l.CategoryCode)
	add(e, "product", l.ProductCode)
	add(e, "productName", l.ProductName)
	addInt(e, "quantity", l.Quantity)
	add(e, "state", string(l.StateAt(at)))
	add(e, "createdAt", instant(l.CreatedAt))
	if l.ExpiresAt != nil {
		add(e, "expiresAt", instant(*l.ExpiresAt))
	}
	addOptional(e, "maintenanceUntil", l.MaintenanceUntil.String())
	addValues(e, "parameters", "parameter", l.Parameters)
	addValues(e, "dataFields", "dataField", l.DataFields)
	addCustomer(e, l.Customer)
	add(e, "deliveryState", "none") // nothing is delivered yet but the license file
	e.CreateElement("keys")
	addOptional(e, "licenseFile", l.File)
	if l.Subscription != nil {
		addSubscription(e, *l.Subscription)
	}
	addTest(e, l.Test)
}

// addSubscription appends a subscription. Its dates are those of the newest period, which is the one that can still
// be cancelled.
func addSubscription(parent *etree.Element, s licensing.Subscription) {
	e := parent.CreateElement("subscription")
	last := s.Last()
	add(e, "type", string(s.Plan.Type))
	add(e, "state", string(s.State))
	add(e, "periodStart", last.Start.String())
	add(e, "endDate", s.EndsOn().String())
	add(e, "cancelBy", last.CancelBy.String())
	if next, ok := s.Next(); ok {
		add(e, "nextEndDate", next.End.String())
	}
	periods := e.CreateElement("periods")
	for _, p := range s.Periods {
		period := periods.CreateElement("period")
		addInt(period, "number", p.Number)
		add(period, "start", p.Start.String())
		add(period, "end", p.End.String())
	}
	coming := s.Agreed()
	if len(coming) == 0 {
		return
	}
	agreed := e.CreateElement("agreed")
	for _, c := range coming {
		change := agreed.CreateElement("agreedChange")
		addInt(change, "period", c.Period)
		add(change, "start", s.Starts(c.Period).String())
		addValues(change, "parameters", "parameter", c.Values)
	}
}

// addTest appends that a license, or the order that something is about, is a test. Of real ones nothing is said, so that
// answers about them are what they were before there was the element.
func addTest(e *etree.Element, test bool) {
	if test {
		addBool(e, "test", true)
	}
}
