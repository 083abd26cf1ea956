package portal

import (
	"context"
	"net/http"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// productsPage is what the list of products shows.
type productsPage struct {
	catalog.ProductPage
	Filter shelfQuery
	Kind   licensing.ProductKind
}

// products shows the list.
func (s *site) products(v *visit) error {
	page := productsPage{Filter: readShelfQuery(v, at(v.ctx(), "products"))}
	for _, kind := range kinds {
		if v.Query("kind") == string(kind) {
			page.Kind, page.Filter.More = kind, []string{"kind", string(kind)}
		}
	}
	var err error
	page.ProductPage, err = s.services.Catalog.ManagedProducts(v.ctx(), v.actor, catalog.ProductFilter{
		Query: page.Filter.Query, Kind: page.Kind, Sort: page.Filter.Sort, After: page.Filter.After, Limit: pageSize,
	})
	if err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, productResults(page))
	}
	return v.show(http.StatusOK, products(page))
}

// withKind is the list narrowed to a kind, or to none.
func (q shelfQuery) withKind(k licensing.ProductKind) shelfQuery {
	q.After, q.More = "", nil
	if k != "" {
		q.More = []string{"kind", string(k)}
	}
	return q
}

// count is the second line of the page.
func (p productsPage) count(ctx context.Context) string {
	if p.Filter.narrowed() {
		return T(ctx, "products.found", "Count", p.Total, "N", number(p.Total))
	}
	return T(ctx, "products.count", "Count", p.Total, "N", number(p.Total))
}
