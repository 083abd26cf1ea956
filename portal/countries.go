package portal

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"kontor/internal/licensing"
)

// countries are those of ISO 3166-1 with their English names, in order of name.
var countries = sync.OnceValue(func() []licensing.Option {
	var all []licensing.Option
	names := display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			if err != nil || !licensing.IsCountry(code) {
				continue
			}
			if name := names.Name(region); name != "" && !strings.HasPrefix(name, "Unknown") {
				all = append(all, licensing.Option{Value: code, Label: name})
			}
		}
	}
	slices.SortFunc(all, func(x, y licensing.Option) int { return cmp.Compare(x.Label, y.Label) })
	return all
})

// countryName is the name of a country code, or the code.
func countryName(code string) string {
	for _, c := range countries() {
		if c.Value == code {
			return c.Label
		}
	}
	return code
}
