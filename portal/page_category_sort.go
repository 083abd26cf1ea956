package portal

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// mostShown is how many products can be chosen from at once; searching finds the others.
const mostShown = 100

// sortInPage is what the page shows on which products are chosen for a category.
type sortInPage struct {
	Category catalog.ManagedCategory
	Query    string
	Chosen   []string // codes, whether the search finds them or not
	Found    []catalog.ProductRow
	Total    int
	Problem  string
}

// sortIn shows the products that are not in the category yet.
func (s *site) sortIn(v *visit) error {
	page, err := s.sortInPage(v, v.Query("q"), nil)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, sortIn(page, nil))
}

func (s *site) sortInPage(v *visit, q string, chosen []string) (page sortInPage, err error) {
	page = sortInPage{Query: strings.TrimSpace(q), Chosen: chosen}
	if page.Category, err = s.services.Catalog.ManagedCategory(v.ctx(), v.actor, v.Param("category")); err != nil {
		return page, err
	}
	found, err := s.services.Catalog.ManagedProducts(v.ctx(), v.actor, catalog.ProductFilter{Query: page.Query, NotIn: page.Category.Code, Limit: mostShown})
	page.Found, page.Total = found.Products, found.Total
	return page, err
}

// chosen reports whether a product is chosen.
func (p sortInPage) chosen(code string) bool { return slices.Contains(p.Chosen, code) }

// elsewhere are the chosen products that the search does not find: they stay chosen.
func (p sortInPage) elsewhere() []string {
	var others []string
	for _, code := range p.Chosen {
		if !slices.ContainsFunc(p.Found, func(r catalog.ProductRow) bool { return r.Code == code }) {
			others = append(others, code)
		}
	}
	return others
}

// doSortIn searches on, asks what is about to happen, or does it: as the form's step says.
func (s *site) doSortIn(v *visit) error {
	form := v.Request.PostForm
	chosen, err := s.chosenProducts(v)
	if err != nil {
		return err
	}
	page, err := s.sortInPage(v, form.Get("q"), chosen)
	if err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, sortInFound(page))
	}
	if form.Get("step") == "find" {
		return v.show(http.StatusOK, sortIn(page, nil))
	}
	in := catalog.SortProducts{Products: chosen, In: []string{page.Category.Code}, RulesFrom: form.Get("rulesFrom")}
	if form.Get("step") == "sort" {
		return s.sortNow(v, in, at(v.ctx(), "categories", page.Category.Code))
	}
	preview, err := s.services.Catalog.PreviewSort(v.ctx(), v.actor, in)
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Invalid {
		page.Problem = e.Message
		return v.show(http.StatusUnprocessableEntity, sortIn(page, nil))
	} else if err != nil {
		return err
	}
	others, err := s.services.Catalog.ManagedCategories(v.ctx(), v.actor, catalog.CategoryFilter{Limit: mostShown})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, sortIn(page, sortDialog(sortQuestion(v, in, at(v.ctx(), "categories", page.Category.Code, "sort-in")), in, preview, others.Categories)))
}

// askSortOut asks whether to take the chosen products out of a category, or takes them out.
func (s *site) askSortOut(v *visit) error {
	code, chosen := v.Param("category"), v.Request.PostForm["product"]
	in := catalog.SortProducts{Products: chosen, Out: []string{code}}
	back := at(v.ctx(), "categories", code)
	if v.Request.PostForm.Get("step") == "sort" {
		return s.sortNow(v, in, back)
	}
	preview, err := s.services.Catalog.PreviewSort(v.ctx(), v.actor, in)
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Invalid && len(chosen) == 0 {
		return v.goTo(back)
	} else if err != nil {
		return err
	}
	return s.showCategory(v, http.StatusOK, sortDialog(sortQuestion(v, in, at(v.ctx(), "categories", code, "sort-out")), in, preview, nil))
}

// sortNow carries it out.
func (s *site) sortNow(v *visit, in catalog.SortProducts, back string) error {
	if _, _, err := s.services.Catalog.SortProducts(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), in); err != nil {
		return err
	}
	return v.goTo(query(back, "said", "sorted"))
}

// sortQuestion is the dialog that says what sorting does to offers and licenses.
func sortQuestion(v *visit, in catalog.SortProducts, action string) question {
	ctx, n := v.ctx(), len(in.Products)
	q := question{
		Title: T(ctx, "sort.title", "Count", n, "N", number(n)), Back: action, Action: action, Keep: T(ctx, "sort.keep"),
		Button: T(ctx, "sort.button", "Count", n, "N", number(n)), Busy: T(ctx, "sort.busy"), RequestID: newRequestID(),
	}
	if len(in.In) == 0 {
		q.Title, q.Button, q.Danger = T(ctx, "sort.outTitle", "Count", n, "N", number(n)), T(ctx, "sort.outButton", "Count", n, "N", number(n)), true
		q.Back = at(ctx, "categories", in.Out[0])
	}
	return q
}

// chosenProducts are the codes of the products that the form chooses: one by one, or all that its search finds.
func (s *site) chosenProducts(v *visit) ([]string, error) {
	form := v.Request.PostForm
	chosen := form["product"]
	if form.Get("all") == "" {
		return chosen, nil
	}
	f := catalog.ProductFilter{Query: strings.TrimSpace(form.Get("q")), NotIn: v.Param("category"), Limit: 500}
	for {
		page, err := s.services.Catalog.ManagedProducts(v.ctx(), v.actor, f)
		if err != nil {
			return nil, err
		}
		for _, p := range page.Products {
			chosen = append(chosen, p.Code)
		}
		if f.After = page.Next; f.After == "" || len(chosen) > catalog.MaxSorted {
			slices.Sort(chosen)
			return slices.Compact(chosen), nil
		}
	}
}

// sortLines say what sorting does, one sentence each.
func sortLines(ctx context.Context, p catalog.Sorted) []string {
	var lines []string
	add := func(key string, n int) {
		if n > 0 {
			lines = append(lines, T(ctx, key, "Count", n, "N", number(n)))
		}
	}
	add("sort.opened", p.Opened)
	add("sort.closed", p.Closed)
	add("sort.same", p.Same)
	if p.Closed > 0 {
		lines = append(lines, T(ctx, "sort.licenses", "Count", p.Licenses, "N", number(p.Licenses)))
	}
	return lines
}
