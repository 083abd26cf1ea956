package portal_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// CreateLicense implements portal.Ordering.
func (w *world) CreateLicense(ctx context.Context, a licensing.Actor, requestID string, in ordering.CreateLicense) (ordering.Created, bool, error) {
	if w.broken != nil {
		return ordering.Created{}, false, w.broken
	}
	content := fmt.Sprintf("%+v %d", in, quantityOf(in))
	w.mu.Lock()
	before, ok := w.requests[requestID]
	w.mu.Unlock()
	if ok && before.content != content {
		return ordering.Created{}, false, &licensing.Error{Kind: licensing.Conflict, Code: licensing.CodeRequestIDReused, Field: "requestId", Message: "This request id was used with other content."}
	}
	if ok {
		return before.out, true, nil
	}
	if err := w.seen(in, w.now.Today()); err != nil {
		return ordering.Created{}, false, err
	}
	q, err := w.Quote(ctx, a, in)
	if err != nil {
		return ordering.Created{}, false, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	o := w.place(a, in, q)
	out := ordering.Created{OrderNumber: o.Number, Licenses: o.Licenses}
	w.requests[requestID] = created{content, out}
	w.creations++
	return out, false, nil
}

// oneOf is one line of an order as a request of its own.
func oneOf(in ordering.CreateOrder, l ordering.NewLine) ordering.CreateLicense {
	return ordering.CreateLicense{
		Group: in.Group, Category: l.Category, Product: l.Product, Quantity: l.Quantity, Customer: in.Customer, Parameters: l.Parameters,
		DataFields: in.DataFields, StartDate: l.StartDate, EndDate: l.EndDate, Separate: l.Separate, Test: in.Test, OfferVersion: l.OfferVersion,
	}
}

// CreateOrder implements portal.Ordering: the licenses of all lines stand in the order of the first.
func (w *world) CreateOrder(ctx context.Context, a licensing.Actor, requestID string, in ordering.CreateOrder) (ordering.CreatedOrder, bool, error) {
	quotes, err := w.QuoteOrder(ctx, a, in)
	if err != nil {
		return ordering.CreatedOrder{}, false, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var o licensing.Order
	for i, l := range in.Lines {
		placed := w.place(a, oneOf(in, l), quotes[i])
		if i == 0 {
			o = placed
			continue
		}
		w.orders = w.orders[:len(w.orders)-1]
		placed.Lines[0].Position = i + 1
		for n := range placed.Licenses {
			placed.Licenses[n].ID += licensing.LicenseID(fmt.Sprintf("-line-%d", i))
			placed.Licenses[n].OrderNumber = o.Number
		}
		o.Lines, o.Licenses = append(o.Lines, placed.Lines...), append(o.Licenses, placed.Licenses...)
		w.orders[len(w.orders)-1] = o
	}
	w.creations++
	return ordering.CreatedOrder{Order: o}, false, nil
}

// QuoteOrder implements portal.Ordering.
func (w *world) QuoteOrder(ctx context.Context, a licensing.Actor, in ordering.CreateOrder) (quotes []ordering.Quote, err error) {
	var all licensing.Problems
	for i, l := range in.Lines {
		q, err := w.Quote(ctx, a, oneOf(in, l))
		quotes = append(quotes, q)
		var found licensing.Problems
		if err != nil && !errors.As(err, &found) {
			return quotes, err
		}
		for _, p := range found {
			field := slices.ContainsFunc(q.Offer.DataFields, func(f licensing.DataField) bool { return f.Name == p.Field })
			if of := licensing.OnLine(i+1, p); !strings.HasPrefix(p.Field, "customer.") && !field {
				all.Add(of)
			} else if i == 0 {
				all.Add(p)
			}
		}
	}
	return quotes, all.OrNil()
}

func quantityOf(in ordering.CreateLicense) int {
	if in.Quantity == nil {
		return 1
	}
	return *in.Quantity
}

// place adds an order with one line.
func (w *world) place(a licensing.Actor, in ordering.CreateLicense, q ordering.Quote) licensing.Order {
	n := len(w.orders)
	o := licensing.Order{
		ID: licensing.OrderID(fmt.Sprintf("order-%d", n)), Number: licensing.OrderNumber(w.now.Today(), int64(n+1)),
		Group: a.Group, GroupCode: a.GroupCode, GroupName: a.GroupName, Customer: in.Customer, DataFields: in.DataFields,
		CreatedAt: w.now.Business, CreatedBy: a.UserName,
		Documents: []licensing.Document{{ID: licensing.MessageID(fmt.Sprintf("message-%d", n)), Connector: "erp", Kind: licensing.TellOrderCreated, State: licensing.MessageWaiting, At: w.now.Wall, NextTry: w.now.Wall}},
	}
	count, quantity := 1, quantityOf(in)
	if in.Separate {
		count, quantity = quantity, 1
	}
	line := licensing.Line{
		ID: licensing.LineID(fmt.Sprintf("line-%d", n)), Order: o.ID, Position: 1, CategoryCode: q.Offer.Category.Code, CategoryName: q.Offer.Category.Name,
		ProductCode: q.Offer.Product.Code, ProductName: q.Offer.Product.Name, Quantity: quantityOf(in), Unit: q.Unit, Units: q.Units, Amount: q.Amount,
	}
	for i := range count {
		ticket, err := licensing.NewTicket(rand.Reader)
		if err != nil {
			panic(err)
		}
		l := licensing.License{
			ID: licensing.LicenseID(fmt.Sprintf("license-%d-%d", n, i)), Ticket: ticket, Order: o.ID, OrderNumber: o.Number, Line: line.ID,
			Group: a.Group, GroupCode: a.GroupCode, GroupName: a.GroupName, CategoryCode: line.CategoryCode, CategoryName: line.CategoryName,
			ProductCode: line.ProductCode, ProductName: line.ProductName, Quantity: quantity, State: licensing.LicenseActive, CreatedAt: o.CreatedAt,
			ExpiresAt: q.ExpiresAt, Parameters: q.Parameters, DataFields: o.DataFields, Customer: o.Customer, FileForm: licensing.FileSigned,
			File: "-----BEGIN LICENSE FILE-----\neyJlbmMiOiIi\n-----END LICENSE FILE-----\n", FileIssuedAt: w.now.Wall,
			Definitions: q.Offer.Product.Parameters, Price: q.Offer.Product.Price,
		}
		if q.Period != nil {
			l.Subscription = &licensing.Subscription{Plan: *q.Offer.Plan(), State: licensing.SubscriptionActive, Periods: []licensing.Period{*q.Period}}
			l.ExpiresAt, l.MaintenanceUntil = licensing.Prolong(q.Offer.Product.Plan.Type, *q.Period, berlin)
		}
		o.Licenses = append(o.Licenses, l)
		line.Tickets = append(line.Tickets, ticket)
		w.note(l.ID, "license.created", a.UserName, "category", line.CategoryName, "order", o.Number)
	}
	o.Lines = []licensing.Line{line}
	w.orders = append(w.orders, o)
	return o
}

// Quote implements portal.Ordering.
func (w *world) Quote(_ context.Context, a licensing.Actor, in ordering.CreateLicense) (ordering.Quote, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.quote(a, in)
}

func (w *world) quote(a licensing.Actor, in ordering.CreateLicense) (ordering.Quote, error) {
	o, err := w.Offer(context.Background(), a, in.Category, in.Product)
	if err != nil {
		return ordering.Quote{}, err
	}
	today, q := w.now.Today(), ordering.Quote{Offer: o}
	var problems licensing.Problems
	q.Parameters, err = licensing.ResolveParameters(o, in.Parameters, today)
	problems.Add(err)
	priced := err == nil
	_, err = licensing.ResolveDataFields(o.DataFields, in.DataFields, today)
	problems.Add(err)
	_, err = in.Customer.Check()
	problems.Add(err)
	if n := quantityOf(in); n < 1 || n > licensing.MaxQuantity {
		problems.Add(licensing.InvalidRequest("quantity", "Enter 1 to 10,000."))
		priced = false
	}
	if !priced {
		return q, problems.OrNil()
	}
	if q.Unit, q.Units, q.Amount, err = licensing.Price(o.Product, q.Parameters, quantityOf(in)); err != nil {
		return q, err
	}
	if plan := o.Plan(); plan != nil {
		first, err := plan.FirstPeriod(in.StartDate, today, in.EndDate)
		if err != nil {
			return q, err
		}
		q.Period = &first
		if next, ok := plan.Sold(first).NextPeriod(first); ok {
			q.Next = &next
		}
	} else if last, ok, err := licensing.Expiry(q.Parameters, o.Product.Parameters, today); ok && err == nil {
		q.ExpiresAt = new(last.AddDays(1).Begin(berlin))
	}
	return q, problems.OrNil()
}

// LicenseByID implements portal.Ordering.
func (w *world) LicenseByID(_ context.Context, a licensing.Actor, id licensing.LicenseID) (licensing.License, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if l := w.find(a, func(l licensing.License) bool { return l.ID == id }); l != nil {
		return *l, nil
	}
	return licensing.License{}, licensing.NotFoundError("license", "There is no such license within your sight.")
}

// LicenseFiles implements portal.Ordering.
func (w *world) LicenseFiles(ctx context.Context, a licensing.Actor, id licensing.LicenseID) ([]licensing.LicenseFile, error) {
	l, err := w.LicenseByID(ctx, a, id)
	return []licensing.LicenseFile{{Number: 1, Text: l.File, IssuedAt: l.FileIssuedAt}}, err
}

// History implements portal.Ordering.
func (w *world) History(_ context.Context, _ licensing.Actor, id licensing.LicenseID) ([]licensing.HistoryEntry, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.history[id]), nil
}

// Order implements portal.Ordering.
func (w *world) Order(_ context.Context, a licensing.Actor, number string) (licensing.Order, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range w.orders {
		if o.Number == number && sees(a, o.Group) {
			o.Documents = slices.Clone(o.Documents)
			return o, nil
		}
	}
	return licensing.Order{}, licensing.NotFoundError("orderNumber", "There is no such order within your sight.")
}

// OrderWay implements portal.Ordering.
func (w *world) OrderWay(ctx context.Context, a licensing.Actor, number string) (licensing.OrderWay, error) {
	o, err := w.Order(ctx, a, number)
	return o.Way(), err
}

// Customers implements portal.Ordering.
func (w *world) Customers(_ context.Context, a licensing.Actor, q string) ([]licensing.CustomerRow, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	byNumber := map[string]*licensing.CustomerRow{}
	for _, l := range w.allOf(a) {
		c := l.Customer
		if !contains(q, c.Name, c.Company, c.Number, c.Email) {
			continue
		}
		if byNumber[c.Number] == nil {
			byNumber[c.Number] = &licensing.CustomerRow{ID: customerID(c), Customer: c, GroupName: a.GroupName, CreatedAt: l.CreatedAt}
		}
		byNumber[c.Number].Licenses++
		byNumber[c.Number].Orders++
	}
	var rows []licensing.CustomerRow
	for _, r := range byNumber {
		rows = append(rows, *r)
	}
	slices.SortFunc(rows, func(x, y licensing.CustomerRow) int { return cmp.Compare(x.Customer.Company, y.Customer.Company) })
	return rows, nil
}

// LicensesPerDay implements portal.Ordering.
func (w *world) LicensesPerDay(_ context.Context, a licensing.Actor, from licensing.Day) (map[licensing.Day]int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	counts := map[licensing.Day]int{}
	for _, l := range w.allOf(a) {
		if day := licensing.DayOf(l.CreatedAt, berlin); !day.Before(from) {
			counts[day]++
		}
	}
	return counts, nil
}

// sell creates a license on an earlier day, and lets what is due since happen.
func (w *world) sell(email, group string, on licensing.Day, product string, c licensing.Customer, number string, parameters ...string) licensing.Order {
	now := w.now
	w.now.Business = on.Begin(berlin).Add(10*time.Hour + 41*time.Minute)
	w.now.Wall = w.now.Business
	var actor licensing.Actor
	for _, m := range w.memberships {
		if m.Email == email && m.GroupCode == group {
			actor = licensing.Actor{Membership: m}
		}
	}
	in := ordering.CreateLicense{Category: "partner", Product: product, Customer: c, DataFields: []licensing.Value{{Name: "reference", Value: number}}}
	for i := 0; i < len(parameters); i += 2 {
		in.Parameters = append(in.Parameters, licensing.Value{Name: parameters[i], Value: parameters[i+1]})
	}
	q, err := w.quote(actor, in)
	if err != nil {
		panic(fmt.Sprintf("selling %s on %s: %v", product, on, err))
	}
	o := w.place(actor, in, q)
	stored := &w.orders[len(w.orders)-1]
	stored.Documents[0].State, stored.Documents[0].Number = licensing.MessageAccepted, fmt.Sprintf("AB-%d", 700300+len(w.orders))
	w.now = now
	for i := range stored.Licenses {
		for l := &stored.Licenses[i]; l.Subscription != nil && l.Subscription.Last().CancelBy.Before(now.Today()); {
			w.now.Business = l.Subscription.Last().CancelBy.AddDays(1).Begin(berlin)
			w.extend(l)
		}
	}
	w.now = now
	return o
}

// subscribe sells a subscription today.
func (w *world) subscribe() (license, order string) {
	o := w.sell("anna@northwind.example", "northwind", theDay, "AUR-SUITE", bruckner, "NW-1", "seats", "3")
	return string(o.Licenses[0].ID), o.Number
}
