package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/pgtest"
	"kontor/internal/subscriptions"
)

const (
	// yearsVariable sets how many subscriptions TestYears runs.
	yearsVariable = "KONTOR_TEST_SUBSCRIPTIONS"
	usualYears    = 60
	yearsRun      = 5
	yearsWorkers  = 3
)

// rented is a subscription of AUR-SUITE as one would keep it on paper: a year, extended by a year unless it is cancelled 30
// days before.
type rented struct {
	id        licensing.LicenseID
	ticket    string
	order     string
	sold      licensing.Day
	number    int // of the last period
	state     licensing.SubscriptionState
	customer  string
	cancelled licensing.Day
}

// end is the last day of a period: the day before that of the sale, years later.
func (r *rented) end(number int) licensing.Day {
	return licensing.Day{Year: r.sold.Year + number, Month: r.sold.Month, Date: r.sold.Date}.AddDays(-1)
}

// live brings it to a day.
func (r *rented) live(today licensing.Day) {
	for r.state == licensing.SubscriptionActive && today.After(r.end(r.number).AddDays(-30)) {
		r.number++
	}
	if r.state == licensing.SubscriptionCancelled && today.After(r.end(r.number)) {
		r.state = licensing.SubscriptionEnded
	}
}

func (r *rented) cancel(today licensing.Day) {
	r.live(today)
	r.state, r.cancelled = licensing.SubscriptionCancelled, today
}

// years is what TestYears works with.
type years struct {
	runningHouse
	t       *testing.T
	anna    licensing.Actor
	today   licensing.Day
	all     []*rented
	workers [yearsWorkers]*process
	cables  [yearsWorkers]*cable
	kills   int
	cuts    int
}

// TestYears runs the subscriptions of a reseller through five years with three workers over one PostgreSQL, which are killed
// and cut off from the database at random, while the clock moves and customers cancel. Afterwards every subscription has
// the periods that paper says, every extension one document at the ERP and one mail to the customer.
func TestYears(t *testing.T) {
	t.Parallel()
	count := usualYears
	if n, err := strconv.Atoi(os.Getenv(yearsVariable)); err == nil {
		count = n
	}
	y := startYears(t)
	y.run(count)
	y.settle()
	y.check()
	t.Logf("%d subscriptions, %d kills, %d cuts", count, y.kills, y.cuts)
	if y.kills < yearsWorkers || y.cuts < yearsWorkers {
		t.Errorf("%d kills and %d cuts: the test shows too little", y.kills, y.cuts)
	}
}

func startYears(t *testing.T) *years {
	database := pgtest.Database(t, migrated)
	y := &years{runningHouse: startHouse(t, t.TempDir(), database, false), t: t, today: licensing.Day{Year: 2027, Month: time.January, Date: 4}}
	y.setDay(y.today)
	y.anna = y.actor(t, "anna@northwind.example")
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), "5432")
	}
	for i := range y.workers {
		y.cables[i] = newCable(t, u.Host)
		behind := *u
		behind.Host = y.cables[i].listener.Addr().String()
		y.workers[i] = &process{
			t: t, database: behind.String(), env: append(os.Environ(), "KONTOR_DATABASE_URL="+behind.String()), log: &bytes.Buffer{},
			args: []string{"worker", "--data", y.data, "--log-level", "error", "--smtp-url", "smtp://" + y.mail.Addr(), "--mail-from", "licenses@aurora.example"},
		}
		y.workers[i].start()
		t.Cleanup(y.workers[i].kill)
	}
	return y
}

// setDay moves the business clock to noon of a day, and lets a worker do what is due.
func (y *years) setDay(d licensing.Day) {
	y.t.Helper()
	y.today = d
	err := y.store.Write(y.t.Context(), func(tx licensing.Tx) error {
		noon := d.Begin(tx.Now().Zone).Add(12 * time.Hour)
		if err := tx.SetSetting(y.t.Context(), "clock.offset", noon.Sub(tx.Now().Wall).String()); err != nil {
			return err
		}
		return y.queue.Enqueue(y.t.Context(), tx, licensing.Job{Kind: jobExtend}, licensing.Job{Kind: jobExtend})
	})
	if err != nil {
		y.t.Fatal(err)
	}
}

// run sells in the first year and cancels throughout, while workers die and lose their database.
func (y *years) run(count int) {
	const steps = 45
	for step := range steps {
		sell := 0
		if step < steps/yearsRun {
			sell = count*(step+1)/(steps/yearsRun) - len(y.all)
		}
		for range sell {
			y.sell()
		}
		for range max(1, count/(2*steps)) {
			y.cancelOne()
		}
		switch i := rand.IntN(yearsWorkers); rand.IntN(3) {
		case 0:
			y.workers[i].kill()
			y.kills++
			y.workers[i].start()
		case 1:
			y.cables[i].set(true)
			y.cuts++
			<-time.After(time.Duration(rand.IntN(1500)) * time.Millisecond) // so long it hears nothing
			y.cables[i].set(false)
		}
		y.setDay(y.today.AddDays(30 + rand.IntN(22)))
	}
}

