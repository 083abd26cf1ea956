package portal

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/bojanz/currency"

	"kontor/internal/licensing"
)

// dayLong is "21 November 2026".
func dayLong(ctx context.Context, d licensing.Day) string { return formatDay(ctx, "date.long", d) }

// dayShort is "21 Nov 2026".
func dayShort(ctx context.Context, d licensing.Day) string { return formatDay(ctx, "date.short", d) }

// dayInList is "Sun 29 Nov"; the year is added when it is not this one's.
func dayInList(ctx context.Context, d, today licensing.Day) string {
	if d.Year != today.Year {
		return formatDay(ctx, "date.listYear", d)
	}
	return formatDay(ctx, "date.list", d)
}

// weekdayLong is "Saturday, 21 November 2026".
func weekdayLong(ctx context.Context, d licensing.Day) string { return formatDay(ctx, "date.full", d) }

// weekdayHint is "Mon 21 December 2026".
func weekdayHint(ctx context.Context, d licensing.Day) string { return formatDay(ctx, "date.hint", d) }

func formatDay(ctx context.Context, key string, d licensing.Day) string {
	if d.IsZero() {
		return ""
	}
	month, weekday := strconv.Itoa(int(d.Month)), strconv.Itoa(int(d.Weekday()))
	return T(ctx, key,
		"Day", d.Date, "Year", d.Year,
		"Month", T(ctx, "month.m"+month), "ShortMonth", T(ctx, "monthShort.m"+month),
		"Weekday", T(ctx, "weekday.d"+weekday), "ShortWeekday", T(ctx, "weekdayShort.d"+weekday))
}

// clock is "14:32" in zone.
func clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04") }

// clockSeconds is "14:32:05" in zone.
func clockSeconds(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04:05") }

// stamp is "14:32:05" on a day that is today, and else with the day before it.
func stamp(ctx context.Context, t time.Time, today licensing.Day, zone *time.Location) string {
	if day := licensing.DayOf(t, zone); day != today {
		return T(ctx, "date.stamp", "Day", dayInList(ctx, day, today), "Time", clockSeconds(t, zone))
	}
	return clockSeconds(t, zone)
}

// when says when something happened, as short as its distance allows: "14:27", "Yesterday", "Thu 19 Nov".
func when(ctx context.Context, t time.Time, now licensing.Moment) string {
	day, today := licensing.DayOf(t, now.Zone), now.Today()
	switch day.DaysUntil(today) {
	case 0:
		return clock(t, now.Zone)
	case 1:
		return T(ctx, "date.yesterday")
	default:
		return dayInList(ctx, day, today)
	}
}

// inDays is "today", "tomorrow" or "in 8 days".
func inDays(ctx context.Context, n int) string {
	switch n {
	case 0:
		return T(ctx, "date.today")
	case 1:
		return T(ctx, "date.tomorrow")
	default:
		return T(ctx, "date.inDays", "Count", n)
	}
}

// nextTry is "14:32", "14:32:05" when it is less than a minute ahead, and with the day on another day. Tries run by
// the wall clock.
func nextTry(ctx context.Context, t time.Time, now licensing.Moment) string {
	if t.Sub(now.Wall) < time.Minute {
		return clockSeconds(t, now.Zone)
	}
	day, today := licensing.DayOf(t, now.Zone), licensing.DayOf(now.Wall, now.Zone)
	if day == today {
		return clock(t, now.Zone)
	}
	return T(ctx, "date.at", "Day", dayInList(ctx, day, today), "Time", clock(t, now.Zone))
}

// money is "2,160.00 EUR".
func money(m *licensing.Money) string {
	if m == nil {
		return ""
	}
	return figure(m) + " " + m.Currency
}

// figure is "2,160.00", for columns that name the currency once; a dash where there is no amount.
func figure(m *licensing.Money) string {
	if m == nil {
		return "—"
	}
	amount, err := currency.NewAmountFromInt64(m.Minor, m.Currency)
	if err != nil { // not a currency of ISO 4217
		return strconv.FormatInt(m.Minor, 10)
	}
	f := currency.NewFormatter(currency.NewLocale("en"))
	f.CurrencyDisplay = currency.DisplayNone
	return f.Format(amount)
}

// number is "1,204".
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// spelled is the word for a small number, as in a sentence ("five"), and figures from thirteen on.
func spelled(ctx context.Context, n int) string {
	if n < 0 || n > 12 {
		return number(n)
	}
	return T(ctx, "number.n"+strconv.Itoa(n))
}

// capital makes a sentence's first letter a capital one.
func capital(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// either is "Standard or Pro", "5, 30, 60 or 90".
func either(ctx context.Context, items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return T(ctx, "list.or", "Items", strings.Join(items[:last], ", "), "Last", items[last])
}
