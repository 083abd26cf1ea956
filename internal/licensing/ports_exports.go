package licensing

import (
	"context"
	"time"
)

// ExportTx is files that whole lists are written into; written by ordering.
type ExportTx interface {
	InsertExport(ctx context.Context, e Export) error
	Export(ctx context.Context, id ExportID) (Export, error)
	// ExportsOf returns those of a membership, newest first.
	ExportsOf(ctx context.Context, owner MembershipID) ([]Export, error)
	// BeginExport takes an export that waits or was left alone since an instant (wall clock), and begins it anew under
	// the next run. ErrNone when somebody is at it, or it is done.
	BeginExport(ctx context.Context, id ExportID, leftSince time.Time) (Export, error)
	// UpdateExport writes where an export stands, when its run is still e.Run and nobody has stopped it; else ErrNone.
	UpdateExport(ctx context.Context, e Export) error
	// StopExport ends one that is not done, and forgets what was written; it reports false when it was done.
	StopExport(ctx context.Context, id ExportID) (bool, error)
	// AddExportChunk appends to the file, under the run; numbers begin at 1.
	AddExportChunk(ctx context.Context, id ExportID, run, number int, content []byte) error
	// ExportChunk returns a part of the file; ErrNone after the last one.
	ExportChunk(ctx context.Context, id ExportID, run, number int) ([]byte, error)
	// LeftExports returns those that should be under way and were left alone since an instant (wall clock).
	LeftExports(ctx context.Context, since time.Time, limit int) ([]ExportID, error)
	// RemoveExports forgets those made before an instant (wall clock), with their files.
	RemoveExports(ctx context.Context, before time.Time) (int, error)
}

// ExportID names an Export.
type ExportID string

// Export is a list as a file, of one membership.
type Export struct {
	ID      ExportID
	Owner   MembershipID
	List    ListKind
	Format  ExportFormat
	Filter  string            // JSON: the list's filter
	Columns []string          // by name, in order
	Words   map[string]string // what columns and values are called, in the owner's language
	State   ExportState
	Run     int // how often it was begun
	Done    int // lines written
	Total   int // lines to write; 0 while it is not known
	Size    int64
	Groups  []GroupID // whose rows are in it
	Reason  string    // why it failed or stopped, for a person
	// CreatedAt, BegunAt and SeenAt (a sign of life) are by the wall clock; zero: not yet.
	CreatedAt, BegunAt, SeenAt, EndedAt time.Time
}

// ListKind is which list.
type ListKind string

// The lists.
const (
	ListOfLicenses  ListKind = "licenses"
	ListOfOrders    ListKind = "orders"
	ListOfCustomers ListKind = "customers"
	ListOfPeople    ListKind = "people"
	ListOfCalls     ListKind = "calls"
)

// ExportFormat is what kind of file.
type ExportFormat string

// The formats.
const (
	FormatCSV         ExportFormat = "csv"
	FormatSpreadsheet ExportFormat = "xlsx"
)

// ExportState is where an export stands.
type ExportState string

// The states of an export.
const (
	ExportWaiting ExportState = "waiting"
	ExportRunning ExportState = "running"
	ExportReady   ExportState = "ready"
	ExportStopped ExportState = "stopped" // by its owner, or because he may act no longer
	ExportFailed  ExportState = "failed"
)
