package usecasetest

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"testing"
	"time"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/signing"
)

// studio is a product with a parameter for everything that a license can be given.
func studio() catalog.EditProduct {
	bits := []licensing.Feature{{Bit: 0, Name: "layout"}, {Bit: 5, Name: "prepress"}, {Bit: 31, Name: "scripting"}}
	return catalog.EditProduct{
		Code: "STUDIO", Name: "Studio", Kind: licensing.KindLimited, Features: bits,
		Parameters: []licensing.Parameter{
			{Name: "seats", Type: "number", Label: "Seats", Unit: "seats", Sets: licensing.SetsSeats},
			{Name: "months", Type: "number", Label: "Months", Sets: licensing.SetsMonths},
			{Name: "until", Type: "date", Label: "Until", Sets: licensing.SetsUntil},
			{Name: "care", Type: "number", Label: "Care", Unit: "months", Sets: licensing.SetsMaintenance},
			{
				Name: "edition", Type: "selection", Label: "Edition", Labels: licensing.Texts{"de": "Ausgabe"}, Sets: licensing.SetsFeatures,
				Options: []licensing.Option{{Value: "lite", Label: "Lite"}, {Value: "pro", Label: "Pro"}}, Features: map[string][]licensing.Feature{"lite": {{Bit: 0}}, "pro": {{Bit: 0}, {Bit: 5}}},
			},
			{Name: "scripts", Type: "yesno", Label: "Scripts", Sets: licensing.SetsFeatures, Features: map[string][]licensing.Feature{"yes": {{Bit: 31}}}},
			{Name: "pages", Type: "number", Label: "Pages", Sets: licensing.SetsUnits},
			{Name: "site", Type: "text", Label: "Site", Sets: licensing.SetsCustomer, Particular: "company"},
			{Name: "owner", Type: "text", Label: "Owner", Sets: licensing.SetsCustomer, Particular: "name"},
			{Name: "badge", Type: "text", Label: "Badge", Sets: licensing.SetsText},
		},
	}
}

// TestEverythingThatParametersSet makes a product, offers and licenses it, and reads the license file as software does.
func TestEverythingThatParametersSet(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, isv := t.Context(), h.isv(t)
		_, _, err := h.catalog.CreateProduct(ctx, isv, licensing.NewID(), studio())
		must(t, err)
		_, _, err = h.catalog.CreateProduct(ctx, isv, licensing.NewID(), studio())
		refused(t, "the same code", err, licensing.CodeInvalidRequest, "code")
		_, _, err = h.catalog.SortProducts(ctx, isv, licensing.NewID(), catalog.SortProducts{Products: []string{"STUDIO"}, In: []string{"partner"}})
		must(t, err)
		in := h.rulesOf(t, "partner", "STUDIO")
		in.Rules["until"] = licensing.Rule{Optional: true, Maximum: "+2y"}
		in.Rules["badge"] = licensing.Rule{Upper: true, Pattern: "[A-Z]{2}-[0-9]+", MaxLength: 10}
		in.Rules["site"] = licensing.Rule{Optional: true}
		in.Rules["scripts"] = licensing.Rule{Default: new("no"), Hidden: true, Change: licensing.ChangeUp}
		_, _, err = h.catalog.SaveOffer(ctx, isv, licensing.NewID(), in)
		must(t, err)

		order := ordering.CreateLicense{Category: "partner", Product: "STUDIO", Customer: licensing.Customer{Name: "Ann", Company: "Bright"}}
		order.Parameters = values("seats", "3", "months", "14", "care", "6", "edition", "pro", "scripts", "1", "pages", "500", "owner", "Ben", "badge", "ab-7", "until", "2027-12-31")
		l := h.create(t, h.anna(t), order).Licenses[0]
		d := got[signing.Description](t)(signing.Describe(got[[]byte](t)(signing.Verify([]byte(l.File), []ed25519.PublicKey{h.publicKey}, ""))))
		same(t, "license file", []any{d.MaxMachines, d.Expiry.UTC(), d.MaintenanceUntil, *d.Features, d.FeatureNames, *d.Units, d.Customer, d.Parameters["badge"], d.Parameters["scripts"]}, []any{
			int64(3), time.Date(2027, 12, 31, 23, 0, 0, 0, time.UTC), "2027-05-20", uint32(1<<31 + 1<<5 + 1), []string{"layout", "prepress", "scripting"}, int64(500),
			map[string]string{"company": "Bright", "name": "Ben"}, "AB-7", "yes",
		})
		order.Parameters = values("seats", "3", "months", "1", "care", "6", "edition", "gold", "pages", "-1", "badge", "7")
		_, _, err = h.ordering.CreateLicense(ctx, h.anna(t), licensing.NewID(), order)
		var problems licensing.Problems
		if !errors.As(err, &problems) || fmt.Sprint(fieldsOf(problems)) != "[edition pages badge]" {
			t.Errorf("problems: %v", err)
		}
	})
}

