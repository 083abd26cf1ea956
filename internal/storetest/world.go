package storetest

import (
	"crypto/rand"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// odd are texts that some database does not give back as it got them, or mixes up.
var odd = []string{
	"", " ", "  blanks at both ends  ", "Brückner & Söhne", "İstanbul ıı ß ẞ", "日本語 한국어 العربية", "👩‍👩‍👧‍👦🏳️‍🌈",
	"e\u0301 and é", `back\slash, "quotes" and 'these'`, "100%_of\\it", "line one\nline two\r\n\ttab", "$1 ? :name @p1", "<b>&amp;</b>", "NULL", "\U0010FFFD",
}

// long is a text that is longer than any page of a database.
func long() string {
	b := make([]rune, 70_000)
	for i := range b {
		b[i] = rune('ऀ' + i%100)
	}
	return string(b)
}

// someTime has microseconds that end in a zero, so that text of it has fewer digits than others.
var someTime = time.Date(2026, 11, 21, 9, 30, 15, 123_450_000, time.UTC)

// world is an organization with something to order: root above north and south, north above ice.
type world struct {
	root, north, south, ice licensing.Group
	member                  licensing.Membership // an admin of north
	category, other         licensing.Category
	product                 licensing.Product
	offer                   licensing.Offer
	customer                licensing.CustomerID // of north
}

func group(parent licensing.Group, code string) licensing.Group {
	return licensing.Group{ID: licensing.GroupID(licensing.NewID()), Parent: parent.ID, Code: code, Name: "Group " + code, Version: 1, CreatedAt: someTime}
}

func user(email string) licensing.User {
	return licensing.User{ID: licensing.UserID(licensing.NewID()), Email: email, Name: "Name of " + email, PasswordHash: "hash", CreatedAt: someTime}
}

// membership is that of u in g, with everything that reading it brings along.
func membership(u licensing.User, g licensing.Group, role licensing.Role) licensing.Membership {
	return licensing.Membership{
		ID: licensing.MembershipID(licensing.NewID()), User: u.ID, Email: u.Email, UserName: u.Name, Group: g.ID, GroupCode: g.Code, GroupName: g.Name,
		GroupIsISV: g.Parent == "", Role: role, Version: 1, CreatedAt: someTime,
	}
}

// makeWorld fills an empty store.
func makeWorld(t testing.TB, s licensing.Store) (w world) {
	t.Helper()
	ctx := t.Context()
	w.root = group(licensing.Group{}, "root")
	w.north, w.south = group(w.root, "north"), group(w.root, "south")
	w.ice = group(w.north, "ice")
	who := user("ada@north.example")
	w.member = membership(who, w.north, licensing.RoleAdmin)
	w.category = licensing.Category{ID: licensing.CategoryID(licensing.NewID()), Code: "partner", Name: "Partner", Description: "For partners", Version: 1}
	w.other = licensing.Category{ID: licensing.CategoryID(licensing.NewID()), Code: "internal", Name: "Internal", Version: 1}
	w.product = product("APP")
	w.offer = licensing.Offer{
		ID: licensing.OfferID(licensing.NewID()), Category: w.category, Product: w.product,
		Rules: map[string]licensing.Rule{"seats": {Minimum: "1", Maximum: "50"}}, Version: 1,
	}
	write(t, s, func(tx licensing.Tx) {
		for _, g := range []licensing.Group{w.root, w.north, w.south, w.ice} {
			must(t, tx.InsertGroup(ctx, g))
		}
		must(t, tx.InsertUser(ctx, who))
		must(t, tx.InsertMembership(ctx, w.member))
		must(t, tx.InsertCategory(ctx, w.category))
		must(t, tx.InsertCategory(ctx, w.other))
		must(t, tx.InsertProduct(ctx, w.product))
		must(t, tx.InsertOffer(ctx, w.offer))
		w.customer = got[licensing.CustomerID](t)(tx.UpsertCustomer(ctx, w.north.ID, licensing.Customer{Name: "Bright Studio"}, false))
	})
	return w
}

func product(code string) licensing.Product {
	return licensing.Product{
		ID: licensing.ProductID(licensing.NewID()), Code: code, Name: "Product " + code, Kind: licensing.KindPerpetual, FileForm: licensing.FileSigned, Version: 1,
		Parameters: []licensing.Parameter{{Name: "seats", Type: "number", Label: "Seats", Sets: licensing.SetsSeats}},
	}
}

func (w world) actor() licensing.Actor { return licensing.Actor{Membership: w.member, Via: "portal"} }

// everything is the sight of an admin of the root.
func (w world) everything() licensing.Sight { return licensing.Sight{Group: w.root.ID, Below: true} }

// order is a new order of a group with one line, not yet written.
func (w world) order(g licensing.Group, customer licensing.Customer) licensing.Order {
	o := licensing.Order{
		ID: licensing.OrderID(licensing.NewID()), Group: g.ID, GroupCode: g.Code, GroupName: g.Name, Customer: customer, CreatedAt: someTime, CreatedBy: w.member.UserName, Creator: w.member.ID,
	}
	o.Lines = []licensing.Line{w.line(o, 1)}
	return o
}

func (w world) line(o licensing.Order, position int) licensing.Line {
	return licensing.Line{
		ID: licensing.LineID(licensing.NewID()), Order: o.ID, Position: position, Category: w.category.ID, CategoryCode: w.category.Code, CategoryName: w.category.Name,
		Product: w.product.ID, ProductCode: w.product.Code, ProductName: w.product.Name, Quantity: 1, Units: 1,
	}
}

// license is one that the first line of o yields, not yet written.
func (w world) license(t testing.TB, o licensing.Order) licensing.License {
	t.Helper()
	return licensing.License{
		ID: licensing.LicenseID(licensing.NewID()), Ticket: got[string](t)(licensing.NewTicket(rand.Reader)), Order: o.ID, OrderNumber: o.Number, Line: o.Lines[0].ID,
		Group: o.Group, GroupCode: o.GroupCode, GroupName: o.GroupName, CategoryCode: w.category.Code, CategoryName: w.category.Name,
		ProductCode: w.product.Code, ProductName: w.product.Name, Quantity: 1, State: licensing.LicenseActive, CreatedAt: o.CreatedAt, Customer: o.Customer,
		DataFields: o.DataFields, CustomerID: w.customer, FileForm: w.product.FileForm, Definitions: w.product.Parameters, Test: o.Test, Version: 1,
	}
}

// placed writes an order with one license.
func (w world) placed(t testing.TB, s licensing.Store, g licensing.Group, customer licensing.Customer) (o licensing.Order, l licensing.License) {
	t.Helper()
	write(t, s, func(tx licensing.Tx) {
		o = w.place(t, tx, w.order(g, customer))
		l = w.license(t, o)
		must(t, tx.InsertLicense(t.Context(), l, w.offer))
	})
	return o, l
}

// place writes an order with its line and returns it with its number.
func (w world) place(t testing.TB, tx licensing.Tx, o licensing.Order) licensing.Order {
	t.Helper()
	seq := got[int64](t)(tx.InsertOrder(t.Context(), o, w.customer, w.actor()))
	o.Number = licensing.OrderNumber(tx.Now().Today(), seq)
	must(t, tx.InsertLine(t.Context(), o.Lines[0]))
	return o
}

// subscribed writes a license with a subscription whose first period has the last day to cancel.
func (w world) subscribed(t testing.TB, s licensing.Store, cancelBy licensing.Day) licensing.License {
	t.Helper()
	_, l := w.placed(t, s, w.north, licensing.Customer{Name: "Bright Studio"})
	sub := subscription(l.ID, cancelBy)
	write(t, s, func(tx licensing.Tx) { must(t, tx.InsertSubscription(t.Context(), sub)) })
	l.Subscription = &sub
	return l
}

func subscription(l licensing.LicenseID, cancelBy licensing.Day) licensing.Subscription {
	plan := licensing.Plan{Type: licensing.LicenseSubscription, Term: licensing.Term{Months: 12}, Cancellation: licensing.Term{Days: 30}}
	end := cancelBy.AddDays(30)
	return licensing.Subscription{
		ID: licensing.SubscriptionID(licensing.NewID()), License: l, Plan: plan, State: licensing.SubscriptionActive, Version: 1,
		Unit:    &licensing.Money{Minor: 7_805, Currency: "EUR"},
		Periods: []licensing.Period{{Number: 1, Start: end.AddDays(1).AddMonths(-12), End: end, CancelBy: cancelBy, Units: 2, Amount: &licensing.Money{Minor: 15_610, Currency: "EUR"}}},
	}
}
