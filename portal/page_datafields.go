package portal

import (
	"context"
	"net/http"
	"strings"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// dataFieldsPage is what the list of data fields shows.
type dataFieldsPage struct {
	Fields     []catalog.ManagedDataField
	Categories []catalog.CategoryRow
	Category   string // a code: its fields and those for all; empty: every field
	RequestID  string
	Said       string
}

// dataFields shows the data fields, of one category or of all.
func (s *site) dataFields(v *visit) error {
	page := dataFieldsPage{Category: v.Query("category"), RequestID: newRequestID(), Said: saidOf(v)}
	var err error
	if page.Fields, err = s.services.Catalog.ManagedDataFields(v.ctx(), v.actor, page.Category); err != nil {
		return err
	}
	if page.Categories, err = s.allCategories(v); err != nil {
		return err
	}
	if v.fragment() {
		return v.show(http.StatusOK, dataFieldRows(page))
	}
	return v.show(http.StatusOK, dataFields(page))
}

// allCategories are all categories, in their order, up to the most that a list offers to choose from.
func (s *site) allCategories(v *visit) ([]catalog.CategoryRow, error) {
	page, err := s.services.Catalog.ManagedCategories(v.ctx(), v.actor, catalog.CategoryFilter{Limit: 500})
	return page.Categories, err
}

// moveDataField puts a field elsewhere in the order.
func (s *site) moveDataField(v *visit) error {
	_, _, err := s.services.Catalog.MoveDataField(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), readPlace(v))
	if err != nil {
		return err
	}
	if v.fragment() {
		return s.dataFields(v)
	}
	return v.goTo(query(at(v.ctx(), "data-fields"), "category", v.Query("category")))
}

// codes are the fields' ids, in their order.
func (p dataFieldsPage) codes() []string {
	codes := make([]string, len(p.Fields))
	for i, f := range p.Fields {
		codes[i] = f.ID
	}
	return codes
}

// where is for which category a field is.
func where(ctx context.Context, f catalog.ManagedDataField) string {
	if f.CategoryCode == "" {
		return T(ctx, "dataField.forAll")
	}
	return f.CategoryName
}

// ruleLine is a data field's rule in a few words: "text, optional, up to 40 characters".
func ruleLine(ctx context.Context, f licensing.DataField, today licensing.Day) string {
	words := []string{T(ctx, "type."+f.Type), T(ctx, "dataField.required")}
	if f.Rule.Optional {
		words[1] = T(ctx, "dataField.optional")
	}
	if f.Type != "text" {
		if summary := ruleSummary(ctx, f.AsParameter(), f.Rule, today); summary != "" {
			words = append(words, summary)
		}
	} else if f.Rule.MaxLength > 0 {
		words = append(words, lowerFirst(T(ctx, "field.upTo", "Count", f.Rule.MaxLength), true))
	}
	return strings.Join(words, ", ")
}
