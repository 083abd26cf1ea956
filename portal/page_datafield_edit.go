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

// dataFieldForm is what the form for a data field shows.
type dataFieldForm struct {
	Saved      catalog.ManagedDataField // without id: a new one
	Field      licensing.DataField      // as it stands in the form
	Rule       ruleForm
	Categories []catalog.CategoryRow
	Problems   []problem
	Conflict   string
	RequestID  string
	form       url.Values
	errors     map[string]string
}

// fieldRule is the name under which a data field's rule stands in its form, as that of a parameter does in an offer's.
const fieldRule = "field"

// newDataField shows the form for a new field.
func (s *site) newDataField(v *visit) error {
	form := url.Values{"category": {v.Query("category")}, "type": {"text"}}
	writeRule(form, licensing.Parameter{Name: fieldRule, Type: "text"}, licensing.Rule{Optional: true})
	page, err := s.dataFieldForm(v, catalog.ManagedDataField{}, form)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, dataFieldEdit(page, nil))
}

// dataField shows the form for a field that is there.
func (s *site) dataField(v *visit) error { return s.showDataField(v, http.StatusOK, nil) }

func (s *site) showDataField(v *visit, status int, dialog templ.Component) error {
	f, err := s.dataFieldOf(v)
	if err != nil {
		return err
	}
	page, err := s.dataFieldForm(v, f, writeDataField(f))
	if err != nil {
		return err
	}
	return v.show(status, dataFieldEdit(page, dialog))
}

// dataFieldOf finds the field that the address names.
func (s *site) dataFieldOf(v *visit) (catalog.ManagedDataField, error) {
	all, err := s.services.Catalog.ManagedDataFields(v.ctx(), v.actor, "")
	if err != nil {
		return catalog.ManagedDataField{}, err
	}
	for _, f := range all {
		if f.ID == v.Param("field") {
			return f, nil
		}
	}
	return catalog.ManagedDataField{}, licensing.NotFoundError("", "There is no such data field.")
}

// writeDataField puts a field into its form.
func writeDataField(f catalog.ManagedDataField) url.Values {
	form := url.Values{
		"name": {f.Name}, "type": {f.Type}, "category": {f.CategoryCode}, "label.en": {f.Label}, "help.en": {f.Help},
		"version": {strconv.FormatInt(f.Version, 10)},
	}
	for _, language := range contentLanguages[1:] {
		form.Set("label."+language, f.Labels[language])
		form.Set("help."+language, f.Helps[language])
	}
	if f.Hidden {
		form.Set("hidden", "1")
	}
	p := f.AsParameter()
	p.Name = fieldRule
	writeRule(form, p, f.Rule)
	return form
}

// readDataField reads the form.
func readDataField(form url.Values, saved catalog.ManagedDataField) catalog.EditDataField {
	get := func(parts ...string) string { return strings.TrimSpace(form.Get(strings.Join(parts, "."))) }
	in := catalog.EditDataField{
		ID: saved.ID, Category: get("category"), Name: get("name"), Type: get("type"), Hidden: get("hidden") != "",
		Label: get("label", englishTag), Labels: readTexts(get, "label", saved.Labels),
		Help: get("help", englishTag), Helps: readTexts(get, "help", saved.Helps),
	}
	if saved.ID != "" {
		in.Category, in.Name, in.Type = saved.CategoryCode, saved.Name, saved.Type
	}
	in.Rule = readRule(form, licensing.Parameter{Name: fieldRule, Type: in.Type}, saved.Rule)
	in.Rule.Change = ""
	in.Version, _ = strconv.ParseInt(get("version"), 10, 64) // no number is no version: a conflict
	return in
}

// dataFieldForm draws the form with what stands in it.
func (s *site) dataFieldForm(v *visit, saved catalog.ManagedDataField, form url.Values) (dataFieldForm, error) {
	in := readDataField(form, saved)
	p := dataFieldForm{Saved: saved, RequestID: newRequestID(), form: form, errors: map[string]string{}}
	p.Field = licensing.DataField{Name: in.Name, Type: in.Type, Label: in.Label, Labels: in.Labels, Help: in.Help, Helps: in.Helps, Rule: in.Rule, Hidden: in.Hidden}
	parameter := licensing.Parameter{Name: fieldRule, Type: in.Type, Label: in.Label}
	p.Rule = ruleForm{Parameter: parameter, form: form, errors: p.errors, Preview: dataFieldAddress(v.ctx(), saved, "preview")}
	p.Rule.Tried = try(v.ctx(), parameter, in.Rule, p.Rule.Value(partTry), v.today())
	var err error
	p.Categories, err = s.allCategories(v)
	return p, err
}

// dataFieldAddress is the form of a field, or of a new one.
func dataFieldAddress(ctx context.Context, f catalog.ManagedDataField, below ...string) string {
	if f.ID == "" {
		return at(ctx, append([]string{"new-data-field"}, below...)...)
	}
	return at(ctx, append([]string{"data-fields", f.ID}, below...)...)
}

