package examples

// Value is a named value: a parameter or a data field.
type Value struct{ Name, Value string }

// Values are what the samples of one account are made of. What is empty is left out where it may be, else a placeholder
// stands for it.
type Values struct {
	Endpoint    string // the address of the service, without a query
	Account     string // what the service account signs in as
	RequestID   string // what request ids begin with: another one for each page, so that no two examples share one
	Group       string // the code of the group that shall own the license; empty: the account's own
	Category    string
	Product     string
	Parameters  []Value
	DataFields  []Value // those that an order requires
	Ticket      string
	OrderNumber string
}

// The placeholders. They have the right form, and there is nothing by their name.
const (
	PlaceholderTicket      = "23456-789AB-CDEFG-HJKLM-NPQRH"
	PlaceholderOrderNumber = "K26-10000" // the first that is given has one more
	placeholderCategory    = "your-category"
	placeholderProduct     = "YOUR-PRODUCT"
)

// sample is a value for an element. i counts the repetitions of the innermost element that repeats, from 0 on.
type sample func(v Values, i int) string

func fixed(text string) sample { return func(Values, int) string { return text } }

func from(text func(Values) string, placeholder string) sample {
	return func(v Values, _ int) string {
		if s := text(v); s != "" {
			return s
		}
		return placeholder
	}
}

// samples are the one table of values. A key is the path of an element, with or without the operation in front: what an
// operation requires is found by its path, or the end of it; what may be left out stands in an example only when the
// table has it with the operation in front.
var samples = map[string]sample{
	"requestId":      func(v Values, _ int) string { return v.RequestID },
	"ticket":         from(func(v Values) string { return v.Ticket }, PlaceholderTicket),
	"orderNumber":    from(func(v Values) string { return v.OrderNumber }, PlaceholderOrderNumber),
	"category":       from(func(v Values) string { return v.Category }, placeholderCategory),
	"product":        from(func(v Values) string { return v.Product }, placeholderProduct),
	"customer/name":  fixed("Grace Hopper"),
	"reason":         fixed("The integration is tried out"),
	"externalLine":   func(_ Values, i int) string { return []string{"10", "20"}[i%2] },
	"parameter/name": func(v Values, i int) string { return v.Parameters[i].Name }, "parameter/value": func(v Values, i int) string { return v.Parameters[i].Value },
	"dataField/name": func(v Values, i int) string { return v.DataFields[i].Name }, "dataField/value": func(v Values, i int) string { return v.DataFields[i].Value },

	"CancelSubscription/reason": fixed("The integration is tried out"),
	"CancelSubscription/ifLate": fixed("nextEnd"),

	"CreateLicense/group":            func(v Values, _ int) string { return v.Group },
	"CreateLicense/quantity":         fixed("1"),
	"CreateLicense/customer/number":  fixed("C-1001"),
	"CreateLicense/customer/company": fixed("Harbor Freight Lines"),
	"CreateLicense/customer/email":   fixed("grace@harbor.example"),
	"CreateLicense/customer/country": fixed("US"),
	"CreateLicense/test":             fixed("true"),

	"CreateOrder/group":            func(v Values, _ int) string { return v.Group },
	"CreateOrder/customer/number":  fixed("C-1001"),
	"CreateOrder/customer/company": fixed("Harbor Freight Lines"),
	"CreateOrder/customer/email":   fixed("grace@harbor.example"),
	"CreateOrder/customer/country": fixed("US"),
	"CreateOrder/test":             fixed("true"),

	"FindLicenses/category": func(v Values, _ int) string { return v.Category },
	"FindLicenses/state":    fixed("active"),
	"FindLicenses/pageSize": fixed("50"),

	"ListChanges/pageSize": fixed("100"),
	"ListOffers/category":  func(v Values, _ int) string { return v.Category },

	"ModifyLicense/customer/number":  fixed("C-1001"),
	"ModifyLicense/customer/company": fixed("Harbor Freight Lines"),
	"ModifyLicense/customer/email":   fixed("office@harbor.example"),
	"ModifyLicense/customer/country": fixed("US"),

	"ReportDocument/connector": fixed("shop"),
	"ReportDocument/state":     fixed("accepted"),
	"ReportDocument/number":    fixed("SO-4711"),
}

// times says how often an element stands that may repeat; of one that is not here there is none.
var times = map[string]func(Values) int{
	"CreateLicense/parameters/parameter":          func(v Values) int { return len(v.Parameters) },
	"CreateLicense/dataFields/dataField":          func(v Values) int { return len(v.DataFields) },
	"CreateOrder/dataFields/dataField":            func(v Values) int { return len(v.DataFields) },
	"CreateOrder/lines/line":                      func(Values) int { return 2 },
	"CreateOrder/lines/line/parameters/parameter": func(v Values) int { return len(v.Parameters) },
}
