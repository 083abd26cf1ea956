package licensing_test

import (
	"fmt"
	"testing"

	"kontor/internal/licensing"
)

func TestHiding(t *testing.T) {
	h := licensing.Hiding{
		{Name: "everywhere", Hidden: true}, {Name: "nowhere"}, {Name: "a-alone", Category: "a", Hidden: true},
		{Name: "but-a", Hidden: true}, {Name: "but-a", Category: "a"}, {Name: "in-a", Category: "a", Hidden: true}, {Name: "in-a"},
	}
	var all []licensing.Value
	for _, name := range []string{"everywhere", "nowhere", "a-alone", "but-a", "in-a", "unknown"} {
		all = append(all, licensing.Value{Name: name})
	}
	for _, c := range []struct {
		categories []licensing.CategoryID
		want       string
	}{
		{nil, "[everywhere nowhere a-alone but-a in-a unknown]"},
		{[]licensing.CategoryID{"a"}, "[nowhere but-a unknown]"},
		{[]licensing.CategoryID{"b"}, "[nowhere a-alone in-a unknown]"},
		{[]licensing.CategoryID{"a", "b"}, "[nowhere unknown]"},
		{[]licensing.CategoryID{""}, "[nowhere a-alone in-a unknown]"},
	} {
		var names []string
		for _, v := range h.Shown(all, c.categories...) {
			names = append(names, v.Name)
		}
		if got := fmt.Sprint(names); got != c.want {
			t.Errorf("in %v: %s, want %s", c.categories, got, c.want)
		}
	}
	if !h.Any() || (licensing.Hiding{{Name: "x"}}).Any() || len(all) != 6 || all[0].Name != "everywhere" {
		t.Error("what is hidden is not told right, or the values were changed")
	}
}
