package usecasetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// rulesOf are the rules of an offer of the demo, to be changed and saved.
func (h *house) rulesOf(t testing.TB, category, product string) catalog.SaveOffer {
	t.Helper()
	o := got[catalog.ManagedOffer](t)(h.catalog.ManagedOffer(t.Context(), h.isv(t), category, product))
	return catalog.SaveOffer{Category: category, Product: product, Rules: o.Rules, Version: o.Version}
}

// save saves rules of which one is changed.
func (h *house) save(t testing.TB, in catalog.SaveOffer, parameter string, change func(r *licensing.Rule)) licensing.Offer {
	t.Helper()
	r := in.Rules[parameter]
	change(&r)
	in.Rules = map[string]licensing.Rule{parameter: r}
	o, _, err := h.catalog.SaveOffer(t.Context(), h.isv(t), licensing.NewID(), in)
	must(t, err)
	return o
}

// TestOnlyISVAdminsEditTheCatalog tries every use case as everybody else.
func TestOnlyISVAdminsEditTheCatalog(t *testing.T) {
	h := newHouse(t, "sqlite")
	ctx, id := t.Context(), licensing.NewID
	for name, a := range map[string]licensing.Actor{"staff": h.staff(t), "anna": h.anna(t), "ben": h.ben(t), "erp": h.erpAccount(t)} {
		unchanged(t, h, name, func() {
			c := h.catalog
			try := func(what string, err error) {
				t.Helper()
				refused(t, name+": "+what, err, licensing.CodeDenied, "")
			}
			_, err := c.ManagedCategories(ctx, a, catalog.CategoryFilter{})
			try("categories", err)
			_, err = c.ManagedCategory(ctx, a, "partner")
			try("category", err)
			_, _, err = c.CreateCategory(ctx, a, id(), catalog.EditCategory{Code: "x", Name: "X"})
			try("create category", err)
			_, _, err = c.EditCategory(ctx, a, id(), catalog.EditCategory{Code: "partner", Name: "X", Version: 1})
			try("edit category", err)
			_, _, err = c.MoveCategory(ctx, a, id(), catalog.Place{Code: "partner"})
			try("move category", err)
			_, _, err = c.DeleteCategory(ctx, a, id(), catalog.DeleteCategory{Code: "partner", Version: 1})
			try("delete category", err)
			sorting := catalog.SortProducts{Products: []string{"AUR-SUITE"}, Out: []string{"partner"}}
			_, err = c.PreviewSort(ctx, a, sorting)
			try("preview sorting", err)
			_, _, err = c.SortProducts(ctx, a, id(), sorting)
			try("sort", err)
			_, _, err = c.MoveOffer(ctx, a, id(), catalog.Place{Category: "partner", Code: "AUR-SUITE"})
			try("move offer", err)
			_, err = c.ManagedProducts(ctx, a, catalog.ProductFilter{})
			try("products", err)
			_, err = c.ManagedProduct(ctx, a, "AUR-SUITE")
			try("product", err)
			_, _, err = c.CreateProduct(ctx, a, id(), catalog.EditProduct{Code: "X", Name: "X", Kind: licensing.KindPerpetual})
			try("create product", err)
			_, _, err = c.EditProduct(ctx, a, id(), catalog.EditProduct{Code: "AUR-SUITE", Name: "X", Version: 1})
			try("edit product", err)
			_, err = c.ManagedOffer(ctx, a, "partner", "AUR-SUITE")
			try("offer", err)
			_, _, err = c.SaveOffer(ctx, a, id(), catalog.SaveOffer{Category: "partner", Product: "AUR-SUITE", Version: 1})
			try("save offer", err)
			_, err = c.PreviewOffer(ctx, a, catalog.SaveOffer{Category: "partner", Product: "AUR-SUITE"}, licensing.Day{})
			try("preview offer", err)
			_, err = c.OfferVersions(ctx, a, "partner", "AUR-SUITE")
			try("versions", err)
			_, err = c.ManagedDataFields(ctx, a, "")
			try("data fields", err)
			_, _, err = c.CreateDataField(ctx, a, id(), catalog.EditDataField{Name: "x", Type: "text", Label: "X"})
			try("create data field", err)
			_, _, err = c.EditDataField(ctx, a, id(), catalog.EditDataField{ID: ".externalOrderNumber", Version: 1})
			try("edit data field", err)
			_, _, err = c.MoveDataField(ctx, a, id(), catalog.Place{Code: ".externalOrderNumber"})
			try("move data field", err)
			_, _, err = c.DeleteDataField(ctx, a, id(), catalog.DeleteDataField{ID: ".externalOrderNumber", Version: 1})
			try("delete data field", err)
		})
	}
}

