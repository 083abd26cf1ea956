package paper_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/paper"
)

func sheet(names ...string) paper.Sheet {
	s := paper.Sheet{
		Issuer: "Aurora Software", Title: "Receipt R26-10001", Lead: strings.Repeat("The license runs to 20 November 2027. ", 6),
		Foot: []string{"Signed with Ed25519."}, At: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
	}
	for _, n := range names {
		s.Rows = append(s.Rows, paper.Row{Label: "Customer", Value: n})
	}
	return s
}

func pdf(t testing.TB, s paper.Sheet) []byte {
	t.Helper()
	b, err := s.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// textOf is what another program reads in a PDF.
func textOf(t *testing.T, b []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext (Debian's poppler-utils): %v: %s", err, out)
	}
	return string(out)
}

func TestNamesOfTheWorld(t *testing.T) {
	names := []string{"Łukasz Żółć", "Ω Όμηρος", "Юлия Щукина", "株式会社サンプル", "주식회사 한글", "Brückner & Söhne (Zürich)", "Nguyễn Thị Hương", "mixed 株式会社 Łukasz Ω"}
	text := textOf(t, pdf(t, sheet(names...)))
	for _, n := range append(names, "Aurora Software", "Receipt R26-10001", "Signed with Ed25519.") {
		if !strings.Contains(text, n) {
			t.Errorf("%q is not in the text:\n%s", n, text)
		}
	}
}

func TestCharactersThatNoFontHas(t *testing.T) {
	text := textOf(t, pdf(t, sheet("a\U0001F600b", "c\u0e01d", "e\u200ff", "g\th\ni\x00j", "k\xffl", "\U0010FFFFm", "\U00030000n")))
	for _, want := range []string{"a□b", "c□d", "ef", "g h ij"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the text:\n%s", want, text)
		}
	}
}

func TestTheSameWordsMakeTheSameBytes(t *testing.T) {
	want := pdf(t, sheet("株式会社", "Łukasz"))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if b, err := sheet("株式会社", "Łukasz").PDF(); err != nil || !bytes.Equal(b, want) {
				t.Errorf("other bytes, or %v", err)
			}
		})
	}
	all.Wait()
	if len(want) > 100_000 {
		t.Errorf("a document has %d bytes: more than what it shows was embedded", len(want))
	}
}

func TestLongTexts(t *testing.T) {
	s := sheet(strings.Repeat("W", 500), strings.Repeat("word ", 300), strings.Repeat("株", 400), "")
	for range 60 {
		s.Rows = append(s.Rows, paper.Row{Label: strings.Repeat("label ", 10), Value: "value"})
	}
	b := pdf(t, s)
	text := strings.Join(strings.Fields(textOf(t, b)), "")
	for what, n := range map[string]int{"W": 500, "word": 300, "株": 400, "value": 60} {
		if got := strings.Count(text, what); got != n {
			t.Errorf("%q stands %d times, want %d", what, got, n)
		}
	}
	if pages := bytes.Count(b, []byte("/Type /Page\n")); pages < 2 {
		t.Errorf("%d pages", pages)
	}
}

func BenchmarkPDF(b *testing.B) {
	for name, customer := range map[string]string{"latin": "Łukasz", "eastern": "株式会社"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				pdf(b, sheet(customer))
			}
		})
	}
}
