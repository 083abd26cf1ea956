package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kontor/wsdl"
)

// The credentials that the ERP takes (HTTP Basic). They are no secret: it is a demo, on loopback.
const (
	ERPUser     = "kontor"
	ERPPassword = "kontor-demo"
)

// The files of the ERP in its directory.
const (
	erpDocumentsFile = "erp-documents.jsonl" // a document a line, in order of number
	erpDownFile      = "erp-down"            // exists while the ERP is switched off
)

// firstDocument is the number of the first document.
const firstDocument = 700001

// ERP plays the ERP of Aurora Software: another company's system, with a contract (wsdl/demo-erp.wsdl), a listener and
// a memory of its own. It shares nothing with Kontor but a disk.
type ERP struct {
	dir      string
	contract *erpContract

	mu        sync.Mutex // held while a document is written: one after the other, so that numbers have no gaps
	journal   *journal
	documents []Document     // in order of number
	byMessage map[string]int // message id to index in documents
}

// Document is what the ERP has booked for one message.
type Document struct {
	Number      string    `json:"number"` // AB-700001
	OrderNumber string    `json:"orderNumber"`
	MessageID   string    `json:"messageId"`
	Received    time.Time `json:"received"`
	// Kind is what was told: orderCreated, orderExtended, subscriptionExtended, subscriptionCancelled,
	// subscriptionEnded, licenseModified, licenseSuspended, licenseRevoked, licenseReinstated, licenseMoved,
	// licenseDeleted, statementClosed.
	Kind     string            `json:"kind"`
	Group    string            `json:"group"`
	Test     bool              `json:"test"`
	Customer DocumentCustomer  `json:"customer"`
	Tickets  []string          `json:"tickets"`
	Data     []DocumentValue   `json:"dataFields,omitempty"`
	Period   *DocumentPeriod   `json:"period,omitempty"`
	Lines    []DocumentLine    `json:"lines,omitempty"`
	Licenses []DocumentLicense `json:"licenses"`
	// Reason and FromGroup are of changes of a license: why, and which group owned it before a move.
	Reason string `json:"reason,omitempty"`
	// Amount is what more seats of a modified license cost: a decimal, empty when nothing is charged.
	Amount    string `json:"amount,omitempty"`
	Currency  string `json:"currency,omitempty"`
	FromGroup string `json:"fromGroup,omitempty"`
	// Statement is of a closed statement, which has no order, customer or licenses of its own.
	Statement *DocumentStatement `json:"statement,omitempty"`
}

// DocumentStatement is a closed statement on a document: all as it was told.
type DocumentStatement struct {
	GroupName string          `json:"groupName"`
	Month     string          `json:"month"`
	Hash      string          `json:"hash"`
	Sums      []DocumentSum   `json:"sums,omitempty"`
	Entries   []DocumentEntry `json:"entries"`
}

// DocumentSum is a decimal and its currency.
type DocumentSum struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// DocumentEntry is an entry of a statement. Amount is a decimal, empty when nothing is charged.
type DocumentEntry struct {
	Kind        string          `json:"kind"`
	Day         string          `json:"day"`
	Corrects    string          `json:"corrects,omitempty"` // the month that it was recorded too late for
	OrderNumber string          `json:"orderNumber"`
	Customer    string          `json:"customer"`
	Data        []DocumentValue `json:"dataFields,omitempty"`
	Product     string          `json:"product"`
	Quantity    string          `json:"quantity"`
	Units       string          `json:"units,omitempty"`
	Amount      string          `json:"amount,omitempty"`
	Currency    string          `json:"currency,omitempty"`
	Reason      string          `json:"reason,omitempty"`
}

// DocumentCustomer is the customer on a document.
type DocumentCustomer struct {
	Number   string `json:"number,omitempty"`
	Name     string `json:"name"`
	Company  string `json:"company,omitempty"`
	Email    string `json:"email,omitempty"`
	Country  string `json:"country,omitempty"`
	Language string `json:"language,omitempty"`
}

