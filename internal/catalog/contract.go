package catalog

import (
	"fmt"
	"time"

	"kontor/internal/licensing"
)

// CategoryFilter narrows and sorts the list of categories. Empty fields do not narrow.
type CategoryFilter struct {
	Query string // part of name or code
	Sort  string // "" as the categories stand, "name", "code", "offers" (most first)
	After string // where the page before ended: its Next
	Limit int    // 1 to 500; 0: 50
}

// CategoryRow is a category in a list.
type CategoryRow struct {
	licensing.Category
	Offers int // open ones
}

// CategoryPage is one page of categories.
type CategoryPage struct {
	Categories []CategoryRow
	Total      int    // that the filter finds, on all pages
	Next       string // empty: the last page
}

// ManagedCategory is a category with everything its page shows.
type ManagedCategory struct {
	licensing.Category
	Offers   []OfferRow // open ones, by position
	Closed   []OfferRow // of products that were taken out, and of which licenses exist
	Grants   int        // that name it
	Licenses int        // that are live in it
	History  []licensing.HistoryEntry
}

// EditCategory is a category as it shall be.
type EditCategory struct {
	Code        string `json:"code"` // names it; cannot change
	Name        string `json:"name"`
	Description string `json:"description"`
	Version     int64  `json:"version"` // that was seen; 0 with CreateCategory
}

// Place moves something in its order. Before is what it shall stand before; empty: at the end.
type Place struct {
	Code     string `json:"code"`               // of the category, the product or the data field (its id)
	Category string `json:"category,omitempty"` // of MoveOffer: in which
	Before   string `json:"before"`
}

// DeleteCategory names a category to delete.
type DeleteCategory struct {
	Code    string `json:"code"`
	Version int64  `json:"version"`
}

// SortProducts sorts every one of the products into every one of the categories In, and takes it out of every one
// of Out; all or nothing. What stands there already, or not, stays as it is.
type SortProducts struct {
	Products []string `json:"products"` // codes
	In       []string `json:"in,omitempty"`
	Out      []string `json:"out,omitempty"`
	// RulesFrom is a category whose rules and narrowed plans new offers begin with, where the product is offered there; else,
	// and when it is empty, they begin as wide as the product's types allow.
	RulesFrom string `json:"rulesFrom,omitempty"`
}

// MaxSorted is the most offers that one SortProducts may touch: products × categories.
const MaxSorted = 20_000

// Sorted says what SortProducts did, or would do.
type Sorted struct {
	Opened   int `json:"opened"`   // offers that are new, or open again
	Closed   int `json:"closed"`   // offers that are taken out
	Same     int `json:"same"`     // what is already as asked
	Licenses int `json:"licenses"` // live ones by the offers that are taken out: they go on, and can be modified
}

// ProductFilter narrows and sorts the list of products.
type ProductFilter = licensing.ProductFilter

// ProductRow is a product in a list.
type ProductRow = licensing.ProductRow

// OfferRow is an offer in a list.
type OfferRow = licensing.OfferRow

// ProductPage is one page of products.
type ProductPage struct {
	Products []ProductRow
	Total    int
	Next     string
}

// ManagedProduct is a product with everything its page shows.
type ManagedProduct struct {
	licensing.Product
	Categories []licensing.Category // in which it is offered, in their order
	History    []licensing.HistoryEntry
}

// EditProduct is a product as it shall be. Code, kind, plan and price are set when it is created; what else a product
// has is edited elsewhere. Errors name the fields "name", "features.3" (by bit), "parameters.0.label" (by place) and
// "parameters.0.labels.de".
type EditProduct struct {
	Code       string                `json:"code"`
	Name       string                `json:"name"`
	Subtitle   string                `json:"subtitle"`
	Kind       licensing.ProductKind `json:"kind"`           // with CreateProduct
	Plan       *licensing.Plan       `json:"plan,omitempty"` // of subscriptions, and only of these
	Parameters []licensing.Parameter `json:"parameters"`
	Features   []licensing.Feature   `json:"features"`
	Version    int64                 `json:"version"`
}

// ManagedOffer is an offer with everything its editor shows.
type ManagedOffer struct {
	licensing.Offer                      // also a closed one
	Others          []licensing.Category // the others in which the product is offered
	Licenses        int                  // that are live by it
	Last            licensing.OfferVersion
}

// SaveOffer is the rules of an offer as they shall be, one for each parameter of the product, and what it takes away from
// the product's plan. Errors name the fields "seats.maximum", "edition.options", "seats.label", "seats.labels.de": the
// parameter, and the limit as in Rule's JSON; and "plan.longestTerm", as in Narrowing's JSON.
type SaveOffer struct {
	Category string                    `json:"category"`
	Product  string                    `json:"product"`
	Rules    map[string]licensing.Rule `json:"rules"`
	// Narrowing is nil where it stays as it is.
	Narrowing *licensing.Narrowing `json:"narrowing,omitempty"`
	Version   int64                `json:"version"` // that was seen; another one now is a conflict that holds a Stale
}

// Stale is the cause (errors.As) of a conflict: what was edited has changed meanwhile.
type Stale struct {
	By      string // who changed it last
	At      time.Time
	Changes []licensing.OfferChange // since the version that was seen
	Current licensing.Offer
}

// Error implements error.
func (s *Stale) Error() string {
	return fmt.Sprintf("%d changes since the version that was seen", len(s.Changes))
}

// OfferPreview is what a reseller would see of an offer with rules that are not saved yet.
type OfferPreview struct {
	Offer   licensing.Offer             // with the rules and the narrowing that hold together; a broken one is left as it was
	Day     licensing.Day               // on which it is ordered
	Limits  map[string]licensing.Limits // by parameter, as they stand on that day
	Changes []licensing.OfferChange     // against what is saved
	// Problems are what is wrong with the rules and the narrowing, in SaveOffer's terms; empty when they can be saved.
	Problems licensing.Problems
}

// EditDataField is a data field as it shall be. Name, type and category are set when it is created. Errors name the
// fields "name", "label", "labels.de", and limits as in Rule's JSON: "maximum", "options", …
type EditDataField struct {
	ID       string          `json:"id"`       // empty with CreateDataField
	Category string          `json:"category"` // a code; empty: for all
	Name     string          `json:"name"`
	Type     string          `json:"type"`
	Label    string          `json:"label"`
	Labels   licensing.Texts `json:"labels,omitempty"`
	Help     string          `json:"help"`
	Helps    licensing.Texts `json:"helps,omitempty"`
	Rule     licensing.Rule  `json:"rule"`
	Hidden   bool            `json:"hidden"`
	Version  int64           `json:"version"`
}

// DeleteDataField names a data field to delete. Orders that have a value of it keep it.
type DeleteDataField struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
}

// ManagedDataField is a data field in a list.
type ManagedDataField struct {
	licensing.DataField
	CategoryCode, CategoryName string // empty: for all
}

// Done is the answer of what needs no other.
type Done struct{}
