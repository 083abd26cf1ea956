package portal

import (
	"net/http"
	"slices"
)

// Entry says whom a route lets in. What somebody may do there, the use cases decide.
type Entry string

// The entries.
const (
	Anyone Entry = "anyone" // also somebody who is not signed in
	User   Entry = "user"   // somebody who is signed in
	Acting Entry = "acting" // a user who acts in the group that the address names
)

// Route is one address of the portal.
type Route struct {
	Method string
	Path   string // as gin writes it: /as/:group/orders/:number
	For    Entry
	// Quiet says that the page asks by itself, not a person: it does not keep the session alive.
	Quiet bool
	// Own says that it is about the user and not about whom he acts as, so that it works also while he sees the portal
	// as somebody else.
	Own    bool
	handle func(*site, *visit) error
}

// routes is every address. A page that is not in this table does not exist.
var routes = []Route{
	{Method: http.MethodGet, Path: "/", For: User, handle: (*site).start},
	{Method: http.MethodGet, Path: "/sign-in", For: Anyone, handle: (*site).signInForm},
	{Method: http.MethodPost, Path: "/sign-in", For: Anyone, handle: (*site).signIn},
	{Method: http.MethodPost, Path: "/sign-out", For: Anyone, Own: true, handle: (*site).signOut},
	{Method: http.MethodPost, Path: "/theme", For: Anyone, Own: true, handle: (*site).chooseTheme},

	{Method: http.MethodGet, Path: "/as/:group", For: Acting, handle: (*site).home},
	{Method: http.MethodGet, Path: "/as/:group/licenses", For: Acting, handle: (*site).licenses},
	{Method: http.MethodGet, Path: "/as/:group/licenses/choose", For: Acting, handle: (*site).choose},
	{Method: http.MethodGet, Path: "/as/:group/licenses/new", For: Acting, handle: (*site).newLicense},
	{Method: http.MethodPost, Path: "/as/:group/licenses/new", For: Acting, handle: (*site).createLicense},
	{Method: http.MethodPost, Path: "/as/:group/licenses/quote", For: Acting, handle: (*site).quote},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id", For: Acting, handle: (*site).license},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/file", For: Acting, handle: (*site).licenseFile},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/cancel", For: Acting, handle: (*site).cancelDialog},
	{Method: http.MethodPost, Path: "/as/:group/licenses/:id/cancel", For: Acting, handle: (*site).cancel},
	{Method: http.MethodGet, Path: "/as/:group/customers", For: Acting, handle: (*site).customers},
	{Method: http.MethodGet, Path: "/as/:group/orders", For: Acting, handle: (*site).orders},
	{Method: http.MethodGet, Path: "/as/:group/orders/:number", For: Acting, handle: (*site).order},
	{Method: http.MethodGet, Path: "/as/:group/orders/:number/way", For: Acting, Quiet: true, handle: (*site).orderWay},

	{Method: http.MethodPost, Path: "/as/:group/simulate", For: Acting, handle: (*site).simulate},
	{Method: http.MethodPost, Path: "/simulation/end", For: User, Own: true, handle: (*site).endSimulation},

	{Method: http.MethodGet, Path: "/as/:group/categories/:category/offers/:product", For: Acting, handle: (*site).offer},
	{Method: http.MethodPost, Path: "/as/:group/categories/:category/offers/:product", For: Acting, handle: (*site).saveOffer},
	{Method: http.MethodPost, Path: "/as/:group/categories/:category/offers/:product/preview", For: Acting, handle: (*site).previewOffer},

	{Method: http.MethodGet, Path: "/demo/clock", For: User, handle: (*site).clockPage},
	{Method: http.MethodPost, Path: "/demo/clock", For: Anyone, handle: (*site).moveClock},
}

// Routes lists every address of the portal, for the tests that hold the permission matrix against it.
func Routes() []Route { return slices.Clone(routes) }
