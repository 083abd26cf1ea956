package licensing

// Category is a named set of offers, and the permission to license them.
type Category struct {
	ID          CategoryID
	Code        string
	Name        string
	Description string
}

// ProductKind sorts products on the page where one is chosen.
type ProductKind string

// The kinds of products.
const (
	KindPerpetual    ProductKind = "perpetual"
	KindLimited      ProductKind = "limited" // ends by itself, without a subscription
	KindSubscription ProductKind = "subscription"
	KindKey          ProductKind = "key" // a key from a list or a generator
)

// FileForm is the form of the license files of a product.
type FileForm string

// The forms of a license file.
const (
	FileSigned    FileForm = "signed"    // base64+ed25519
	FileEncrypted FileForm = "encrypted" // aes-256-gcm+ed25519, under the license key
)

// Product is what is licensed.
type Product struct {
	ID         ProductID
	Code       string // the product id that callers name
	Name       string
	Subtitle   string
	Kind       ProductKind
	FileForm   FileForm
	Parameters []Parameter
	Plan       *Plan  // nil when licensing it starts no subscription
	Price      *Money // for one seat where a parameter sets the seats, else for one license; nil: no charge
}

// Offer is a product inside a category, with the rules that hold there.
type Offer struct {
	ID         OfferID
	Category   Category
	Product    Product
	Rules      map[string]Rule // by the parameter's name; one for each of the product's parameters
	DataFields []DataField     // those of the category and those for all
}

// DataField is extra information on an order, such as an external order number.
type DataField struct {
	Name   string
	Type   string // a ParameterType's name
	Label  string
	Help   string
	Rule   Rule
	Hidden bool // not shown in the browser; SOAP callers may still set it
}

// RuleOf returns the offer's rule for a parameter. A parameter without one is flexible within its type.
func (o Offer) RuleOf(name string) Rule { return o.Rules[name] }
