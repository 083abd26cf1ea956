package demo

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRemove deletes the demo's files and nothing else, however often.
func TestRemove(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"demo.json", erpDocumentsFile, "mail/1.eml", "master.key", "uploads/logo.png"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := Remove(dir); err != nil {
			t.Fatal(err)
		}
	}
	for name, kept := range map[string]bool{"demo.json": false, erpDocumentsFile: false, "mail": false, "master.key": true, "uploads/logo.png": true} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != kept {
			t.Errorf("%s: %v, want kept %v", name, err, kept)
		}
	}
}
