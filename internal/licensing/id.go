package licensing

import (
	"crypto/sha256"
	"strings"

	"github.com/google/uuid"
)

// NewID makes an id of the inside: a UUIDv7, so that ids sort by the time they were made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// DerivedID makes the id of what its parts name: always the same one, a UUIDv8 (RFC 9562). What is told to others under it
// is recognized by them when it is told again, also by a database that was restored and knows nothing of the first time.
// No part holds a NUL.
func DerivedID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	var id uuid.UUID
	copy(id[:], sum[:])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}
