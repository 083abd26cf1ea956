package inbound

import (
	"bytes"
	"strconv"
	"unicode/utf16"
)

// refersToHalf finds a reference to half of a surrogate pair in a text or tag that the decoder has let pass. It is no character,
// and the decoder puts U+FFFD in its place.
func refersToHalf(raw []byte) bool {
	for {
		_, rest, found := bytes.Cut(raw, []byte("&#"))
		if !found {
			return false
		}
		number, behind, _ := bytes.Cut(rest, []byte(";"))
		base := 10
		if bytes.HasPrefix(number, []byte("x")) {
			number, base = number[1:], 16
		}
		if n, err := strconv.ParseInt(string(number), base, 32); err == nil && utf16.IsSurrogate(rune(n)) {
			return true
		}
		raw = behind
	}
}
