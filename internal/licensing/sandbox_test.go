package licensing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
)

func TestSandboxIsChecked(t *testing.T) {
	for _, c := range []struct {
		name  string
		given licensing.Sandbox
		want  licensing.Sandbox
		wrong []string
	}{
		{name: "nothing special", given: licensing.Sandbox{Answer: "normal", Seconds: -1, Calls: 300}, want: licensing.Sandbox{Answer: "normal"}},
		{name: "each call", given: licensing.Sandbox{Answer: "conflict", Seconds: 5}, want: licensing.Sandbox{Answer: "conflict"}},
		{name: "the next 100", given: licensing.Sandbox{Answer: "lost", Calls: 100}, want: licensing.Sandbox{Answer: "lost", Calls: 100, Left: 100}},
		{name: "slow", given: licensing.Sandbox{Answer: "slow", Seconds: 60, Calls: 1}, want: licensing.Sandbox{Answer: "slow", Seconds: 60, Calls: 1, Left: 1}},
		{name: "slow without seconds", given: licensing.Sandbox{Answer: "slow"}, wrong: []string{"seconds"}},
		{name: "too slow, too often", given: licensing.Sandbox{Answer: "slow", Seconds: 61, Calls: 101}, wrong: []string{"seconds", "calls"}},
		{name: "fewer than none", given: licensing.Sandbox{Answer: "closed", Calls: -1}, wrong: []string{"calls"}},
		{name: "no answer", given: licensing.Sandbox{}, wrong: []string{"answer"}},
		{name: "no code", given: licensing.Sandbox{Answer: "teapot"}, wrong: []string{"answer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.given
			var wrong []string
			if err := got.Check(); err != nil {
				for _, e := range err.(licensing.Problems) { //nolint:errorlint // it is what the function returns
					wrong = append(wrong, e.Field)
				}
			}
			if !slices.Equal(wrong, c.wrong) || len(wrong) == 0 && got != c.want {
				t.Errorf("got %+v, wrong %v; want %+v, wrong %v", got, wrong, c.want, c.wrong)
			}
		})
	}
}

func TestSandboxSpecialAndOn(t *testing.T) {
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		sandbox           licensing.Sandbox
		special, on, test bool
	}{
		{sandbox: licensing.Sandbox{}},
		{sandbox: licensing.Sandbox{Answer: "normal", Until: noon.Add(1)}, on: true},
		{sandbox: licensing.Sandbox{Answer: "lost", Until: noon}, special: true},
		{sandbox: licensing.Sandbox{Answer: "lost", Until: noon.Add(1)}, special: true, on: true},
		{sandbox: licensing.Sandbox{Answer: "denied", Calls: 2, Left: 1, Until: noon.Add(1)}, special: true, on: true},
		{sandbox: licensing.Sandbox{Answer: "denied", Calls: 2, Until: noon.Add(1)}, on: true},
	} {
		a := licensing.Actor{}.WithSandbox(c.sandbox, noon)
		if c.sandbox.Special() != c.special || c.sandbox.On(noon) != c.on || a.MakesTests != c.on || (a.Sandbox != nil) != c.on {
			t.Errorf("%+v: special %v, on %v, actor %+v", c.sandbox, c.sandbox.Special(), c.sandbox.On(noon), a)
		}
	}
}

// TestSandboxFaults holds that each code of the contract can be chosen, and is told as the sandbox's.
func TestSandboxFaults(t *testing.T) {
	codes := 0
	for _, o := range licensing.CallOutcomes {
		if !o.Fault() || o == licensing.CallLost {
			continue
		}
		codes++
		s := licensing.Sandbox{Answer: licensing.SandboxAnswer(o)}
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", o, err)
			continue
		}
		e := s.Fault("shop@fjord.example")
		if e.Code != licensing.Code(o) || e.Kind == "" || !strings.Contains(e.Message, "the sandbox of shop@fjord.example") || (e.After > 0) != (o == "exhausted") {
			t.Errorf("%s: %+v", o, e)
		}
	}
	if codes != 11 {
		t.Errorf("the contract has 11 codes, and %d were tried", codes)
	}
	if e := (licensing.Sandbox{Answer: "lost"}).Fault(""); e != nil {
		t.Errorf("lost is no fault: %v", e)
	}
}
