package portal

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/catalog"
)

// categoryPage is what a category's page shows.
type categoryPage struct {
	catalog.ManagedCategory
	RequestID string
	Said      string // what has just happened
}

// category shows one category with its offers.
func (s *site) category(v *visit) error { return s.showCategory(v, http.StatusOK, nil) }

// showCategory shows the page, with a dialog in front of it or none.
func (s *site) showCategory(v *visit, status int, dialog templ.Component) error {
	c, err := s.services.Catalog.ManagedCategory(v.ctx(), v.actor, v.Param("category"))
	if err != nil {
		return err
	}
	page := categoryPage{ManagedCategory: c, RequestID: newRequestID(), Said: saidOf(v)}
	if v.fragment() {
		return v.show(status, categoryOffers(page))
	}
	return v.show(status, category(page, dialog))
}

// moveOffer puts an offer elsewhere in the order.
func (s *site) moveOffer(v *visit) error {
	place := readPlace(v)
	place.Category = v.Param("category")
	if _, _, err := s.services.Catalog.MoveOffer(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), place); err != nil {
		return err
	}
	if v.fragment() {
		return s.category(v)
	}
	return v.goTo(at(v.ctx(), "categories", place.Category))
}

// saidOf is the sentence about what has just happened, which the address names after a form was carried out.
func saidOf(v *visit) string {
	ctx := v.ctx()
	switch said := v.Query("said"); said {
	case "created", "saved", "sorted", "deleted":
		return T(ctx, "said."+said)
	default:
		return ""
	}
}

// codes are those of the offers' products, in their order.
func (p categoryPage) codes() []string {
	codes := make([]string, len(p.Offers))
	for i, o := range p.Offers {
		codes[i] = o.Product.Code
	}
	return codes
}

// counts is the second line of the page: "12 offers, 3 grants, 41 live licenses".
func (p categoryPage) counts(ctx context.Context) string {
	return strings.Join([]string{
		T(ctx, "category.offers", "Count", len(p.Offers), "N", number(len(p.Offers))),
		T(ctx, "category.grants", "Count", p.Grants, "N", number(p.Grants)),
		T(ctx, "category.licenses", "Count", p.Licenses, "N", number(p.Licenses)),
	}, " · ")
}
