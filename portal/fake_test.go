package portal_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/subscriptions"
	"kontor/portal"
)

// world stands in for the use cases: it keeps everything in memory, and applies the real pure rules, so that what
// the pages show is what they would show.
type world struct {
	*shelf // the editing of the catalog

	mu             sync.Mutex
	forecastTimes  int   // how often the lines of a forecast's file come; 0: once
	forecastFails  error // after all lines
	statementTried bool  // the message about a closed statement was sent again, and accepted
	now            licensing.Moment
	memberships    []licensing.Membership
	passwords      map[string]string // by e-mail address
	grants         map[licensing.MembershipID][]licensing.Action
	offers         []licensing.Offer
	orders         []licensing.Order // oldest first
	history        map[licensing.LicenseID][]licensing.HistoryEntry
	requests       map[string]created // by request id
	receipts       map[licensing.LicenseID][]licensing.Receipt
	exports        []licensing.Export // oldest first
	slowExports    bool               // they wait
	failures       map[string]int
	broken         error // what every use case answers instead, when set
	creations      int
	reports        map[string][]licensing.HistoryEntry // of orders, by number
	calendar       licensing.MembershipID              // whose calendar has an address
	looks          looks
	delegation     *delegation
	people         *fakePeople
}

// created is a request that was carried out.
type created struct {
	content string
	out     ordering.Created
}

const password = "kontor-demo"

var berlin = mustZone("Europe/Berlin")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// theDay is the day on which the pages are drawn, at noon.
var theDay = licensing.Day{Year: 2026, Month: time.November, Date: 21}

func newWorld(t *testing.T) *world {
	t.Helper()
	noon := theDay.Begin(berlin).Add(12 * time.Hour)
	w := &world{
		now:       licensing.Moment{Business: noon, Wall: noon, Zone: berlin},
		passwords: map[string]string{}, grants: map[licensing.MembershipID][]licensing.Action{},
		history: map[licensing.LicenseID][]licensing.HistoryEntry{}, requests: map[string]created{}, receipts: map[licensing.LicenseID][]licensing.Receipt{}, failures: map[string]int{},
	}
	all := []licensing.Action{licensing.Create, licensing.Modify, licensing.Revoke}
	w.addMember("anna@northwind.example", "Anna Lindqvist", "northwind", "Northwind", licensing.RoleAdmin, all)
	w.addMember("ben@northwind.example", "Ben Hartmann", "northwind", "Northwind", licensing.RoleMember, all[:2])
	w.addMember("ben@northwind.example", "Ben Hartmann", "fjord", "Fjord", licensing.RoleMember, nil)
	w.addMember("freya@fjord.example", "Freya Lund", "fjord", "Fjord", licensing.RoleAdmin, all)
	w.addMember("cleo@northwind.example", "Cleo Marsh", "northwind", "Northwind", licensing.RoleMember, all[:1])
	w.offers = demoOffers()
	w.delegation = &delegation{w: w}
	w.shelf = newShelf(w)
	w.people = newFakePeople(w)
	w.addMember("iris@aurora.example", "Iris Voss", "aurora", "Aurora Software", licensing.RoleAdmin, all)
	w.memberships[len(w.memberships)-1].GroupIsISV = true
	return w
}

func (w *world) services() portal.Services {
	return portal.Services{
		Access: w, Grants: w.delegation, People: w.people, Simulation: w,
		Catalog: w, Ordering: w, Subscriptions: w, Connecting: w, Statements: fakeStatements{w}, Calls: fakeCalls{w}, Clock: w,
		Console: fakeConsole{w.people},
	}
}

func (w *world) addMember(email, name, group, groupName string, role licensing.Role, may []licensing.Action) {
	m := licensing.Membership{
		ID: licensing.MembershipID("m-" + email + "-" + group), User: licensing.UserID("u-" + email), Email: email, UserName: name,
		Group: licensing.GroupID("g-" + group), GroupCode: group, GroupName: groupName, Role: role,
	}
	w.memberships = append(w.memberships, m)
	w.passwords[email] = password
	w.grants[m.ID] = may
}

func (w *world) may(a licensing.Actor, action licensing.Action) bool {
	return slices.Contains(w.grants[a.ID], action)
}

// Now implements portal.Clock.
func (w *world) Now(context.Context) (licensing.Moment, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now, w.now.Business.After(w.now.Wall), nil
}

