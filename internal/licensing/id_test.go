package licensing

import (
	"testing"

	"github.com/google/uuid"
)

func TestDerivedID(t *testing.T) {
	id := DerivedID("message", "erp", "subscriptionExtended:1:2")
	if again := DerivedID("message", "erp", "subscriptionExtended:1:2"); again != id {
		t.Errorf("%s, then %s", id, again)
	}
	if u, err := uuid.Parse(id); err != nil || u.Version() != 8 || u.Variant() != uuid.RFC4122 {
		t.Errorf("%s: %v, version %d, variant %s", id, err, u.Version(), u.Variant())
	}
	seen := map[string]bool{id: true}
	for _, parts := range [][]string{
		{""}, {"", ""}, {"message"}, {"messageerp", "subscriptionExtended:1:2"}, {"message", "erpsubscriptionExtended:1:2"}, {"message", "erp", "subscriptionExtended:1:3"},
		{"erp", "message", "subscriptionExtended:1:2"}, {"message", "erp", "subscriptionExtended:1:2", ""},
	} {
		id := DerivedID(parts...)
		if seen[id] {
			t.Errorf("%q has the id of something else", parts)
		}
		seen[id] = true
	}
}
