package portal

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// The product's form is made of rows that repeat. A parameter is a row with a key: "p" lists the keys in their order,
// and its fields are "p.k0.name" and so on. The options of a selection repeat inside it, as in the offer's editor; a
// bit of the feature map is a row of "bit" and "bitName".
const (
	productRows = "p"
	bitRows     = "bit"
	bitNames    = "bitName"
)

// productName is the name of a parameter's field.
func productName(key string, parts ...string) string {
	return productRows + "." + key + "." + strings.Join(parts, ".")
}

// writeProduct puts a product into the fields of its form.
func writeProduct(p licensing.Product) url.Values {
	form := url.Values{"name": {p.Name}, "subtitle": {p.Subtitle}, "version": {strconv.FormatInt(p.Version, 10)}}
	if p.Plan != nil {
		writePlan(form, *p.Plan)
	}
	for _, f := range p.Features {
		form.Add(bitRows, strconv.Itoa(f.Bit))
		form.Add(bitNames, f.Name)
	}
	for i, one := range p.Parameters {
		key := "k" + strconv.Itoa(i)
		form.Add(productRows, key)
		set := func(value string, parts ...string) { form.Set(productName(key, parts...), value) }
		set(one.Name, "name")
		set(one.Type, "type")
		set(string(one.Sets), "sets")
		set(one.Unit, "unit")
		set(one.Particular, "particular")
		for _, language := range contentLanguages {
			set(textIn(one.Label, one.Labels, language), partLabel, language)
			set(textIn(one.Help, one.Helps, language), partHelp, language)
		}
		for _, value := range []string{"yes", "no"} {
			set(featureNames(one.Features[value]), "bits", value)
		}
		for _, o := range one.Options {
			form.Add(productName(key, partValue), o.Value)
			form.Add(productName(key, "bits"), featureNames(one.Features[o.Value]))
			for _, language := range contentLanguages {
				form.Add(productName(key, partOption, language), textIn(o.Label, o.Labels, language))
			}
		}
	}
	return form
}

// readProduct reads the form. saved is the product as it was: texts in languages that have no field stay.
func readProduct(form url.Values, saved licensing.Product) catalog.EditProduct {
	in := catalog.EditProduct{
		Code: saved.Code, Kind: saved.Kind, Name: strings.TrimSpace(form.Get("name")), Subtitle: strings.TrimSpace(form.Get("subtitle")),
	}
	if in.Kind == licensing.KindSubscription {
		in.Plan = new(readPlan(form))
	}
	in.Version, _ = strconv.ParseInt(form.Get("version"), 10, 64) // no number is no version: a conflict
	for i, bit := range form[bitRows] {
		name := strings.TrimSpace(nth(form[bitNames], i))
		if n, err := strconv.Atoi(strings.TrimSpace(bit)); err == nil {
			in.Features = append(in.Features, licensing.Feature{Bit: n, Name: name})
		} else if name != "" || strings.TrimSpace(bit) != "" {
			in.Features = append(in.Features, licensing.Feature{Bit: -1, Name: name}) // the use case says which there are
		}
	}
	for _, key := range form[productRows] {
		in.Parameters = append(in.Parameters, readParameter(form, key, in.Features, saved))
	}
	return in
}