// TestCategories makes one, fills, renames, empties and deletes it.
func TestCategories(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, isv, c := t.Context(), h.isv(t), h.catalog
		in := catalog.EditCategory{Code: "education", Name: " Education ", Description: "Schools"}
		request := licensing.NewID()
		made, replayed, err := c.CreateCategory(ctx, isv, request, in)
		must(t, err)
		again, replayedToo, err := c.CreateCategory(ctx, isv, request, in)
		must(t, err)
		same(t, "made once", []any{made.Name, made.Version, replayed, replayedToo, again}, []any{"Education", int64(1), false, true, made})
		_, _, err = c.CreateCategory(ctx, isv, licensing.NewID(), in)
		refused(t, "the same code", err, licensing.CodeInvalidRequest, "code")
		_, _, err = c.CreateCategory(ctx, isv, licensing.NewID(), catalog.EditCategory{Code: "a,b", Name: ""})
		refused(t, "a comma", err, licensing.CodeInvalidRequest, "code")

		sorting := catalog.SortProducts{Products: []string{"AUR-DESIGN-EVENT", "AUR-SUITE", "AUR-SUITE"}, In: []string{"education", "internal"}, RulesFrom: "partner"}
		preview := got[catalog.Sorted](t)(c.PreviewSort(ctx, isv, sorting))
		sorted, _, err := c.SortProducts(ctx, isv, licensing.NewID(), sorting)
		must(t, err)
		same(t, "sorted", []catalog.Sorted{preview, sorted}, []catalog.Sorted{{Opened: 2, Same: 2}, {Opened: 2, Same: 2}})
		offer := got[licensing.Offer](t)(c.Offer(ctx, h.erpAccount(t), "education", "AUR-DESIGN-EVENT"))
		same(t, "rules", offer.RuleOf("until").Maximum, "+30d")
		_, _, err = c.MoveOffer(ctx, isv, licensing.NewID(), catalog.Place{Category: "education", Code: "AUR-SUITE", Before: "AUR-DESIGN-EVENT"})
		must(t, err)
		same(t, "catalog", h.catalogOf(t, h.erpAccount(t))["education"], []string{"AUR-SUITE", "AUR-DESIGN-EVENT"})
		_, _, err = c.DeleteCategory(ctx, isv, licensing.NewID(), catalog.DeleteCategory{Code: "education", Version: 1})
		refused(t, "delete what has offers", err, licensing.CodeConflict, "")

		in.Name, in.Version = "Schools", 1
		renamed, _, err := c.EditCategory(ctx, isv, licensing.NewID(), in)
		must(t, err)
		same(t, "renamed", renamed.Version, int64(2))
		in.Name = "Colleges"
		_, _, err = c.EditCategory(ctx, isv, licensing.NewID(), in)
		refused(t, "an old version", err, licensing.CodeConflict, "")
		if words := licensing.AsError(err).Message; !strings.Contains(words, "name was “Education” and is “Schools” now") {
			t.Errorf("the conflict says %q", words)
		}
		_, _, err = c.MoveCategory(ctx, isv, licensing.NewID(), catalog.Place{Code: "education", Before: "partner"})
		must(t, err)
		page := got[catalog.CategoryPage](t)(c.ManagedCategories(ctx, isv, catalog.CategoryFilter{Limit: 2}))
		same(t, "page", []any{page.Total, page.Categories[0].Code, page.Categories[0].Offers, page.Next}, []any{3, "education", 2, "partner"})
		page = got[catalog.CategoryPage](t)(c.ManagedCategories(ctx, isv, catalog.CategoryFilter{Limit: 2, After: page.Next}))
		same(t, "last page", []any{len(page.Categories), page.Categories[0].Code, page.Next}, []any{1, "internal", ""})
		page = got[catalog.CategoryPage](t)(c.ManagedCategories(ctx, isv, catalog.CategoryFilter{Query: "SCHOOL"}))
		same(t, "search", page.Total, 1)

		out := catalog.SortProducts{Products: []string{"AUR-DESIGN-EVENT", "AUR-SUITE"}, Out: []string{"education"}}
		sorted, _, err = c.SortProducts(ctx, isv, licensing.NewID(), out)
		must(t, err)
		same(t, "taken out", sorted, catalog.Sorted{Closed: 2})
		same(t, "its page", len(got[catalog.ManagedCategory](t)(c.ManagedCategory(ctx, isv, "education")).Closed), 2)
		_, _, err = c.DeleteCategory(ctx, isv, licensing.NewID(), catalog.DeleteCategory{Code: "education", Version: 2})
		must(t, err)
		_, err = c.ManagedCategory(ctx, isv, "education")
		refused(t, "deleted", err, licensing.CodeNotFound, "category")
		_, _, err = c.DeleteCategory(ctx, isv, licensing.NewID(), catalog.DeleteCategory{Code: "partner", Version: 1})
		refused(t, "delete what grants name", err, licensing.CodeConflict, "")
	})
}

