package signing_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/signing"
)

func newSealer(t testing.TB, key []byte, purpose string) *signing.Sealer {
	t.Helper()
	s, err := signing.NewSealer(key, purpose)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSealAndOpen(t *testing.T) {
	s := newSealer(t, master, "test")
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		associated := rapid.SliceOf(rapid.Byte()).Draw(t, "associated")
		sealed, err := s.Seal(plain, associated)
		if err != nil || len(sealed) != len(plain)+29 || sealed[0] != 1 {
			t.Fatalf("sealed %x, %v", sealed, err)
		}
		if got, err := s.Open(sealed, associated); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("opened %x, %v", got, err)
		}
		again, err := s.Seal(plain, associated)
		if err != nil || bytes.Equal(again, sealed) {
			t.Fatalf("sealed twice to the same: %x, %v", again, err)
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	s := newSealer(t, master, "test")
	sealed, err := s.Seal([]byte("secret"), []byte("row 1"))
	if err != nil {
		t.Fatal(err)
	}
	refuses := func(what string, s *signing.Sealer, sealed, associated []byte) {
		if plain, err := s.Open(sealed, associated); !errors.Is(err, signing.ErrSealed) || plain != nil {
			t.Errorf("%s: got %q, %v", what, plain, err)
		}
	}
	for i := range sealed {
		for bit := range 8 {
			changed := bytes.Clone(sealed)
			changed[i] ^= 1 << bit
			refuses("a changed bit", s, changed, []byte("row 1"))
		}
		refuses("cut off", s, sealed[:i], []byte("row 1"))
	}
	refuses("one byte more", s, append(bytes.Clone(sealed), 0), []byte("row 1"))
	refuses("from another row", s, sealed, []byte("row 2"))
	refuses("from no row", s, sealed, nil)
	refuses("for another purpose", newSealer(t, master, "tests"), sealed, []byte("row 1"))
	refuses("under another master key", newSealer(t, bytes.Repeat([]byte{1}, 32), "test"), sealed, []byte("row 1"))
}

func TestSealRefusesTooMuch(t *testing.T) {
	if _, err := newSealer(t, master, "test").Seal(make([]byte, 64<<20+1), nil); err == nil {
		t.Error("more than 64 MB were sealed")
	}
}

// What the first release made of the test's master key.
const (
	sealedBefore    = "01763c11d7e5e48bd53940c16a0c5bb2437b6fdaa56f066c56849e92be4f65e33946bb"
	publicKeyBefore = "92c244b84107c4c1ca04121eb6cd642ac87169d51981835a52dc3d68958bae9a"
)

// What an earlier release has sealed and signed must stay readable: the derivation of keys does not change.
func TestDerivationIsKept(t *testing.T) {
	sealed, err := hex.DecodeString(sealedBefore)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := newSealer(t, master, "test").Open(sealed, []byte("row 1")); err != nil || string(plain) != "secret" {
		t.Errorf("opened %q, %v", plain, err)
	}
	if got := hex.EncodeToString(current(t)[0]); got != publicKeyBefore {
		t.Errorf("the public key became %s", got)
	}
}

func TestMasterKeyHasItsSize(t *testing.T) {
	for _, key := range [][]byte{nil, master[1:], append(bytes.Clone(master), 0)} {
		if _, err := signing.NewSealer(key, "test"); err == nil {
			t.Errorf("a sealer from %d bytes", len(key))
		}
		if _, err := signing.SigningKey(key, "test"); err == nil {
			t.Errorf("a signing key from %d bytes", len(key))
		}
	}
}

func FuzzOpen(f *testing.F) {
	s := newSealer(f, master, "test")
	f.Add([]byte{}, []byte{})
	f.Add([]byte{1}, []byte("row 1"))
	f.Add(bytes.Repeat([]byte{1}, 29), []byte("row 1"))
	f.Fuzz(func(t *testing.T, sealed, associated []byte) {
		if plain, err := s.Open(sealed, associated); err == nil {
			t.Errorf("%x opens as %x", sealed, plain)
		}
	})
}
