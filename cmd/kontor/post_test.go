package main

import (
	"testing"

	"kontor/internal/licensing"
)

// TestKeepLinks: how links in mails begin is kept for workers; what was only made of a listening address does not take the
// place of what was configured.
func TestKeepLinks(t *testing.T) {
	h := startHouse(t, t.TempDir(), "", false)
	for _, c := range []struct {
		url        string
		configured bool
		want       string
	}{
		{"https://kontor.example/", true, "https://kontor.example"},
		{"http://127.0.0.1:8080", false, "https://kontor.example"},
		{"https://licenses.example", true, "https://licenses.example"},
	} {
		if err := h.keepLinks(t.Context(), c.url, c.configured); err != nil {
			t.Fatal(err)
		}
		var kept string
		err := h.store.Read(t.Context(), func(tx licensing.Tx) (err error) {
			kept, err = tx.Setting(t.Context(), licensing.SettingPublicURL)
			return err
		})
		if err != nil || kept != c.want {
			t.Errorf("after %s: %q, %v", c.url, kept, err)
		}
	}
}
