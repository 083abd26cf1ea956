package portal

import (
	"context"

	"kontor/internal/access"
	"kontor/internal/catalog"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
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
	GiveMany(ctx context.Context, actor licensing.Actor, requestID string, in access.GiveMany) (out access.GivenMany, replayed bool, err error)
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
	// Held returns what the actor may do in a category, action by action.
	Held(ctx context.Context, actor licensing.Actor, category string) ([]catalog.Holding, error)
}

// Ordering is what the portal asks of the ordering use cases.
type Ordering interface {
	CreateLicense(ctx context.Context, actor licensing.Actor, requestID string, in ordering.CreateLicense) (out ordering.Created, replayed bool, err error)
	// Quote checks as CreateLicense does and writes nothing. With licensing.Problems it still holds what could be
	// computed.
	Quote(ctx context.Context, actor licensing.Actor, in ordering.CreateLicense) (ordering.Quote, error)
	LicenseByID(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (licensing.License, error)
	LicenseFiles(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) ([]licensing.LicenseFile, error)
	History(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) ([]licensing.HistoryEntry, error)
	Order(ctx context.Context, actor licensing.Actor, number string) (licensing.Order, error)
	Licenses(ctx context.Context, actor licensing.Actor, f licensing.LicenseFilter) (ordering.LicensePage, error)
	Orders(ctx context.Context, actor licensing.Actor, f licensing.OrderFilter) (ordering.OrderPage, error)
	Customers(ctx context.Context, actor licensing.Actor, q string) ([]licensing.CustomerRow, error)
	LicensesPerDay(ctx context.Context, actor licensing.Actor, from licensing.Day) (map[licensing.Day]int, error)
}

// Subscriptions is what the portal asks of the subscription use cases.
type Subscriptions interface {
	Cancel(ctx context.Context, actor licensing.Actor, requestID string, in subscriptions.Cancel) (out subscriptions.Cancelled, replayed bool, err error)
	PreviewCancel(ctx context.Context, actor licensing.Actor, id licensing.LicenseID) (subscriptions.Preview, error)
}

// Connecting is what the portal asks of the use cases of connectors and the ledger.
type Connecting interface {
	// Waiting returns the messages within sight that no other system has accepted yet.
	Waiting(ctx context.Context, actor licensing.Actor) ([]licensing.WaitingMessage, error)
}

// Clock tells both clocks, and moves the business one in a demo.
type Clock interface {
	// Now returns the moment, and whether the business clock is ahead of the wall clock.
	Now(ctx context.Context) (now licensing.Moment, offset bool, err error)
	// MoveTo moves the business clock forward to a day, and runs what became due before it returns.
	MoveTo(ctx context.Context, day licensing.Day) error
}

// Services are the use cases behind the pages. All of them are needed.
type Services struct {
	Access        Access
	Grants        Grants
	Catalog       Catalog
	Ordering      Ordering
	Subscriptions Subscriptions
	Connecting    Connecting
	Clock         Clock
}
