package policies

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// bigWorld is an organization with n grants: a root with 20 distributors, resellers below them, five members in each,
// a grant for each member and some for groups and trees.
func bigWorld(n int) (*world, []licensing.MembershipID) {
	w := newWorld()
	w.setParent("root", "")
	w.grant("tree:root", "c0", "create")
	for i := range min(20, n/20) {
		w.setParent(fmt.Sprintf("d%d", i), "root")
		w.grant(fmt.Sprintf("tree:d%d", i), fmt.Sprintf("c%d", 1+i%9), "*")
	}
	distributors := len(w.parent) - 1
	var members []licensing.MembershipID
	for i := 0; w.issued < n; i++ {
		group := fmt.Sprintf("r%d", i)
		w.setParent(group, fmt.Sprintf("d%d", i%distributors))
		w.grant("group:"+group, fmt.Sprintf("c%d", 10+i%40), "create")
		for j := 0; j < 5 && w.issued < n; j++ {
			id := licensing.MembershipID(fmt.Sprintf("%s-%d", group, j))
			m := member{email: fmt.Sprintf("p%d@%s.example", j, group), group: group}
			w.setMember(id, m)
			w.grant(licensing.MemberSubject(m.email, group), fmt.Sprintf("c%d", 50+(i+j)%50), "modify")
			members = append(members, id)
		}
	}
	return w, members
}

func everyNth(members []licensing.MembershipID, n int) (some []licensing.MembershipID) {
	for i := 0; i < len(members); i += n {
		some = append(some, members[i])
	}
	return some
}

// questions are about members at random; about every second one is allowed.
func questions(w *world, members []licensing.MembershipID) []asked {
	random := rand.New(rand.NewPCG(1, 2))
	qs := make([]asked, 10_000)
	for i := range qs {
		m := members[random.IntN(len(members))]
		qs[i] = asked{m, actions[random.IntN(len(actions))], fmt.Sprintf("c%d", random.IntN(100))}
		if held := w.held[licensing.GroupSubject(w.members[m].group)]; i%2 == 0 {
			qs[i].action, qs[i].category = licensing.Create, held[0].Category
		}
	}
	return qs
}

// measure times each decision by itself and reports the median and the slowest of a hundred beside the mean.
func measure(b *testing.B, qs []asked, decide func(asked) error) {
	took := make([]time.Duration, 0, 1<<20)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		from := time.Now()
		err := decide(qs[i%len(qs)])
		if d := time.Since(from); len(took) < cap(took) {
			took = append(took, d)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2]), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
}

// BenchmarkDecide lays the decision from kept answers beside the first one about a membership, and beside casbin as it
// is commonly used: one enforcer for the whole policy, asked each time. Some 500 members ask, however many grants
// there are; kept-all is the processor's worst case, where everybody asks in turn and nobody's answers are in its caches.
func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		w, members := bigWorld(n)
		some, all := questions(w, everyNth(members, len(members)/500)), questions(w, members)
		k := New(w, len(members))
		k.clock = func() time.Duration { return time.Hour } // no polling beside the measurement
		if err := k.Poll(b.Context()); err != nil {
			b.Fatal(err)
		}
		decide := func(q asked) error {
			_, err := k.Decide(b.Context(), nil, q.m, q.action, q.category)
			return err
		}
		kept := func(qs []asked) func(*testing.B) {
			return func(b *testing.B) {
				for _, q := range qs {
					if err := decide(q); err != nil {
						b.Fatal(err)
					}
				}
				measure(b, qs, decide)
			}
		}
		b.Run(fmt.Sprintf("kept/grants=%d", n), kept(some))
		b.Run(fmt.Sprintf("kept-all/grants=%d", n), kept(all))
		b.Run(fmt.Sprintf("cold/grants=%d", n), func(b *testing.B) {
			measure(b, some, func(q asked) error { k.sheets.Purge(); return decide(q) })
		})
		b.Run(fmt.Sprintf("global-casbin/grants=%d", n), func(b *testing.B) {
			e := globalEnforcer(b, w)
			measure(b, some, func(q asked) error {
				_, err := askGlobal(e, q)
				return err
			})
		})
	}
}

// BenchmarkKeptMemory tells what the kept answers of 10,000 memberships take: each reached by grants to itself, to its
// group and to the tree above.
func BenchmarkKeptMemory(b *testing.B) {
	const kept = 10_000
	w, members := bigWorld(12_100) // five members and six grants in each group
	members = members[:kept]
	var perSheet float64
	for b.Loop() {
		k := New(w, kept)
		k.clock = func() time.Duration { return time.Hour }
		if err := k.Poll(b.Context()); err != nil {
			b.Fatal(err)
		}
		before := heap()
		for _, m := range members {
			if _, err := k.Decide(b.Context(), nil, m, licensing.Create, "c0"); err != nil {
				b.Fatal(err)
			}
		}
		perSheet = float64(heap()-before) / kept
		if n := k.sheets.Len(); n != kept {
			b.Fatalf("%d sheets are kept", n)
		}
	}
	b.ReportMetric(perSheet, "B/sheet")
	b.ReportMetric(0, "ns/op") // it is not time that is measured
}

// heap is how many bytes are in use once what is not has been collected.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what was pooled goes with the second one
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
