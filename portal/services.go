package portal

import (
	"context"
	"time"

	"kontor/internal/access"
	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/statements"
	"kontor/internal/subscriptions"
)

// Access is what the portal asks of the access use cases.
type Access interface {
	// LogIn finds who an e-mail address and password belong to. The error is the same for unknown users; after
	// five failures it says until when nobody may try.
	LogIn(ctx context.Context, email, password, remote string) (licensing.User, []licensing.Membership, error)
	Memberships(ctx context.Context, user licensing.UserID) ([]licensing.Membership, error)
	// Act lets a user act in one of his memberships.
	Act(ctx context.Context, user licensing.UserID, m licensing.MembershipID, via, remote string) (licensing.Actor, error)
	// Admins are whom to ask: those of the actor's own group.
	Admins(ctx context.Context, actor licensing.Actor) ([]licensing.Membership, error)
}

// Grants is what the portal asks of the use cases of passing on, taking back and explaining.
type Grants interface {
	// Matrix shows who may do what in the actor's sight.
	Matrix(ctx context.Context, actor licensing.Actor, f access.MatrixFilter) (access.Matrix, error)
	// Cell shows where one cell comes from and where it went.
	Cell(ctx context.Context, actor licensing.Actor, who, category string, action licensing.Action) (access.CellDetail, error)
	// GrantCategories are those that the actor may know of.
	GrantCategories(ctx context.Context, actor licensing.Actor) ([]licensing.Category, error)
	Give(ctx context.Context, actor licensing.Actor, requestID string, in access.GivePermission) (out access.Given, replayed bool, err error)
	PreviewCopy(ctx context.Context, actor licensing.Actor, in access.CopyGrants) (access.Copied, error)
	Copy(ctx context.Context, actor licensing.Actor, requestID string, in access.CopyGrants) (out access.Copied, replayed bool, err error)
	SetEnd(ctx context.Context, actor licensing.Actor, requestID string, in access.SetEnd) (out access.EndSet, replayed bool, err error)
	PreviewTakeBack(ctx context.Context, actor licensing.Actor, grant licensing.GrantID) (access.TakeBackPreview, error)
	TakeBack(ctx context.Context, actor licensing.Actor, requestID string, in access.TakeBack) (out access.TakenBack, replayed bool, err error)
	// Explain answers with reasons: about oneself to everybody, about anybody in sight to admins.
	Explain(ctx context.Context, actor licensing.Actor, q access.Question) (access.Explanation, error)
}

// Catalog is what the portal asks of the catalog use cases.
type Catalog interface {
	// Offers returns what the actor may create; an empty category means all.
	Offers(ctx context.Context, actor licensing.Actor, group, category string) ([]catalog.CategoryOffers, error)
	Offer(ctx context.Context, actor licensing.Actor, category, product string) (licensing.Offer, error)
	// Choices are the names of what the actor may create.
	Choices(ctx context.Context, actor licensing.Actor) (catalog.Choices, error)
	// OffersNamed returns those of some offers that the actor may create.
	OffersNamed(ctx context.Context, actor licensing.Actor, names []catalog.OfferName) ([]licensing.Offer, error)
	// FirstOffers returns the first few offers that the actor may create.
	FirstOffers(ctx context.Context, actor licensing.Actor, few int) ([]licensing.Offer, error)
	// Held returns what the actor may do in a category, action by action.
	Held(ctx context.Context, actor licensing.Actor, category string) ([]catalog.Holding, error)
	CatalogEditing
}