// TestSortingIsAllOrNothing names one thing that there is not among many that there are.
func TestSortingIsAllOrNothing(t *testing.T) {
	h := newHouse(t, "sqlite")
	_, _, err := h.catalog.CreateCategory(t.Context(), h.isv(t), licensing.NewID(), catalog.EditCategory{Code: "new", Name: "New"})
	must(t, err)
	for field, in := range map[string]catalog.SortProducts{
		"products":  {Products: []string{"AUR-SUITE", "AUR-GONE"}, In: []string{"new"}},
		"in":        {Products: []string{"AUR-SUITE"}, In: []string{"new", "gone"}},
		"out":       {Products: []string{"AUR-SUITE"}, In: []string{"new"}, Out: []string{"new"}},
		"rulesFrom": {Products: []string{"AUR-SUITE"}, In: []string{"new"}, RulesFrom: "gone"},
	} {
		unchanged(t, h, field, func() {
			_, _, err := h.catalog.SortProducts(t.Context(), h.isv(t), licensing.NewID(), in)
			refused(t, field, err, licensing.CodeInvalidRequest, field)
		})
	}
}

// TestTakenOut holds that nothing can be licensed by a closed offer, and that what was goes on and can be modified.
func TestTakenOut(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, isv := t.Context(), h.isv(t)
		l := h.create(t, h.anna(t), design()).Licenses[0]
		out := catalog.SortProducts{Products: []string{"AUR-DESIGN"}, Out: []string{"partner"}}
		same(t, "preview", got[catalog.Sorted](t)(h.catalog.PreviewSort(ctx, isv, out)), catalog.Sorted{Closed: 1, Licenses: 1})
		_, _, err := h.catalog.SortProducts(ctx, isv, licensing.NewID(), out)
		must(t, err)
		_, _, err = h.ordering.CreateLicense(ctx, h.anna(t), licensing.NewID(), design())
		refused(t, "create", err, licensing.CodeDenied, "product")
		_, err = h.catalog.Offer(ctx, h.anna(t), "partner", "AUR-DESIGN")
		refused(t, "form", err, licensing.CodeDenied, "product")
		modified, _, err := h.ordering.ModifyLicense(ctx, h.anna(t), licensing.NewID(), ordering.ModifyLicense{Ticket: l.Ticket, Parameters: values("seats", "6")})
		must(t, err)
		seats, _ := licensing.ValueOf(modified.License.Parameters, "seats")
		same(t, "modified", seats, "6")
		_, _, err = h.catalog.SortProducts(ctx, isv, licensing.NewID(), catalog.SortProducts{Products: []string{"AUR-DESIGN"}, In: []string{"partner"}})
		must(t, err)
		same(t, "rules are as they were", got[licensing.Offer](t)(h.catalog.Offer(ctx, h.anna(t), "partner", "AUR-DESIGN")).RuleOf("seats").Maximum, "50")
	})
}

