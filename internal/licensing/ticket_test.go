package licensing_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// ticketVectors are those of the contract.
var ticketVectors = []string{"23456-789AB-CDEFG-HJKLM-NPQRH", "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZW"}

func TestTicketVectors(t *testing.T) {
	for _, want := range ticketVectors {
		got, err := licensing.ParseTicket(want)
		if err != nil || got != want {
			t.Errorf("ParseTicket(%q) = %q, %v", want, got, err)
		}
	}
	random := make([]byte, 24)
	for i := range random {
		random[i] = byte(i)
	}
	if got, err := licensing.NewTicket(bytes.NewReader(random)); err != nil || got != ticketVectors[0] {
		t.Errorf("NewTicket(0, 1, …) = %q, %v, want %q", got, err, ticketVectors[0])
	}
}

func TestNewTicketFailsWithItsSource(t *testing.T) {
	if ticket, err := licensing.NewTicket(strings.NewReader("too short")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("NewTicket = %q, %v, want the source's error", ticket, err)
	}
}

func TestParseTicketForms(t *testing.T) {
	want := ticketVectors[0]
	for _, s := range []string{
		"23456789ABCDEFGHJKLMNPQRH",
		"23456-789ab-cdefg-hjklm-npqrh",
		"  23456 789AB\tCDEFG\nHJKLM NPQRH ",
		"23456–789AB—CDEFG‑HJKLM-NPQRH", // dashes as text processors make them
		"2-3-4-5-6-7-8-9-A-B-C-D-E-F-G-H-J-K-L-M-N-P-Q-R-H",
	} {
		if got, err := licensing.ParseTicket(s); err != nil || got != want {
			t.Errorf("ParseTicket(%q) = %q, %v, want %q", s, got, err, want)
		}
	}
}

func TestParseTicketRefuses(t *testing.T) {
	for _, c := range []struct{ ticket, says string }{
		{"", "this has 0"},
		{"23456-789AB-CDEFG-HJKLM-NPQR", "this has 24"},
		{"23456-789AB-CDEFG-HJKLM-NPQRHH", "this has 26"},
		{strings.Repeat("2", 1_000_000), "much longer"},
		{"23456-789AB-CDEFG-HJKLM-NPQR0", "character 25 is none of them"},
		{"I3456-789AB-CDEFG-HJKLM-NPQRH", "character 1 is none of them"},
		{"23456-789AB-CDEFG-HJKLM-NPQſH", "character 24 is none of them"}, // a long s is no S
		{"23456-789AB-CDEFG-HJKLM-NPQR\xff", "character 25 is none of them"},
		{"23456-789AB-CDEFG-HJKLM-NPQRJ", "a character is wrong, or two are swapped"},
	} {
		_, err := licensing.ParseTicket(c.ticket)
		e := licensing.AsError(err)
		if e == nil || e.Code != licensing.CodeInvalidRequest || e.Field != "ticket" || !strings.Contains(e.Message, c.says) {
			t.Errorf("ParseTicket(%.40q): %v, want it to say %q", c.ticket, err, c.says)
		}
		if len(c.ticket) > 20 && e != nil && strings.Contains(e.Message, c.ticket[:20]) {
			t.Errorf("the error repeats the ticket: %v", err)
		}
	}
}

// Every wrong character in every place, and every swap of neighbors, is found: all of them, for many tickets.
func TestTicketFindsMistakes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rapid.SliceOfN(rapid.Byte(), 24, 24).Draw(t, "random")
		ticket, err := licensing.NewTicket(bytes.NewReader(random))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := licensing.ParseTicket(ticket); err != nil || got != ticket {
			t.Fatalf("ParseTicket(%q) = %q, %v", ticket, got, err)
		}
		plain := []byte(strings.ReplaceAll(ticket, "-", ""))
		mustRefuse := func(changed []byte) {
			if _, err := licensing.ParseTicket(string(changed)); err == nil {
				t.Fatalf("%s passes for %s", changed, plain)
			}
		}
		for i := range plain {
			for _, c := range []byte(alphabet) {
				if c != plain[i] {
					changed := bytes.Clone(plain)
					changed[i] = c
					mustRefuse(changed)
				}
			}
			if i > 0 && plain[i] != plain[i-1] {
				changed := bytes.Clone(plain)
				changed[i], changed[i-1] = changed[i-1], changed[i]
				mustRefuse(changed)
			}
		}
	})
}

// Each of the 24 random characters takes each of the 32 values about equally often.
func TestNewTicketIsUniform(t *testing.T) {
	const tickets = 3200
	counts := map[[2]int]int{}
	for range tickets {
		ticket, err := licensing.NewTicket(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range strings.ReplaceAll(ticket, "-", "")[:24] {
			counts[[2]int{i, strings.IndexRune(alphabet, c)}]++
		}
	}
	for i := range 24 {
		for v := range 32 {
			// 100 are expected; 30 or 200 would be some seven standard deviations away.
			if n := counts[[2]int{i, v}]; n < 30 || n > 200 {
				t.Errorf("character %d is %c in %d of %d tickets", i, alphabet[v], n, tickets)
			}
		}
	}
}

func FuzzParseTicket(f *testing.F) {
	for _, s := range append(ticketVectors, "", "23456789abcdefghjklmnpqrh", "–– ––", "\xff\xfe") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ticket, err := licensing.ParseTicket(s)
		if err != nil {
			return
		}
		if again, err := licensing.ParseTicket(ticket); err != nil || again != ticket {
			t.Errorf("ParseTicket(%q) = %q, which reads as %q, %v", s, ticket, again, err)
		}
	})
}
