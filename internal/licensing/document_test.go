package licensing

import (
	"errors"
	"strings"
	"testing"
)

func TestDocumentReport(t *testing.T) {
	for _, c := range []struct {
		name   string
		report DocumentReport
		field  string // "": it is fine
	}{
		{"accepted", DocumentReport{" shop ", MessageAccepted, " SO-1 ", ""}, ""},
		{"accepted with a word", DocumentReport{"shop", MessageAccepted, "SO-1", "booked by hand"}, ""},
		{"rejected", DocumentReport{"shop", MessageRejected, "", "blocked"}, ""},
		{"rejected with a number", DocumentReport{"shop", MessageRejected, "SO-1", "blocked"}, ""},
		{"the longest", DocumentReport{strings.Repeat("ü", 64), MessageAccepted, strings.Repeat("ü", 100), strings.Repeat("ü", 500)}, ""},
		{"without a number", DocumentReport{"shop", MessageAccepted, " ", ""}, "number"},
		{"without a message", DocumentReport{"shop", MessageRejected, "SO-1", ""}, "message"},
		{"of no system", DocumentReport{"", MessageAccepted, "SO-1", ""}, "connector"},
		{"of a long system", DocumentReport{strings.Repeat("x", 65), MessageAccepted, "SO-1", ""}, "connector"},
		{"a long number", DocumentReport{"shop", MessageAccepted, strings.Repeat("x", 101), ""}, "number"},
		{"a number of two lines", DocumentReport{"shop", MessageAccepted, "SO\n1", ""}, "number"},
		{"a long message", DocumentReport{"shop", MessageRejected, "", strings.Repeat("x", 501)}, "message"},
		{"a state that is ours to give", DocumentReport{"shop", MessageFailed, "", "x"}, "state"},
		{"no state", DocumentReport{"shop", "", "", ""}, "state"},
	} {
		got, err := c.report.Check()
		var problems Problems
		errors.As(err, &problems)
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.field == "" && (got.Connector != strings.TrimSpace(c.report.Connector) || got.Number != strings.TrimSpace(c.report.Number)):
			t.Errorf("%s: got %+v", c.name, got)
		case c.field != "" && (len(problems) != 1 || AsError(problems[0]).Field != c.field || AsError(problems[0]).Code != CodeInvalidRequest):
			t.Errorf("%s: got %v, want one problem of %s", c.name, err, c.field)
		}
	}
}

func TestReportSettles(t *testing.T) {
	all := []Message{
		{ID: "1", Connector: "erp", State: MessageAccepted, Number: "A-1"}, {ID: "2", Connector: "crm", State: MessageWaiting},
		{ID: "3", Connector: "erp", State: MessageRejected}, {ID: "4", Connector: "erp", State: MessageSent},
	}
	for _, c := range []struct {
		report  DocumentReport
		settles MessageID
		known   bool
	}{
		{DocumentReport{Connector: "erp", State: MessageAccepted, Number: "A-2"}, "3", false},
		{DocumentReport{Connector: "erp", State: MessageAccepted, Number: "A-1"}, "3", true},
		{DocumentReport{Connector: "erp", State: MessageRejected, Message: "x"}, "3", false},
		{DocumentReport{Connector: "crm", State: MessageAccepted, Number: "A-1"}, "2", false},
		{DocumentReport{Connector: "shop", State: MessageAccepted, Number: "A-1"}, "", false},
	} {
		m, ok := c.report.Settles(all)
		if m.ID != c.settles || ok != (c.settles != "") || c.report.Known(all) != c.known {
			t.Errorf("%+v settles %q (%v), known %v", c.report, m.ID, ok, c.report.Known(all))
		}
	}
}
