package licensing

// Category is a named set of offers, and the permission to license them.
type Category struct {
	ID          CategoryID
	Code        string
	Name        string
	Description string
	Version     int64 // counts its changes; whoever edits it says which one he saw
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
	Features   []Feature // the named bits of its feature map, by bit
	Plan       *Plan     // nil when licensing it starts no subscription
	Price      *Money    // for one seat where a parameter sets the seats, else for one license; nil: no charge
	Sale       Sale      // whether it is sold
	Unextended []Span    // the times in which it was deactivated so that its subscriptions end, oldest first; offers go without
	Version    int64     // counts its changes
}

// Offer is a product inside a category, with the rules that hold there.
type Offer struct {
	ID         OfferID
	Category   Category
	Product    Product
	Rules      map[string]Rule // by the parameter's name; one for each of the product's parameters
	Narrowing  Narrowing       // of the product's plan: see Plan
	DataFields []DataField     // those of the category and those for all, without the one for all where the category has one of that name
	// Version counts the changes of what whoever orders it sees: its rules, its plan, and the product's parameters.
	Version int64
	// Closed says that the product was taken out of the category. Nothing can be licensed by it any more; what was
	// can still be modified, by the rules that it had last.
	Closed bool
}

// DataField is extra information on an order, such as an external order number.
type DataField struct {
	ID       string
	Category CategoryID // empty: for all categories
	Name     string     // fixed once it is made: orders that exist name it
	Type     string     // a ParameterType's name
	Label    string     // in English
	Labels   Texts
	Help     string // in English
	Helps    Texts
	Rule     Rule
	Hidden   bool // pages show it to the ISV's group alone, and ask nobody for it; SOAP callers see it and may set it
	Version  int64
}

// AsParameter is the field as a parameter, for what treats both alike: it sets nothing in a license.
func (f DataField) AsParameter() Parameter {
	return Parameter{Name: f.Name, Type: f.Type, Label: f.Label, Labels: f.Labels, Help: f.Help, Helps: f.Helps}
}

// RuleOf returns the offer's rule for a parameter. A parameter without one is flexible within its type.
func (o Offer) RuleOf(name string) Rule { return o.Rules[name] }
