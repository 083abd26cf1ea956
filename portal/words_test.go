package portal

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"

	"kontor/internal/licensing"
)

// english is a context in which T speaks English, on the day of the tests.
func english(t *testing.T) context.Context {
	t.Helper()
	bundle, err := newBundle()
	if err != nil {
		t.Fatal(err)
	}
	noon := testDay.Begin(time.UTC).Add(12 * time.Hour)
	v := &visit{site: &site{}, now: licensing.Moment{Business: noon, Wall: noon, Zone: time.UTC}}
	return context.WithValue(withWords(t.Context(), bundle, "en"), visitKey{}, v)
}

var testDay = licensing.Day{Year: 2026, Month: time.November, Date: 21}

func day(year, month, date int) licensing.Day {
	return licensing.Day{Year: year, Month: time.Month(month), Date: date}
}

// TestEveryTextIsThere holds the language files against the sources: a key that is asked for exists, and one that
// exists is asked for.
func TestEveryTextIsThere(t *testing.T) {
	files, err := filepath.Glob("locales/*en.toml")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, file := range files {
		maps.Copy(keys, languageKeys(t, file))
	}
	source := sources(t)
	asked := regexp.MustCompile(`(?:T|Rich|formatDay)\(ctx, "([a-zA-Z0-9.]+)"(\+|, |\))|(?:T|Rich|formatDay)\(v\.ctx\(\), "([a-zA-Z0-9.]+)"`)
	for _, m := range asked.FindAllStringSubmatch(source, -1) {
		key, begun := m[1]+m[3], m[2] == "+"
		if !begun && !keys[key] {
			t.Errorf("the text %q is asked for, but in no language", key)
		}
	}
	for key := range keys {
		toOneself := strings.Contains(source, `ofYou("`+strings.TrimSuffix(key, "You")+`"`)
		if !strings.Contains(source, `"`+key+`"`) && !begunIn(source, key) && !toOneself {
			t.Errorf("the text %q is not used", key)
		}
	}
}

// begunIn reports whether a key is put together in the sources from its beginning and a value: "kind."+kind.
func begunIn(source, key string) bool {
	for _, m := range begun.FindAllStringSubmatch(source, -1) {
		if strings.HasPrefix(key, m[1]) {
			return true
		}
	}
	return false
}

var begun = regexp.MustCompile(`"([a-zA-Z]+\.[a-zA-Z.]*)" ?\+`)

func languageKeys(t *testing.T, file string) map[string]bool {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	var walk func(prefix string, node map[string]any)
	walk = func(prefix string, node map[string]any) {
		if _, plural := node["other"]; plural {
			keys[strings.TrimSuffix(prefix, ".")] = true
			return
		}
		for name, value := range node {
			if below, ok := value.(map[string]any); ok {
				walk(prefix+name+".", below)
			} else {
				keys[prefix+name] = true
			}
		}
	}
	walk("", tree)
	return keys
}

// sources is the text of every page and its code.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"*.go", "*.templ"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") || strings.HasSuffix(f, "_templ.go") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

func TestRichEscapesWhatIsPutIn(t *testing.T) {
	ctx := english(t)
	var b strings.Builder
	err := Rich(ctx, "home.due", "License", link("/a?b=1&c=\"2\"", "<i>Pro</i>"), "Customer", `<script>alert("x")</script>`).Render(ctx, &b)
	if err != nil {
		t.Fatal(err)
	}
	want := `<a href="/a?b=1&amp;c=&#34;2&#34;">&lt;i&gt;Pro&lt;/i&gt;</a> for &lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;`
	if b.String() != want {
		t.Errorf("got  %s\nwant %s", b.String(), want)
	}
}

func TestUnknownTextShowsItsKey(t *testing.T) {
	if got := T(english(t), "no.such.key"); got != "no.such.key" {
		t.Errorf("got %q", got)
	}
}

// TestTextsOfValues holds that there is a text for every value that a page puts into a key.
func TestTextsOfValues(t *testing.T) {
	ctx := english(t)
	for prefix, values := range map[string][]string{
		"way.kind.": texts(licensing.TellOrderExtended, licensing.TellSubscriptionExtended, licensing.TellSubscriptionCancelled, licensing.TellCancellationWithdrawn, licensing.TellSubscriptionEnded,
			licensing.TellLicenseModified, licensing.TellLicenseSuspended, licensing.TellLicenseRevoked, licensing.TellLicenseReinstated,
			licensing.TellLicenseMoved, licensing.TellLicenseDeleted),
		"kind.":                      texts(kinds...),
		"message.reasons.license.":   {"rejected", "failed", "first", "waiting"},
		"message.reasons.statement.": {"rejected", "failed", "first", "waiting"},
		"plan.to.": texts(licensing.AlignMonth, licensing.AlignQuarter, licensing.AlignHalfYear,
			licensing.AlignYear),
		"planForm.aligns.": append(texts(planAlignments[1:]...), "none"),
		"planForm.fields.": {
			"type", "term", "extension", "cancellation", "align", "alignTo", "first", "shortestFirst", "shortestTerm", "longestTerm", "startAhead",
			"mostExtensions", "consumer", "extensionPrice", "reminders", "resellerOnly",
		},
		"planForm.prices.": {"then", "kept"},
		"type.":            typeNames,
		"exports.":         texts(licensing.FormatCSV, licensing.FormatSpreadsheet),
		"changes.do.":      {"modify", "suspend", "revoke", "reinstate", "move", "delete"},
		"planForm.types.":  texts(licensing.LicenseSubscription, licensing.MaintenanceSubscription),
		"planForm.firsts.": {"lengthened", "shortened"},
	} {
		for _, value := range values {
			if text := T(ctx, prefix+value, "Count", 2); text == prefix+value {
				t.Errorf("there is no text %q", text)
			}
		}
	}
}

func texts[S ~string](values ...S) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}
