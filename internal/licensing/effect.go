package licensing

// Effect is what a parameter sets in the license.
type Effect string

// The effects. Each but SetsText and SetsFeatures stands at most once in a product, SetsCustomer once for each
// particular, and the usage period in one unit only.
const (
	SetsSeats       Effect = "seats"       // how many may use it: maxMachines of the license file; multiplies the price
	SetsDays        Effect = "days"        // usage period in days; the day of creation is the first
	SetsMonths      Effect = "months"      // usage period in months
	SetsYears       Effect = "years"       // usage period in years
	SetsUntil       Effect = "until"       // the last licensed day
	SetsMaintenance Effect = "maintenance" // the last day with maintenance: a date, or a number of months from creation
	SetsFeatures    Effect = "features"    // bits of the feature map; those of all parameters are put together
	SetsUnits       Effect = "units"       // a counter of units that the software uses up
	SetsCustomer    Effect = "customer"    // a particular of the customer; left out, it is that of the order's customer
	SetsText        Effect = "text"        // text or a choice that the software reads from the metadata
)

// Effects are all effects, in the order in which a page offers them.
var Effects = []Effect{SetsText, SetsSeats, SetsDays, SetsMonths, SetsYears, SetsUntil, SetsMaintenance, SetsFeatures, SetsUnits, SetsCustomer}

// effectTypes are the types of the parameters that can set something.
var effectTypes = map[Effect][]string{
	SetsSeats: {"number", "selection"}, SetsDays: {"number", "selection"}, SetsMonths: {"number", "selection"}, SetsYears: {"number", "selection"},
	SetsUntil: {"date"}, SetsMaintenance: {"date", "number", "selection"}, SetsFeatures: {"selection", "yesno"}, SetsUnits: {"number", "selection"},
	SetsCustomer: {"text", "selection"}, SetsText: {"text", "number", "selection", "date", "yesno"},
}

// TypesOf returns the types that a parameter may have which sets an effect.
func (e Effect) TypesOf() []string { return effectTypes[e] }

// FeatureBits is how many bits the feature map has.
const FeatureBits = 32

// Feature is one named bit of a product's feature map.
type Feature struct {
	Bit  int    `json:"bit"` // 0 to FeatureBits-1
	Name string `json:"name"`
}

// Particulars are what SetsCustomer can set, as in Customer's JSON.
var Particulars = []string{"number", "name", "company", "email", "country", "language"}
