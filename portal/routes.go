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
	Admins Entry = "admins" // a user who acts there as an admin
)

// inGroup reports whether the address names a group that one has to act in.
func (e Entry) inGroup() bool { return e == Acting || e == Admins }

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
	{Method: http.MethodPost, Path: "/as/:group/licenses/lines", For: Acting, handle: (*site).orderLines},
	{Method: http.MethodPost, Path: "/as/:group/licenses/quote", For: Acting, handle: (*site).quote},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id", For: Acting, handle: (*site).license},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/file", For: Acting, handle: (*site).licenseFile},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/cancel", For: Acting, handle: (*site).cancelDialog},
	{Method: http.MethodPost, Path: "/as/:group/licenses/:id/cancel", For: Acting, handle: (*site).cancel},
	{Method: http.MethodGet, Path: "/as/:group/licenses/cancel", For: Acting, handle: (*site).cancelManyForm},
	{Method: http.MethodPost, Path: "/as/:group/licenses/cancel", For: Acting, handle: (*site).cancelMany},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/receipts/:number/json", For: Acting, handle: (*site).receiptJSON},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/receipts/:number/pdf", For: Acting, handle: (*site).receiptPDF},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/withdraw", For: Acting, handle: (*site).withdrawCancellationDialog},
	{Method: http.MethodPost, Path: "/as/:group/licenses/:id/withdraw", For: Acting, handle: (*site).withdrawCancellation},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/end-early", For: Acting, handle: (*site).endEarlyDialog},
	{Method: http.MethodPost, Path: "/as/:group/licenses/:id/end-early", For: Acting, handle: (*site).endEarly},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/run-on", For: Acting, handle: (*site).runOnDialog},
	{Method: http.MethodPost, Path: "/as/:group/licenses/:id/run-on", For: Acting, handle: (*site).runOn},
	{Method: http.MethodGet, Path: "/as/:group/customers", For: Acting, handle: (*site).customerList},
	{Method: http.MethodGet, Path: "/as/:group/customers/find", For: Acting, handle: (*site).customers},
	{Method: http.MethodGet, Path: "/as/:group/exports", For: Acting, handle: (*site).exports},
	{Method: http.MethodPost, Path: "/as/:group/exports", For: Acting, handle: (*site).startExport},
	{Method: http.MethodGet, Path: "/as/:group/exports/new", For: Acting, handle: (*site).askExport},
	{Method: http.MethodGet, Path: "/as/:group/exports/:id", For: Acting, handle: (*site).export},
	{Method: http.MethodGet, Path: "/as/:group/exports/:id/way", For: Acting, Quiet: true, handle: (*site).exportWay},
	{Method: http.MethodGet, Path: "/as/:group/exports/:id/file", For: Acting, handle: (*site).exportFile},
	{Method: http.MethodPost, Path: "/as/:group/exports/:id/stop", For: Acting, handle: (*site).stopExport},
	{Method: http.MethodGet, Path: "/as/:group/customers/:id", For: Acting, handle: (*site).customerPage},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/modify", For: Acting, handle: (*site).modifyLicenseForm},
	{Method: http.MethodPost, Path: "/as/:group/licenses/:id/modify", For: Acting, handle: (*site).modifyLicense},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/suspend", For: Acting, handle: (*site).suspendLicenseDialog},
	{Method: http.MethodPost, Path: "/as/:group/licenses/:id/suspend", For: Acting, handle: (*site).suspendLicense},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/revoke", For: Acting, handle: (*site).revokeLicenseDialog},
	{Method: http.MethodPost, Path: "/as/:group/licenses/:id/revoke", For: Acting, handle: (*site).revokeLicense},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/reinstate", For: Acting, handle: (*site).reinstateLicenseDialog},
	{Method: http.MethodPost, Path: "/as/:group/licenses/:id/reinstate", For: Acting, handle: (*site).reinstateLicense},
	{Method: http.MethodGet, Path: "/as/:group/licenses/:id/delete", For: Acting, handle: (*site).deleteLicenseDialog},
	{Method: http.MethodPost, Path: "/as/:group/licenses/:id/delete", For: Acting, handle: (*site).deleteLicense},
	{Method: http.MethodGet, Path: "/as/:group/licenses/move", For: Acting, handle: (*site).moveLicensesForm},
	{Method: http.MethodPost, Path: "/as/:group/licenses/move", For: Acting, handle: (*site).moveLicenses},
	{Method: http.MethodGet, Path: "/as/:group/orders", For: Acting, handle: (*site).orders},
	{Method: http.MethodGet, Path: "/as/:group/orders/:number", For: Acting, handle: (*site).order},
	{Method: http.MethodGet, Path: "/as/:group/orders/:number/way", For: Acting, Quiet: true, handle: (*site).orderWay},
	{Method: http.MethodGet, Path: "/as/:group/orders/:number/settle/:message", For: Acting, handle: (*site).settleDialog},
	{Method: http.MethodPost, Path: "/as/:group/orders/:number/settle/:message", For: Acting, handle: (*site).settle},

	{Method: http.MethodGet, Path: "/as/:group/time-machine", For: Acting, handle: (*site).timeMachine},
	{Method: http.MethodGet, Path: "/as/:group/time-machine/file", For: Acting, handle: (*site).forecastFile},
	{Method: http.MethodGet, Path: "/as/:group/calendar-feed", For: Acting, handle: (*site).calendarFeed},
	{Method: http.MethodPost, Path: "/as/:group/calendar-feed", For: Acting, handle: (*site).makeCalendarFeed},
	{Method: http.MethodPost, Path: "/as/:group/calendar-feed/withdraw", For: Acting, handle: (*site).withdrawCalendarFeed},
	{Method: http.MethodGet, Path: calendarPath + ":secret", For: Anyone, Quiet: true, handle: (*site).calendarFile},

	{Method: http.MethodGet, Path: "/as/:group/statements", For: Acting, handle: (*site).statements},
	{Method: http.MethodGet, Path: "/as/:group/statements/close", For: Acting, handle: (*site).closeMonthDialog},
	{Method: http.MethodPost, Path: "/as/:group/statements/close", For: Acting, handle: (*site).closeMonth},
	{Method: http.MethodGet, Path: "/as/:group/statements/:code/:month", For: Acting, handle: (*site).statement},
	{Method: http.MethodGet, Path: "/as/:group/statements/:code/:month/way", For: Acting, Quiet: true, handle: (*site).statementWaySteps},
	{Method: http.MethodPost, Path: "/as/:group/statements/:code/:month/again", For: Acting, handle: (*site).statementAgain},
	{Method: http.MethodGet, Path: "/as/:group/statements/:code/:month/csv", For: Acting, handle: (*site).statementFile},
	{Method: http.MethodGet, Path: "/as/:group/statements/:code/:month/pdf", For: Acting, handle: (*site).statementPDF},
	{Method: http.MethodGet, Path: "/as/:group/calls", For: Acting, handle: (*site).calls},
	{Method: http.MethodGet, Path: "/as/:group/calls/:reference", For: Acting, handle: (*site).call},
	{Method: http.MethodGet, Path: "/as/:group/grants", For: Acting, handle: (*site).grants},
	{Method: http.MethodGet, Path: "/as/:group/grants/categories", For: Acting, handle: (*site).grantCategories},
	{Method: http.MethodPost, Path: "/as/:group/grants/give", For: Acting, handle: (*site).giveGrant},
	{Method: http.MethodPost, Path: "/as/:group/grants/end", For: Acting, handle: (*site).setGrantEnd},
	{Method: http.MethodGet, Path: "/as/:group/grants/take-back", For: Acting, handle: (*site).takeBackDialog},
	{Method: http.MethodPost, Path: "/as/:group/grants/take-back", For: Acting, handle: (*site).takeBack},
	{Method: http.MethodGet, Path: "/as/:group/grants/copy", For: Acting, handle: (*site).copyDialog},
	{Method: http.MethodPost, Path: "/as/:group/grants/copy", For: Acting, handle: (*site).copyGrants},
	{Method: http.MethodGet, Path: "/as/:group/grants/copy/people", For: Acting, handle: (*site).copyPeople},
	{Method: http.MethodGet, Path: "/as/:group/explain", For: Acting, handle: (*site).explain},
	{Method: http.MethodPost, Path: "/as/:group/simulate", For: Acting, handle: (*site).simulate},
	{Method: http.MethodPost, Path: "/simulation/end", For: User, Own: true, handle: (*site).endSimulation},

	{Method: http.MethodGet, Path: "/as/:group/categories", For: Acting, handle: (*site).categories},
	{Method: http.MethodPost, Path: "/as/:group/categories", For: Acting, handle: (*site).moveCategory},
	{Method: http.MethodGet, Path: "/as/:group/new-category", For: Acting, handle: (*site).newCategory},
	{Method: http.MethodPost, Path: "/as/:group/new-category", For: Acting, handle: (*site).createCategory},
	{Method: http.MethodGet, Path: "/as/:group/categories/:category", For: Acting, handle: (*site).category},
	{Method: http.MethodPost, Path: "/as/:group/categories/:category", For: Acting, handle: (*site).moveOffer},
	{Method: http.MethodGet, Path: "/as/:group/categories/:category/edit", For: Acting, handle: (*site).editCategory},
	{Method: http.MethodPost, Path: "/as/:group/categories/:category/edit", For: Acting, handle: (*site).saveCategory},
	{Method: http.MethodGet, Path: "/as/:group/categories/:category/delete", For: Acting, handle: (*site).askDeleteCategory},
	{Method: http.MethodPost, Path: "/as/:group/categories/:category/delete", For: Acting, handle: (*site).deleteCategory},
	{Method: http.MethodGet, Path: "/as/:group/categories/:category/sort-in", For: Acting, handle: (*site).sortIn},
	{Method: http.MethodPost, Path: "/as/:group/categories/:category/sort-in", For: Acting, handle: (*site).doSortIn},
	{Method: http.MethodPost, Path: "/as/:group/categories/:category/sort-out", For: Acting, handle: (*site).askSortOut},
	{Method: http.MethodGet, Path: "/as/:group/categories/:category/offers/:product", For: Acting, handle: (*site).offer},
	{Method: http.MethodPost, Path: "/as/:group/categories/:category/offers/:product", For: Acting, handle: (*site).saveOffer},
	{Method: http.MethodPost, Path: "/as/:group/categories/:category/offers/:product/preview", For: Acting, handle: (*site).previewOffer},
	{Method: http.MethodGet, Path: "/as/:group/people", For: Admins, handle: (*site).people},
	{Method: http.MethodGet, Path: "/as/:group/people/invite", For: Admins, handle: (*site).inviteDialog},
	{Method: http.MethodPost, Path: "/as/:group/people/invite", For: Admins, handle: (*site).invite},
	{Method: http.MethodGet, Path: "/as/:group/people/:id", For: Admins, handle: (*site).person},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/role", For: Admins, handle: (*site).roleDialog},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/role", For: Admins, handle: (*site).changeRole},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/suspend", For: Admins, handle: (*site).suspendDialog},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/suspend", For: Admins, handle: (*site).suspend},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/resume", For: Admins, handle: (*site).resumeDialog},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/resume", For: Admins, handle: (*site).resume},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/remove", For: Admins, handle: (*site).removeDialog},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/remove", For: Admins, handle: (*site).remove},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/secret", For: Admins, handle: (*site).secretDialog},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/secret", For: Admins, handle: (*site).rotateSecret},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/use", For: Admins, handle: (*site).use},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/overlap", For: Admins, handle: (*site).overlapDialog},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/overlap", For: Admins, handle: (*site).endOverlap},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/allowance", For: Admins, handle: (*site).allowanceForm},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/allowance", For: Admins, handle: (*site).setAllowance},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/sandbox", For: Admins, handle: (*site).sandboxForm},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/sandbox", For: Admins, handle: (*site).setSandbox},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/sandbox/off", For: Admins, handle: (*site).endSandbox},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/certificates/new", For: Admins, handle: (*site).certificateDialog},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/certificates/new", For: Admins, handle: (*site).addCertificate},
	{Method: http.MethodGet, Path: "/as/:group/people/:id/certificates/:certificate/remove", For: Admins, handle: (*site).removeCertificateDialog},
	{Method: http.MethodPost, Path: "/as/:group/people/:id/certificates/:certificate/remove", For: Admins, handle: (*site).removeCertificate},
	{Method: http.MethodGet, Path: "/as/:group/integration", For: Admins, handle: (*site).integration},
	{Method: http.MethodGet, Path: "/as/:group/integration/console", For: Admins, handle: (*site).console},
	{Method: http.MethodPost, Path: "/as/:group/integration/console", For: Admins, handle: (*site).callFromConsole},
	{Method: http.MethodGet, Path: "/as/:group/service-accounts/new", For: Admins, handle: (*site).serviceAccountDialog},
	{Method: http.MethodPost, Path: "/as/:group/service-accounts/new", For: Admins, handle: (*site).createServiceAccount},
	{Method: http.MethodGet, Path: "/as/:group/invitations", For: Admins, handle: (*site).invitations},
	{Method: http.MethodPost, Path: "/as/:group/invitations/:id/resend", For: Admins, handle: (*site).resendInvitation},
	{Method: http.MethodGet, Path: "/as/:group/invitations/:id/withdraw", For: Admins, handle: (*site).withdrawDialog},
	{Method: http.MethodPost, Path: "/as/:group/invitations/:id/withdraw", For: Admins, handle: (*site).withdrawInvitation},
	{Method: http.MethodGet, Path: "/as/:group/groups/new", For: Admins, handle: (*site).newGroup},
	{Method: http.MethodPost, Path: "/as/:group/groups/new", For: Admins, handle: (*site).createGroup},
	{Method: http.MethodGet, Path: "/as/:group/groups/:code", For: Admins, handle: (*site).groupPage},
	{Method: http.MethodGet, Path: "/as/:group/groups/:code/edit", For: Admins, handle: (*site).editGroupForm},
	{Method: http.MethodPost, Path: "/as/:group/groups/:code/edit", For: Admins, handle: (*site).editGroup},
	{Method: http.MethodGet, Path: "/as/:group/groups/:code/move", For: Admins, handle: (*site).moveDialog},
	{Method: http.MethodPost, Path: "/as/:group/groups/:code/move", For: Admins, handle: (*site).moveGroup},

	{Method: http.MethodGet, Path: "/invitation/:token", For: Anyone, handle: (*site).invitation},
	{Method: http.MethodPost, Path: "/invitation/:token", For: Anyone, handle: (*site).acceptInvitation},
	{Method: http.MethodGet, Path: "/as/:group/categories/:category/offers/:product/versions", For: Acting, handle: (*site).offerVersions},
	{Method: http.MethodGet, Path: "/as/:group/categories/:category/offers/:product/compare", For: Acting, handle: (*site).compareOffers},
	{Method: http.MethodGet, Path: "/as/:group/products", For: Acting, handle: (*site).products},
	{Method: http.MethodGet, Path: "/as/:group/new-product", For: Acting, handle: (*site).newProduct},
	{Method: http.MethodPost, Path: "/as/:group/new-product", For: Acting, handle: (*site).createProduct},
	{Method: http.MethodGet, Path: "/as/:group/sort-products", For: Acting, handle: (*site).productSort},
	{Method: http.MethodPost, Path: "/as/:group/sort-products", For: Acting, handle: (*site).sortProducts},
	{Method: http.MethodGet, Path: "/as/:group/products/:product", For: Acting, handle: (*site).product},
	{Method: http.MethodGet, Path: "/as/:group/products/:product/edit", For: Acting, handle: (*site).editProduct},
	{Method: http.MethodPost, Path: "/as/:group/products/:product/edit", For: Acting, handle: (*site).saveProduct},
	{Method: http.MethodGet, Path: "/as/:group/products/:product/sale", For: Acting, handle: (*site).saleDialog},
	{Method: http.MethodPost, Path: "/as/:group/products/:product/sale", For: Acting, handle: (*site).setSale},
	{Method: http.MethodGet, Path: "/as/:group/data-fields", For: Acting, handle: (*site).dataFields},
	{Method: http.MethodPost, Path: "/as/:group/data-fields", For: Acting, handle: (*site).moveDataField},
	{Method: http.MethodGet, Path: "/as/:group/new-data-field", For: Acting, handle: (*site).newDataField},
	{Method: http.MethodPost, Path: "/as/:group/new-data-field", For: Acting, handle: (*site).saveDataField},
	{Method: http.MethodPost, Path: "/as/:group/new-data-field/preview", For: Acting, handle: (*site).previewDataField},
	{Method: http.MethodGet, Path: "/as/:group/data-fields/:field", For: Acting, handle: (*site).dataField},
	{Method: http.MethodPost, Path: "/as/:group/data-fields/:field", For: Acting, handle: (*site).saveDataField},
	{Method: http.MethodPost, Path: "/as/:group/data-fields/:field/preview", For: Acting, handle: (*site).previewDataField},
	{Method: http.MethodGet, Path: "/as/:group/data-fields/:field/delete", For: Acting, handle: (*site).askDeleteDataField},
	{Method: http.MethodPost, Path: "/as/:group/data-fields/:field/delete", For: Acting, handle: (*site).deleteDataField},

	{Method: http.MethodGet, Path: "/demo/clock", For: User, handle: (*site).clockPage},
	{Method: http.MethodPost, Path: "/demo/clock", For: Anyone, handle: (*site).moveClock},
}

// Routes lists every address of the portal, for the tests that hold the permission matrix against it.
func Routes() []Route { return slices.Clone(routes) }
