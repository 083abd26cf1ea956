package licensing

import (
	"context"
	"time"
)

// OrderTx is customers, orders and licenses with their files, and the audit trail; written by ordering.
type OrderTx interface {
	// UpsertCustomer returns the customer of a group with that number, or without one with that name and e-mail
	// address; it is made when there is none, and takes the newest particulars. For a test one that exists stays as it
	// is: what tests say of a customer changes nothing of what others see.
	UpsertCustomer(ctx context.Context, g GroupID, c Customer, test bool) (CustomerID, error)
	// InsertOrder returns the order's sequence number.
	InsertOrder(ctx context.Context, o Order, customer CustomerID, by Actor) (int64, error)
	InsertLine(ctx context.Context, l Line) error
	// CountLines returns how many lines an order has.
	CountLines(ctx context.Context, o OrderID) (int, error)
	InsertLicense(ctx context.Context, l License, offer Offer) error
	// LicensesOfLine returns what a line yielded, in the order of creation.
	LicensesOfLine(ctx context.Context, line LineID) ([]License, error)
	// UpdateLicense writes what can change of a license: state, group, customer, parameters, data fields, expiration
	// and maintenance, when the version is still l.Version; else ErrRace. A deleted one is found by nothing any more.
	UpdateLicense(ctx context.Context, l License) error
	InsertLicenseFile(ctx context.Context, l LicenseID, file string) error
	// CategoriesOfOrder are those of its lines, each once.
	CategoriesOfOrder(ctx context.Context, o OrderID) ([]CategoryID, error)
	// OrderByNumber finds an order with lines, licenses and documents.
	OrderByNumber(ctx context.Context, number string) (Order, error)
	// OrderWay finds how far an order is, without reading lines and licenses. Parts come in the order of their groups' ids.
	OrderWay(ctx context.Context, number string) (OrderWay, error)
	LicenseByTicket(ctx context.Context, ticket string) (License, error)
	LicenseByID(ctx context.Context, id LicenseID) (License, error)
	LicenseFiles(ctx context.Context, id LicenseID) ([]LicenseFile, error)
	InsertAudit(ctx context.Context, a Audit) error
	// History returns what happened to an object, newest first.
	History(ctx context.Context, object string) ([]HistoryEntry, error)
}

// LicenseFile is one issue of a license's file.
type LicenseFile struct {
	Number   int // from 1
	Text     string
	IssuedAt time.Time // wall clock
}

// Audit is one row of the audit trail.
type Audit struct {
	Actor     Actor
	Action    string // "license.created"
	Object    string // the id of what it is about
	Parent    string // the id of what that belongs to: the order of a license
	RequestID string
	Detail    []Value
}
