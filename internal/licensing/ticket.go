package licensing

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// The shape of a ticket: five groups of five characters, the last of which is the check character.
const (
	ticketAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ" // no 0, 1, I and O: they look alike
	ticketLength   = 25
	ticketGroup    = 5
)

// longestTicketInput bounds what ParseTicket looks at: a ticket with generous blanks and dashes.
const longestTicketInput = 200

// NewTicket makes a ticket in its canonical form, XXXXX-XXXXX-XXXXX-XXXXX-XXXXX, from 120 bits of random. Random must
// be a cryptographic source: nobody may guess another's ticket. The error is random's.
func NewTicket(random io.Reader) (string, error) {
	values := make([]byte, ticketLength-1)
	if _, err := io.ReadFull(random, values); err != nil {
		return "", fmt.Errorf("make a ticket: %w", err)
	}
	for i := range values {
		values[i] &= 31 // 256 is a multiple of 32, so every character stays equally likely
	}
	return groupTicket(append(values, checkCharacter(values))), nil
}

// ParseTicket reads a ticket as people type it: case, blanks and dashes do not matter. It returns the canonical form.
// The error (code invalidRequest, field "ticket") says whether the length, a character or the check character is
// wrong; it never repeats the input, because a ticket stands in no log.
func ParseTicket(s string) (canonical string, err error) {
	if len(s) > longestTicketInput {
		return "", InvalidRequest("ticket", "A ticket has %d characters, blanks and dashes not counted; this is much longer.", ticketLength)
	}
	var values []byte
	for _, c := range s {
		if unicode.IsSpace(c) || unicode.Is(unicode.Pd, c) {
			continue
		}
		if 'a' <= c && c <= 'z' { // not unicode.ToUpper: it would turn a long s into an S
			c -= 'a' - 'A'
		}
		value := strings.IndexRune(ticketAlphabet, c)
		if value < 0 {
			return "", InvalidRequest("ticket", "A ticket has the digits 2 to 9 and the letters A to Z without I and O; character %d is none of them.", len(values)+1)
		}
		values = append(values, byte(value))
	}
	if len(values) != ticketLength {
		return "", InvalidRequest("ticket", "A ticket has %d characters, blanks and dashes not counted; this has %d.", ticketLength, len(values))
	}
	last := ticketLength - 1
	if values[last] != checkCharacter(values[:last]) {
		return "", InvalidRequest("ticket", "This is no ticket: a character is wrong, or two are swapped. Compare it with the original.")
	}
	return groupTicket(values), nil
}

// checkCharacter computes the check character over GF(32) with x⁵+x²+1. Each position weighs in with a different
// power of x, so every single wrong character and every swap of neighbors changes it.
func checkCharacter(values []byte) byte {
	var sum byte
	for _, v := range values {
		sum = timesX(sum) ^ v
	}
	return timesX(sum)
}

// timesX multiplies an element of GF(32) by x.
func timesX(s byte) byte {
	s <<= 1
	if s >= 32 {
		s ^= 0b100101 // x⁵+x²+1
	}
	return s
}

// groupTicket writes values as characters, in groups with dashes between them.
func groupTicket(values []byte) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 && i%ticketGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(ticketAlphabet[v])
	}
	return b.String()
}
