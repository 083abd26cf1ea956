package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
	"kontor/internal/sqlstore"
)

// forecastOf runs kontor subscriptions forecast.
func forecastOf(t *testing.T, database string, flags ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), append([]string{"subscriptions", "forecast", "--database-url", database}, flags...), &o, &e)
	return code, o.String(), e.String()
}

// soldDatabase is a database with the demo's data and two subscriptions of Northwind.
func soldDatabase(t *testing.T, address string) string {
	t.Helper()
	c := common{Data: t.TempDir(), DatabaseURL: address}
	h, err := open(t.Context(), c, slog.New(slog.DiscardHandler), "")
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := (demoCommand{common: c}).seed(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	_, memberships, err := h.access.LogIn(t.Context(), "anna@northwind.example", "kontor-demo", "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	for _, product := range []string{"AUR-SUITE", "AUR-CARE"} {
		_, _, err := h.ordering.CreateLicense(t.Context(), licensing.Actor{Membership: memberships[0]}, licensing.NewID(), ordering.CreateLicense{
			Category: "partner", Product: product, Customer: licensing.Customer{Name: "Bright Studio"}, Parameters: []licensing.Value{{Name: "seats", Value: "12"}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return c.database()
}

// clockOf is the business day of a database.
func clockOf(t *testing.T, database string) (today licensing.Day) {
	t.Helper()
	store, err := sqlstore.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	err = store.Read(t.Context(), func(tx licensing.Tx) error {
		today = tx.Now().Today()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return today
}

// TestForecastCommand asks about the demo's subscriptions, with the keys that scripts rely on and in order of date.
func TestForecastCommand(t *testing.T) {
	for name, database := range engines {
		t.Run(name, func(t *testing.T) {
			address := soldDatabase(t, database(t))
			until := clockOf(t, address).AddMonths(36).String()
			code, out, errs := forecastOf(t, address, "--until", until, "--json")
			if code != exitDone || errs != "" {
				t.Fatalf("exits with %d: %s", code, errs)
			}
			events := decodeForecast(t, out)
			kinds := map[string]int{}
			for i, e := range events {
				kinds[e["event"].(string)]++
				if i > 0 && e["date"].(string) < events[i-1]["date"].(string) || e["date"].(string) > until {
					t.Errorf("%v comes after %v", e, events[i-1])
				}
				if e["event"] == "extended" && e["amount"] != "2160.00" && e["amount"] != "936.00" || e["event"] != "extended" && e["amount"] != nil {
					t.Errorf("the amount of %v is %v", e["event"], e["amount"])
				}
			}
			if kinds["extended"] < 2 || kinds["cancelBy"] < 2 || kinds["reminder"] < 2 {
				t.Errorf("events by kind: %v", kinds)
			}
			_, of, _ := forecastOf(t, address, "--until", until, "--json", "--group", "northwind")
			for _, e := range decodeForecast(t, of) {
				if e["group"] != "northwind" {
					t.Errorf("of northwind: %v", e)
				}
			}
			_, whole, _ := forecastOf(t, address, "--until", until, "--json", "--group", "aurora")
			if whole != out {
				t.Error("the ISV with all groups below it is not everything")
			}
			if _, none, _ := forecastOf(t, address, "--until", until, "--json", "--group", "fjord"); none != "[]\n" {
				t.Errorf("nothing is %q", none)
			}
			if _, table, _ := forecastOf(t, address, "--until", until); !strings.HasPrefix(table, "DATE ") || strings.Count(table, "\n") != len(events)+1 {
				t.Errorf("the table of %d events:\n%s", len(events), table)
			}
		})
	}
}

// decodeForecast holds events to the keys that scripts rely on, no more and no fewer.
func decodeForecast(t *testing.T, out string) (events []map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(out), &events); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, e := range events {
		want := []string{"date", "endDate", "event", "group", "period", "ticket"}
		if e["event"] == "extended" {
			want = []string{"amount", "currency", "date", "endDate", "event", "group", "period", "ticket"}
		}
		if keys := slices.Sorted(maps.Keys(e)); !slices.Equal(keys, want) {
			t.Errorf("keys %q of %v", keys, e["event"])
		}
	}
	return events
}

// TestForecastCommandRefused: what is not there is a failure, a wrong command line wrong usage, and neither has a result.
func TestForecastCommandRefused(t *testing.T) {
	address := seededDatabase(t, "")
	missing := "sqlite://" + filepath.Join(t.TempDir(), "missing.db")
	until := clockOf(t, address).AddMonths(12).String()
	for _, x := range []struct {
		what, database string
		args           []string
		code           int
		errs           string
	}{
		{"unknown group", address, []string{"--until", until, "--group", "nowhere"}, exitFailed, "no such group"},
		{"the past", address, []string{"--until", "2020-01-01"}, exitUsage, "Choose a day"},
		{"too far", address, []string{"--until", clockOf(t, address).AddMonths(120).AddDays(1).String()}, exitUsage, "Choose a day"},
		{"no database", missing, []string{"--until", until}, exitFailed, "missing.db"},
		{"no day", address, nil, exitUsage, "--until"},
		{"not a day", address, []string{"--until", "tomorrow"}, exitUsage, "2027-01-31"},
		{"too much", address, []string{"--until", until, "northwind"}, exitUsage, "unexpected argument"},
	} {
		t.Run(x.what, func(t *testing.T) {
			code, out, errs := forecastOf(t, x.database, append(x.args, "--json")...)
			if code != x.code || !strings.Contains(errs, x.errs) || out != "" {
				t.Errorf("exits with %d, want %d; prints %q; says %q, want %q", code, x.code, out, errs, x.errs)
			}
		})
	}
}