// TestEditProduct changes a product that is offered and licensed.
func TestEditProduct(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, isv := t.Context(), h.isv(t)
		edit := func() catalog.EditProduct {
			t.Helper()
			p := got[catalog.ManagedProduct](t)(h.catalog.ManagedProduct(ctx, isv, "AUR-DESIGN"))
			return catalog.EditProduct{Code: p.Code, Name: p.Name, Subtitle: p.Subtitle, Kind: p.Kind, Parameters: p.Parameters, Features: p.Features, Version: p.Version}
		}
		before := h.rulesOf(t, "partner", "AUR-DESIGN").Version
		in := edit()
		in.Name, in.Parameters = "Aurora Designer", append(in.Parameters, licensing.Parameter{Name: "floating", Type: "yesno", Label: "Floating", Sets: licensing.SetsText})
		p, _, err := h.catalog.EditProduct(ctx, isv, licensing.NewID(), in)
		must(t, err)
		same(t, "changed", []any{p.Name, p.Version}, []any{"Aurora Designer", int64(2)})
		offer := h.rulesOf(t, "partner", "AUR-DESIGN")
		same(t, "a new parameter may be left out at first", []any{offer.Rules["floating"].Optional, offer.Version > before}, []any{true, true})
		l := h.create(t, h.anna(t), design()).Licenses[0]
		same(t, "its name", l.ProductName, "Aurora Designer")
		_, _, err = h.catalog.EditProduct(ctx, isv, licensing.NewID(), in)
		refused(t, "an old version", err, licensing.CodeConflict, "")

		for what, c := range map[string]struct {
			change func(in *catalog.EditProduct)
			field  string
		}{
			"a parameter of live licenses": {func(in *catalog.EditProduct) { in.Parameters = in.Parameters[1:] }, "parameters"},
			"another type":                 {func(in *catalog.EditProduct) { in.Parameters[3].Type = "text" }, "parameters.3.type"},
			"another effect":               {func(in *catalog.EditProduct) { in.Parameters[0].Sets = licensing.SetsUnits }, "parameters.0.sets"},
			"an option that offers have":   {func(in *catalog.EditProduct) { in.Parameters[1].Options = in.Parameters[1].Options[1:] }, "parameters.1.features"},
			"a feature that is set":        {func(in *catalog.EditProduct) { in.Features = in.Features[1:] }, "parameters.1.features"},
			"a selection without any value": {func(in *catalog.EditProduct) {
				in.Parameters = append(in.Parameters, licensing.Parameter{Name: "x", Type: "selection", Label: "X", Sets: licensing.SetsText})
			}, "parameters.4.options"},
		} {
			unchanged(t, h, what, func() {
				in := edit()
				c.change(&in)
				_, _, err := h.catalog.EditProduct(ctx, isv, licensing.NewID(), in)
				refused(t, what, err, licensing.CodeInvalidRequest, c.field)
			})
		}
		in = edit()
		in.Parameters[1].Options = in.Parameters[1].Options[1:]
		delete(in.Parameters[1].Features, "standard")
		_, _, err = h.catalog.EditProduct(ctx, isv, licensing.NewID(), in)
		refused(t, "an option that offers have", err, licensing.CodeInvalidRequest, "parameters")

		page := got[catalog.ProductPage](t)(h.catalog.ManagedProducts(ctx, isv, catalog.ProductFilter{Limit: 2, Query: "aurora"}))
		rest := got[catalog.ProductPage](t)(h.catalog.ManagedProducts(ctx, isv, catalog.ProductFilter{Limit: 10, Query: "aurora", After: page.Next}))
		same(t, "pages", []int{page.Total, len(page.Products), len(rest.Products), page.Products[0].Categories}, []int{5, 2, 3, 2})
	})
}

