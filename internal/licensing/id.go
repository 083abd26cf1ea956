package licensing

import "github.com/google/uuid"

// NewID makes an id of the inside: a UUIDv7, so that ids sort by the time they were made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
