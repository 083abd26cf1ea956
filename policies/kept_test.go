package policies

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// process is a Kept with a clock that stands still until it is moved.
type process struct {
	*Kept
	t   *testing.T
	now time.Duration
}

func newProcess(t *testing.T, w *world, size int) *process {
	p := &process{Kept: New(w, size), t: t}
	p.clock = func() time.Duration { return p.now }
	return p
}

// started is a process that has polled.
func started(t *testing.T, w *world) *process {
	p := newProcess(t, w, 100)
	p.poll()
	return p
}

func (p *process) poll() {
	p.t.Helper()
	if err := p.Poll(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

// mayCreate asks whether m may create in partner.
func (p *process) mayCreate(m licensing.MembershipID) bool {
	p.t.Helper()
	d, err := p.Decide(p.t.Context(), nil, m, licensing.Create, "partner")
	if err != nil {
		p.t.Fatal(err)
	}
	return d.Allowed
}

func (p *process) want(m licensing.MembershipID, want bool) {
	p.t.Helper()
	if got := p.mayCreate(m); got != want {
		p.t.Fatalf("may %s create in partner: %v, want %v", m, got, want)
	}
}

func wantKind(t *testing.T, err error, want licensing.Kind) {
	t.Helper()
	var e *licensing.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Fatalf("%v, want a %s error", err, want)
	}
}

func TestAnswersAreKept(t *testing.T) {
	w := demoWorld()
	w.grant("group:northwind", "partner", "create")
	p := started(t, w)
	for range 3 {
		p.want(ben, true)
		p.want(fjord, false)
	}
	if w.reads != 2 {
		t.Errorf("read the policy %d times, want once for each of two memberships", w.reads)
	}
	w.grant("group:nordic", "partner", "create") // touches neither
	p.poll()
	p.want(ben, true)
	p.want(fjord, false)
	if w.reads != 2 {
		t.Errorf("a change elsewhere dropped answers")
	}
}

func TestCategories(t *testing.T) {
	w := demoWorld()
	w.grant("group:northwind", "partner", "create")
	w.grant("member:ben@northwind.example/northwind", "beta", "*")
	w.grant("tree:aurora", "*", "revoke")
	p := started(t, w)
	for _, c := range []struct {
		m      licensing.MembershipID
		action licensing.Action
		want   []string
	}{
		{ben, licensing.Create, []string{"partner", "beta"}},
		{anna, licensing.Create, []string{"partner"}},
		{ben, licensing.Modify, []string{"beta"}},
		{anna, licensing.Revoke, []string{"partner", "internal", "beta"}},
		{fjord, licensing.Create, nil},
	} {
		got, err := p.Categories(t.Context(), nil, c.m, c.action, []string{"partner", "*", "internal", "", "beta"})
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s %s: %q, %v; want %q", c.m, c.action, got, err, c.want)
		}
	}
	w.down = errors.New("down")
	p.now += lease
	_, err := p.Categories(t.Context(), nil, ben, licensing.Create, []string{"partner"})
	wantKind(t, err, licensing.Unavailable)
}

// Every way in which an answer becomes untrue is obeyed after the next poll.
func TestNoStaleAnswers(t *testing.T) {
	for name, change := range map[string]struct {
		do           func(w *world, g licensing.GrantID)
		before, then bool // may fjord's ben create in partner
	}{
		"granted to the membership": {func(w *world, _ licensing.GrantID) {
			w.grant("member:ben@northwind.example/fjord", "partner", "create")
		}, false, true},
		"granted to the group": {func(w *world, _ licensing.GrantID) { w.grant("group:fjord", "partner", "create") }, false, true},
		"granted at the root":  {func(w *world, _ licensing.GrantID) { w.grant("tree:aurora", "*", "*") }, false, true},
		"taken back":           {func(w *world, g licensing.GrantID) { w.revoke(g) }, true, false},
		"suspended": {func(w *world, _ licensing.GrantID) {
			w.setMember(fjord, member{email: "ben@northwind.example", group: "fjord", suspended: true})
		}, true, false},
		"moved away":      {func(w *world, _ licensing.GrantID) { w.setParent("fjord", "aurora") }, true, false},
		"moved above":     {func(w *world, _ licensing.GrantID) { w.setParent("nordic", ""); w.setParent("fjord", "northwind") }, true, false},
		"everything else": {func(w *world, _ licensing.GrantID) { w.held = nil; w.note("*") }, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := demoWorld()
			g := w.grant("tree:nordic", "partner", "create")
			if !change.before {
				w.revoke(g)
			}
			p := started(t, w)
			p.want(fjord, change.before)
			change.do(w, g)
			p.poll()
			p.want(fjord, change.then)
		})
	}
}

