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
)

// seededDatabase is the address of a database with the demo's data, which nothing runs on.
func seededDatabase(t testing.TB, address string) string {
	t.Helper()
	c := common{Data: t.TempDir(), DatabaseURL: address}
	h, err := open(t.Context(), c, slog.New(slog.DiscardHandler), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := (demoCommand{common: c}).seed(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	return c.database()
}

// asked runs kontor explain with a question in words, "who group action category".
func asked(t *testing.T, database, question string, flags ...string) (code int, out, errs string) {
	t.Helper()
	q := strings.Fields(question)
	args := append([]string{"explain", "--database-url", database, "--member", q[0], "--group", q[1], "--action", q[2], "--category", q[3]}, flags...)
	var o, e bytes.Buffer
	code = run(t.Context(), args, &o, &e)
	return code, o.String(), e.String()
}

// TestExplain asks about the demo's people: the answer is a result whether it is yes or no.
func TestExplain(t *testing.T) {
	for name, database := range engines {
		t.Run(name, func(t *testing.T) {
			address := seededDatabase(t, database(t))
			for _, x := range []struct {
				question string
				allowed  bool
				chain    []string // beginnings
				line     string   // one of casbin's
				missing  string
			}{
				{"anna@northwind.example northwind revoke partner", true,
					[]string{"the software maker gave it to member:isv@aurora.example/aurora on ", "member:isv@aurora.example/aurora gave it to member:anna@northwind.example/northwind on "},
					"p, member:anna@northwind.example/northwind, category:partner, revoke, ", ""},
				{"ANNA@northwind.example northwind revoke partner", true,
					[]string{"the software maker gave it to ", "member:isv@aurora.example/aurora gave it to "}, "p, member:anna@", ""},
				{"isv@aurora.example aurora create internal", true,
					[]string{"the software maker gave it to member:isv@aurora.example/aurora on "}, "p, member:isv@aurora.example/aurora, *, *, ", ""},
				{"ben@northwind.example fjord create partner", false, nil, "p, none", "Nobody has given Ben"},
				{"anna@northwind.example northwind create internal", false, nil, "p, none", "Nobody has given Anna"},
				{"anna@northwind.example northwind create nothing-like-it", false, nil, "p, none", "Nobody has given Anna"},
				{"isv@aurora.example aurora create nothing-like-it", false, nil, "", "Nobody has given"},
			} {
				t.Run(x.question, func(t *testing.T) {
					code, out, errs := asked(t, address, x.question, "--json")
					if code != exitDone || errs != "" {
						t.Fatalf("exits with %d: %s", code, errs)
					}
					e := decodeExplained(t, out)
					if e.Allowed != x.allowed || (e.Grant != nil) != x.allowed || e.Missing != "" != !x.allowed || !strings.HasPrefix(e.Missing, x.missing) {
						t.Errorf("%s", out)
					}
					if !slices.EqualFunc(e.Chain, x.chain, strings.HasPrefix) {
						t.Errorf("chain %q, want %q", e.Chain, x.chain)
					}
					if !slices.ContainsFunc(e.Lines, func(l string) bool { return strings.HasPrefix(l, x.line) }) {
						t.Errorf("lines %q, want %q", e.Lines, x.line)
					}
					if e.Grant != nil && !strings.HasSuffix(e.Lines[len(e.Lines)-1], string(e.Grant.ID)) {
						t.Errorf("the line that decided is %q, the grant %q", e.Lines[len(e.Lines)-1], e.Grant.ID)
					}
				})
			}
		})
	}
}

// decodeExplained holds the answer to the keys that scripts rely on, no more and no fewer.
func decodeExplained(t *testing.T, out string) (e explained) {
	t.Helper()
	var keys map[string]json.RawMessage
	if err := json.Unmarshal([]byte(out), &keys); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got := slices.Sorted(maps.Keys(keys)); !slices.Equal(got, []string{"allowed", "chain", "grant", "lines", "missing"}) {
		t.Errorf("keys %q", got)
	}
	for _, list := range []string{"chain", "lines"} {
		if string(keys[list]) == "null" {
			t.Errorf("%s is null, not an empty list", list)
		}
	}
	if err := json.Unmarshal([]byte(out), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestExplainInWords: for people the same is told in sentences.
func TestExplainInWords(t *testing.T) {
	address := seededDatabase(t, "")
	for question, want := range map[string][]string{
		"anna@northwind.example northwind revoke partner": {"Yes. Anna", "may revoke in Partner, in Northwind.\n", "gave it to member:anna@northwind.example/northwind on", "The lines that decided, at version"},
		"ben@northwind.example fjord create partner":      {"No. Nobody has given Ben", "create in Partner for Fjord.\n", "isv@aurora.example/aurora could give it\n", "  p, none\n"},
	} {
		code, out, errs := asked(t, address, question)
		if code != exitDone || errs != "" {
			t.Errorf("%s: exits with %d: %s", question, code, errs)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: without %q:\n%s", question, w, out)
			}
		}
	}
}

// TestExplainRefused: who is not there is a failure, a wrong command line is wrong usage, and neither has a result.
func TestExplainRefused(t *testing.T) {
	address := seededDatabase(t, "")
	missing := "sqlite://" + filepath.Join(t.TempDir(), "missing.db")
	anna := []string{"--member", "anna@northwind.example", "--group", "northwind", "--action", "create", "--category", "partner"}
	for _, x := range []struct {
		what string
		args []string
		code int
		errs string
	}{
		{"unknown member", []string{"--member", "nobody@northwind.example", "--group", "northwind", "--action", "create", "--category", "partner"}, exitFailed, "nobody@northwind.example is not in the group"},
		{"known elsewhere", []string{"--member", "anna@northwind.example", "--group", "nordic", "--action", "create", "--category", "partner"}, exitFailed, "is not in the group"},
		{"unknown group", []string{"--member", "anna@northwind.example", "--group", "nowhere", "--action", "create", "--category", "partner"}, exitFailed, "is not in the group"},
		{"no database", append([]string{"--database-url", missing}, anna...), exitFailed, "missing.db"},
		{"unknown action", append(anna, "--action", "delete"), exitUsage, "--action"},
		{"no category", anna[:6], exitUsage, "--category"},
		{"no member", anna[2:], exitUsage, "--member"},
		{"too much", append(anna, "partner"), exitUsage, "unexpected argument"},
		{"another flag", append(anna, "--xml"), exitUsage, "unknown flag --xml"},
		{"another engine", append([]string{"--database-url", "mysql://x"}, anna...), exitUsage, "postgres://"},
	} {
		t.Run(x.what, func(t *testing.T) {
			args := []string{"explain"}
			if !slices.Contains(x.args, "--database-url") {
				args = append(args, "--database-url", address)
			}
			var out, errs bytes.Buffer
			code := run(t.Context(), append(append(args, x.args...), "--json"), &out, &errs)
			if code != x.code || !strings.Contains(errs.String(), x.errs) || out.Len() > 0 {
				t.Errorf("exits with %d, want %d; prints %q; says %q, want %q", code, x.code, &out, &errs, x.errs)
			}
		})
	}
}