// TestRulesAreSavedInTheVersionThatWasSeen lets two admins edit the same offer.
func TestRulesAreSavedInTheVersionThatWasSeen(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, isv := t.Context(), h.isv(t)
		mine, theirs := h.rulesOf(t, "partner", "AUR-DESIGN-EVENT"), h.rulesOf(t, "partner", "AUR-DESIGN-EVENT")
		saved := h.save(t, theirs, "until", func(r *licensing.Rule) { r.Maximum = "+14d" })
		same(t, "version", saved.Version, int64(2))
		_, _, err := h.catalog.SaveOffer(ctx, isv, licensing.NewID(), mine)
		refused(t, "the other", err, licensing.CodeConflict, "")
		var stale *catalog.Stale
		if !errors.As(err, &stale) {
			t.Fatalf("%v does not say what changed", err)
		}
		same(t, "changes", stale.Changes, []licensing.OfferChange{{Parameter: "until", Label: "Licensed until", Limit: "maximum", From: "+30d", To: "+14d"}})
		same(t, "by", stale.By, isv.UserName)

		mine.Version = 2
		mine.Rules = map[string]licensing.Rule{"until": {Minimum: "+5d", Maximum: "+1d", Labels: licensing.Texts{"de": "Bis"}}, "seats": {}}
		_, _, err = h.catalog.SaveOffer(ctx, isv, licensing.NewID(), mine)
		var problems licensing.Problems
		if !errors.As(err, &problems) || fmt.Sprint(fieldsOf(problems)) != "[until.label seats]" {
			t.Errorf("broken rules: %v", err)
		}
		day := licensing.Day{Year: 2028, Month: 2, Date: 1}
		mine.Rules = map[string]licensing.Rule{"until": {Minimum: "today", Maximum: "+1m"}}
		preview := got[catalog.OfferPreview](t)(h.catalog.PreviewOffer(ctx, isv, mine, day))
		same(t, "limits", preview.Limits["until"], licensing.Limits{Minimum: "2028-02-01", Maximum: "2028-03-01"})
		if len(preview.Changes) != 3 || len(preview.Problems) != 0 { // minimum, maximum, change
			t.Errorf("preview: %+v, %v", preview.Changes, preview.Problems)
		}
		mine.Rules = map[string]licensing.Rule{"until": {Minimum: "tomorrow"}}
		preview = got[catalog.OfferPreview](t)(h.catalog.PreviewOffer(ctx, isv, mine, day))
		same(t, "a broken rule", []any{fieldsOf(preview.Problems), preview.Offer.RuleOf("until").Maximum}, []any{[]string{"until.minimum"}, "+14d"})

		versions := got[[]licensing.OfferVersion](t)(h.catalog.OfferVersions(ctx, isv, "partner", "AUR-DESIGN-EVENT"))
		same(t, "versions", []any{len(versions), versions[0].By, versions[1].By}, []any{2, isv.UserName, ""})
	})
}

func fieldsOf(all licensing.Problems) []string {
	var names []string
	for _, p := range all {
		names = append(names, p.Field)
	}
	return names
}

