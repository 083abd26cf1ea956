package portal

import (
	"context"
	"net/http"
	"slices"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// productSortPage is what the page shows on which products are sorted into categories and out of them.
type productSortPage struct {
	Products   []catalog.ManagedProduct // the first few; they are named
	Codes      []string                 // all
	Categories []catalog.CategoryRow
	Chosen     map[string]string // by the category's code: "in", "out" or ""
	Problem    string
}

// mostNamed is how many products are called by their names.
const mostNamed = 20

// productSort shows the categories for one product, which the address names.
func (s *site) productSort(v *visit) error {
	page, err := s.productSortPage(v, v.QueryArray("product"))
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, productSort(page, nil))
}

func (s *site) productSortPage(v *visit, codes []string) (page productSortPage, err error) {
	page.Codes, page.Chosen = codes, map[string]string{}
	for _, code := range codes[:min(len(codes), mostNamed)] {
		p, err := s.services.Catalog.ManagedProduct(v.ctx(), v.actor, code)
		if err != nil {
			return page, err
		}
		page.Products = append(page.Products, p)
	}
	f := catalog.CategoryFilter{Limit: 500}
	for {
		found, err := s.services.Catalog.ManagedCategories(v.ctx(), v.actor, f)
		if err != nil {
			return page, err
		}
		page.Categories = append(page.Categories, found.Categories...)
		if f.After = found.Next; f.After == "" {
			return page, nil
		}
	}
}

// sortProducts chooses, asks or sorts, as the form's step says.
func (s *site) sortProducts(v *visit) error {
	form := v.Request.PostForm
	page, err := s.productSortPage(v, form["product"])
	if err != nil {
		return err
	}
	in := catalog.SortProducts{Products: page.Codes, In: form["in"], Out: form["out"], RulesFrom: form.Get("rulesFrom")}
	back := at(v.ctx(), "products")
	if len(page.Codes) == 1 {
		back = at(v.ctx(), "products", page.Codes[0])
	}
	switch form.Get("step") {
	case "sort":
		return s.sortNow(v, in, back)
	case "ask":
	default:
		if len(page.Codes) == 0 {
			return v.goTo(back)
		}
		return v.show(http.StatusOK, productSort(page, nil))
	}
	in.In, in.Out = nil, nil
	for _, c := range page.Categories {
		page.Chosen[c.Code] = form.Get("c." + c.Code)
		switch page.Chosen[c.Code] {
		case "in":
			in.In = append(in.In, c.Code)
		case "out":
			in.Out = append(in.Out, c.Code)
		}
	}
	if len(in.In)+len(in.Out) == 0 {
		page.Problem = T(v.ctx(), "sort.nothing")
		return v.show(http.StatusUnprocessableEntity, productSort(page, nil))
	}
	preview, err := s.services.Catalog.PreviewSort(v.ctx(), v.actor, in)
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Invalid {
		page.Problem = e.Message
		return v.show(http.StatusUnprocessableEntity, productSort(page, nil))
	} else if err != nil {
		return err
	}
	q := sortQuestion(v, in, at(v.ctx(), "sort-products"))
	q.Back = back
	return v.show(http.StatusOK, productSort(page, sortDialog(q, in, preview, page.offeredIn())))
}

// offeredIn are categories whose rules new offers can begin with: those in which one of the named products is offered.
func (p productSortPage) offeredIn() []catalog.CategoryRow {
	var rows []catalog.CategoryRow
	for _, c := range p.Categories {
		if p.state(c.Code) != "out" {
			rows = append(rows, c)
		}
	}
	return rows
}

// state says whether the named products are offered in a category: "in" all, "out" none, "some".
func (p productSortPage) state(category string) string {
	n := 0
	for _, one := range p.Products {
		if slices.ContainsFunc(one.Categories, func(c licensing.Category) bool { return c.Code == category }) {
			n++
		}
	}
	switch n {
	case 0:
		return "out"
	case len(p.Products):
		return "in"
	default:
		return "some"
	}
}

// title names the product, or counts them.
func (p productSortPage) title(ctx context.Context) string {
	if len(p.Products) == 1 {
		return T(ctx, "sort.oneTitle", "Name", p.Products[0].Name)
	}
	return T(ctx, "sort.manyTitle", "Count", len(p.Codes), "N", number(len(p.Codes)))
}

// named are the products that the page stands for.
func (p productSortPage) named(ctx context.Context) string {
	var names []string
	for _, one := range p.Products {
		names = append(names, one.Name)
	}
	if more := len(p.Codes) - len(p.Products); more > 0 {
		names = append(names, T(ctx, "sort.moreProducts", "Count", more, "N", number(more)))
	}
	return both(ctx, names)
}
