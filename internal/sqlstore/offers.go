package sqlstore

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// keptTexts are what lists of offers share.
type keptTexts struct {
	parameters decodings[[]licensing.Parameter]
	features   decodings[[]licensing.Feature]
	plans      decodings[*licensing.Plan]
	rules      decodings[map[string]licensing.Rule]
	narrowings decodings[licensing.Narrowing]
	values     decodings[[]licensing.Value]
	coming     decodings[[]licensing.Coming]
	spans      decodings[[]licensing.Span]
	early      decodings[*licensing.EarlyEnd]
}

func (t *tx) InsertProduct(ctx context.Context, p licensing.Product) error {
	arg := db.InsertProductParams{
		ID: string(p.ID), Code: p.Code, Name: p.Name, Subtitle: p.Subtitle, Kind: string(p.Kind), FileForm: string(p.FileForm), Parameters: toJSON(p.Parameters),
		Features: toJSON(p.Features), NameKey: productKey(p.Name, p.Code), Search: productSearch(p.Name, p.Code),
	}
	arg.Plan = planText(p.Plan)
	if p.Price != nil {
		arg.PriceMinor, arg.PriceCurrency = &p.Price.Minor, &p.Price.Currency
	}
	return t.q.InsertProduct(ctx, arg)
}

// planText is a plan as it is kept: empty for none.
func planText(p *licensing.Plan) string {
	if p == nil {
		return ""
	}
	return toJSON(p)
}

func (t *tx) UpdateProduct(ctx context.Context, p licensing.Product) error {
	return changed(t.q.UpdateProduct(ctx, db.UpdateProductParams{
		Name: p.Name, Subtitle: p.Subtitle, Parameters: toJSON(p.Parameters), Features: toJSON(p.Features), NameKey: productKey(p.Name, p.Code),
		Search: productSearch(p.Name, p.Code), Plan: planText(p.Plan), ID: string(p.ID), Version: p.Version,
	}))
}

func (t *tx) ProductByCode(ctx context.Context, code string) (licensing.Product, error) {
	r, err := one(t.q.ProductByCode(ctx, code))
	if err != nil {
		return licensing.Product{}, err
	}
	o, err := offer(db.OfferView{
		ProductID: r.ID, Code: r.Code, Name: r.Name, Subtitle: r.Subtitle, Kind: r.Kind, FileForm: r.FileForm, Parameters: r.Parameters, Features: r.Features,
		Plan: r.Plan, PriceMinor: r.PriceMinor, PriceCurrency: r.PriceCurrency, ProductVersion: r.Version, Sale: r.Sale,
	})
	if err != nil || r.Unextended == "" {
		return o.Product, err
	}
	o.Product.Unextended, err = fromJSON[[]licensing.Span](r.Unextended)
	return o.Product, err
}

func (t *tx) ListProducts(ctx context.Context, f licensing.ProductFilter) ([]licensing.ProductRow, error) {
	var pattern string
	if f.Query != "" {
		pattern = containing(licensing.Fold(f.Query))
	}
	key, id, _ := strings.Cut(f.After, "\n")
	if f.Sort == "code" {
		rows, err := t.q.ListProductsByCode(ctx, db.ListProductsByCodeParams{
			Kind: string(f.Kind), Pattern: pattern, Category: f.Category, NotIn: f.NotIn, AfterKey: key, Most: int32(f.Limit), //nolint:gosec // small
		})
		all := make([]licensing.ProductRow, len(rows))
		for i, r := range rows {
			all[i] = productRow(db.ListProductsRow(r))
			all[i].Cursor = r.Code
		}
		return all, err
	}
	rows, err := t.q.ListProducts(ctx, db.ListProductsParams{
		Kind: string(f.Kind), Pattern: pattern, Category: f.Category, NotIn: f.NotIn, AfterKey: key, AfterID: id, Most: int32(f.Limit), //nolint:gosec // small
	})
	all := make([]licensing.ProductRow, len(rows))
	for i, r := range rows {
		all[i] = productRow(r)
		all[i].Cursor = r.NameKey + "\n" + r.ID
	}
	return all, err
}

func productRow(r db.ListProductsRow) licensing.ProductRow {
	return licensing.ProductRow{
		Product: licensing.Product{
			ID: licensing.ProductID(r.ID), Code: r.Code, Name: r.Name, Subtitle: r.Subtitle, Kind: licensing.ProductKind(r.Kind),
			FileForm: licensing.FileForm(r.FileForm), Sale: licensing.Sale(r.Sale), Version: r.Version,
		},
		Categories: int(r.Categories),
	}
}

func (t *tx) CountProducts(ctx context.Context, f licensing.ProductFilter) (int, error) {
	var pattern string
	if f.Query != "" {
		pattern = containing(licensing.Fold(f.Query))
	}
	n, err := t.q.CountProducts(ctx, db.CountProductsParams{Kind: string(f.Kind), Pattern: pattern, Category: f.Category, NotIn: f.NotIn})
	return int(n), err
}

