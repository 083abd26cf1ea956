package usecasetest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/calls"
	"kontor/internal/catalog"
	"kontor/internal/connecting"
	"kontor/internal/demo"
	"kontor/internal/fulfillment"
	"kontor/internal/jobs"
	"kontor/internal/licensing"
	"kontor/internal/mailing"
	"kontor/internal/ordering"
	"kontor/internal/pgtest"
	"kontor/internal/signing"
	"kontor/internal/sqlstore"
	"kontor/internal/statements"
	"kontor/internal/subscriptions"
	"kontor/internal/usecase"
	"kontor/policies"
)

// house is one process: the use cases, wired as cmd/kontor wires them, over the demo's data.
type house struct {
	address string
	wall    *wallClock
	erp     *scriptedERP
	post    *caughtMail
	drawn   drawing

	store         *sqlstore.Store
	policies      *policies.Kept
	publicKey     ed25519.PublicKey
	receiptKey    ed25519.PublicKey
	access        *access.Service
	mailing       *mailing.Service
	catalog       *catalog.Service
	ordering      *ordering.Service
	subscriptions *subscriptions.Service
	connecting    *connecting.Service
	statements    *statements.Service
	clock         *demo.Clock
}

// soldOn is the moment at which every test begins, on both clocks: 21 November 2026, 10:00 in Berlin.
var soldOn = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

var masterKey = bytes.Repeat([]byte{7}, signing.MasterKeySize)

// onBoth runs a test on both engines at the same time, each with a house of its own: most of what a house does is waiting
// for its own database, one after another.
func onBoth(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			test(t, newHouse(t, engine))
		})
	}
}

// newHouse is a process over a database of its own that the demo has seeded.
func newHouse(t testing.TB, engine string) *house {
	t.Helper()
	address := ""
	if engine == "postgres" {
		address = pgtest.Database(t, seed)
	} else {
		address = "sqlite://" + filepath.Join(t.TempDir(), "kontor.db")
		must(t, os.WriteFile(address[len("sqlite://"):], got[[]byte](t)(seededFile()), 0o600))
	}
	return open(t, address, &wallClock{now: soldOn}, newScriptedERP())
}

// drawing is randomness of which is known how often it was drawn: once for each ticket.
type drawing struct{ times atomic.Int64 }

// Read implements io.Reader.
func (d *drawing) Read(b []byte) (int, error) {
	d.times.Add(1)
	return rand.Read(b)
}

// another is a further process over the same database.
func (h *house) another(t testing.TB) *house { return open(t, h.address, h.wall, h.erp) }

// seed migrates an empty database and puts the demo's data in it.
func seed(ctx context.Context, address string) (err error) {
	s, err := sqlstore.Open(ctx, address, sqlstore.WallClock(func() time.Time { return soldOn }))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	secrets, err := signing.NewSealer(masterKey, "secrets")
	if err != nil {
		return err
	}
	if err := demo.Seed(ctx, s, secrets); err != nil {
		return err
	}
	return s.Write(ctx, func(tx licensing.Tx) error {
		return tx.SetSetting(ctx, licensing.SettingPublicURL, "https://kontor.example")
	})
}

