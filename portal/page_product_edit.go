package portal

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// productForm is what the form for a product shows.
type productForm struct {
	Product   licensing.Product // as it is saved; without code: a new one
	Problems  []problem
	Conflict  string
	RequestID string
	form      url.Values
	errors    map[string]string // by the field's name
	hints     map[string]string // of fields of the plan, in place of the usual ones
}

// hint is what stands below a field of the plan.
func (p productForm) hint(ctx context.Context, name string) string {
	if hint := p.hints[name]; hint != "" {
		return hint
	}
	return T(ctx, "planForm.hints."+name)
}

// newProduct shows the form for a new product. Its parameters are added on its own page.
func (s *site) newProduct(v *visit) error {
	if _, err := s.services.Catalog.ManagedProducts(v.ctx(), v.actor, catalog.ProductFilter{Limit: 1}); err != nil {
		return err
	}
	form := url.Values{"kind": {string(licensing.KindPerpetual)}}
	return v.show(http.StatusOK, productEdit(productForm{RequestID: newRequestID(), form: form}))
}

// createProduct makes a new product.
func (s *site) createProduct(v *visit) error {
	form := maps.Clone(v.Request.PostForm)
	page := productForm{RequestID: newRequestID(), form: form}
	if do := form.Get("do"); do != "" {
		if page.isSubscription() && !form.Has(planPrefix+"type") { // it has become one just now
			writePlan(form, newPlan())
		}
		changeProductRows(form, do)
		return v.show(http.StatusOK, page.answer(v))
	}
	in := readProduct(form, licensing.Product{Kind: licensing.ProductKind(form.Get("kind"))})
	in.Code = strings.TrimSpace(form.Get("code"))
	p, _, err := s.services.Catalog.CreateProduct(v.ctx(), v.actor, form.Get("requestId"), in)
	if err == nil {
		return v.goTo(query(at(v.ctx(), "products", p.Code), "said", "created"))
	}
	return s.refuseProduct(v, page, err)
}

// editProduct shows the form for a product that is there.
func (s *site) editProduct(v *visit) error {
	p, err := s.services.Catalog.ManagedProduct(v.ctx(), v.actor, v.Param("product"))
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, productEdit(productForm{Product: p.Product, RequestID: newRequestID(), form: writeProduct(p.Product)}))
}

// saveProduct saves it, or tells what stands in the way. What was typed stays.
func (s *site) saveProduct(v *visit) error {
	p, err := s.services.Catalog.ManagedProduct(v.ctx(), v.actor, v.Param("product"))
	if err != nil {
		return err
	}
	form := maps.Clone(v.Request.PostForm)
	page := productForm{Product: p.Product, RequestID: newRequestID(), form: form}
	if do := form.Get("do"); do != "" {
		changeProductRows(form, do)
		return v.show(http.StatusOK, page.answer(v))
	}
	_, _, err = s.services.Catalog.EditProduct(v.ctx(), v.actor, form.Get("requestId"), readProduct(form, p.Product))
	if err == nil {
		return v.goTo(query(at(v.ctx(), "products", p.Code), "said", "saved"))
	}
	if e := licensing.AsError(err); e.Kind == licensing.Conflict {
		page.Conflict = e.Message
		form.Set("version", strconv.FormatInt(p.Version, 10))
		return v.show(http.StatusConflict, productEdit(page))
	}
	return s.refuseProduct(v, page, err)
}

// answer is the whole page, or the form alone where htmx asks.
func (p productForm) answer(v *visit) templ.Component {
	if v.fragment() {
		return productFields(p)
	}
	return productEdit(p)
}

// refuseProduct shows the form with what is wrong.
func (s *site) refuseProduct(v *visit, page productForm, err error) error {
	if _, isInput := formProblems(v.ctx(), err, nil); !isInput {
		return err
	}
	page.errors = map[string]string{}
	var many licensing.Problems
	many.Add(err)
	for _, e := range many {
		name := page.fieldOf(e.Field)
		switch {
		case name == "":
			page.Problems = append(page.Problems, problem{Text: sentence(v.ctx(), e)})
		case page.errors[name] == "":
			page.errors[name] = sentence(v.ctx(), e)
			page.Problems = append(page.Problems, problem{"f-" + planAnchor(name), page.labelOf(v.ctx(), e.Field), page.errors[name]})
		}
	}
	return v.show(http.StatusUnprocessableEntity, productEdit(page))
}

// fieldOf finds the field that a problem speaks of: "parameters.0.label" is that of the first row.
func (p productForm) fieldOf(field string) string {
	parts := strings.Split(field, ".")
	switch {
	case parts[0] == "plan":
		return field
	case parts[0] == "name" || parts[0] == "subtitle" || parts[0] == "code" || parts[0] == "kind":
		return parts[0]
	case parts[0] == "features":
		return bitRows
	case parts[0] != "parameters" || len(parts) < 3:
		return ""
	}
	place, err := strconv.Atoi(parts[1])
	keys := p.form[productRows]
	if err != nil || place < 0 || place >= len(keys) {
		return ""
	}
	return productName(keys[place], ruleParts(strings.Join(parts[2:], "."))...)
}

// labelOf is how a problem calls its field: "Label of Seats".
func (p productForm) labelOf(ctx context.Context, field string) string {
	parts := strings.Split(field, ".")
	if parts[0] == "plan" && len(parts) > 1 {
		return T(ctx, "planForm.fields."+parts[1])
	}
	if parts[0] != "parameters" || len(parts) < 3 {
		return T(ctx, "product.fields."+parts[0])
	}
	place, _ := strconv.Atoi(parts[1])
	name := T(ctx, "product.nth", "N", place+1)
	if keys := p.form[productRows]; place >= 0 && place < len(keys) {
		if given := p.Value(keys[place], "name"); given != "" {
			name = given
		}
	}
	return name
}

// Value is what stands in a parameter's field.
func (p productForm) Value(key string, parts ...string) string {
	return p.form.Get(productName(key, parts...))
}

// Nth is what stands in a field that repeats inside a parameter.
func (p productForm) Nth(key string, i int, parts ...string) string {
	return nth(p.form[productName(key, parts...)], i)
}

// isNew reports whether the parameter is not saved yet: only then its name and type can be chosen.
func (p productForm) isNew(key string) bool {
	for _, one := range p.Product.Parameters {
		if one.Name == p.Value(key, "name") {
			return false
		}
	}
	return true
}

// isSubscription reports whether the product has a plan: a saved one's kind stays.
func (p productForm) isSubscription() bool {
	if p.Product.Code != "" {
		return p.Product.Kind == licensing.KindSubscription
	}
	return p.form.Get("kind") == string(licensing.KindSubscription)
}

// address is where the form is sent.
func (p productForm) address(ctx context.Context) string {
	if p.Product.Code == "" {
		return at(ctx, "new-product")
	}
	return at(ctx, "products", p.Product.Code, "edit")
}

// title is the page's heading.
func (p productForm) title(ctx context.Context) string {
	if p.Product.Code == "" {
		return T(ctx, "products.new")
	}
	return T(ctx, "edit.title", "Name", p.Product.Name)
}

// typeNames are the types that a parameter may have, in the order in which they are offered.
var typeNames = []string{"text", "number", "selection", "date", "yesno"}