func (t *tx) InsertOffer(ctx context.Context, o licensing.Offer) error {
	return t.q.InsertOffer(ctx, db.InsertOfferParams{
		ID: string(o.ID), CategoryID: string(o.Category.ID), ProductID: string(o.Product.ID), Rules: toJSON(o.Rules), Narrowing: toJSON(o.Narrowing),
	})
}

func (t *tx) UpdateOffer(ctx context.Context, o licensing.Offer) error {
	return changed(t.q.UpdateOffer(ctx, db.UpdateOfferParams{
		Rules: toJSON(o.Rules), Narrowing: toJSON(o.Narrowing), Closed: o.Closed, ID: string(o.ID), Version: o.Version,
	}))
}

func (t *tx) PlaceOffer(ctx context.Context, c licensing.CategoryID, o, before licensing.OfferID) error {
	rows, err := t.q.OfferStates(ctx, string(c))
	if err != nil {
		return err
	}
	at := positionOf(rows, func(r db.OfferStatesRow) (string, int64) { return r.ID, r.Position }, string(before))
	if at != nil {
		if err := t.q.ShiftOffers(ctx, db.ShiftOffersParams{CategoryID: string(c), Position: *at}); err != nil {
			return err
		}
	}
	return t.q.PlaceOffer(ctx, db.PlaceOfferParams{ID: string(o), CategoryID: string(c), Position: at})
}

func (t *tx) NoteOfferVersion(ctx context.Context, id licensing.OfferID, by licensing.Actor) error {
	return t.q.NoteOfferVersion(ctx, db.NoteOfferVersionParams{At: t.now.Business, ByName: by.UserName, ID: string(id)})
}

func (t *tx) RaiseOffersOf(ctx context.Context, p licensing.ProductID, by licensing.Actor) error {
	if err := t.q.CountOfferVersionsOfProduct(ctx, string(p)); err != nil {
		return err
	}
	return t.q.NoteOfferVersionsOfProduct(ctx, db.NoteOfferVersionsOfProductParams{At: t.now.Business, ByName: by.UserName, ID: string(p)})
}

func (t *tx) OfferVersions(ctx context.Context, o licensing.Offer) ([]licensing.OfferVersion, error) {
	rows, err := t.q.OfferVersions(ctx, string(o.ID))
	if err != nil {
		return nil, err
	}
	all := make([]licensing.OfferVersion, len(rows))
	for i, r := range rows {
		was := o
		was.Version, was.Closed = r.Version, r.Closed
		if was.Rules, err = fromJSON[map[string]licensing.Rule](r.Rules); err != nil {
			return nil, err
		}
		if was.Narrowing, err = fromJSON[licensing.Narrowing](r.Narrowing); err != nil {
			return nil, err
		}
		if was.Product.Parameters, err = fromJSON[[]licensing.Parameter](r.Parameters); err != nil {
			return nil, err
		}
		if was.Product.Plan, err = fromJSON[*licensing.Plan](r.Plan); err != nil {
			return nil, err
		}
		all[i] = licensing.OfferVersion{Version: r.Version, Offer: was, At: utc(r.At), By: r.ByName}
	}
	return all, nil
}

func (t *tx) Offer(ctx context.Context, category, product string) (licensing.Offer, error) {
	o, err := t.OfferOfLicense(ctx, category, product)
	if err == nil && o.Closed {
		return licensing.Offer{}, licensing.ErrNone
	}
	return o, err
}

func (t *tx) OfferOfLicense(ctx context.Context, category, product string) (licensing.Offer, error) {
	row, err := one(t.q.OfferByCodes(ctx, db.OfferByCodesParams{Category: category, Product: product}))
	if err != nil {
		return licensing.Offer{}, err
	}
	o, err := offer(row)
	if err != nil {
		return o, err
	}
	fields, err := t.q.DataFieldsOf(ctx, row.CategoryID)
	if err != nil {
		return o, err
	}
	o.DataFields, err = dataFields(fields, row.CategoryID)
	return o, err
}

// offers reads a list of offers, with the data fields of each category. What was read out of JSON is shared with
// other readers.
func (t *tx) offers(rows []db.OfferView, fields []db.DataField) (all []licensing.Offer, err error) {
	all = make([]licensing.Offer, len(rows))
	byCategory := map[string][]licensing.DataField{}
	for i, r := range rows {
		all[i] = bareOffer(r)
		if all[i].Product.Plan, err = t.kept.plans.of(r.Plan); err != nil {
			return nil, err
		}
		if all[i].Product.Features, err = t.kept.features.of(r.Features); err != nil {
			return nil, err
		}
		if all[i].Product.Parameters, err = t.kept.parameters.of(r.Parameters); err != nil {
			return nil, err
		}
		if all[i].Rules, err = t.kept.rules.of(r.Rules); err != nil {
			return nil, err
		}
		if all[i].Narrowing, err = t.kept.narrowings.of(r.Narrowing); err != nil {
			return nil, err
		}
		known, ok := byCategory[r.CategoryID]
		if !ok {
			if known, err = dataFields(fields, r.CategoryID); err != nil {
				return nil, err
			}
			byCategory[r.CategoryID] = known
		}
		all[i].DataFields = known
	}
	return all, nil
}

