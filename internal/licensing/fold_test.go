package licensing_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Brückner & Söhne", "bruckner & sohne"},
		{"BRÜCKNER", "bruckner"},
		{"Bru\u0308ckner", "bruckner"}, // the letter and its mark apart
		{"Straße", "strasse"},
		{"STRASSE", "strasse"},
		{"İstanbul", "istanbul"},
		{"ﬁne Ｆｕｌｌ①", "fine full1"},
		{"Ελλάς", "ελλασ"}, // the final sigma is a sigma
		{"K26-10001", "k26-10001"},
		{"\xff", "\uFFFD"},
	} {
		if got := licensing.Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if !strings.Contains(licensing.Fold("Brückner"), licensing.Fold("BRÜCK")) || !strings.Contains(licensing.Fold("Brückner"), licensing.Fold("bruck")) {
		t.Error("Brückner is not found")
	}
}

func TestFoldTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once := licensing.Fold(s)
		if twice := licensing.Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, then %q", s, once, twice)
		}
	})
}

// Every character by itself, since few of them are strange.
func TestFoldEveryCharacter(t *testing.T) {
	for r := rune(0); r < 0x20000; r++ {
		once := licensing.Fold(string(r))
		if twice := licensing.Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, then %q", r, once, twice)
		}
		if lower := licensing.Fold(strings.ToLower(string(r))); lower != once {
			t.Errorf("%q folds to %q, its lower case to %q", r, once, lower)
		}
	}
}
