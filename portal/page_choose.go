package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// choosePage is what the page shows on which an offer is chosen.
type choosePage struct {
	Categories []catalog.CategoryOffers // what the actor may create; empty: nothing
	Chosen     catalog.CategoryOffers
	Query      string
	Admins     []licensing.Membership // whom to ask when there is nothing
}

// kinds are the product kinds in the order in which they are listed.
var kinds = []licensing.ProductKind{licensing.KindPerpetual, licensing.KindLimited, licensing.KindSubscription, licensing.KindKey}

func (s *site) choose(v *visit) error {
	categories, _, err := s.offersFor(v)
	if err != nil {
		return err
	}
	page := choosePage{Categories: categories, Query: strings.TrimSpace(v.Query("q"))}
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

// newLicenseAddress is the form for an offer.
func newLicenseAddress(ctx context.Context, o licensing.Offer) string {
	return query(at(ctx, "licenses", "new"), "category", o.Category.Code, "product", o.Product.Code)
}

// sameAgain is the form for an offer, filled in as in an order.
func sameAgain(ctx context.Context, l licensing.License) string {
	return query(at(ctx, "licenses", "new"), "category", l.CategoryCode, "product", l.ProductCode, "again", l.OrderNumber)
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