func (t *tx) OffersOfProduct(ctx context.Context, p licensing.ProductID) ([]licensing.Offer, error) {
	rows, err := t.q.OffersOfProduct(ctx, string(p))
	if err != nil {
		return nil, err
	}
	all := make([]licensing.Offer, len(rows))
	for i, r := range rows {
		if all[i], err = offer(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (t *tx) HiddenParameters(ctx context.Context) (names []string, err error) {
	rows, err := t.q.RulesThatHide(ctx)
	for _, r := range rows {
		var rules map[string]licensing.Rule
		if err := json.Unmarshal([]byte(r), &rules); err != nil {
			return nil, err
		}
		for name, rule := range rules {
			if rule.Hidden && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, err
}

func (t *tx) OfferRows(ctx context.Context, c licensing.CategoryID) ([]licensing.OfferRow, error) {
	rows, err := t.q.OfferRows(ctx, db.OfferRowsParams{Now: &t.now.Business, CategoryID: string(c)})
	all := make([]licensing.OfferRow, len(rows))
	for i, r := range rows {
		all[i] = licensing.OfferRow{
			Offer: licensing.OfferID(r.ID), Version: r.Version, Closed: r.Closed, Licenses: int(r.Licenses),
			Product: licensing.Product{
				ID: licensing.ProductID(r.ProductID), Code: r.Code, Name: r.Name, Subtitle: r.Subtitle, Kind: licensing.ProductKind(r.Kind),
				FileForm: licensing.FileForm(r.FileForm), Sale: licensing.Sale(r.Sale), Version: r.ProductVersion,
			},
		}
	}
	return all, err
}

func (t *tx) OfferStates(ctx context.Context, c licensing.CategoryID) (map[string]licensing.Offer, error) {
	rows, err := t.q.OfferStates(ctx, string(c))
	if err != nil {
		return nil, err
	}
	all := make(map[string]licensing.Offer, len(rows))
	for _, r := range rows {
		o := licensing.Offer{
			ID: licensing.OfferID(r.ID), Category: licensing.Category{ID: c}, Version: r.Version, Closed: r.Closed,
			Product: licensing.Product{ID: licensing.ProductID(r.ProductID), Code: r.Code, Name: r.Name},
		}
		if o.Rules, err = fromJSON[map[string]licensing.Rule](r.Rules); err != nil {
			return nil, err
		}
		if o.Narrowing, err = fromJSON[licensing.Narrowing](r.Narrowing); err != nil {
			return nil, err
		}
		all[r.Code] = o
	}
	return all, nil
}

func offer(row db.OfferView) (o licensing.Offer, err error) {
	o = bareOffer(row)
	if o.Product.Plan, err = fromJSON[*licensing.Plan](row.Plan); err != nil {
		return o, err
	}
	if o.Narrowing, err = fromJSON[licensing.Narrowing](row.Narrowing); err != nil {
		return o, err
	}
	if o.Product.Features, err = fromJSON[[]licensing.Feature](row.Features); err != nil {
		return o, err
	}
	if o.Product.Parameters, err = fromJSON[[]licensing.Parameter](row.Parameters); err != nil {
		return o, err
	}
	o.Rules, err = fromJSON[map[string]licensing.Rule](row.Rules)
	return o, err
}

// bareOffer is an offer without what stands in JSON.
func bareOffer(row db.OfferView) licensing.Offer {
	o := licensing.Offer{
		ID: licensing.OfferID(row.ID), Version: row.Version, Closed: row.Closed,
		Category: licensing.Category{
			ID: licensing.CategoryID(row.CategoryID), Code: row.CategoryCode, Name: row.CategoryName, Description: row.Description, Version: row.CategoryVersion,
		},
		Product: licensing.Product{
			ID: licensing.ProductID(row.ProductID), Code: row.Code, Name: row.Name, Subtitle: row.Subtitle,
			Kind: licensing.ProductKind(row.Kind), FileForm: licensing.FileForm(row.FileForm), Sale: licensing.Sale(row.Sale),
			Version: row.ProductVersion,
		},
	}
	if row.PriceMinor != nil {
		o.Product.Price = &licensing.Money{Minor: *row.PriceMinor, Currency: value(row.PriceCurrency)}
	}
	return o
}