// refuse writes into the form what is wrong.
func (p *dataFieldForm) refuse(ctx context.Context, err error) {
	var many licensing.Problems
	many.Add(err)
	for _, e := range many {
		name := dataFieldPart(e.Field)
		if p.errors[name] == "" {
			p.errors[name] = sentence(ctx, e)
			p.Problems = append(p.Problems, problem{"f-" + name, p.label(ctx, name), p.errors[name]})
		}
	}
}

// dataFieldPart is the field of the form that a problem speaks of: "label", "labels.de", "maximum".
func dataFieldPart(field string) string {
	short, language, other := strings.Cut(field, ".")
	if !other {
		language = englishTag
	}
	switch short {
	case "name", "type", "category", "hidden":
		return short
	case "label", "labels":
		return "label." + language
	case "help", "helps":
		return "help." + language
	default:
		return ruleName(fieldRule, ruleParts(field)...)
	}
}

// label is how the summary calls a field of the form.
func (p *dataFieldForm) label(ctx context.Context, name string) string {
	switch {
	case name == "name":
		return T(ctx, "dataField.name")
	case strings.HasPrefix(name, "label."):
		return T(ctx, "offer.labelIn", "Language", T(ctx, "language."+strings.TrimPrefix(name, "label.")))
	case p.Field.Label != "":
		return p.Field.Label
	default:
		return T(ctx, "dataField.rule")
	}
}

// previewDataField answers while one edits.
func (s *site) previewDataField(v *visit) error {
	saved, err := s.dataFieldOrNew(v)
	if err != nil {
		return err
	}
	form := maps.Clone(v.Request.PostForm)
	change := readRowChange(form.Get("do"))
	change.apply(form)
	page, err := s.dataFieldForm(v, saved, form)
	if err != nil {
		return err
	}
	page.check(v.ctx())
	return v.show(http.StatusOK, dataFieldAnswer(page, change.Parameter))
}

// check says while one edits what is wrong with the rule.
func (p *dataFieldForm) check(ctx context.Context) {
	if kind, ok := licensing.ParameterTypes[p.Field.Type]; ok {
		if err := kind.CheckRule(p.Field.Rule); err != nil {
			p.refuse(ctx, err)
		}
	}
}

func (s *site) dataFieldOrNew(v *visit) (catalog.ManagedDataField, error) {
	if v.Param("field") != "" {
		return s.dataFieldOf(v)
	}
	_, err := s.services.Catalog.ManagedDataFields(v.ctx(), v.actor, "")
	return catalog.ManagedDataField{}, err
}

// saveDataField makes a new field or changes one, or shows what stands in the way. What was typed stays.
func (s *site) saveDataField(v *visit) error {
	saved, err := s.dataFieldOrNew(v)
	if err != nil {
		return err
	}
	form := maps.Clone(v.Request.PostForm)
	if do := form.Get("do"); do != "" {
		readRowChange(do).apply(form)
		page, err := s.dataFieldForm(v, saved, form)
		if err != nil {
			return err
		}
		return v.show(http.StatusOK, dataFieldEdit(page, nil))
	}
	in := readDataField(form, saved)
	put := s.services.Catalog.EditDataField
	if in.ID == "" {
		put = s.services.Catalog.CreateDataField
	}
	_, _, err = put(v.ctx(), v.actor, form.Get("requestId"), in)
	if err == nil {
		return v.goTo(query(at(v.ctx(), "data-fields"), "said", "saved"))
	}
	page, pageErr := s.dataFieldForm(v, saved, form)
	if pageErr != nil {
		return pageErr
	}
	switch e := licensing.AsError(err); {
	case e.Kind == licensing.Conflict && e.Code == licensing.CodeConflict && in.ID != "":
		page.Conflict = e.Message
		form.Set("version", strconv.FormatInt(saved.Version, 10))
		return v.show(http.StatusConflict, dataFieldEdit(page, nil))
	case e.Kind != licensing.Invalid:
		return err
	}
	page.refuse(v.ctx(), err)
	return v.show(http.StatusUnprocessableEntity, dataFieldEdit(page, nil))
}

// askDeleteDataField asks whether to delete a field.
func (s *site) askDeleteDataField(v *visit) error {
	f, err := s.dataFieldOf(v)
	if err != nil {
		return err
	}
	return s.showDataField(v, http.StatusOK, deleteDataFieldDialog(question{
		Title: T(v.ctx(), "dataField.deleteTitle", "Name", f.Label), Back: dataFieldAddress(v.ctx(), f), Action: dataFieldAddress(v.ctx(), f, "delete"),
		Keep: T(v.ctx(), "category.keep"), Button: T(v.ctx(), "category.deleteButton", "Name", f.Label), Busy: T(v.ctx(), "edit.busy"), Danger: true,
		RequestID: newRequestID(), Version: strconv.FormatInt(f.Version, 10),
	}))
}

// deleteDataField deletes it.
func (s *site) deleteDataField(v *visit) error {
	form := v.Request.PostForm
	version, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	in := catalog.DeleteDataField{ID: v.Param("field"), Version: version}
	if _, _, err := s.services.Catalog.DeleteDataField(v.ctx(), v.actor, form.Get("requestId"), in); err != nil {
		return err
	}
	return v.goTo(query(at(v.ctx(), "data-fields"), "said", "deleted"))
}
