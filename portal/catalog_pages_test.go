package portal_test

import (
	"fmt"
	"testing"

	"kontor/internal/licensing"
	"kontor/portal/portaltest"
)

// iris is an ISV admin.
const iris = "iris@aurora.example"

// eventOffer is an offer with a parameter of every kind, as in the design.
func eventOffer(w *world) {
	watermark := licensing.Parameter{
		Name: "watermark", Type: "selection", Label: "Watermark on prints", Sets: licensing.SetsFeatures,
		Options: []licensing.Option{{Value: "on", Label: "On"}, {Value: "off", Label: "Off"}},
	}
	edition := licensing.Parameter{
		Name: "edition", Type: "selection", Label: "Edition", Sets: licensing.SetsFeatures,
		Options: []licensing.Option{{Value: "standard", Label: "Standard"}, {Value: "pro", Label: "Pro"}, {Value: "ultimate", Label: "Ultimate"}},
	}
	german := licensing.Texts{"de": "Standard"}
	for i := range w.offers {
		o := &w.offers[i]
		if o.Product.Code != "AUR-DESIGN-EVENT" {
			continue
		}
		o.Product.Parameters = []licensing.Parameter{
			{Name: "seats", Type: "number", Label: "Seats", Sets: licensing.SetsSeats}, edition, o.Product.Parameters[0], watermark,
			{Name: "licensee", Type: "text", Label: "Licensee", Sets: licensing.SetsText},
			{Name: "beta", Type: "yesno", Label: "Early versions", Sets: licensing.SetsText},
		}
		o.Rules = map[string]licensing.Rule{
			"seats":     {Minimum: "1", Maximum: "50", Step: "1", Default: new("1"), Change: licensing.ChangeUp},
			"edition":   {Options: []licensing.Option{{Value: "standard", Label: "Standard", Labels: german}, {Value: "pro", Label: "Pro", Labels: licensing.Texts{"de": "Pro"}}}, Default: new("pro")},
			"until":     {Minimum: "+0d", Maximum: "+14d", Change: licensing.ChangeAny},
			"watermark": {Fixed: new("on"), Options: watermark.Options, Reason: "Event licenses print with a watermark. Aurora Design has none."},
			"licensee":  {Optional: true, MaxLength: 200, Change: licensing.ChangeAny},
			"beta":      {Optional: true},
		}
		w.versions[o.ID] = nil
		w.remember(*o, "Iris Voss")
		*w.product(o.Product.Code) = o.Product
		inside := *o
		inside.ID, inside.Category = "inside", w.categories[1]
		w.offers = append(w.offers, inside)
		w.remember(inside, "Iris Voss")
		return
	}
}

// TestCatalogPagesAreDrawn opens the pages about the catalog as TestEveryPageIsDrawn does the others.
func TestCatalogPagesAreDrawn(t *testing.T) {
	w := newWorld(t)
	w.fill()
	eventOffer(w)
	editor := "/as/aurora/categories/partner/offers/AUR-DESIGN-EVENT"
	shots := []shot{
		{"09-offer-editor", iris, editor, func(b *portaltest.Tab) {
			b.Set("[name='rule.until.maximum.n']", "30")
			b.Sees("Mon 21 December 2026")
		}},
		{"09b-offer-errors", iris, editor, func(b *portaltest.Tab) {
			b.Set("[name='rule.seats.minimum']", "60")
			b.Sees("The maximum is less than the minimum")
		}},
	}
	w.dataFields = []licensing.DataField{
		{ID: "d1", Name: "externalOrderNumber", Type: "text", Label: "Your order number", Help: "Found by search, and told to the ERP.", Rule: licensing.Rule{Optional: true, MaxLength: 40}, Version: 1},
		{ID: "d2", Category: "c1", Name: "branch", Type: "selection", Label: "Branch", Rule: licensing.Rule{Options: []licensing.Option{{Value: "n", Label: "North"}, {Value: "s", Label: "South"}}}, Version: 1},
		{ID: "d3", Name: "deliverBy", Type: "date", Label: "Deliver by", Rule: licensing.Rule{Optional: true, Minimum: "+0d", Maximum: "+3m"}, Hidden: true, Version: 1},
	}
	shots = append(shots, []shot{
		{"20-categories", iris, "/as/aurora/categories", nil},
		{"20b-categories-none", iris, "/as/aurora/categories?q=nothing", nil},
		{"21-category", iris, "/as/aurora/categories/partner", nil},
		{"21b-category-edit", iris, "/as/aurora/categories/partner/edit", nil},
		{"21c-category-new", iris, "/as/aurora/new-category", func(b *portaltest.Tab) { b.Click(".k-actions .btn-primary"); b.Shows("#problems") }},
		{"21d-category-delete", iris, "/as/aurora/categories/internal/delete", nil},
		{"21e-category-sort-out", iris, "/as/aurora/categories/partner", func(b *portaltest.Tab) {
			b.Click("input[value='AUR-CARE'][type=checkbox]")
			b.Click("[form=sort-out].btn")
			b.Shows(".modal")
		}},
		{"22-sort-in", iris, "/as/aurora/categories/internal/sort-in", nil},
		{"22b-sort-in-ask", iris, "/as/aurora/categories/internal/sort-in", func(b *portaltest.Tab) {
			b.Click("input[value='AUR-CARE']")
			b.Click("input[value='AUR-SUITE']")
			b.Click("button[value=ask]")
			b.Shows(".modal")
		}},
		{"23-products", iris, "/as/aurora/products", nil},
		{"24-product", iris, "/as/aurora/products/AUR-DESIGN-EVENT", nil},
		{"24b-product-edit", iris, "/as/aurora/products/AUR-DESIGN-EVENT/edit", nil},
		{"24c-product-sort", iris, "/as/aurora/sort-products?product=AUR-DESIGN-EVENT", nil},
		{"24d-product-new", iris, "/as/aurora/new-product", nil},
		{"25-data-fields", iris, "/as/aurora/data-fields", nil},
		{"25b-data-field", iris, "/as/aurora/data-fields/d2", nil},
		{"25c-data-field-new", iris, "/as/aurora/new-data-field", nil},
		{"26-versions", iris, editor + "/versions", nil},
		{"26b-compare", iris, editor + "/compare?with=internal", nil},
	}...)
	drawAll(t, startPortal(t, w), shots)
}

// drawAll opens pages at both widths, and at a desk in both themes.
func drawAll(t *testing.T, url string, shots []shot) {
	for _, width := range []int64{portaltest.Desk, portaltest.Phone} {
		b := portaltest.Open(t, url, width)
		b.SignIn(shots[0].email, password)
		for _, s := range shots {
			t.Run(fmt.Sprintf("%s-%d", s.name, width), func(t *testing.T) {
				for _, theme := range themes[width] {
					b.In(t)
					choose(t, b, theme)
					b.GoTo(s.path)
					b.Until(fmt.Sprintf("document.documentElement.dataset.bsTheme === %q", theme))
					if s.before != nil {
						s.before(b)
					}
					if wide := portaltest.JS[int](b, "document.documentElement.scrollWidth"); wide > int(width) {
						t.Errorf("the page is %d pixels wide in a window of %d: %s", wide, width, portaltest.JS[string](b, widest))
					}
					save(t, b, s.name, width, theme)
				}
			})
		}
	}
}