// readParameter reads the fields of one parameter. What its type or its effect has no use for is left out.
func readParameter(form url.Values, key string, features []licensing.Feature, saved licensing.Product) licensing.Parameter {
	get := func(parts ...string) string { return strings.TrimSpace(form.Get(productName(key, parts...))) }
	p := licensing.Parameter{Name: get("name"), Type: get("type"), Sets: licensing.Effect(get("sets"))}
	var before licensing.Parameter
	for _, one := range saved.Parameters {
		if one.Name == p.Name {
			before = one
		}
	}
	p.Label, p.Labels = get(partLabel, englishTag), readTexts(get, partLabel, before.Labels)
	p.Help, p.Helps = get(partHelp, englishTag), readTexts(get, partHelp, before.Helps)
	if p.Type == "number" {
		p.Unit = get("unit")
	}
	if p.Sets == licensing.SetsCustomer {
		p.Particular = get("particular")
	}
	bits := map[string]string{"yes": get("bits", "yes"), "no": get("bits", "no")}
	if p.Type == "selection" {
		bits = map[string]string{}
		for i, value := range form[productName(key, partValue)] {
			nthOf := func(parts ...string) string {
				return strings.TrimSpace(nth(form[productName(key, parts...)], i))
			}
			o := licensing.Option{Value: strings.TrimSpace(value), Label: nthOf(partOption, englishTag)}
			at := slices.IndexFunc(before.Options, func(b licensing.Option) bool { return b.Value == o.Value })
			var texts licensing.Texts
			if at >= 0 {
				texts = before.Options[at].Labels
			}
			o.Labels = readTexts(nthOf, partOption, texts)
			p.Options = append(p.Options, o)
			bits[o.Value] = nthOf("bits")
		}
	}
	if p.Sets == licensing.SetsFeatures {
		p.Features = map[string][]licensing.Feature{}
		for value, text := range bits {
			if set := readBits(text, features); len(set) > 0 {
				p.Features[value] = set
			}
		}
	}
	return p
}

// readBits reads "print, 3": bits by name or number, separated by commas. A name that the product does not have
// becomes a bit that the use case refuses.
func readBits(text string, features []licensing.Feature) []licensing.Feature {
	var bits []licensing.Feature
	for _, word := range strings.Split(text, ",") {
		word = strings.TrimSpace(word)
		if word == "" {
			continue
		}
		i := slices.IndexFunc(features, func(f licensing.Feature) bool { return strings.EqualFold(f.Name, word) || strconv.Itoa(f.Bit) == word })
		switch n, err := strconv.Atoi(word); {
		case i >= 0:
			bits = append(bits, features[i])
		case err == nil:
			bits = append(bits, licensing.Feature{Bit: n})
		default:
			bits = append(bits, licensing.Feature{Bit: -1, Name: word})
		}
	}
	return bits
}

// changeProductRows does what a button of the product's form asks for: "addParameter", "remove:k1", "up:k1",
// "down:k1", "addOption:k1", "removeOption:k1:2", "upOption:k1:2", "addBit", "removeBit:2".
func changeProductRows(form url.Values, do string) {
	what := readRowChange(do)
	key, row := what.Parameter, what.Row
	keys := form[productRows]
	here := slices.Index(keys, key)
	switch what.Do {
	case "addParameter":
		form[productRows] = append(keys, newRow(keys))
	case "remove":
		if here >= 0 {
			form[productRows] = slices.Delete(slices.Clone(keys), here, here+1)
		}
	case "up":
		if here > 0 {
			keys[here-1], keys[here] = keys[here], keys[here-1]
		}
	case "down":
		if here >= 0 && here+1 < len(keys) {
			keys[here+1], keys[here] = keys[here], keys[here+1]
		}
	case "addBit":
		form[bitRows], form[bitNames] = append(form[bitRows], freeBit(form[bitRows])), append(form[bitNames], "")
	case "removeBit":
		changeColumns(form, []string{bitRows, bitNames}, "remove", key)
	case "addOption", "removeOption", "upOption":
		columns := []string{productName(key, partValue), productName(key, "bits")}
		for _, language := range contentLanguages {
			columns = append(columns, productName(key, partOption, language))
		}
		changeColumns(form, columns, strings.TrimSuffix(what.Do, "Option"), row)
	}
}

// changeColumns changes fields that repeat together: it adds a row, removes one or moves one up, by its place.
func changeColumns(form url.Values, columns []string, do, place string) {
	n, err := strconv.Atoi(place)
	for _, name := range columns {
		column := slices.Clone(form[name])
		switch {
		case do == "add":
			column = append(column, "")
		case err != nil || n < 0 || n >= len(column):
		case do == "remove":
			column = slices.Delete(column, n, n+1)
		case do == "up" && n > 0:
			column[n-1], column[n] = column[n], column[n-1]
		}
		form[name] = column
	}
}

// freeBit is the lowest bit that has no name yet.
func freeBit(used []string) string {
	for n := range licensing.FeatureBits {
		if !slices.Contains(used, strconv.Itoa(n)) {
			return strconv.Itoa(n)
		}
	}
	return ""
}