// MoveTo implements portal.Clock.
func (w *world) MoveTo(_ context.Context, day licensing.Day) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !day.After(w.now.Today()) {
		return licensing.InvalidRequest("to", "The clock only moves forward. Choose a day after %s.", w.now.Today())
	}
	w.now.Business = day.Begin(berlin)
	for i := range w.orders {
		for j := range w.orders[i].Licenses {
			l := &w.orders[i].Licenses[j]
			for l.Subscription != nil && l.Subscription.State == licensing.SubscriptionActive && l.Subscription.Last().CancelBy.Before(day) {
				w.extend(l)
			}
		}
	}
	return nil
}

func (w *world) extend(l *licensing.License) {
	last := l.Subscription.Last()
	extended, _ := l.Extended(berlin)
	*l.Subscription = *extended.Subscription // whoever holds the subscription sees it
	extended.Subscription = l.Subscription
	*l = extended
	next := l.Subscription.Last()
	w.note(l.ID, "subscription.extended", "Scheduler", "minor", fmt.Sprint(next.Amount.Minor), "currency", next.Amount.Currency, "period", fmt.Sprint(next.Number), "end", next.End.String(), "cancelBy", last.CancelBy.String())
}

func (w *world) note(id licensing.LicenseID, action, by string, detail ...string) {
	e := licensing.HistoryEntry{At: w.now.Business, By: by, Action: action}
	for i := 0; i < len(detail); i += 2 {
		e.Detail = append(e.Detail, licensing.Value{Name: detail[i], Value: detail[i+1]})
	}
	w.history[id] = append([]licensing.HistoryEntry{e}, w.history[id]...)
}

// LogIn implements portal.Access.
func (w *world) LogIn(_ context.Context, email, given, _ string) (licensing.User, []licensing.Membership, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failures[email] >= 5 {
		return licensing.User{}, nil, &licensing.Error{Kind: licensing.Unauthenticated, Code: licensing.CodeUnauthenticated, Message: "Too many tries in a row. Try again at 12:05.", After: 3500 * time.Millisecond}
	}
	if want, ok := w.passwords[email]; !ok || want != given {
		w.failures[email]++
		return licensing.User{}, nil, &licensing.Error{Kind: licensing.Unauthenticated, Code: licensing.CodeUnauthenticated, Message: "E-mail address or password is not right."}
	}
	return licensing.User{ID: licensing.UserID("u-" + email), Email: email}, nil, nil
}

// Memberships implements portal.Access.
func (w *world) Memberships(_ context.Context, user licensing.UserID) ([]licensing.Membership, error) {
	var mine []licensing.Membership
	for _, m := range w.memberships {
		if m.User == user {
			mine = append(mine, m)
		}
	}
	return mine, nil
}

// Act implements portal.Access.
func (w *world) Act(_ context.Context, user licensing.UserID, id licensing.MembershipID, via, remote string) (licensing.Actor, error) {
	for _, m := range w.memberships {
		if m.ID == id && m.User == user {
			return licensing.Actor{Membership: m, Via: via, Remote: remote}, nil
		}
	}
	return licensing.Actor{}, licensing.DeniedError("", "This membership is not yours.")
}

// Admins implements portal.Access.
func (w *world) Admins(_ context.Context, a licensing.Actor) ([]licensing.Membership, error) {
	var admins []licensing.Membership
	for _, m := range w.memberships {
		if m.Group == a.Group && m.Role == licensing.RoleAdmin {
			admins = append(admins, m)
		}
	}
	return admins, nil
}

// Offers implements portal.Catalog.
func (w *world) Offers(_ context.Context, a licensing.Actor, _, _ string) ([]catalog.CategoryOffers, error) {
	if w.broken != nil {
		return nil, w.broken
	}
	if !w.may(a, licensing.Create) {
		return nil, nil
	}
	var all []catalog.CategoryOffers
	for _, o := range w.offers {
		if o.Product.Sale != licensing.SaleOn {
			continue
		}
		if len(all) == 0 || all[len(all)-1].Category.Code != o.Category.Code {
			all = append(all, catalog.CategoryOffers{Category: o.Category})
		}
		all[len(all)-1].Offers = append(all[len(all)-1].Offers, o)
	}
	return all, nil
}