// DocumentValue is a data field or parameter on a document.
type DocumentValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// DocumentPeriod is the period of a subscription on a document; the days as they were told.
type DocumentPeriod struct {
	Number   string `json:"number"`
	Start    string `json:"start"`
	End      string `json:"end"`
	CancelBy string `json:"cancelBy"`
	Amount   string `json:"amount,omitempty"` // a decimal; empty when nothing is charged
	Currency string `json:"currency,omitempty"`
}

// DocumentLine is an order line on a document. Amount is a decimal, empty when nothing is charged.
type DocumentLine struct {
	Position     string          `json:"position"`
	ExternalLine string          `json:"externalLine,omitempty"` // what the system that ordered calls it
	Category     string          `json:"category"`
	Product      string          `json:"product"`
	Name         string          `json:"name"`
	Quantity     string          `json:"quantity"`
	Amount       string          `json:"amount,omitempty"`
	Currency     string          `json:"currency,omitempty"`
	Data         []DocumentValue `json:"dataFields,omitempty"` // what the order has not, or otherwise
}

// DocumentLicense is a license on a document; instant and day as they were told, empty when there is none.
type DocumentLicense struct {
	Ticket           string          `json:"ticket"`
	Product          string          `json:"product"`
	Quantity         string          `json:"quantity"`
	StartDate        string          `json:"startDate,omitempty"` // of a subscription, on an order
	ExpiresAt        string          `json:"expiresAt,omitempty"`
	MaintenanceUntil string          `json:"maintenanceUntil,omitempty"`
	Parameters       []DocumentValue `json:"parameters,omitempty"`
	State            string          `json:"state,omitempty"` // of a change of a license
}

// NewERP opens the ERP that keeps its documents in dir, and makes dir when there is none. It is for one process at a
// time.
func NewERP(dir string) (*ERP, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("demo ERP: %w", err)
	}
	contract, err := readContract(wsdl.DemoERP)
	if err != nil {
		return nil, fmt.Errorf("demo ERP: %w", err)
	}
	e := &ERP{dir: dir, contract: contract, byMessage: map[string]int{}}
	e.journal, err = openJournal(filepath.Join(dir, erpDocumentsFile), e.keep)
	if err != nil {
		return nil, fmt.Errorf("demo ERP: %w", err)
	}
	return e, nil
}

// Close closes the ERP's file. What was answered is on disk already.
func (e *ERP) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.journal.close()
}

// Documents returns all documents, the oldest first.
func (e *ERP) Documents() []Document {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.documents)
}

// keep remembers a document that is on disk.
func (e *ERP) keep(d Document) {
	e.byMessage[d.MessageID] = len(e.documents)
	e.documents = append(e.documents, d)
}

// book gives a document its number and writes it down. For a message that was booked before, it returns the document
// of that time and writes nothing.
func (e *ERP) book(d Document) (Document, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if i, ok := e.byMessage[d.MessageID]; ok {
		return e.documents[i], nil
	}
	number := firstDocument
	if n := len(e.documents); n > 0 {
		last, err := strconv.Atoi(strings.TrimPrefix(e.documents[n-1].Number, "AB-"))
		if err != nil {
			return Document{}, fmt.Errorf("the last document's number: %w", err)
		}
		number = last + 1
	}
	d.Number = fmt.Sprintf("AB-%d", number)
	d.Received = time.Now().UTC().Truncate(time.Millisecond)
	if err := e.journal.append(d); err != nil {
		return Document{}, err
	}
	e.keep(d)
	return d, nil
}

// Down reports whether the ERP is switched off.
func (e *ERP) Down() bool {
	_, err := os.Stat(filepath.Join(e.dir, erpDownFile))
	return err == nil
}

// SetDown switches the ERP off or on; it stays so when the process is started again.
func (e *ERP) SetDown(down bool) error {
	file := filepath.Join(e.dir, erpDownFile)
	if down {
		return os.WriteFile(file, nil, 0o600)
	}
	if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}
