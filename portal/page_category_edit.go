package portal

import (
	"net/http"
	"net/url"
	"strconv"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// categoryForm is what the form for a category shows.
type categoryForm struct {
	Code      string // of the one that is edited; empty: a new one
	Name      string // as it is called, in the path
	Fields    []field
	Problems  []problem
	Conflict  string // somebody else was faster: what has changed
	RequestID string
	Version   int64
}

// newCategory shows the form for a new category.
func (s *site) newCategory(v *visit) error {
	if _, err := s.services.Catalog.ManagedCategories(v.ctx(), v.actor, catalog.CategoryFilter{Limit: 1}); err != nil {
		return err
	}
	return v.show(http.StatusOK, categoryEdit(categoryFormOf(v, catalog.ManagedCategory{}, url.Values{}, problems{})))
}

// editCategory shows the form for a category that is there.
func (s *site) editCategory(v *visit) error {
	c, err := s.services.Catalog.ManagedCategory(v.ctx(), v.actor, v.Param("category"))
	if err != nil {
		return err
	}
	form := url.Values{"name": {c.Name}, "description": {c.Description}}
	return v.show(http.StatusOK, categoryEdit(categoryFormOf(v, c, form, problems{})))
}

// categoryFormOf draws the form with what stands in it and what is wrong.
func categoryFormOf(v *visit, c catalog.ManagedCategory, form url.Values, found problems) categoryForm {
	ctx := v.ctx()
	p := categoryForm{Code: c.Code, Name: c.Name, RequestID: newRequestID(), Version: c.Version}
	p.Fields = []field{plainField(ctx, form, "name", "categories.name", 100)}
	if c.Code == "" {
		code := plainField(ctx, form, "code", "categories.code", 40)
		code.Narrow, code.Hint = true, T(ctx, "category.codeHint")
		p.Fields = append(p.Fields, code)
	}
	description := plainField(ctx, form, "description", "category.about", 500)
	description.Optional, description.Hint = true, T(ctx, "category.aboutHint")
	p.Fields = append(p.Fields, description)
	p.Problems = markFields(p.Fields, found)
	return p
}

// createCategory makes a new category.
func (s *site) createCategory(v *visit) error {
	form := v.Request.PostForm
	in := catalog.EditCategory{Code: form.Get("code"), Name: form.Get("name"), Description: form.Get("description")}
	c, _, err := s.services.Catalog.CreateCategory(v.ctx(), v.actor, form.Get("requestId"), in)
	if err == nil {
		return v.goTo(query(at(v.ctx(), "categories", c.Code), "said", "created"))
	}
	page := categoryFormOf(v, catalog.ManagedCategory{}, form, problems{})
	found, ok := formProblems(v.ctx(), err, names(page.Fields))
	if !ok {
		return err
	}
	return v.show(http.StatusUnprocessableEntity, categoryEdit(categoryFormOf(v, catalog.ManagedCategory{}, form, found)))
}

// saveCategory changes a category, or tells what somebody else has changed meanwhile. What was typed stays.
func (s *site) saveCategory(v *visit) error {
	form := v.Request.PostForm
	version, _ := strconv.ParseInt(form.Get("version"), 10, 64) // no number is no version: a conflict
	in := catalog.EditCategory{Code: v.Param("category"), Name: form.Get("name"), Description: form.Get("description"), Version: version}
	_, _, err := s.services.Catalog.EditCategory(v.ctx(), v.actor, form.Get("requestId"), in)
	if err == nil {
		return v.goTo(query(at(v.ctx(), "categories", in.Code), "said", "saved"))
	}
	c, readErr := s.services.Catalog.ManagedCategory(v.ctx(), v.actor, in.Code)
	if readErr != nil {
		return readErr
	}
	page := categoryFormOf(v, c, form, problems{})
	if e := licensing.AsError(err); e.Kind == licensing.Conflict {
		page.Conflict = e.Message
		return v.show(http.StatusConflict, categoryEdit(page))
	}
	found, ok := formProblems(v.ctx(), err, names(page.Fields))
	if !ok {
		return err
	}
	page = categoryFormOf(v, c, form, found)
	page.Version = version
	return v.show(http.StatusUnprocessableEntity, categoryEdit(page))
}

// askDeleteCategory asks whether to delete a category.
func (s *site) askDeleteCategory(v *visit) error { return s.showDeleteCategory(v, http.StatusOK, "") }

func (s *site) showDeleteCategory(v *visit, status int, problem string) error {
	c, err := s.services.Catalog.ManagedCategory(v.ctx(), v.actor, v.Param("category"))
	if err != nil {
		return err
	}
	back := at(v.ctx(), "categories", c.Code)
	return s.showCategory(v, status, deleteCategoryDialog(question{
		Title: T(v.ctx(), "category.deleteTitle", "Name", c.Name), Back: back, Action: at(v.ctx(), "categories", c.Code, "delete"),
		Keep: T(v.ctx(), "category.keep"), Button: T(v.ctx(), "category.deleteButton", "Name", c.Name), Busy: T(v.ctx(), "edit.busy"), Danger: true,
		RequestID: newRequestID(), Version: strconv.FormatInt(c.Version, 10), Problem: problem,
	}, c))
}

// deleteCategory deletes it, or says what names it.
func (s *site) deleteCategory(v *visit) error {
	form := v.Request.PostForm
	version, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	in := catalog.DeleteCategory{Code: v.Param("category"), Version: version}
	_, _, err := s.services.Catalog.DeleteCategory(v.ctx(), v.actor, form.Get("requestId"), in)
	switch e := licensing.AsError(err); {
	case err == nil:
		return v.goTo(query(at(v.ctx(), "categories"), "said", "deleted"))
	case e.Kind == licensing.Conflict || e.Kind == licensing.Invalid:
		return s.showDeleteCategory(v, statusOf[e.Kind], e.Message)
	default:
		return err
	}
}
