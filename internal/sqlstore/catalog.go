package sqlstore

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertCategory(ctx context.Context, c licensing.Category) error {
	return t.q.InsertCategory(ctx, db.InsertCategoryParams{ID: string(c.ID), Code: c.Code, Name: c.Name, Description: c.Description})
}

func (t *tx) InsertProduct(ctx context.Context, p licensing.Product) error {
	arg := db.InsertProductParams{
		ID: string(p.ID), Code: p.Code, Name: p.Name, Subtitle: p.Subtitle, Kind: string(p.Kind), FileForm: string(p.FileForm), Parameters: toJSON(p.Parameters),
	}
	if p.Plan != nil {
		arg.Plan = toJSON(p.Plan)
	}
	if p.Price != nil {
		arg.PriceMinor, arg.PriceCurrency = &p.Price.Minor, &p.Price.Currency
	}
	return t.q.InsertProduct(ctx, arg)
}

func (t *tx) InsertOffer(ctx context.Context, id licensing.OfferID, c licensing.CategoryID, p licensing.ProductID, rules map[string]licensing.Rule) error {
	return t.q.InsertOffer(ctx, db.InsertOfferParams{ID: string(id), CategoryID: string(c), ProductID: string(p), Rules: toJSON(rules)})
}

func (t *tx) InsertDataField(ctx context.Context, c licensing.CategoryID, f licensing.DataField) error {
	return t.q.InsertDataField(ctx, db.InsertDataFieldParams{
		Name: f.Name, CategoryID: string(c), Type: f.Type, Label: f.Label, Help: f.Help, Rule: toJSON(f.Rule), Hidden: f.Hidden,
	})
}

func (t *tx) Categories(ctx context.Context) ([]licensing.Category, error) {
	rows, err := t.q.Categories(ctx)
	all := make([]licensing.Category, len(rows))
	for i, r := range rows {
		all[i] = licensing.Category{ID: licensing.CategoryID(r.ID), Code: r.Code, Name: r.Name, Description: r.Description}
	}
	return all, err
}

func (t *tx) Offer(ctx context.Context, category, product string) (licensing.Offer, error) {
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

func (t *tx) Offers(ctx context.Context) ([]licensing.Offer, error) {
	rows, err := t.q.Offers(ctx)
	if err != nil {
		return nil, err
	}
	fields, err := t.q.DataFields(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]licensing.Offer, len(rows))
	for i, r := range rows {
		if all[i], err = offer(r); err != nil {
			return nil, err
		}
		if all[i].DataFields, err = dataFields(fields, r.CategoryID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func offer(row db.OfferView) (o licensing.Offer, err error) {
	o = licensing.Offer{
		ID:       licensing.OfferID(row.ID),
		Category: licensing.Category{ID: licensing.CategoryID(row.CategoryID), Code: row.CategoryCode, Name: row.CategoryName, Description: row.Description},
		Product: licensing.Product{
			ID: licensing.ProductID(row.ProductID), Code: row.Code, Name: row.Name, Subtitle: row.Subtitle,
			Kind: licensing.ProductKind(row.Kind), FileForm: licensing.FileForm(row.FileForm),
		},
	}
	if row.PriceMinor != nil {
		o.Product.Price = &licensing.Money{Minor: *row.PriceMinor, Currency: value(row.PriceCurrency)}
	}
	if row.Plan != "" {
		plan, err := fromJSON[licensing.Plan](row.Plan)
		if err != nil {
			return o, err
		}
		o.Product.Plan = &plan
	}
	if o.Product.Parameters, err = fromJSON[[]licensing.Parameter](row.Parameters); err != nil {
		return o, err
	}
	o.Rules, err = fromJSON[map[string]licensing.Rule](row.Rules)
	return o, err
}

// dataFields returns those of a category and those for all.
func dataFields(rows []db.DataField, category string) ([]licensing.DataField, error) {
	var all []licensing.DataField
	for _, r := range rows {
		if r.CategoryID != "" && r.CategoryID != category {
			continue
		}
		rule, err := fromJSON[licensing.Rule](r.Rule)
		if err != nil {
			return nil, err
		}
		all = append(all, licensing.DataField{Name: r.Name, Type: r.Type, Label: r.Label, Help: r.Help, Rule: rule, Hidden: r.Hidden})
	}
	return all, nil
}

func (t *tx) OfferOfLicense(ctx context.Context, category, product string) (licensing.Offer, error) {
	return t.Offer(ctx, category, product)
}