// What is not there has no names that a change could be noted under.
func TestComingBack(t *testing.T) {
	w := demoWorld()
	w.grant("group:northwind", "partner", "create")
	back := member{email: "ben@northwind.example", group: "northwind"}
	away := back
	away.suspended = true
	w.setMember(ben, away)
	p := started(t, w)
	p.want(ben, false)
	p.want("m-new", false)
	w.setMember(ben, back)
	w.setMember("m-new", member{email: "nina@northwind.example", group: "northwind"})
	p.poll()
	p.want(ben, true)
	p.want("m-new", true)
}

// The policy changes, and the change is noted, while the lines are on their way.
func TestChangeWhileLoading(t *testing.T) {
	w := demoWorld()
	g := w.grant("group:northwind", "partner", "create")
	p := started(t, w)
	w.afterLines = func() { w.revoke(g); p.poll() }
	p.mayCreate(ben) // either answer was true while it was asked
	p.want(ben, false)
}

// The policy changes while the lines are on their way, and is polled after they were used.
func TestChangeBeforePoll(t *testing.T) {
	w := demoWorld()
	g := w.grant("group:northwind", "partner", "create")
	p := started(t, w)
	w.afterLines = func() { w.revoke(g) }
	p.mayCreate(ben)
	p.poll()
	p.want(ben, false)
}

// A transaction decides on what it wrote itself; when it is rolled back, nothing of it may stay.
func TestUncommittedIsNotKept(t *testing.T) {
	w := demoWorld()
	p := started(t, w)
	mine := demoWorld()
	mine.grant("group:northwind", "partner", "create")
	d, err := p.Decide(t.Context(), tx{world: mine}, ben, licensing.Create, "partner")
	if err != nil || !d.Allowed {
		t.Fatalf("on its own data: %+v, %v", d, err)
	}
	w.grant("group:nordic", "internal", "create") // another gets the version that was rolled back
	p.poll()
	p.want(ben, false)
}

// Inside a transaction nothing is read beside it: it would wait for a connection while it holds one.
func TestTransactionIsReadAndKept(t *testing.T) {
	w := demoWorld()
	w.grant("group:northwind", "partner", "create")
	p := started(t, w)
	same := demoWorld()
	same.grant("group:northwind", "partner", "create")
	for range 2 {
		d, err := p.Decide(t.Context(), tx{world: same}, ben, licensing.Create, "partner")
		if err != nil || !d.Allowed {
			t.Fatalf("%+v, %v", d, err)
		}
	}
	if w.reads != 0 || same.reads != 1 {
		t.Errorf("%d reads beside the transaction, want 0; %d in it, want 1", w.reads, same.reads)
	}
}

func TestLease(t *testing.T) {
	w := demoWorld()
	g := w.grant("group:northwind", "partner", "create")
	p := newProcess(t, w, 100)
	if p.Current() {
		t.Error("current before the first poll")
	}
	p.want(ben, true)
	p.want(ben, true)
	if w.reads != 2 {
		t.Errorf("%d reads before the first poll, want 2: nothing is kept", w.reads)
	}
	p.poll()
	p.want(ben, true)
	w.revoke(g)
	p.now += lease - 1
	if !p.Current() {
		t.Error("not current within the lease")
	}
	p.want(ben, true) // nobody told it yet
	p.now++
	if p.Current() {
		t.Error("current after the lease")
	}
	p.want(ben, false)
	p.poll()
	p.want(ben, false)
}

func TestUnconfirmedIsNotKept(t *testing.T) {
	p := started(t, demoWorld())
	p.now += lease
	p.want(ben, false)
	if n := p.sheets.Len(); n != 0 {
		t.Errorf("kept answers for %d memberships, want none", n)
	}
}

// The second counts from before the poll was sent, however long its answer took.
func TestLeaseBeginsBeforeThePoll(t *testing.T) {
	w := demoWorld()
	p := newProcess(t, w, 100)
	w.duringPoll = func() { p.now += 900 * time.Millisecond }
	for range 2 { // the first poll, and one for changes
		p.poll()
		p.now += 99 * time.Millisecond
		if !p.Current() {
			t.Error("not current after 999 ms")
		}
		p.now += time.Millisecond
		if p.Current() {
			t.Error("current a second after the poll was sent")
		}
	}
}

