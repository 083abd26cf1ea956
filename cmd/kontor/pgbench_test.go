package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kontor/internal/pgtest"
)

// uniqueWord is what may be another one in each transaction: ids, tickets with and without dashes, the numbers that
// the callers make.
var uniqueWord = regexp.MustCompile(`(?i)\b([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[2-9A-HJ-NP-Z]{5}(-[2-9A-HJ-NP-Z]{5}){4}|[2-9A-HJ-NP-Z]{25}|tap-[0-9]+)\b`)

// pgbenchScript makes the script that runs the statements of one transaction, as recorded twice: words that differ
// between the recordings are unique, and become a random number of the transaction with the word's own place.
func pgbenchScript(t testing.TB, one, two []statement) string {
	t.Helper()
	if len(one) != len(two) {
		t.Fatalf("the two recordings have %d and %d statements", len(one), len(two))
	}
	places := map[string]int{}
	for i, s := range one {
		for j, p := range s.params {
			if p != nil && two[i].params[j] != nil {
				notePlaces(places, *p, *two[i].params[j])
			}
		}
	}
	var script strings.Builder
	script.WriteString("\\set u random(1, 9000000000000000000)\n")
	for _, s := range one {
		fmt.Fprintf(&script, "%s;\n", inline(s, places))
	}
	return script.String()
}

func notePlaces(places map[string]int, a, b string) {
	inA, inB := uniqueWord.FindAllString(a, -1), uniqueWord.FindAllString(b, -1)
	for i, word := range inA {
		if i < len(inB) && inB[i] != word {
			if _, known := places[strings.ToLower(word)]; !known {
				places[strings.ToLower(word)] = len(places)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\$[0-9]+`)

// inline puts the parameters into the statement: pgbench's prepared mode makes parameters of the random number again.
func inline(s statement, places map[string]int) string {
	sql := regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(s.sql, "")
	sql = placeholder.ReplaceAllStringFunc(sql, func(p string) string {
		n, _ := strconv.Atoi(p[1:])
		if s.params[n-1] == nil {
			return "NULL"
		}
		return expression(*s.params[n-1], places)
	})
	return strings.Join(strings.Fields(strings.TrimSuffix(strings.TrimSpace(sql), ";")), " ")
}

// expression is a literal with the unique words replaced.
func expression(value string, places map[string]int) string {
	var parts []string
	rest := 0
	for _, at := range uniqueWord.FindAllStringIndex(value, -1) {
		place, unique := places[strings.ToLower(value[at[0]:at[1]])]
		if !unique {
			continue
		}
		parts = append(parts, quote(value[rest:at[0]]), fmt.Sprintf("CAST(:u AS TEXT) || '-%d'", place))
		rest = at[1]
	}
	if parts == nil {
		return quote(value)
	}
	return "(" + strings.Join(append(parts, quote(value[rest:])), " || ") + ")"
}

func quote(s string) string {
	s = strings.ReplaceAll(s, "'", "''")
	// A colon would begin a variable of pgbench, a line break end the command, a backslash begin an escape.
	if strings.ContainsAny(s, ":\n\\") {
		s = strings.NewReplacer(`\`, `\\`, "\n", `\n`, ":", `\x3a`).Replace(s)
		return "E'" + s + "'"
	}
	return "'" + s + "'"
}

// pgbench runs a script and returns transactions per second and the 99th percentile of their time.
func pgbench(t testing.TB, dsn, script string, connections int, seconds time.Duration) (perSecond float64, p99 time.Duration) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "create.sql")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(pgtest.Binary(t, "pgbench"), "-n", "-M", "prepared", "-c", strconv.Itoa(connections), "-j", "2",
		"-T", strconv.Itoa(int(seconds.Seconds())), "-f", file, "-l", "--log-prefix", filepath.Join(dir, "log"), dsn)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("pgbench: %v\n%s\n%s", err, out, script)
	}
	found := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
	if found == nil {
		t.Fatalf("pgbench said no tps:\n%s", out)
	}
	perSecond, _ = strconv.ParseFloat(string(found[1]), 64)
	return perSecond, percentile(pgbenchTimes(t, dir), 99)
}

// pgbenchTimes reads the time of each transaction, in microseconds, from pgbench's logs.
func pgbenchTimes(t testing.TB, dir string) (times []time.Duration) {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join(dir, "log.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range logs {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if fields := strings.Fields(lines.Text()); len(fields) > 2 {
				us, _ := strconv.Atoi(fields[2])
				times = append(times, time.Duration(us)*time.Microsecond)
			}
		}
		f.Close()
	}
	return times
}

// percentile is the p-th percentile of times.
func percentile(times []time.Duration, p int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[min(len(times)*p/100, len(times)-1)]
}
