package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/licensing"
)

// TestRemindersArrive moves the demo's clock to the days on which reminders go out, and finds them in the mail catcher,
// with a link that leads to the license.
func TestRemindersArrive(t *testing.T) {
	t.Parallel()
	h := startHouse(t, t.TempDir(), "", true)
	id, order := subscriptionInNorthwind(t, h, "reminded")
	var cancelBy licensing.Day
	err := h.store.Read(t.Context(), func(tx licensing.Tx) error {
		l, err := tx.LicenseByID(t.Context(), licensing.LicenseID(id))
		cancelBy = l.Subscription.Last().CancelBy
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	anna := personOf(t, h, "anna@northwind.example", "northwind")
	mails := func() (found []string) {
		for _, link := range mailLinks.FindAllString(caught(h, "/mail"), -1) {
			if text := caught(h, link); strings.Contains(text, "anna@northwind.example") && strings.Contains(text, order) {
				found = append(found, text)
			}
		}
		return found
	}
	for i, days := range []int{30, 7} {
		if err := h.clock.MoveTo(t.Context(), cancelBy.AddDays(-days)); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the reminder", func() bool { return len(mails()) > i })
	}
	path := regexp.MustCompile(`/as/northwind/licenses/[\w-]+`).FindString(mails()[0])
	r, err := anna.http.Get(h.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK || path != "/as/northwind/licenses/"+url.PathEscape(id) {
		t.Errorf("the link %q answers %d", path, r.StatusCode)
	}
	if n := len(mails()); n != 2 {
		t.Errorf("%d reminders, not 2", n)
	}
}
