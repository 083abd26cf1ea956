package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"kontor/internal/access"
	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// choosePage is what the page shows on which an offer is chosen.
type choosePage struct {
	Categories []catalog.CategoryOffers // what the actor may create; empty: nothing
	Chosen     catalog.CategoryOffers
	Query      string
	Groups     []access.GroupName     // for which the actor may license; empty: his own alone
	Group      string                 // the chosen one's code; empty: his own
	To         *extendedOrder         // the order that gets a line; nil: a new one
	Admins     []licensing.Membership // whom to ask when there is nothing
}

// kinds are the product kinds in the order in which they are listed.
var kinds = []licensing.ProductKind{licensing.KindPerpetual, licensing.KindLimited, licensing.KindSubscription, licensing.KindKey}

func (s *site) choose(v *visit) error {
	to, err := s.extendedOrder(v, v.Query("order"))
	if err != nil {
		return err
	}
	code := to.group(v.Query("group"))
	categories, err := s.services.Catalog.Offers(v.ctx(), v.actor, code, "") // first: it refuses a group as it does by SOAP
	if err != nil {
		return err
	}
	group, err := s.forGroup(v, code)
	if err != nil {
		return err
	}
	page := choosePage{Categories: categories, Query: strings.TrimSpace(v.Query("q")), Group: group.Code, To: to}
	if v.actor.Role.Below() && to == nil {
		if page.Groups, err = s.services.People.GroupNames(v.ctx(), v.actor); err != nil {
			return err
		}
	}
	if len(categories) == 0 {
		if page.Admins, err = s.othersToAsk(v); err != nil {
			return err
		}
		return v.show(http.StatusOK, nothingToChoose(page))
	}
	page.Chosen = categories[0]
	for _, c := range categories {
		if c.Category.Code == v.Query("category") {
			page.Chosen = c
		}
	}
	return v.show(http.StatusOK, choose(page))
}

// forGroup is the group that a license shall belong to, by its code; the zero group is the actor's own.
func (s *site) forGroup(v *visit, code string) (licensing.Group, error) {
	if code == "" || code == v.actor.GroupCode {
		return licensing.Group{}, nil
	}
	d, err := s.services.People.Group(v.ctx(), v.actor, code)
	return d.Group, err
}

// othersToAsk are the admins of the actor's own group, without himself. It is empty when only somebody above can
// help, and nobody above is named.
func (s *site) othersToAsk(v *visit) ([]licensing.Membership, error) {
	admins, err := s.services.Access.Admins(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	var others []licensing.Membership
	for _, m := range admins {
		if m.User != v.actor.User {
			others = append(others, m)
		}
	}
	return others, nil
}

// of returns the chosen category's offers of a kind that the query finds.
func (p choosePage) of(kind licensing.ProductKind) []licensing.Offer {
	var found []licensing.Offer
	query := licensing.Fold(p.Query)
	for _, o := range p.Chosen.Offers {
		if o.Product.Kind == kind && strings.Contains(licensing.Fold(searchText(o)), query) {
			found = append(found, o)
		}
	}
	return found
}

// searchText is what an offer is found by.
func searchText(o licensing.Offer) string { return o.Product.Name + " " + o.Product.Code }

// newLicenseAddress is the form for an offer, to license it for a group (a code; empty: the own one), in an order of its own or
// in one that exists (its number).
func newLicenseAddress(ctx context.Context, o licensing.Offer, group, order string) string {
	if order != "" {
		group = "" // it is the order's
	}
	return query(at(ctx, "licenses", "new"), "category", o.Category.Code, "product", o.Product.Code, "group", group, "order", order)
}

// sameAgain is the form for an offer, filled in as in an order.
func sameAgain(ctx context.Context, l licensing.License) string {
	group := l.GroupCode
	if group == visitOf(ctx).actor.GroupCode {
		group = ""
	}
	return query(at(ctx, "licenses", "new"), "category", l.CategoryCode, "product", l.ProductCode, "again", l.OrderNumber, "group", group)
}

// askFor is an e-mail to somebody who can help, begun.
func askFor(m licensing.Membership, subject, text string) string {
	q := url.Values{"subject": {subject}, "body": {text}}
	return "mailto:" + url.PathEscape(m.Email) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// firstName is how a button calls somebody.
func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// namesOf is "Freya Lund or Ola Berg".
func namesOf(ctx context.Context, people []licensing.Membership) string {
	names := make([]string, len(people))
	for i, p := range people {
		names[i] = p.UserName
	}
	return either(ctx, names)
}

// any reports whether the query finds anything.
func (p choosePage) any() bool {
	for _, kind := range kinds {
		if len(p.of(kind)) > 0 {
			return true
		}
	}
	return false
}

// title is the page's heading.
func (p choosePage) title(ctx context.Context) string {
	if p.To != nil {
		return T(ctx, "extend.title", "Order", p.To.Order.Number)
	}
	return T(ctx, "new.title")
}
