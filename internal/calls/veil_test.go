package calls

import "testing"

func TestWithoutValues(t *testing.T) {
	hidden := []string{"margin", "a&b"}
	for text, want := range map[string]string{
		"<name>seats</name>\n  <value>3</value>":                                        "<name>seats</name>\n  <value>3</value>",
		"<name>margin</name>\n  <value>40</value>":                                      "<name>margin</name>\n  <value>(hidden)</value>",
		"<k:name>margin</k:name><k:value>40</k:value>":                                  "<k:name>margin</k:name><k:value>(hidden)</k:value>",
		`<name xml:lang="en">margin</name><value a="1">40</value>`:                      `<name xml:lang="en">margin</name><value a="1">(hidden)</value>`,
		"<name>a&amp;b</name><value>40</value>":                                         "<name>a&amp;b</name><value>(hidden)</value>",
		"<value>40</value>\n<name>margin</name>":                                        "<value>(hidden)</value>\n<name>margin</name>",
		"<name>margin</name><value></value>":                                            "<name>margin</name><value>(hidden)</value>",
		"<name>margin</name></x><x><name>seats</name><value>3</value>":                  "<name>margin</name></x><x><name>seats</name><value>3</value>",
		"<name>margin</name><value>1</value></x><x><name>margin</name><value>2</value>": "<name>margin</name><value>(hidden)</value></x><x><name>margin</name><value>(hidden)</value>",
	} {
		if got := withoutValues(text, hidden); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
		if got := withoutValues(text, nil); got != text {
			t.Errorf("where nothing is hidden, %q is %q", text, got)
		}
	}
}