// Choices implements portal.Catalog.
func (w *world) Choices(ctx context.Context, a licensing.Actor) (c catalog.Choices, err error) {
	all, err := w.Offers(ctx, a, "", "")
	products, fields := map[string]bool{}, map[string]bool{}
	for _, in := range all {
		c.Categories = append(c.Categories, in.Category)
		for _, o := range in.Offers {
			if !products[o.Product.Code] {
				products[o.Product.Code] = true
				c.Products = append(c.Products, licensing.ProductName{Code: o.Product.Code, Name: o.Product.Name})
			}
			for _, d := range o.DataFields {
				if !d.Hidden && !fields[d.Name] {
					fields[d.Name] = true
					c.Fields = append(c.Fields, licensing.FieldName{Name: d.Name, Label: d.Label})
				}
			}
		}
	}
	return c, err
}

// OffersNamed implements portal.Catalog.
func (w *world) OffersNamed(ctx context.Context, a licensing.Actor, names []catalog.OfferName) (all []licensing.Offer, err error) {
	if w.broken != nil {
		return nil, w.broken
	}
	for _, n := range names {
		if o, err := w.Offer(ctx, a, n.Category, n.Product); err == nil {
			all = append(all, o)
		}
	}
	return all, nil
}

// FirstOffers implements portal.Catalog.
func (w *world) FirstOffers(ctx context.Context, a licensing.Actor, few int) (first []licensing.Offer, err error) {
	all, err := w.Offers(ctx, a, "", "")
	for _, in := range all {
		first = append(first, in.Offers...)
	}
	return first[:min(few, len(first))], err
}

// Offer implements portal.Catalog.
func (w *world) Offer(_ context.Context, a licensing.Actor, category, product string) (licensing.Offer, error) {
	for _, o := range w.offers {
		if o.Category.Code == category && o.Product.Code == product && w.may(a, licensing.Create) {
			return o, o.Product.CheckSold()
		}
	}
	return licensing.Offer{}, licensing.OfferDenied("product", category, product)
}

// Held implements portal.Catalog.
func (w *world) Held(_ context.Context, a licensing.Actor, _ string) ([]catalog.Holding, error) {
	var all []catalog.Holding
	for _, action := range []licensing.Action{licensing.Create, licensing.Modify, licensing.Revoke} {
		h := catalog.Holding{Action: action, Held: w.may(a, action)}
		if h.Held {
			h.GivenBy = "Anna Lindqvist"
		}
		all = append(all, h)
	}
	return all, nil
}

// Waiting implements portal.Connecting.
func (w *world) Waiting(_ context.Context, a licensing.Actor) ([]licensing.WaitingMessage, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var waiting []licensing.WaitingMessage
	for _, o := range w.orders {
		for _, d := range o.Documents {
			if o.Group == a.Group && d.State != licensing.MessageAccepted {
				waiting = append(waiting, licensing.WaitingMessage{
					Message: licensing.Message{
						Connector: d.Connector, Kind: d.Kind, State: d.State, Attempts: d.Attempts, NextTry: d.NextTry, LastError: d.LastError,
					},
					OrderNumber: o.Number, Customer: o.Customer.Company,
				})
			}
		}
	}
	return waiting, nil
}

// setDocuments lets the ERP answer, or not, for every order.
func (w *world) setDocuments(change func(*licensing.Document)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.orders {
		for j := range w.orders[i].Documents {
			change(&w.orders[i].Documents[j])
		}
	}
}

// Cancel implements portal.Subscriptions.
func (w *world) Cancel(_ context.Context, a licensing.Actor, requestID string, in subscriptions.Cancel) (subscriptions.Cancelled, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.find(a, func(l licensing.License) bool { return l.Ticket == in.Ticket })
	if l == nil {
		return subscriptions.Cancelled{}, false, licensing.NotFoundError("ticket", "There is no such license within your sight.")
	}
	if _, done := w.requests[requestID]; done {
		return subscriptions.Cancelled{License: *l}, true, nil
	}
	if !w.may(a, licensing.Modify) {
		return subscriptions.Cancelled{}, false, licensing.DeniedError("ticket", "You may not modify in Partner.").Lacking(licensing.Modify, "partner")
	}
	if len(in.Reason) > licensing.MaxReason {
		return subscriptions.Cancelled{}, false, licensing.InvalidRequest("reason", "Enter at most %d characters on one line.", licensing.MaxReason)
	}
	if err := l.Subscription.CheckCancel(w.now.Today()); err != nil {
		return subscriptions.Cancelled{}, false, err
	}
	late := l.Subscription.Last().CancelBy.Before(w.now.Today())
	if late && in.RefuseIfLate {
		return subscriptions.Cancelled{}, false, licensing.ConflictError("The last day to cancel has passed.")
	}
	if late {
		w.extend(l)
	}
	l.Subscription.State, l.Subscription.CancelledAt = licensing.SubscriptionCancelled, new(w.now.Business)
	w.note(l.ID, "subscription.cancelled", a.UserName, "end", l.Subscription.Last().End.String(), "reason", in.Reason)
	w.requests[requestID] = created{}
	w.receive(a, *l, in.Reason, !late)
	return subscriptions.Cancelled{License: *l, InTime: !late, EndsOn: l.Subscription.Last().End, ReceivedAt: w.now.Business}, false, nil
}

