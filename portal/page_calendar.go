package portal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"unicode/utf8"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// calendarPath is where calendars are read; what follows is secret.
const calendarPath = "/calendar/"

// calendarFeedPage is what the page about one's own calendar shows.
type calendarFeedPage struct {
	Feed      subscriptions.CalendarFeed
	RequestID string
	Done      string // what was done just now, in words
}

func (s *site) calendarFeed(v *visit) error {
	feed, err := s.services.Subscriptions.CalendarFeed(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p := calendarFeedPage{Feed: feed, RequestID: newRequestID()}
	if v.Query("withdrawn") != "" && !feed.Exists {
		p.Done = T(v.ctx(), "calendar.withdrawn")
	}
	return v.show(http.StatusOK, calendarFeed(p))
}

// makeCalendarFeed makes the address, and shows it in the answer: nowhere else, and never again.
func (s *site) makeCalendarFeed(v *visit) error {
	feed, _, err := s.services.Subscriptions.MakeCalendarFeed(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"))
	if err != nil {
		return err
	}
	p := calendarFeedPage{Feed: feed, RequestID: newRequestID()}
	if feed.Address == "" {
		p.Done = T(v.ctx(), "calendar.wasShown")
	}
	return v.show(http.StatusOK, calendarFeed(p))
}

func (s *site) withdrawCalendarFeed(v *visit) error {
	if _, _, err := s.services.Subscriptions.WithdrawCalendarFeed(v.ctx(), v.actor, v.Request.PostForm.Get("requestId")); err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "calendar-feed") + "?withdrawn=1")
}

// calendarFile answers calendars, which ask again and again: with nothing while nothing has changed.
func (s *site) calendarFile(v *visit) error {
	c, err := s.services.Subscriptions.CalendarAt(v.ctx(), v.Param("secret"))
	if err != nil {
		return err
	}
	text := calendarText(v.ctx(), c)
	sum := sha256.Sum256([]byte(text))
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	v.Header("ETag", tag)
	v.Header("Cache-Control", "private, no-cache")
	for asked := range strings.SplitSeq(v.GetHeader("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(asked), "W/") == tag {
			v.Status(http.StatusNotModified)
			v.Writer.WriteHeaderNow()
			return nil
		}
	}
	v.Data(http.StatusOK, "text/calendar; charset=utf-8", []byte(text))
	return nil
}

// calendarText is a calendar as RFC 5545 has it: an event for a whole day for each last day to cancel. It says the same as
// long as nothing has changed.
func calendarText(ctx context.Context, c subscriptions.Calendar) string {
	var b strings.Builder
	line := func(name, value string) { b.WriteString(foldLine(name + ":" + value)) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Kontor//Last days to cancel//EN")
	line("CALSCALE", "GREGORIAN")
	line("METHOD", "PUBLISH")
	line("X-WR-CALNAME", escapeText(T(ctx, "calendar.name", "Group", c.GroupName)))
	line("REFRESH-INTERVAL;VALUE=DURATION", "PT12H")
	for _, l := range c.Lines {
		line("BEGIN", "VEVENT")
		line("UID", string(l.Of.Subscription)+"-"+l.On.String()+"@kontor")
		line("DTSTAMP", l.Of.ChangedAt.UTC().Format("20060102T150405Z"))
		line("DTSTART;VALUE=DATE", calendarDate(l.On))
		line("DTEND;VALUE=DATE", calendarDate(l.On.AddDays(1)))
		line("SUMMARY", escapeText(T(ctx, "calendar.event", "License", forecastLicense(ctx, l.Of), "Customer", customerName(l.Of.Customer))))
		line("DESCRIPTION", escapeText(T(ctx, "calendar.text", "CancelBy", dayLong(ctx, l.On), "End", dayLong(ctx, l.Period.End))))
		if c.PortalURL != "" {
			line("URL", c.PortalURL+inGroup(c.GroupCode, "licenses/"+string(l.Of.ID)))
		}
		line("TRANSP", "TRANSPARENT")
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	return b.String()
}

func calendarDate(d licensing.Day) string { return d.Time().Format("20060102") }

// escapeText writes a text as RFC 5545, 3.3.11 has it, on one line.
func escapeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s)
}

// foldLine breaks a line after at most 75 octets, never within a character, and ends it (RFC 5545, 3.1).
func foldLine(s string) string {
	const longest = 75
	var b strings.Builder
	room := longest
	for _, r := range s {
		if n := utf8.RuneLen(r); n > room {
			b.WriteString("\r\n ")
			room = longest - 1 - n
		} else {
			room -= n
		}
		b.WriteRune(r)
	}
	return b.String() + "\r\n"
}