func TestTwoProcesses(t *testing.T) {
	w := demoWorld()
	g := w.grant("group:northwind", "partner", "create")
	a, b := started(t, w), started(t, w)
	a.want(ben, true)
	b.want(ben, true)
	w.revoke(g) // through a, say
	a.poll()
	a.want(ben, false)
	b.poll()
	b.want(ben, false)
}

func TestCutOff(t *testing.T) {
	w := demoWorld()
	w.grant("group:northwind", "partner", "create")
	p := started(t, w)
	p.want(ben, true)
	w.down = fmt.Errorf("commit: %w", licensing.ErrRace)
	wantKind(t, p.Poll(t.Context()), licensing.Unavailable)
	p.want(ben, true) // the lease still runs
	_, err := p.Decide(t.Context(), nil, anna, licensing.Create, "partner")
	wantKind(t, err, licensing.Unavailable) // of her nothing is kept
	p.now += lease
	d, err := p.Decide(t.Context(), nil, ben, licensing.Create, "partner")
	wantKind(t, err, licensing.Unavailable)
	if d.Allowed || !errors.Is(err, licensing.ErrRace) {
		t.Errorf("%+v, %v; want a denial that lets the race be seen", d, err)
	}
	w.down = nil
	p.want(ben, true) // reached again, and not polled yet
	p.poll()
	p.want(ben, true)
}

func TestOddLinesAreAnErrorOfDecide(t *testing.T) {
	w := demoWorld()
	w.grant("group:northwind", "partner,internal", "create")
	p := started(t, w)
	d, err := p.Decide(t.Context(), nil, ben, licensing.Create, "partner")
	wantKind(t, err, licensing.Internal)
	if d.Allowed {
		t.Error("allowed by a line that cannot be read")
	}
}

// Where changes are missing, nobody knows whom they touch.
func TestGapDropsEverything(t *testing.T) {
	for name, lose := range map[string]func(w *world){
		"older changes deleted": func(w *world) { w.changes = w.changes[len(w.changes)-1:] },
		"newest one missing":    func(w *world) { w.changes = w.changes[:len(w.changes)-1] },
		"all deleted":           func(w *world) { w.changes = nil },
		"an older database":     func(w *world) { w.version, w.changes = 2, w.changes[:1] },
	} {
		t.Run(name, func(t *testing.T) {
			w := demoWorld()
			g := w.grant("group:northwind", "partner", "create")
			p := started(t, w)
			p.want(ben, true)
			w.revoke(g)
			w.note("group:nordic")
			w.note("group:nordic")
			lose(w)
			p.poll()
			p.want(ben, false)
		})
	}
}

func TestSmallSizeForgets(t *testing.T) {
	w := demoWorld()
	w.grant("group:northwind", "partner", "create")
	p := newProcess(t, w, 0) // counts as 1
	p.poll()
	for range 3 {
		p.want(ben, true)
		p.want(fjord, false)
	}
	if n := p.sheets.Len(); n != 1 {
		t.Errorf("%d kept, want 1", n)
	}
}

// Many ask while the policy changes and is polled: an answer that was asked for after a poll is never older than it.
func TestManyAskWhileThePolicyChanges(t *testing.T) {
	const changes = 1000
	w := demoWorld()
	k := New(w, 2)
	k.clock = func() time.Duration { return 0 }
	var begun, noted atomic.Int64 // changes; after an odd number ben may create
	answered, enough := make(chan struct{}), make(chan struct{})
	var asking sync.WaitGroup
	for _, m := range []licensing.MembershipID{ben, ben, fjord, anna} {
		asking.Go(func() {
			for {
				before := noted.Load()
				d, err := k.Decide(t.Context(), nil, m, licensing.Create, "partner")
				want := m == ben && before%2 == 1
				if err != nil || d.Allowed != want && begun.Load() == before {
					t.Errorf("after change %d: %s may create: %v, %v", before, m, d.Allowed, err)
				}
				select {
				case answered <- struct{}{}:
				case <-enough:
					return
				}
			}
		})
	}
	var g licensing.GrantID
	for i := range int64(changes) {
		begun.Store(i + 1)
		if i%2 == 0 {
			g = w.grant("member:ben@northwind.example/northwind", "partner", "create")
		} else {
			w.revoke(g)
		}
		if err := k.Poll(t.Context()); err != nil {
			t.Error(err)
		}
		noted.Store(i + 1)
		for range 6 {
			<-answered
		}
	}
	close(enough)
	asking.Wait()
}