// TestDataFields defines fields for all and for one category, and orders with them.
func TestDataFields(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, isv, anna := t.Context(), h.isv(t), h.anna(t)
		before := h.create(t, anna, design())
		create := func(in catalog.EditDataField) licensing.DataField {
			t.Helper()
			f, _, err := h.catalog.CreateDataField(ctx, isv, licensing.NewID(), in)
			must(t, err)
			return f
		}
		create(catalog.EditDataField{Name: "costCenter", Type: "number", Label: "Cost center", Category: "partner", Rule: licensing.Rule{Minimum: "100", Maximum: "999", Step: "1"}})
		create(catalog.EditDataField{Name: "start", Type: "date", Label: "Start", Category: "partner", Rule: licensing.Rule{Optional: true, Minimum: "today"}})
		channel := create(catalog.EditDataField{
			Name: "channel", Type: "selection", Label: "Channel", Labels: licensing.Texts{"de": "Kanal"}, Hidden: true,
			Rule: licensing.Rule{Default: new("web"), Options: []licensing.Option{{Value: "web"}, {Value: "fair"}}},
		})
		_, _, err := h.catalog.CreateDataField(ctx, isv, licensing.NewID(), catalog.EditDataField{Name: "channel", Type: "text", Label: "Channel"})
		refused(t, "the same name", err, licensing.CodeInvalidRequest, "name")
		_, _, err = h.catalog.CreateDataField(ctx, isv, licensing.NewID(), catalog.EditDataField{Name: "x", Type: "number", Label: "X", Rule: licensing.Rule{Minimum: "2", Maximum: "1"}})
		refused(t, "a broken rule", err, licensing.CodeInvalidRequest, "maximum")
		_, _, err = h.catalog.CreateDataField(ctx, isv, licensing.NewID(), catalog.EditDataField{Name: "x", Type: "text", Label: "X", Hidden: true})
		refused(t, "hidden and required", err, licensing.CodeInvalidRequest, "hidden")

		_, _, err = h.ordering.CreateLicense(ctx, anna, licensing.NewID(), design())
		refused(t, "required", err, licensing.CodeInvalidParameter, "costCenter")
		out := h.create(t, anna, with(design(), func(in *ordering.CreateLicense) { in.DataFields = values("costCenter", "0150", "reference", "true") }))
		same(t, "kept", out.Licenses[0].DataFields, values("reference", "yes", "costCenter", "150", "channel", "web"))

		in := catalog.EditDataField{ID: channel.ID, Label: "Way", Rule: licensing.Rule{Optional: true, Options: channel.Rule.Options}, Version: channel.Version}
		changed, _, err := h.catalog.EditDataField(ctx, isv, licensing.NewID(), in)
		must(t, err)
		same(t, "changed", []any{changed.Label, changed.Name, changed.Version, changed.Labels}, []any{"Way", "channel", int64(2), licensing.Texts(nil)})
		_, _, err = h.catalog.EditDataField(ctx, isv, licensing.NewID(), in)
		refused(t, "an old version", err, licensing.CodeConflict, "")
		_, _, err = h.catalog.MoveDataField(ctx, isv, licensing.NewID(), catalog.Place{Code: channel.ID, Before: got[[]catalog.ManagedDataField](t)(h.catalog.ManagedDataFields(ctx, isv, ""))[0].ID})
		must(t, err)
		var names []string
		for _, f := range got[[]catalog.ManagedDataField](t)(h.catalog.ManagedDataFields(ctx, isv, "internal")) {
			names = append(names, f.Name+"@"+f.CategoryCode)
		}
		same(t, "for internal", names, []string{"channel@", "externalOrderNumber@"})
		_, _, err = h.catalog.DeleteDataField(ctx, isv, licensing.NewID(), catalog.DeleteDataField{ID: channel.ID, Version: 2})
		must(t, err)
		same(t, "orders keep it", got[licensing.Order](t)(h.ordering.Order(ctx, anna, out.OrderNumber)).DataFields, out.Licenses[0].DataFields)
		same(t, "and what was ordered before", got[licensing.Order](t)(h.ordering.Order(ctx, anna, before.OrderNumber)).DataFields, values("externalOrderNumber", "PO-4711"))
	})
}