// seededFile is a SQLite database with the demo's data, to be copied.
var seededFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "kontor-usecasetest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "kontor.db")
	if err := seed(context.Background(), "sqlite://"+path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func open(t testing.TB, address string, wall *wallClock, erp *scriptedERP, limits ...licensing.CallLimits) *house {
	t.Helper()
	h := &house{address: address, wall: wall, erp: erp, post: &caughtMail{}}
	h.store = got[*sqlstore.Store](t)(sqlstore.Open(t.Context(), address, sqlstore.WallClock(wall.Now)))
	queue := got[*jobs.Queue](t)(jobs.Open(h.store, address, slog.New(slog.DiscardHandler), nil))
	t.Cleanup(func() {
		if err := errors.Join(queue.Close(), h.store.Close()); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	answers := got[*signing.Sealer](t)(signing.NewSealer(masterKey, "answers"))
	secrets := got[*signing.Sealer](t)(signing.NewSealer(masterKey, "secrets"))
	signer := got[*signing.FileSigner](t)(signing.NewFileSigner(got[ed25519.PrivateKey](t)(signing.SigningKey(masterKey, signing.PurposeLicenseFiles))))
	h.publicKey = signer.PublicKey()
	h.policies = policies.New(h.store, 100)
	runner, limit := usecase.New(h.store, queue, answers), append(limits, licensing.CallLimits{})[0]
	h.access = got[*access.Service](t)(access.New(runner, secrets, policies.Judge{}, "https://kontor.example/", limit))
	h.mailing = mailing.New(runner, secrets)
	h.mailing.By(h.post)
	h.catalog = catalog.New(runner, h.policies)
	h.ordering = ordering.New(runner, h.policies, &h.drawn)
	receipts := got[*signing.ReceiptSigner](t)(signing.NewReceiptSigner(masterKey))
	h.receiptKey = receipts.PublicKey()
	h.subscriptions = subscriptions.New(runner, h.policies, receipts)
	h.connecting = connecting.New(runner, map[string]licensing.Connector{"erp": erp}, got[*signing.Sealer](t)(signing.NewSealer(masterKey, "cursors")), "erp")
	h.clock = demo.NewClock(h.store, func(ctx context.Context) error {
		if err := h.subscriptions.ReviewAll(ctx); err != nil {
			return err
		}
		if _, err := h.subscriptions.ExtendDue(ctx); err != nil {
			return err
		}
		if _, err := h.subscriptions.RemindDue(ctx); err != nil {
			return err
		}
		_, err := h.statements.CloseDue(ctx)
		return err
	})
	h.statements = statements.New(runner)
	files := fulfillment.New(signer)
	limiter := h.callLog(t, calls.Config{Limits: limit})
	runner.Subscribe(
		usecase.On(h.subscriptions.Start, files.IssueFirst),
		usecase.On(limiter.AskLicenses),
		usecase.On(h.connecting.RecordOrder, h.statements.RecordOrder, limiter.CountLicenses),
		usecase.On(files.IssueExtended, h.connecting.RecordExtension, h.statements.RecordExtension),
		usecase.On(h.connecting.RecordCancellation),
		usecase.On(h.connecting.RecordWithdrawal),
		usecase.On(h.connecting.RecordEnd),
		usecase.On(h.subscriptions.CatchUp),
		usecase.On(h.subscriptions.Review),
		usecase.On(h.connecting.NoteReview),
		usecase.On(files.IssueOverridden, h.connecting.RecordOverride, h.statements.RecordOverride),
		usecase.On(h.subscriptions.ChangeSeats, files.IssueModified, h.connecting.RecordModification, h.statements.RecordModification),
		usecase.On(files.IssueSuspended, h.connecting.RecordSuspension),
		usecase.On(h.subscriptions.EndRevoked, files.IssueRevoked, h.connecting.RecordRevocation, h.statements.RecordRevocation),
		usecase.On(h.subscriptions.Restore, files.IssueReinstated, h.connecting.RecordReinstatement, h.statements.RecordReinstatement),
		usecase.On(h.connecting.RecordMove),
		usecase.On(h.subscriptions.EndDeleted, h.connecting.RecordDeletion),
		usecase.On(h.connecting.Settle),
		usecase.On(h.mailing.Take),
		usecase.On(h.mailing.Drop),
		usecase.On(h.connecting.RecordStatement),
	)
	return h
}

// as is somebody of the demo who acts in a group.
func (h *house) as(t testing.TB, email, group string) (a licensing.Actor) {
	t.Helper()
	h.read(t, func(tx licensing.Tx) {
		u := got[licensing.User](t)(tx.UserByEmail(t.Context(), email))
		for _, m := range got[[]licensing.Membership](t)(tx.MembershipsOf(t.Context(), u.ID)) {
			if m.GroupCode == group {
				a = licensing.Actor{Membership: m, Via: "portal", Remote: "192.0.2.1"}
			}
		}
	})
	if a.ID == "" {
		t.Fatalf("%s has no membership in %s", email, group)
	}
	return a
}

func (h *house) isv(t testing.TB) licensing.Actor   { return h.as(t, "isv@aurora.example", "aurora") }
func (h *house) staff(t testing.TB) licensing.Actor { return h.as(t, "staff@aurora.example", "aurora") }
func (h *house) anna(t testing.TB) licensing.Actor {
	return h.as(t, "anna@northwind.example", "northwind")
}
func (h *house) ben(t testing.TB) licensing.Actor {
	return h.as(t, "ben@northwind.example", "northwind")
}
func (h *house) erpAccount(t testing.TB) licensing.Actor {
	return h.as(t, "erp@aurora.example", "aurora")
}

// read looks into the store.
func (h *house) read(t testing.TB, fn func(tx licensing.Tx)) {
	t.Helper()
	must(t, h.store.Read(t.Context(), func(tx licensing.Tx) error {
		fn(tx)
		return nil
	}))
}

// write changes the store behind the use cases' back.
func (h *house) write(t testing.TB, fn func(tx licensing.Tx) error) {
	t.Helper()
	must(t, h.store.Write(t.Context(), fn))
}

// setBusinessDay puts the business clock to noon in Berlin of a day, by its setting.
func (h *house) setBusinessDay(t testing.TB, d licensing.Day) {
	t.Helper()
	h.write(t, func(tx licensing.Tx) error {
		noon := d.Begin(tx.Now().Zone).Add(12 * time.Hour)
		return tx.SetSetting(t.Context(), "clock.offset", noon.Sub(tx.Now().Wall).String())
	})
}

// rows counts the rows of every table.
func (h *house) rows(t testing.TB) map[string]int {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if h.store.Engine() == "postgres" {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`
	}
	rows, err := h.store.Pool().QueryContext(t.Context(), query)
	must(t, err)
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		tables = append(tables, name)
	}
	must(t, rows.Err())
	counts := map[string]int{}
	for _, table := range tables {
		var n int
		must(t, h.store.Pool().QueryRowContext(t.Context(), fmt.Sprintf("SELECT COUNT(*) FROM %q", table)).Scan(&n)) //nolint:gosec // the database's own names
		counts[table] = n
	}
	if len(counts) < 20 {
		t.Fatalf("only these tables were found: %v", counts)
	}
	return counts
}

// wallClock stands until a test moves it.
type wallClock struct {
	mu   sync.Mutex
	now  time.Time
	then func() // runs once, when the clock has been asked
}

func (w *wallClock) Now() time.Time {
	w.mu.Lock()
	now, then := w.now, w.then
	w.then = nil
	w.mu.Unlock()
	if then != nil {
		then()
	}
	return now
}

// afterwards runs then once, right after the clock is asked the next time.
func (w *wallClock) afterwards(then func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.then = then
}

func (w *wallClock) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// scriptedERP is a connector that keeps what it is told and answers as a test says. By itself it accepts, and
// recognizes what it has been told before.
type scriptedERP struct {
	mu      sync.Mutex
	passed  []licensing.Message
	numbers map[licensing.MessageID]string
	answer  func(m licensing.Message) (licensing.Answer, error) // nil: accepts
}

func newScriptedERP() *scriptedERP { return &scriptedERP{numbers: map[licensing.MessageID]string{}} }

// Pass implements licensing.Connector.
func (e *scriptedERP) Pass(_ context.Context, m licensing.Message) (licensing.Answer, error) {
	e.mu.Lock()
	e.passed = append(e.passed, m)
	answer := e.answer
	if e.numbers[m.ID] == "" {
		e.numbers[m.ID] = fmt.Sprintf("D-%d", len(e.numbers)+1)
	}
	number := e.numbers[m.ID]
	e.mu.Unlock()
	if answer != nil {
		return answer(m)
	}
	return licensing.Answer{Accepted: true, Number: number}, nil
}

func (e *scriptedERP) says(answer func(licensing.Message) (licensing.Answer, error)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answer = answer
}

func (e *scriptedERP) tries() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.passed)
}
