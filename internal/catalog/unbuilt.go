package catalog

import (
	"context"

	"kontor/internal/licensing"
)

func notBuilt() error {
	return &licensing.Error{Kind: licensing.Unavailable, Code: licensing.CodeUnavailable, Message: "Not built yet."}
}

// ManagedCategories returns categories with their counts.
func (s *Service) ManagedCategories(ctx context.Context, actor licensing.Actor, f CategoryFilter) (out CategoryPage, err error) {
	return out, notBuilt()
}

// ManagedCategory returns one category with its offers.
func (s *Service) ManagedCategory(ctx context.Context, actor licensing.Actor, code string) (out ManagedCategory, err error) {
	return out, notBuilt()
}

// CreateCategory adds a category at the end.
func (s *Service) CreateCategory(ctx context.Context, actor licensing.Actor, requestID string, in EditCategory) (out licensing.Category, replayed bool, err error) {
	return out, false, notBuilt()
}

// EditCategory changes name and description. The error of a lost race tells what has changed.
func (s *Service) EditCategory(ctx context.Context, actor licensing.Actor, requestID string, in EditCategory) (out licensing.Category, replayed bool, err error) {
	return out, false, notBuilt()
}

// MoveCategory changes the order of the categories.
func (s *Service) MoveCategory(ctx context.Context, actor licensing.Actor, requestID string, in Place) (out Done, replayed bool, err error) {
	return out, false, notBuilt()
}

// DeleteCategory deletes one that no grant, order or license names.
func (s *Service) DeleteCategory(ctx context.Context, actor licensing.Actor, requestID string, in DeleteCategory) (out Done, replayed bool, err error) {
	return out, false, notBuilt()
}

// PreviewSort says what SortProducts would do.
func (s *Service) PreviewSort(ctx context.Context, actor licensing.Actor, in SortProducts) (out Sorted, err error) {
	return out, notBuilt()
}

// SortProducts sorts products into categories and out of them, all or nothing.
func (s *Service) SortProducts(ctx context.Context, actor licensing.Actor, requestID string, in SortProducts) (out Sorted, replayed bool, err error) {
	return out, false, notBuilt()
}

// MoveOffer changes the order of a category's offers.
func (s *Service) MoveOffer(ctx context.Context, actor licensing.Actor, requestID string, in Place) (out Done, replayed bool, err error) {
	return out, false, notBuilt()
}

// ManagedProducts returns products.
func (s *Service) ManagedProducts(ctx context.Context, actor licensing.Actor, f ProductFilter) (out ProductPage, err error) {
	return out, notBuilt()
}

// ManagedProduct returns one product.
func (s *Service) ManagedProduct(ctx context.Context, actor licensing.Actor, code string) (out ManagedProduct, err error) {
	return out, notBuilt()
}

// CreateProduct adds a product; it is offered nowhere yet.
func (s *Service) CreateProduct(ctx context.Context, actor licensing.Actor, requestID string, in EditProduct) (out licensing.Product, replayed bool, err error) {
	return out, false, notBuilt()
}

// EditProduct changes name, parameters and features. Offers whose rules no longer fit are told as problems, and nothing is changed.
func (s *Service) EditProduct(ctx context.Context, actor licensing.Actor, requestID string, in EditProduct) (out licensing.Product, replayed bool, err error) {
	return out, false, notBuilt()
}

// ManagedOffer returns an offer for its editor.
func (s *Service) ManagedOffer(ctx context.Context, actor licensing.Actor, category, product string) (out ManagedOffer, err error) {
	return out, notBuilt()
}

// SaveOffer sets the rules of an offer. They count for licenses created from then on.
func (s *Service) SaveOffer(ctx context.Context, actor licensing.Actor, requestID string, in SaveOffer) (out licensing.Offer, replayed bool, err error) {
	return out, false, notBuilt()
}

// PreviewOffer says what a reseller would see on a day (zero: today), and what is wrong with the rules.
func (s *Service) PreviewOffer(ctx context.Context, actor licensing.Actor, in SaveOffer, day licensing.Day) (out OfferPreview, err error) {
	return out, notBuilt()
}

// OfferVersions returns the versions of an offer, newest first.
func (s *Service) OfferVersions(ctx context.Context, actor licensing.Actor, category, product string) (out []licensing.OfferVersion, err error) {
	return out, notBuilt()
}

// ManagedDataFields returns the fields of a category (a code) and those for all; of every category when it is empty.
func (s *Service) ManagedDataFields(ctx context.Context, actor licensing.Actor, category string) (out []ManagedDataField, err error) {
	return out, notBuilt()
}

// CreateDataField adds a field at the end.
func (s *Service) CreateDataField(ctx context.Context, actor licensing.Actor, requestID string, in EditDataField) (out licensing.DataField, replayed bool, err error) {
	return out, false, notBuilt()
}

// EditDataField changes a field. Orders that exist stay as they are.
func (s *Service) EditDataField(ctx context.Context, actor licensing.Actor, requestID string, in EditDataField) (out licensing.DataField, replayed bool, err error) {
	return out, false, notBuilt()
}

// MoveDataField changes the order of the fields.
func (s *Service) MoveDataField(ctx context.Context, actor licensing.Actor, requestID string, in Place) (out Done, replayed bool, err error) {
	return out, false, notBuilt()
}

// DeleteDataField deletes a field.
func (s *Service) DeleteDataField(ctx context.Context, actor licensing.Actor, requestID string, in DeleteDataField) (out Done, replayed bool, err error) {
	return out, false, notBuilt()
}
