package portal_test

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"kontor/portal/portaltest"
)

// TestCalendar makes an address for the calendar, reads what is there as calendars do, and withdraws it.
func TestCalendar(t *testing.T) {
	w := newWorld(t)
	w.fill()
	url := startPortal(t, w)
	b := portaltest.Open(t, url, portaltest.Desk)
	b.SignIn("anna@northwind.example", password)
	b.GoTo("/as/northwind/time-machine")
	b.Click(`a[href$="/calendar-feed"]`)
	b.Sees("There is no address for your calendar yet")
	b.Click("#make")
	b.Sees("https://kontor.example/calendar/secret.ics", "It is shown once.")

	status, header, text := asksCalendar(t, url+"/calendar/secret.ics", "")
	if status != http.StatusOK || header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("answers %d, %s", status, header.Get("Content-Type"))
	}
	events := readCalendar(t, text)
	if len(events) < 5 {
		t.Errorf("there are %d events", len(events))
	}
	known := map[string]bool{}
	for _, e := range events {
		if known[e["UID"]] || e["UID"] == "" || len(e["DTSTART;VALUE=DATE"]) != 8 || e["DTEND;VALUE=DATE"] <= e["DTSTART;VALUE=DATE"] || len(e["DTSTAMP"]) != 16 {
			t.Errorf("an event is %v", e)
		}
		known[e["UID"]] = true
		if !strings.HasPrefix(e["SUMMARY"], "Last day to cancel: ") || !strings.HasPrefix(e["URL"], "https://kontor.example/as/northwind/licenses/") {
			t.Errorf("an event is %v", e)
		}
	}
	tag := header.Get("ETag")
	for asked, want := range map[string]int{tag: http.StatusNotModified, "W/" + tag: http.StatusNotModified, `"other", ` + tag: http.StatusNotModified, `"other"`: http.StatusOK} {
		if again, _, _ := asksCalendar(t, url+"/calendar/secret.ics", asked); again != want {
			t.Errorf("asked with %s: %d, want %d", asked, again, want)
		}
	}
	if other, _, _ := asksCalendar(t, url+"/calendar/other.ics", ""); other != http.StatusNotFound {
		t.Errorf("another secret: %d", other)
	}

	b.GoTo("/as/northwind/calendar-feed")
	b.Sees("Your calendar has an address since 21 November 2026", "Make a new address")
	b.Click("#withdraw")
	b.Sees("The address was withdrawn.")
	if gone, _, _ := asksCalendar(t, url+"/calendar/secret.ics", ""); gone != http.StatusNotFound {
		t.Errorf("withdrawn: %d", gone)
	}
}

func asksCalendar(t *testing.T, url, tag string) (status int, header http.Header, text string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if tag != "" {
		q.Header.Set("If-None-Match", tag)
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(b)
}

// readCalendar reads a calendar as strictly as RFC 5545 allows: lines end with CRLF and have at most 75 octets, whole
// characters all of them, and everything that begins ends.
func readCalendar(t *testing.T, text string) (events []map[string]string) {
	t.Helper()
	var lines []string
	scanner := bufio.NewScanner(strings.NewReader(text))
	scanner.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		i := strings.Index(string(data), "\r\n")
		if i < 0 && atEOF && len(data) > 0 {
			t.Errorf("%q does not end with CRLF", data)
			return len(data), data, nil
		}
		if i < 0 {
			return 0, nil, nil
		}
		return i + 2, data[:i], nil
	})
	for scanner.Scan() {
		l := scanner.Text()
		if len(l) > 75 || !utf8.ValidString(l) || strings.ContainsAny(l, "\r\n") {
			t.Errorf("the line %q has %d octets", l, len(l))
		}
		if rest, folded := strings.CutPrefix(l, " "); folded {
			lines[len(lines)-1] += rest
			continue
		}
		lines = append(lines, l)
	}
	var open []string
	for _, l := range lines {
		name, value, found := strings.Cut(l, ":")
		switch {
		case !found:
			t.Errorf("%q is no line", l)
		case name == "BEGIN":
			if open = append(open, value); value == "VEVENT" {
				events = append(events, map[string]string{})
			}
		case name == "END":
			if len(open) == 0 || open[len(open)-1] != value {
				t.Fatalf("%s ends within %v", value, open)
			}
			open = open[:len(open)-1]
		case len(open) == 2:
			events[len(events)-1][name] = value
		}
	}
	if len(open) > 0 || lines[0] != "BEGIN:VCALENDAR" {
		t.Errorf("it begins with %q, and %v does not end", lines[0], open)
	}
	return events
}
