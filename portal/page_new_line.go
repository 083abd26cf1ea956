package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// linePage is what the page shows on which the product of another line is chosen.
type linePage struct {
	Categories []catalog.CategoryOffers
	Form       url.Values // what was entered for the order, and how to go back
	Basket     basket     // all lines that there are
	From       basketLine // the line that was being filled in
}

// orderLines turns a form for a license to another line of its order: to a new one, whose product is chosen first, to one that
// is there already, or to the same without one that is taken out. Everything that was typed goes along.
func (s *site) orderLines(v *visit) error {
	form := v.Request.PostForm
	b, current := readBasket(form), basketLine{v.Query("category"), v.Query("product"), lineFields(form)}
	switch {
	case form.Has("edit"):
		return s.editLine(v, b, current, form.Get("edit"))
	case form.Get("drop") == "this":
		return s.editLine(v, b, basketLine{}, strconv.Itoa(len(b.Lines)-1))
	case form.Has("drop"):
		n, err := strconv.Atoi(form.Get("drop"))
		left, _, ok := b.taken(n)
		if err != nil || !ok {
			return s.lineForm(v, b, current)
		}
		if left.At = b.At; n < b.At {
			left.At--
		}
		return s.lineForm(v, left, current)
	case form.Get("offer") != "":
		category, product, _ := strings.Cut(form.Get("offer"), "/")
		return s.lineForm(v, basket{At: len(b.Lines), Lines: b.Lines}, basketLine{category, product, url.Values{}})
	case !b.hasRoom():
		return s.lineForm(v, b, current)
	}
	group, err := s.forGroup(v, form.Get("group"))
	if err != nil {
		return err
	}
	categories, err := s.services.Catalog.Offers(v.ctx(), v.actor, group.Code, "")
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, chooseLine(linePage{Categories: categories, Form: form, Basket: b.stowed(current), From: current}))
}

// editLine goes to one of the other lines. From the page on which a product is chosen, all lines are others.
func (s *site) editLine(v *visit, b basket, current basketLine, index string) error {
	n, err := strconv.Atoi(index)
	if err != nil || n < 0 || n >= len(b.Lines) {
		return s.lineForm(v, b, current)
	}
	all := b
	if current.Product != "" {
		n = b.position(n)
		all = b.stowed(current)
	}
	next, line, _ := all.taken(n)
	return s.lineFormChecked(v, next, line)
}

// lineForm shows the form for a line that was just begun, with the rest of the order as it was typed.
func (s *site) lineForm(v *visit, b basket, line basketLine) error {
	return s.showLine(v, b, line, false)
}

// lineFormChecked shows that of one that was filled in before, and marks what is wrong with it.
func (s *site) lineFormChecked(v *visit, b basket, line basketLine) error {
	return s.showLine(v, b, line, true)
}

func (s *site) showLine(v *visit, b basket, line basketLine, checked bool) error {
	offer, err := s.services.Catalog.Offer(v.ctx(), v.actor, line.Category, line.Product)
	if err != nil {
		return s.lostOffer(v, err, v.Request.PostForm)
	}
	form := url.Values{atField: {strconv.Itoa(b.At)}}
	for name, given := range v.Request.PostForm {
		if own := lineFields(url.Values{name: given}); len(own) == 0 && !strings.HasPrefix(name, linePrefix) && name != atField {
			form[name] = given
		}
	}
	for _, carried := range b.hidden() {
		form.Add(carried.Name, carried.Value)
	}
	form.Set(atField, strconv.Itoa(b.At))
	for name, given := range line.Form {
		form[name] = given
	}
	beside, err := s.offersOf(v, b)
	if err != nil {
		return err
	}
	page := s.newPage(v, offer, beside, form, problems{})
	if checked {
		_, err := s.services.Ordering.QuoteOrder(v.ctx(), v.actor, b.order(line.Category, line.Product, form))
		mine, _, _ := b.of(err)
		own := slices.DeleteFunc(mine, func(p *licensing.Error) bool { return p.Line == 0 }) // the order's own are told when it is sent
		page = s.newPage(v, offer, beside, form, sortProblems(v.ctx(), own, page.names()))
	}
	if page.Group, err = s.forGroup(v, form.Get("group")); err != nil {
		return err
	}
	if page.Bill, err = s.billFor(v, offer, beside, page.formValues(form)); err != nil {
		return err
	}
	return v.show(http.StatusOK, newLicense(page))
}

// carried are the order's own fields, which the page on which a product is chosen hands on.
func (p linePage) carried() (all []licensing.Value) {
	for name, given := range p.Form {
		switch {
		case strings.HasPrefix(name, linePrefix), name == atField, name == "acting", len(lineFields(url.Values{name: given})) > 0, name == "choose", name == "offer":
			continue
		}
		for _, value := range given {
			all = append(all, licensing.Value{Name: name, Value: value})
		}
	}
	sortValues(all)
	return all
}

// back is the index of the line that was being filled in, among all.
func (p linePage) back() int { return len(p.Basket.Lines) - 1 }
