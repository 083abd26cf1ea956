package licensing

import (
	"context"
	"time"
)

// CatalogTx is categories, products, offers and data fields; written by catalog.
type CatalogTx interface {
	InsertCategory(ctx context.Context, c Category) error
	InsertProduct(ctx context.Context, p Product) error
	InsertOffer(ctx context.Context, id OfferID, c CategoryID, p ProductID, rules map[string]Rule) error
	// InsertDataField adds one for a category, or for all when c is empty.
	InsertDataField(ctx context.Context, c CategoryID, f DataField) error
	Categories(ctx context.Context) ([]Category, error)
	// Offer finds an open offer by its codes, with everything that ordering it needs.
	Offer(ctx context.Context, category, product string) (Offer, error)
	// OfferOfLicense is Offer, also for one that is closed: by it the licenses that exist are modified.
	OfferOfLicense(ctx context.Context, category, product string) (Offer, error)
	// Offers returns all open offers, by category and position.
	Offers(ctx context.Context) ([]Offer, error)
}

// OfferVersion is an offer as it once was.
type OfferVersion struct {
	Version int64
	Offer   Offer     // rules, closed, and the product's parameters
	At      time.Time // business clock; since when
	By      string    // the name of who changed it
}