// Withdraw implements portal.Subscriptions.
func (w *world) Withdraw(_ context.Context, a licensing.Actor, _ string, in subscriptions.Withdraw) (subscriptions.Withdrawn, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.find(a, func(l licensing.License) bool { return l.Ticket == in.Ticket })
	sub, err := w.withdrawn(a, l)
	if err != nil {
		return subscriptions.Withdrawn{}, false, err
	}
	*l.Subscription = sub
	w.withdrawReceipts(l.ID)
	w.note(l.ID, "subscription.withdrawn", a.UserName, "end", sub.Last().End.String())
	return subscriptions.Withdrawn{License: *l}, false, nil
}

// PreviewWithdraw implements portal.Subscriptions.
func (w *world) PreviewWithdraw(_ context.Context, a licensing.Actor, id licensing.LicenseID) (licensing.Subscription, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.withdrawn(a, w.find(a, func(l licensing.License) bool { return l.ID == id }))
}

func (w *world) withdrawn(a licensing.Actor, l *licensing.License) (licensing.Subscription, error) {
	switch {
	case l == nil:
		return licensing.Subscription{}, licensing.NotFoundError("ticket", "There is no such license within your sight.")
	case !w.may(a, licensing.Modify):
		return licensing.Subscription{}, licensing.DeniedError("ticket", "You may not modify in Partner.").Lacking(licensing.Modify, "partner")
	case l.Subscription == nil:
		return licensing.Subscription{}, licensing.ConflictError("This license has no subscription.")
	}
	return l.Subscription.Withdrawn(w.now.Today())
}

// PreviewCancel implements portal.Subscriptions.
func (w *world) PreviewCancel(_ context.Context, a licensing.Actor, id licensing.LicenseID) (subscriptions.Preview, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.find(a, func(l licensing.License) bool { return l.ID == id })
	switch {
	case l == nil:
		return subscriptions.Preview{}, licensing.NotFoundError("ticket", "There is no such license within your sight.")
	case !w.may(a, licensing.Modify):
		return subscriptions.Preview{}, licensing.DeniedError("ticket", "You may not modify in Partner.").Lacking(licensing.Modify, "partner")
	case l.Subscription == nil:
		return subscriptions.Preview{}, licensing.ConflictError("This license has no subscription.")
	}
	if err := l.Subscription.CheckCancel(w.now.Today()); err != nil {
		return subscriptions.Preview{}, err
	}
	then := *l
	p := subscriptions.Preview{License: *l, InTime: !l.Subscription.Last().CancelBy.Before(w.now.Today())}
	if !p.InTime {
		then, _ = l.Extended(berlin)
	}
	p.Last, p.WithdrawUntil = then.Subscription.Last(), then.Subscription.Last().CancelBy
	if next, ok := then.Extended(berlin); ok {
		p.Spared = next.Subscription.Last()
	}
	return p, nil
}

// find returns the license itself, when the actor's group owns it.
func (w *world) find(a licensing.Actor, is func(licensing.License) bool) *licensing.License {
	for i := range w.orders {
		for j := range w.orders[i].Licenses {
			if l := &w.orders[i].Licenses[j]; sees(a, l.Group) && is(*l) {
				return l
			}
		}
	}
	return nil
}

// allOf returns the licenses of the actor's group, newest first.
func (w *world) allOf(a licensing.Actor) []licensing.License {
	var all []licensing.License
	for _, o := range w.orders {
		for _, l := range o.Licenses {
			if sees(a, l.Group) {
				all = append(all, l)
			}
		}
	}
	slices.Reverse(all)
	return all
}

func contains(query string, texts ...string) bool {
	return strings.Contains(licensing.Fold(strings.Join(texts, " ")), licensing.Fold(query))
}

// sees reports whether a group is in sight: the own one, and for ISV admins every one.
func sees(a licensing.Actor, group licensing.GroupID) bool {
	return a.Group == group || a.GroupIsISV && a.Role == licensing.RoleAdmin
}
