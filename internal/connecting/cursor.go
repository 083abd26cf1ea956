package connecting

import (
	"encoding/base64"
	"strconv"
	"strings"

	"kontor/internal/licensing"
)

// Sealer hides what a cursor says. Context is whose cursor it is.
type Sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// cursorOf is a place in the feed for a member, sealed: the number of the place counts what all groups do, and would tell him
// how much that is. The same place has another cursor each time.
func (s *Service) cursorOf(m licensing.MembershipID, number int64, mark string) (string, error) {
	sealed, err := s.cursors.Seal([]byte(place(number, mark)), cursorContext(m))
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// readCursor reads a member's cursor; an empty one is the beginning. Those that were given before cursors were sealed stay
// good: whoever has one knows what it says.
func (s *Service) readCursor(m licensing.MembershipID, cursor string) (number int64, mark string, ok bool) {
	if cursor == "" {
		return 0, "", true
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return 0, "", false
	}
	if opened, err := s.cursors.Open(b, cursorContext(m)); err == nil {
		b = opened
	}
	first, mark, ok := strings.Cut(string(b), "/")
	if !ok {
		return 0, "", false
	}
	number, err = strconv.ParseInt(first, 10, 64)
	return number, mark, err == nil && number >= 0 && place(number, mark) == string(b) && (number > 0 || mark == "")
}

func place(number int64, mark string) string { return strconv.FormatInt(number, 10) + "/" + mark }

func cursorContext(m licensing.MembershipID) []byte { return []byte("cursor " + string(m)) }

func wrongCursor() error {
	return licensing.InvalidRequest("cursor", "Enter the cursor of a change or a nextCursor as this system gave it to you, or none to begin anew.")
}
