package portal

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestConsoleAnswer holds what is shown of answers of all sizes.
func TestConsoleAnswer(t *testing.T) {
	const fault = `<f:fault xmlns:f="urn:kontor:license:v1"><f:code>notFound</f:code></f:fault>`
	answer := func(size int) []byte { // cut at a byte, it would end within a character
		return []byte("<x><y>" + strings.Repeat("€", (size-15)/3) + "</y></x>")
	}
	for name, tt := range map[string]struct {
		body     []byte
		cut      bool
		indented bool
	}{
		"small":     {answer(100), false, true},
		"to be cut": {answer(maxRead), true, true},
		"large":     {answer(maxRead + 100), true, false},
		"no XML":    {[]byte("503"), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := shownAnswer(ConsoleAnswer{Body: tt.body})
			if got.Cut != tt.cut || len(got.Text) > maxShown || tt.cut && len(got.Text) < maxShown-2 {
				t.Errorf("cut %v: %d bytes of %d", got.Cut, len(got.Text), len(tt.body))
			}
			if strings.HasPrefix(got.Text, "<x>\n  <y>") != tt.indented {
				t.Errorf("starts with %.20q", got.Text)
			}
			if !utf8.ValidString(got.Text) {
				t.Errorf("ends in the middle of a character: %q", got.Text[len(got.Text)-4:])
			}
		})
	}
	if got := shownAnswer(ConsoleAnswer{Body: []byte(fault)}); got.Fault == nil || got.Fault.Code != "notFound" {
		t.Errorf("a fault is shown as %+v", got.Fault)
	}
	large := []byte("<x>" + strings.Repeat("<y>1</y>", 20*maxRead/8) + "</x>")
	if n := testing.AllocsPerRun(1, func() { shownAnswer(ConsoleAnswer{Body: large}) }); n > 10 {
		t.Errorf("%.0f allocations for an answer of %d MB", n, len(large)>>20)
	}
}