// CatalogEditing is how ISV admins change what can be licensed; everybody else is denied.
type CatalogEditing interface {
	// ManagedCategories returns categories with their counts.
	ManagedCategories(ctx context.Context, actor licensing.Actor, f catalog.CategoryFilter) (catalog.CategoryPage, error)
	// ManagedCategory returns one category with its offers.
	ManagedCategory(ctx context.Context, actor licensing.Actor, code string) (catalog.ManagedCategory, error)
	// CreateCategory adds a category at the end.
	CreateCategory(ctx context.Context, actor licensing.Actor, requestID string, in catalog.EditCategory) (out licensing.Category, replayed bool, err error)
	// EditCategory changes name and description. The error of a lost race tells what has changed.
	EditCategory(ctx context.Context, actor licensing.Actor, requestID string, in catalog.EditCategory) (out licensing.Category, replayed bool, err error)
	// MoveCategory changes the order of the categories.
	MoveCategory(ctx context.Context, actor licensing.Actor, requestID string, in catalog.Place) (out catalog.Done, replayed bool, err error)
	// DeleteCategory deletes one that no grant, order or license names.
	DeleteCategory(ctx context.Context, actor licensing.Actor, requestID string, in catalog.DeleteCategory) (out catalog.Done, replayed bool, err error)
	// PreviewSort says what SortProducts would do.
	PreviewSort(ctx context.Context, actor licensing.Actor, in catalog.SortProducts) (catalog.Sorted, error)
	// SortProducts sorts products into categories and out of them, all or nothing.
	SortProducts(ctx context.Context, actor licensing.Actor, requestID string, in catalog.SortProducts) (out catalog.Sorted, replayed bool, err error)
	// MoveOffer changes the order of a category's offers.
	MoveOffer(ctx context.Context, actor licensing.Actor, requestID string, in catalog.Place) (out catalog.Done, replayed bool, err error)
	// ManagedProducts returns products.
	ManagedProducts(ctx context.Context, actor licensing.Actor, f catalog.ProductFilter) (catalog.ProductPage, error)
	// ManagedProduct returns one product.
	ManagedProduct(ctx context.Context, actor licensing.Actor, code string) (catalog.ManagedProduct, error)
	// CreateProduct adds a product; it is offered nowhere yet.
	CreateProduct(ctx context.Context, actor licensing.Actor, requestID string, in catalog.EditProduct) (out licensing.Product, replayed bool, err error)
	// EditProduct changes name, parameters and features. Offers whose rules no longer fit are told as problems, and nothing is changed.
	EditProduct(ctx context.Context, actor licensing.Actor, requestID string, in catalog.EditProduct) (out licensing.Product, replayed bool, err error)
	// PreviewSale tells what deactivating a product, or selling it again, comes to; SetSale does it.
	PreviewSale(ctx context.Context, actor licensing.Actor, code string) (catalog.SalePreview, error)
	SetSale(ctx context.Context, actor licensing.Actor, requestID string, in catalog.SetSale) (out licensing.Product, replayed bool, err error)
	// ManagedOffer returns an offer for its editor.
	ManagedOffer(ctx context.Context, actor licensing.Actor, category, product string) (catalog.ManagedOffer, error)
	// SaveOffer sets the rules of an offer. They count for licenses created from then on.
	SaveOffer(ctx context.Context, actor licensing.Actor, requestID string, in catalog.SaveOffer) (out licensing.Offer, replayed bool, err error)
	// PreviewOffer says what a reseller would see on a day (zero: today), and what is wrong with the rules.
	PreviewOffer(ctx context.Context, actor licensing.Actor, in catalog.SaveOffer, day licensing.Day) (catalog.OfferPreview, error)
	// OfferVersions returns the versions of an offer, newest first.
	OfferVersions(ctx context.Context, actor licensing.Actor, category, product string) ([]licensing.OfferVersion, error)
	// ManagedDataFields returns the fields of a category (a code) and those for all; of every category when it is empty.
	ManagedDataFields(ctx context.Context, actor licensing.Actor, category string) ([]catalog.ManagedDataField, error)
	// CreateDataField adds a field at the end.
	CreateDataField(ctx context.Context, actor licensing.Actor, requestID string, in catalog.EditDataField) (out licensing.DataField, replayed bool, err error)
	// EditDataField changes a field. Orders that exist stay as they are.
	EditDataField(ctx context.Context, actor licensing.Actor, requestID string, in catalog.EditDataField) (out licensing.DataField, replayed bool, err error)
	// MoveDataField changes the order of the fields.
	MoveDataField(ctx context.Context, actor licensing.Actor, requestID string, in catalog.Place) (out catalog.Done, replayed bool, err error)
	// DeleteDataField deletes a field.
	DeleteDataField(ctx context.Context, actor licensing.Actor, requestID string, in catalog.DeleteDataField) (out catalog.Done, replayed bool, err error)
}

