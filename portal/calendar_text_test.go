package portal

import (
	"strings"
	"testing"
)

// TestCalendarLines: texts are escaped, and long lines break between characters.
func TestCalendarLines(t *testing.T) {
	if got := escapeText("a\\b; c, d\r\ne\nf"); got != `a\\b\; c\, d\ne\nf` {
		t.Errorf("escaped: %q", got)
	}
	for n := range 200 {
		text := strings.Repeat("x", n%4) + strings.Repeat("ü€", n)
		folded := foldLine(text)
		for _, l := range strings.Split(strings.TrimSuffix(folded, "\r\n"), "\r\n") {
			if len(l) > 75 {
				t.Errorf("a line of %d octets: %q", len(l), l)
			}
		}
		if strings.ReplaceAll(strings.TrimSuffix(folded, "\r\n"), "\r\n ", "") != text {
			t.Errorf("%q is folded to %q", text, folded)
		}
	}
}
