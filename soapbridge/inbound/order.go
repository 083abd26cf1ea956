package inbound

import (
	"time"

	"github.com/beevik/etree"
	"github.com/bojanz/currency"

	"kontor/internal/licensing"
)

// addOrder appends an order as the actor may see it, with its licenses as they stand at an instant of the business clock.
func addOrder(parent *etree.Element, actor licensing.Actor, o licensing.Order, at time.Time) error {
	e := parent.CreateElement("order")
	add(e, "orderNumber", o.Number)
	add(e, "group", o.GroupCode)
	add(e, "createdAt", instant(o.CreatedAt))
	addCustomer(e, o.Customer)
	addValues(e, "dataFields", "dataField", o.DataFields)
	lines := e.CreateElement("lines")
	for _, l := range o.Lines {
		if err := addLine(lines, l); err != nil {
			return err
		}
	}
	licenses := e.CreateElement("licenses")
	for _, l := range o.Licenses {
		addLicense(licenses, l, at)
	}
	e.CreateElement("deliveries") // nothing is delivered yet but license files
	documents := e.CreateElement("documents")
	for _, d := range o.Documents {
		document := documents.CreateElement("document")
		add(document, "connector", d.Connector)
		add(document, "state", string(d.State))
		addOptional(document, "number", d.Number)
		add(document, "at", instant(d.At))
		if d.State == licensing.MessageRejected {
			addOptional(document, "message", d.SaidTo(actor))
		}
	}
	addTest(e, o.Test)
	return nil
}

func addLine(parent *etree.Element, l licensing.Line) error {
	e := parent.CreateElement("line")
	addOptional(e, "externalLine", l.ExternalLine)
	add(e, "category", l.CategoryCode)
	add(e, "product", l.ProductCode)
	addInt(e, "quantity", l.Quantity)
	tickets := e.CreateElement("tickets")
	for _, t := range l.Tickets {
		add(tickets, "ticket", t)
	}
	if l.Amount != nil {
		return addMoney(e, *l.Amount)
	}
	return nil
}

// addMoney appends an amount with as many places as its currency has (1250 cents are 12.50), and the currency.
func addMoney(parent *etree.Element, m licensing.Money) error {
	amount, err := currency.NewAmountFromInt64(m.Minor, m.Currency)
	if err != nil {
		return err
	}
	add(parent, "amount", amount.Number())
	add(parent, "currency", m.Currency)
	return nil
}