// TestOfferChangedWhileAFormIsFilledIn holds that whoever fills in a form is told field by field, and that nothing is
// created until he has seen it.
func TestOfferChangedWhileAFormIsFilledIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, anna := t.Context(), h.anna(t)
		seen := got[licensing.Offer](t)(h.catalog.Offer(ctx, anna, "partner", "AUR-DESIGN"))
		form := with(design(), func(in *ordering.CreateLicense) { in.OfferVersion = seen.Version })
		h.save(t, h.rulesOf(t, "partner", "AUR-DESIGN"), "seats", func(r *licensing.Rule) { r.Maximum, r.Step = "20", "5"; r.Minimum = "5" })
		h.save(t, h.rulesOf(t, "partner", "AUR-DESIGN"), "edition", func(r *licensing.Rule) { r.Label = "Version" })
		request := licensing.NewID()
		unchanged(t, h, "the old form", func() {
			_, _, err := h.ordering.CreateLicense(ctx, anna, request, form)
			var problems licensing.Problems
			if !errors.As(err, &problems) {
				t.Fatal(err)
			}
			same(t, "fields", fieldsOf(problems), []string{"seats"})
			same(t, "words", problems[0].Message,
				"This changed while you filled it in. The minimum was 1, and is 5 now. The maximum was 50, and is 20 now. The step was 1, and is 5 now.")
			_, quoteErr := h.ordering.Quote(ctx, anna, form)
			refused(t, "quote", quoteErr, licensing.CodeInvalidParameter, "seats")
		})
		form.OfferVersion = got[licensing.Offer](t)(h.catalog.Offer(ctx, anna, "partner", "AUR-DESIGN")).Version
		_, _, err := h.ordering.CreateLicense(ctx, anna, request, form)
		must(t, err)
		form.OfferVersion = 0 // as SOAP callers leave it out
		h.create(t, anna, form)

		// Texts alone are no obstacle.
		form.OfferVersion = got[licensing.Offer](t)(h.catalog.Offer(ctx, anna, "partner", "AUR-DESIGN")).Version
		h.save(t, h.rulesOf(t, "partner", "AUR-DESIGN"), "seats", func(r *licensing.Rule) { r.Help = "New words" })
		h.create(t, anna, form)
		form.OfferVersion = 77
		_, _, err = h.ordering.CreateLicense(ctx, anna, licensing.NewID(), form)
		refused(t, "a version that never was", err, licensing.CodeInvalidRequest, "offerVersion")
	})
}

// TestFixedStaysFixed tries to override a fixed value by form, by SOAP and by sending an old request again.
func TestFixedStaysFixed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		sixty := with(trial(), func(in *ordering.CreateLicense) { in.Parameters = values("days", "60") })
		soap := h.erpAccount(t)
		soap.Via = "soap"
		for name, a := range map[string]licensing.Actor{"form": h.anna(t), "SOAP": soap} {
			unchanged(t, h, name, func() {
				_, _, err := h.ordering.CreateLicense(ctx, a, licensing.NewID(), sixty)
				refused(t, name, err, licensing.CodeInvalidParameter, "days")
			})
		}
		// While it was flexible a request made a license of 60 days; sent again it makes no second one, and with other
		// content it is refused.
		h.save(t, h.rulesOf(t, "partner", "AUR-DESIGN-DEMO"), "days", func(r *licensing.Rule) {
			*r = licensing.Rule{Options: []licensing.Option{{Value: "30"}, {Value: "60"}}}
		})
		request := licensing.NewID()
		first, _, err := h.ordering.CreateLicense(ctx, soap, request, sixty)
		must(t, err)
		h.save(t, h.rulesOf(t, "partner", "AUR-DESIGN-DEMO"), "days", func(r *licensing.Rule) { *r = licensing.Rule{Fixed: new("30"), Options: r.Options[:1]} })
		unchanged(t, h, "replay", func() {
			again, replayed, err := h.ordering.CreateLicense(ctx, soap, request, sixty)
			must(t, err)
			same(t, "replay", []any{again.OrderNumber, replayed}, []any{first.OrderNumber, true})
			_, _, err = h.ordering.CreateLicense(ctx, soap, request, with(sixty, func(in *ordering.CreateLicense) { in.Parameters = values("days", "90") }))
			refused(t, "another content", err, licensing.CodeRequestIDReused, "requestId")
			_, _, err = h.ordering.CreateLicense(ctx, soap, licensing.NewID(), sixty)
			refused(t, "another request", err, licensing.CodeInvalidParameter, "days")
			_, _, err = h.ordering.ModifyLicense(ctx, soap, licensing.NewID(), ordering.ModifyLicense{Ticket: first.Licenses[0].Ticket, Parameters: values("days", "90")})
			refused(t, "modify", err, licensing.CodeInvalidParameter, "days")
		})
	})
}
