package portal

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// saleOn is how the form calls licensing.SaleOn: what is not chosen is empty.
const saleOn = "on"

// saleAsk is the dialog that deactivates a product, or lets it be sold again.
type saleAsk struct {
	catalog.SalePreview
	Problem string
	Request string
}

// saleDialog asks, in front of the product's page.
func (s *site) saleDialog(v *visit) error { return s.showSale(v, http.StatusOK, "") }

func (s *site) showSale(v *visit, status int, problem string) error {
	p, err := s.services.Catalog.ManagedProduct(v.ctx(), v.actor, v.Param("product"))
	if err != nil {
		return err
	}
	preview, err := s.services.Catalog.PreviewSale(v.ctx(), v.actor, v.Param("product"))
	if err != nil {
		return err
	}
	return v.show(status, product(productPage{ManagedProduct: p, Dialog: productSale(saleAsk{preview, problem, newRequestID()})}))
}

// setSale carries it out.
func (s *site) setSale(v *visit) error {
	form := v.Request.PostForm
	in := catalog.SetSale{Code: v.Param("product"), Sale: licensing.Sale(form.Get("sale"))}
	in.Version, _ = strconv.ParseInt(form.Get("version"), 10, 64) // what is no number is no version
	switch in.Sale {
	case saleOn:
		in.Sale = licensing.SaleOn
	case "":
		in.Sale = "nothing"
	}
	_, _, err := s.services.Catalog.SetSale(v.ctx(), v.actor, form.Get("requestId"), in)
	if e := licensing.AsError(err); e != nil && (e.Kind == licensing.Invalid || e.Kind == licensing.Conflict) {
		return s.showSale(v, statusOf[e.Kind], sentence(v.ctx(), e))
	} else if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "products", in.Code))
}

func (a saleAsk) question(ctx context.Context) question {
	key := "sale.deactivate"
	if a.Product.Sale != licensing.SaleOn {
		key = "sale.change"
	}
	page := at(ctx, "products", a.Product.Code)
	return question{
		Title: T(ctx, key+"Title", "Product", a.Product.Name), Back: page, Action: page + "/sale", Keep: T(ctx, key+"Keep"), Button: T(ctx, key+"Button"),
		Busy: T(ctx, "sale.busy"), Danger: a.Product.Sale == licensing.SaleOn, RequestID: a.Request, Version: strconv.FormatInt(a.Product.Version, 10), Problem: a.Problem,
	}
}

// saleChoice is one thing that can become of a product.
type saleChoice struct{ Value, Label, Text string }

// saleName is how forms and texts call what becomes of a product.
func saleName(s licensing.Sale) string { return cmp.Or(string(s), saleOn) }

// choices are what can become of the product: what it is not now. Without subscriptions there is one.
func (a saleAsk) choices(ctx context.Context) (all []saleChoice) {
	for _, s := range []licensing.Sale{licensing.SaleOn, licensing.SaleGoOn, licensing.SaleEnds} {
		if s == a.Product.Sale || a.Product.Plan == nil && s == licensing.SaleEnds {
			continue
		}
		all = append(all, saleChoice{saleName(s), T(ctx, "sale."+saleName(s)), a.follows(ctx, s)})
	}
	return all
}

// follows says what becomes of the product's subscriptions.
func (a saleAsk) follows(ctx context.Context, s licensing.Sale) string {
	n, ends := a.Subscriptions, a.Product.Sale == licensing.SaleEnds
	count := []any{"Count", n.Open, "N", number(n.Open), "End", dayLong(ctx, n.OpenEnd)}
	switch {
	case a.Product.Plan == nil:
		return ""
	case s == licensing.SaleEnds && n.Open > 0:
		return T(ctx, "sale.theyEnd", count...)
	case s != licensing.SaleEnds && !ends && n.Open > 0:
		return T(ctx, "sale.theyGoOn", count...)
	case !ends || n.Open+n.Missed == 0:
		return T(ctx, "sale.noSubscriptions")
	}
	again, missed := "", ""
	if n.Open > 0 {
		again = T(ctx, "sale.theyGoOnAgain", count...)
	}
	if n.Missed > 0 {
		missed = T(ctx, "sale.missed", "Count", n.Missed, "N", number(n.Missed), "End", dayLong(ctx, n.MissedEnd))
	}
	return sentences(again, missed)
}
