package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// productPage is what a product's page shows.
type productPage struct {
	catalog.ManagedProduct
	Said   string
	Dialog templ.Component // in front of it
}

// product shows one product: its parameters, what they set, and where it is offered.
func (s *site) product(v *visit) error {
	p, err := s.services.Catalog.ManagedProduct(v.ctx(), v.actor, v.Param("product"))
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, product(productPage{ManagedProduct: p, Said: saidOf(v)}))
}

// priceOf is what a product costs.
func priceOf(ctx context.Context, p licensing.Product) string {
	return price(ctx, licensing.Offer{Product: p})
}

// effectWords say what a parameter sets in the license: "sets the quantity", "sets the feature map: print (0), export (3)".
func effectWords(ctx context.Context, p licensing.Parameter) string {
	words := T(ctx, "sets."+string(p.Sets))
	if p.Sets == licensing.SetsCustomer && p.Particular != "" {
		words = T(ctx, "product.particularOf", "Effect", words, "Particular", T(ctx, "customer."+p.Particular))
	}
	return words
}

// featureWords say which bits a parameter's values set: "pro: print, export".
func featureWords(p licensing.Parameter) []string {
	var lines []string
	values := []string{"yes", "no"}
	if p.Type == "selection" {
		values = optionValues(p.Options)
	}
	for _, value := range values {
		if bits := p.Features[value]; len(bits) > 0 {
			lines = append(lines, value+": "+featureNames(bits))
		}
	}
	return lines
}

// featureNames are bits as a person reads and types them: by name, or by number.
func featureNames(bits []licensing.Feature) string {
	names := make([]string, len(bits))
	for i, f := range bits {
		names[i] = f.Name
		if f.Name == "" {
			names[i] = strconv.Itoa(f.Bit)
		}
	}
	return strings.Join(names, ", ")
}

// otherTexts are a text's translations: "de: Plätze".
func otherTexts(texts licensing.Texts) string {
	var parts []string
	for _, language := range contentLanguages[1:] {
		if text := texts[language]; text != "" {
			parts = append(parts, language+": "+text)
		}
	}
	return strings.Join(parts, ", ")
}
