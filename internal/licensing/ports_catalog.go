package licensing

import (
	"context"
	"time"
)

// CatalogTx is categories, products, offers and data fields; written by catalog. What says "the version" changes only
// what has still the version that the value carries, and raises it; else the error is ErrRace.
type CatalogTx interface {
	CategoryTx
	ProductTx
	OfferTx
	DataFieldTx
}

// CategoryTx is categories.
type CategoryTx interface {
	// InsertCategory adds one at the end.
	InsertCategory(ctx context.Context, c Category) error
	// UpdateCategory writes name and description of the version.
	UpdateCategory(ctx context.Context, c Category) error
	// DeleteCategory deletes the version, with its offers and data fields. Nothing else may name it.
	DeleteCategory(ctx context.Context, c Category) error
	// PlaceCategory puts one before another; at the end when that is empty.
	PlaceCategory(ctx context.Context, c, before CategoryID) error
	Categories(ctx context.Context) ([]Category, error)
	CategoryByCode(ctx context.Context, code string) (Category, error)
	// CategoriesNamed returns, in their order, the categories that some grant names which can reach a membership. In
	// no other one may it do anything.
	CategoriesNamed(ctx context.Context, m MembershipID) ([]Category, error)
	// OfferCounts returns how many open offers each category has; none are left out.
	OfferCounts(ctx context.Context) (map[CategoryID]int, error)
	CategoryUse(ctx context.Context, c Category) (CategoryUse, error)
	// LiveLicenses counts the licenses of a category that are active or suspended and have not expired; of one product,
	// when it is not empty.
	LiveLicenses(ctx context.Context, c CategoryID, p ProductID) (int, error)
}

// CategoryUse is what stands in the way of deleting a category.
type CategoryUse struct {
	Grants int // that name it
	Lines  int // of orders, ever
	Offers int // that are open
}

// ProductTx is products.
type ProductTx interface {
	InsertProduct(ctx context.Context, p Product) error
	// UpdateProduct writes name, subtitle, parameters and features of the version.
	UpdateProduct(ctx context.Context, p Product) error
	ProductByCode(ctx context.Context, code string) (Product, error)
	// ListProducts returns products without parameters, features, plan and price.
	ListProducts(ctx context.Context, f ProductFilter) ([]ProductRow, error)
	CountProducts(ctx context.Context, f ProductFilter) (int, error)
}

// ProductFilter narrows and sorts a list of products. Empty fields do not narrow.
type ProductFilter struct {
	Query    string // part of name or code
	Kind     ProductKind
	Category string // a code: only what is offered there
	NotIn    string // a code: only what is not offered there
	Sort     string // "" by name, "code"
	After    string // where the page before ended: the last row's Cursor
	Limit    int    // 1 to 500
}

// ProductRow is a product in a list.
type ProductRow struct {
	Product           // without parameters
	Categories int    // in which it is offered
	Cursor     string // where a page that ends with it ends, in the filter's order
}

// OfferTx is offers and their versions.
type OfferTx interface {
	// InsertOffer adds one, with its rules and its narrowing, at the end of its category.
	InsertOffer(ctx context.Context, o Offer) error
	// UpdateOffer writes rules, narrowing and closed of the version.
	UpdateOffer(ctx context.Context, o Offer) error
	// PlaceOffer puts an offer of a category before another one; at the end when that is empty.
	PlaceOffer(ctx context.Context, c CategoryID, o, before OfferID) error
	// NoteOfferVersion keeps an offer as it is now, as one of its versions.
	NoteOfferVersion(ctx context.Context, id OfferID, by Actor) error
	// RaiseOffersOf raises the version of every offer of a product, whose parameters or plan have changed, and keeps
	// each.
	RaiseOffersOf(ctx context.Context, p ProductID, by Actor) error
	// OfferVersions returns the versions of an offer, newest first; their offers have the given one's category and
	// product, with rules, narrowing, parameters and plan as they were.
	OfferVersions(ctx context.Context, o Offer) ([]OfferVersion, error)
	// Offer finds an open offer by its codes, with everything that ordering it needs; also of a product that is deactivated.
	Offer(ctx context.Context, category, product string) (Offer, error)
	// OfferOfLicense is Offer, also for one that is closed: by it the licenses that exist are modified.
	OfferOfLicense(ctx context.Context, category, product string) (Offer, error)
	// OffersIn returns the open offers of some categories of products that are sold, by category and position.
	OffersIn(ctx context.Context, in []CategoryID) ([]Offer, error)
	// CountOffers counts the open offers of a category (a code).
	CountOffers(ctx context.Context, category string) (int, error)
	// ProductNames returns, by name, the products of the open offers of some categories, once each.
	ProductNames(ctx context.Context, in []CategoryID) ([]ProductName, error)
	// OffersOfProduct returns every offer of a product, closed ones too, by category; without data fields.
	OffersOfProduct(ctx context.Context, p ProductID) ([]Offer, error)
	// HiddenParameters returns the names of the parameters that the rules of some offer hide, closed ones too, in no order.
	HiddenParameters(ctx context.Context) ([]string, error)
	// OfferRows returns every offer of a category, closed ones too, by position.
	OfferRows(ctx context.Context, c CategoryID) ([]OfferRow, error)
	// OfferStates returns every offer of a category, closed ones too, by the product's code; of the product only id,
	// code and name, and no data fields.
	OfferStates(ctx context.Context, c CategoryID) (map[string]Offer, error)
}

// ProductName is a product in a choice.
type ProductName struct{ Code, Name string }

// OfferRow is an offer in a list.
type OfferRow struct {
	Offer    OfferID
	Product  Product // without parameters
	Version  int64
	Closed   bool
	Licenses int // that are live by it
}

// OfferVersion is an offer as it once was.
type OfferVersion struct {
	Version int64
	Offer   Offer     // rules, narrowing, closed, and the product's parameters and plan
	At      time.Time // business clock; since when
	By      string    // the name of who changed it; empty for what was there from the start
}

// DataFieldTx is data fields.
type DataFieldTx interface {
	// InsertDataField adds one at the end, for a category, or for all when c is empty. It gets an id when it has none.
	InsertDataField(ctx context.Context, c CategoryID, f DataField) error
	// UpdateDataField writes everything but name, type and category of the version.
	UpdateDataField(ctx context.Context, f DataField) error
	DeleteDataField(ctx context.Context, f DataField) error
	// PlaceDataField puts a field before another one; at the end when that is empty.
	PlaceDataField(ctx context.Context, id, before string) error
	// DataFields returns all data fields, in their order.
	DataFields(ctx context.Context) ([]DataField, error)
	// FieldNames returns the data fields of some categories, those for all among them, in their order; each name once,
	// and hidden ones only if asked for.
	FieldNames(ctx context.Context, in []CategoryID, hidden bool) ([]FieldName, error)
}

// FieldName is a data field in a choice.
type FieldName struct{ Name, Label string }