// Ordering is what the portal asks of the ordering use cases.
type Ordering interface {
	CreateLicense(ctx context.Context, actor licensing.Actor, requestID string, in ordering.CreateLicense) (out ordering.Created, replayed bool, err error)
	// CreateOrder creates several lines at once: all of them, or none.
	CreateOrder(ctx context.Context, actor licensing.Actor, requestID string, in ordering.CreateOrder) (out ordering.CreatedOrder, replayed bool, err error)
	// Quote checks as CreateLicense does, also for an order that exists, and writes nothing.
	Quote(ctx context.Context, actor licensing.Actor, in ordering.CreateLicense) (ordering.Quote, error)
	// QuoteOrder checks as CreateOrder does and writes nothing: a quote for each line. With licensing.Problems they still hold
	// what could be computed.
	QuoteOrder(ctx context.Context, actor licensing.Actor, in ordering.CreateOrder) ([]ordering.Quote, error)
	LicenseByID(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (licensing.License, error)
	LicenseFiles(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) ([]licensing.LicenseFile, error)
	History(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) ([]licensing.HistoryEntry, error)
	Order(ctx context.Context, actor licensing.Actor, number string) (licensing.Order, error)
	OrderWay(ctx context.Context, actor licensing.Actor, number string) (licensing.OrderWay, error)
	ReportDocument(ctx context.Context, actor licensing.Actor, requestID string, in ordering.ReportDocument) (out ordering.Reported, replayed bool, err error)
	// Reports returns what was reported of an order, newest first.
	Reports(ctx context.Context, actor licensing.Actor, number string) ([]licensing.HistoryEntry, error)
	Licenses(ctx context.Context, actor licensing.Actor, f licensing.LicenseFilter) (ordering.LicensePage, error)
	// LastDays returns the last days to cancel that come next, soonest first.
	LastDays(ctx context.Context, actor licensing.Actor, most int) ([]licensing.Day, error)
	Lists
	Customers(ctx context.Context, actor licensing.Actor, q string) ([]licensing.CustomerRow, error)
	// Actions returns what can be done with a license now, also what the actor may not do.
	Actions(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) ([]ordering.LicenseAction, error)
	// QuoteModification tells what a modification would come to.
	QuoteModification(ctx context.Context, actor licensing.Actor, in ordering.ModifyLicense) (ordering.ModificationQuote, error)
	// ModifyForm returns what a form shows that modifies a license.
	ModifyForm(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (ordering.ModifyForm, error)
	ModifyLicense(ctx context.Context, actor licensing.Actor, requestID string, in ordering.ModifyLicense) (out ordering.Changed, replayed bool, err error)
	// ChangeState suspends, revokes, reinstates or deletes a license.
	ChangeState(ctx context.Context, actor licensing.Actor, requestID string, change licensing.StateChange, in ordering.ChangeState) (out ordering.Changed, replayed bool, err error)
	PreviewMove(ctx context.Context, actor licensing.Actor, ids []licensing.LicenseID, group string) (ordering.MovePreview, error)
	MoveLicenses(ctx context.Context, actor licensing.Actor, requestID string, in ordering.MoveLicenses) (out ordering.Moved, replayed bool, err error)
	LicensesPerDay(ctx context.Context, actor licensing.Actor, from licensing.Day) (map[licensing.Day]int, error)
}

// Lists is what the portal asks of the lists within sight.
type Lists interface {
	LicenseList(ctx context.Context, actor licensing.Actor, f licensing.LicenseFilter) (ordering.LicenseList, error)
	OrderList(ctx context.Context, actor licensing.Actor, f licensing.OrderFilter) (ordering.OrderList, error)
	CustomerList(ctx context.Context, actor licensing.Actor, f licensing.CustomerFilter) (ordering.CustomerList, error)
	Customer(ctx context.Context, actor licensing.Actor, id licensing.CustomerID) (licensing.CustomerRow, error)

	// StartExport begins to write a whole list into a file.
	StartExport(ctx context.Context, actor licensing.Actor, requestID string, in ordering.StartExport) (out ordering.Exported, replayed bool, err error)
	// Exports are the actor's own, newest first; nobody sees another one's.
	Exports(ctx context.Context, actor licensing.Actor) ([]licensing.Export, error)
	Export(ctx context.Context, actor licensing.Actor, id licensing.ExportID) (licensing.Export, error)
	StopExport(ctx context.Context, actor licensing.Actor, requestID string, id licensing.ExportID) (out ordering.Exported, replayed bool, err error)
	// ExportPart returns a part of a file, from number 1 on; licensing.ErrNone after the last.
	ExportPart(ctx context.Context, actor licensing.Actor, id licensing.ExportID, number int) ([]byte, error)
}

// Subscriptions is what the portal asks of the subscription use cases.
type Subscriptions interface {
	Cancel(ctx context.Context, actor licensing.Actor, requestID string, in subscriptions.Cancel) (out subscriptions.Cancelled, replayed bool, err error)
	PreviewCancel(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (subscriptions.Preview, error)
	PreviewWithdraw(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (licensing.Subscription, error)
	Withdraw(ctx context.Context, actor licensing.Actor, requestID string, in subscriptions.Withdraw) (out subscriptions.Withdrawn, replayed bool, err error)
	// Overrides tells what an admin of the ISV can do against the last day to cancel; EndEarly and WithdrawLate do it.
	Overrides(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (subscriptions.Overrides, error)
	EndEarly(ctx context.Context, actor licensing.Actor, requestID string, in subscriptions.EndEarly) (out subscriptions.Cancelled, replayed bool, err error)
	WithdrawLate(ctx context.Context, actor licensing.Actor, requestID string, in subscriptions.WithdrawLate) (out subscriptions.Withdrawn, replayed bool, err error)
	// PreviewCancelMany and CancelMany are about up to subscriptions.MaxCancelled of them, each by itself.
	PreviewCancelMany(ctx context.Context, actor licensing.Actor, ids []licensing.LicenseID) ([]subscriptions.PreviewedOne, error)
	CancelMany(ctx context.Context, actor licensing.Actor, requestID string, in subscriptions.CancelMany) ([]subscriptions.CancelledOne, error)
	// NextPeriod is what follows if nobody cancels, with its price; nil when nothing does.
	NextPeriod(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (*licensing.Period, error)
	// Receipts returns the receipts of a license within sight, newest first; Receipt the one of a number.
	Receipts(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) ([]licensing.Receipt, error)
	Receipt(ctx context.Context, actor licensing.Actor, id licensing.LicenseID, number string) (licensing.Receipt, error)
	Forecasts
}

// Forecasts is what the portal asks about what will happen to subscriptions.
type Forecasts interface {
	// Forecast draws what will happen within sight.
	Forecast(ctx context.Context, actor licensing.Actor, v subscriptions.ForecastView) (subscriptions.Forecast, error)
	// ForecastLines hands over everything that will happen, in order, portion by portion.
	ForecastLines(ctx context.Context, actor licensing.Actor, f subscriptions.ForecastFilter, yield func(today licensing.Day, lines []subscriptions.ForecastLine) error) error

	// CalendarFeed tells whether the actor's membership has an address for its calendar.
	CalendarFeed(ctx context.Context, actor licensing.Actor) (subscriptions.CalendarFeed, error)
	MakeCalendarFeed(ctx context.Context, actor licensing.Actor, requestID string) (out subscriptions.CalendarFeed, replayed bool, err error)
	WithdrawCalendarFeed(ctx context.Context, actor licensing.Actor, requestID string) (out subscriptions.CalendarFeed, replayed bool, err error)
	// CalendarAt reads the calendar at a secret address.
	CalendarAt(ctx context.Context, secret string) (subscriptions.Calendar, error)
}

// Connecting is what the portal asks of the use cases of connectors and the ledger.
type Connecting interface {
	// Waiting returns the messages within sight that no other system has accepted yet.
	Waiting(ctx context.Context, actor licensing.Actor) ([]licensing.WaitingMessage, error)
	// MayReport reports whether the actor may report what a system did with an order within his sight.
	MayReport(actor licensing.Actor, connector string) bool
	// TryStatementAgain sends what was not accepted of a closed statement's messages again, now.
	TryStatementAgain(ctx context.Context, actor licensing.Actor, requestID, group string, m licensing.Month) error
}

// Statements is what the portal asks of the use cases of monthly statements.
type Statements interface {
	// Statements lists those within sight; a month narrows the closed ones.
	Statements(ctx context.Context, actor licensing.Actor, m licensing.Month) (statements.List, error)
	Statement(ctx context.Context, actor licensing.Actor, group string, m licensing.Month) (licensing.Statement, error)
	// StatementWay finds a closed one with its documents, without its entries.
	StatementWay(ctx context.Context, actor licensing.Actor, group string, m licensing.Month) (licensing.Statement, error)
	CloseMonth(ctx context.Context, actor licensing.Actor, requestID string, m licensing.Month) error
}

// Clock tells both clocks, and moves the business one in a demo.
type Clock interface {
	// Now returns the moment, and whether the business clock is ahead of the wall clock.
	Now(ctx context.Context) (now licensing.Moment, offset bool, err error)
	// MoveTo moves the business clock forward to a day, and runs what became due before it returns.
	MoveTo(ctx context.Context, day licensing.Day) error
}

// Simulation is what the portal asks of the access use cases about seeing it as somebody else.
type Simulation interface {
	Simulate(ctx context.Context, actor licensing.Actor, requestID string, in access.Simulate) (out access.Simulation, replayed bool, err error)
	EndSimulation(ctx context.Context, actor licensing.Actor, in access.Simulate) error
	// Simulated returns the actor, who only looks; not found when the look is over.
	Simulated(ctx context.Context, user licensing.UserID, by, as licensing.MembershipID, begun time.Time, remote string) (licensing.Actor, error)
}

// Services are the use cases behind the pages. All of them are needed.
type Services struct {
	Access        Access
	Grants        Grants
	People        People
	Catalog       Catalog
	Ordering      Ordering
	Subscriptions Subscriptions
	Connecting    Connecting
	Statements    Statements
	Calls         Calls
	Clock         Clock
	Simulation    Simulation
	Console       Console
}
