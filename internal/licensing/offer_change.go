package licensing

// OfferChange is one thing that is different between two versions of an offer.
type OfferChange struct {
	Parameter string // its name
	Label     string // what it is called, in English
	Limit     string // as in Rule's JSON: "maximum", "fixed", "options", …; "added" and "removed" of the parameter itself
	From, To  string // in words: "50", "standard, pro", "+30d", "yes"; empty where there was or is nothing
}

// OfferChanges returns what is different in b against a, in the order of the parameters; nothing when only texts are.
func OfferChanges(a, b Offer) []OfferChange { return nil }