func (y *years) sell() {
	n := len(y.all)
	r := &rented{sold: y.today, number: 1, state: licensing.SubscriptionActive, customer: fmt.Sprintf("customer-%d@customers.example", n)}
	id, in := licensing.NewID(), ordering.CreateLicense{
		Category: "partner", Product: "AUR-SUITE", Customer: licensing.Customer{Number: fmt.Sprint("C-", n), Name: fmt.Sprint("Customer ", n), Email: r.customer},
		Parameters: []licensing.Value{{Name: "seats", Value: "1"}}, DataFields: []licensing.Value{{Name: "externalOrderNumber", Value: fmt.Sprint("PO-", n)}},
	}
	out := insist(y, func() (ordering.Created, bool, error) { return y.ordering.CreateLicense(y.t.Context(), y.anna, id, in) })
	r.id, r.ticket, r.order = out.Licenses[0].ID, out.Licenses[0].Ticket, out.OrderNumber
	y.all = append(y.all, r)
}

// insist sends a request again, as it is, while it is told to try again: a worker that was cut off holds its locks for a while.
func insist[O any](y *years, request func() (O, bool, error)) O {
	y.t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); ; {
		out, _, err := request()
		if err == nil {
			return out
		}
		if e := licensing.AsError(err); e.Kind != licensing.Conflict && e.Kind != licensing.Unavailable || time.Now().After(deadline) {
			y.t.Fatal(err)
		}
	}
}

// cancelOne cancels one that runs, if it finds one.
func (y *years) cancelOne() {
	r := y.all[rand.IntN(len(y.all))]
	if r.state != licensing.SubscriptionActive {
		return
	}
	id := licensing.NewID()
	insist(y, func() (subscriptions.Cancelled, bool, error) {
		return y.subscriptions.Cancel(y.t.Context(), y.anna, id, subscriptions.Cancel{Ticket: r.ticket})
	})
	r.cancel(y.today)
}

// settle waits until the workers have done everything that is due, and everybody has been told.
func (y *years) settle() {
	pool := y.store.Pool()
	for deadline := time.Now().Add(5*time.Minute + time.Duration(len(y.all))*200*time.Millisecond); ; <-time.After(200 * time.Millisecond) {
		var left int
		err := pool.QueryRowContext(y.t.Context(), `SELECT (SELECT COUNT(*) FROM subscription WHERE due_at <= $1)
			+ (SELECT COUNT(*) FROM message WHERE state <> 'accepted') + (SELECT COUNT(*) FROM mail_message WHERE state = 'waiting')`, y.today.Begin(time.UTC)).Scan(&left)
		if err != nil {
			y.t.Fatal(err)
		}
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			y.t.Fatalf("%d things are still to be done", left)
		}
	}
}

// check holds what came of it against paper.
func (y *years) check() {
	documents, mails := y.documents(), y.mails()
	for _, r := range y.all {
		r.live(y.today)
		var l licensing.License
		err := y.store.Read(context.Background(), func(tx licensing.Tx) (err error) {
			l, err = tx.LicenseByID(context.Background(), r.id)
			return err
		})
		if err != nil {
			y.t.Fatal(err)
		}
		var periods, want []string
		for _, p := range l.Subscription.Periods {
			periods = append(periods, fmt.Sprintf("%d to %s %s", p.Number, p.End, p.Outcome))
		}
		for n := 1; n <= r.number; n++ {
			outcome := licensing.PeriodExtended
			if n == r.number {
				outcome = licensing.PeriodOpen
				if r.state == licensing.SubscriptionEnded {
					outcome = licensing.PeriodEnded
				}
			}
			want = append(want, fmt.Sprintf("%d to %s %s", n, r.end(n), outcome))
		}
		if diff := cmp.Diff(append(want, string(r.state)), append(periods, string(l.Subscription.State))); diff != "" {
			y.t.Errorf("sold on %s, cancelled on %s (-want +got):\n%s", r.sold, r.cancelled, diff)
		}
		for n := 2; n <= r.number; n++ {
			if got := documents[fmt.Sprintf("%s %d", r.order, n)]; got != 1 {
				y.t.Errorf("order %s, period %d: %d documents", r.order, n, got)
			}
		}
		if got := len(mails[r.customer]); got != r.number-1 {
			y.t.Errorf("%s got %d mails of %d extensions", r.customer, got, r.number-1)
		}
	}
	total := 0
	for _, n := range documents {
		total += n
	}
	for _, r := range y.all {
		total -= r.number - 1
	}
	if total != 0 {
		y.t.Errorf("%d documents about extensions that were none", total)
	}
}

// documents counts what the ERP has of each extension: order and number of the period.
func (y *years) documents() map[string]int {
	all := map[string]int{}
	for _, d := range y.erp.Documents() {
		if d.Kind == string(licensing.TellSubscriptionExtended) {
			all[d.OrderNumber+" "+d.Period.Number]++
		}
	}
	return all
}

// mails are the message ids of the mails about extensions, by recipient. A mail that was sent twice, by a worker that died
// before it had noted it, has one id.
func (y *years) mails() map[string]map[string]bool {
	files, err := filepath.Glob(filepath.Join(y.data, "mail", "*.eml"))
	if err != nil {
		y.t.Fatal(err)
	}
	all := map[string]map[string]bool{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			y.t.Fatal(err)
		}
		m, err := mail.ReadMessage(bytes.NewReader(b))
		if err != nil {
			y.t.Fatal(errors.Join(fmt.Errorf("%s", name), err))
		}
		if !strings.Contains(m.Header.Get("Subject"), " runs to ") {
			continue
		}
		to := strings.Trim(m.Header.Get("Delivered-To"), "<>")
		if all[to] == nil {
			all[to] = map[string]bool{}
		}
		all[to][m.Header.Get("Message-Id")] = true
	}
	return all
}
