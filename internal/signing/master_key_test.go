package signing_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kontor/internal/signing"
)

func TestMasterKeyIsMadeOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "var")
	first, err := signing.LoadMasterKey(dir, "")
	if err != nil || len(first) != 32 || bytes.Equal(first, make([]byte, 32)) {
		t.Fatalf("got %x, %v", first, err)
	}
	second, err := signing.LoadMasterKey(dir, "")
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("the second start got another key, %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, "master.key"))
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("got %v, %v, want a file of mode 0600", info.Mode(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the directory holds %v, %v", entries, err)
	}
}

// Several processes that start at once in an empty directory get one key.
func TestMasterKeyRace(t *testing.T) {
	dir := t.TempDir()
	var keys [16][]byte
	var wait sync.WaitGroup
	for i := range keys {
		wait.Go(func() {
			var err error
			if keys[i], err = signing.LoadMasterKey(dir, ""); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for i := range keys {
		if !bytes.Equal(keys[i], keys[0]) {
			t.Errorf("key %d is %x, key 0 %x", i, keys[i], keys[0])
		}
	}
}

func TestMasterKeyFromEnvironment(t *testing.T) {
	want := bytes.Repeat([]byte{0xfb, 0xff}, 16) // in base64 the two alphabets differ
	dir := filepath.Join(t.TempDir(), "unused")
	for _, env := range []string{
		hex.EncodeToString(want), strings.ToUpper(hex.EncodeToString(want)), base64.StdEncoding.EncodeToString(want),
		base64.RawStdEncoding.EncodeToString(want), base64.URLEncoding.EncodeToString(want), base64.RawURLEncoding.EncodeToString(want),
	} {
		if got, err := signing.LoadMasterKey(dir, env); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: got %x, %v", env, got, err)
		}
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the data directory was touched: %v", err)
	}
	for _, env := range []string{"x", strings.Repeat("0", 62), strings.Repeat("0", 66), strings.Repeat("!", 64), " "} {
		_, err := signing.LoadMasterKey(dir, env)
		if err == nil || !strings.Contains(err.Error(), "32 bytes in hexadecimal or base64") {
			t.Errorf("%q: got %v", env, err)
		}
		if err != nil && len(env) > 1 && strings.Contains(err.Error(), env) {
			t.Errorf("the error shows the key: %v", err)
		}
	}
}

func TestMasterKeyFileRefused(t *testing.T) {
	good := strings.Repeat("5a", 32) + "\n"
	for _, c := range []struct {
		name, content string
		mode          os.FileMode
		says          string // empty: accepted
	}{
		{"as written", good, 0o600, ""},
		{"read only", good, 0o400, ""},
		{"base64", base64.StdEncoding.EncodeToString(master), 0o600, ""},
		{"readable by the group", good, 0o640, "can be reached by others (mode 0640); run chmod 600"},
		{"readable by all", good, 0o644, "can be reached by others"},
		{"writable by all", good, 0o602, "can be reached by others"},
		{"empty", "", 0o600, "does not hold 32 bytes"},
		{"short", good[2:], 0o600, "does not hold 32 bytes"},
		{"long", "00" + good, 0o600, "does not hold 32 bytes"},
		{"huge", strings.Repeat(good, 1000), 0o600, "does not hold 32 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "master.key")
			if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, c.mode); err != nil {
				t.Fatal(err)
			}
			got, err := signing.LoadMasterKey(dir, "")
			if c.says == "" {
				if err != nil || !bytes.Equal(got, master) {
					t.Errorf("got %x, %v", got, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want it to say %q", err, c.says)
			}
			if kept, _ := os.ReadFile(path); string(kept) != c.content {
				t.Error("the file was written to")
			}
		})
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "master.key"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := signing.LoadMasterKey(dir, ""); err == nil || !strings.Contains(err.Error(), "is not a file") {
		t.Errorf("a directory as the key: %v", err)
	}
}
