package licensing

import (
	"context"
)

// CatalogTx is categories, products and offers; written by catalog.
type CatalogTx interface {
	InsertCategory(ctx context.Context, c Category) error
	InsertProduct(ctx context.Context, p Product) error
	InsertOffer(ctx context.Context, id OfferID, c CategoryID, p ProductID, rules map[string]Rule) error
	// InsertDataField adds one for a category, or for all when c is empty.
	InsertDataField(ctx context.Context, c CategoryID, f DataField) error
	Categories(ctx context.Context) ([]Category, error)
	// Offer finds an offer by its codes, with everything that ordering it needs.
	Offer(ctx context.Context, category, product string) (Offer, error)
	// Offers returns all offers, by category and position.
	Offers(ctx context.Context) ([]Offer, error)
}
