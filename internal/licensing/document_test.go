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

func TestDocumentSaidTo(t *testing.T) {
	for _, c := range []struct {
		kind MessageKind
		isv  bool
		want string
	}{
		{TellOrderCreated, true, "no"}, {TellOrderCreated, false, ""},
		{TellDocumentReported, true, "no"}, {TellDocumentReported, false, ""},
	} {
		if got := (Document{Kind: c.kind, LastError: "no"}).SaidTo(Actor{Membership: Membership{GroupIsISV: c.isv}}); got != c.want {
			t.Errorf("of %s to the maker's own %v: %q, want %q", c.kind, c.isv, got, c.want)
		}
	}
}

func TestReportSettles(t *testing.T) {
	all := []Message{
		{ID: "1", Connector: "erp", Kind: TellOrderCreated, State: MessageAccepted, Number: "A-1"},
		{ID: "2", Connector: "crm", Kind: TellOrderCreated, State: MessageWaiting},
		{ID: "r", Connector: "erp", Kind: TellLicenseRevoked, State: MessageFailed},
		{ID: "m", Connector: "erp", Kind: TellLicenseModified, State: MessageAccepted, Number: "A-3"},
		{ID: "3", Connector: "erp", Kind: TellOrderExtended, State: MessageRejected},
		{ID: "4", Connector: "erp", Kind: TellDocumentReported, State: MessageSent},
		{ID: "b", Connector: "bay", Kind: TellDocumentReported, State: MessageRejected, Number: "B-1", LastError: "blocked"},
		{ID: "c", Connector: "bay", Kind: TellDocumentReported, State: MessageRejected, Number: "B-2", LastError: "blocked"},
		{ID: "s", Connector: "pim", Kind: TellSubscriptionCancelled, State: MessageWaiting},
	}
	for _, c := range []struct {
		report  DocumentReport
		named   MessageID
		settles MessageID
		known   bool
	}{
		{DocumentReport{Connector: "erp", State: MessageAccepted, Number: "A-2"}, "", "3", false},
		{DocumentReport{Connector: "erp", State: MessageAccepted, Number: "A-1"}, "", "3", true},
		{DocumentReport{Connector: "erp", State: MessageAccepted, Number: "A-3"}, "", "3", false},
		{DocumentReport{Connector: "erp", State: MessageRejected, Message: "x"}, "", "3", false},
		{DocumentReport{Connector: "crm", State: MessageAccepted, Number: "A-1"}, "", "2", false},
		{DocumentReport{Connector: "pim", State: MessageAccepted, Number: "A-1"}, "", "", false},
		{DocumentReport{Connector: "shop", State: MessageAccepted, Number: "A-1"}, "", "", false},
		{DocumentReport{Connector: "erp", State: MessageAccepted, Number: "A-1"}, "4", "4", false},
		{DocumentReport{Connector: "erp", State: MessageAccepted, Number: "A-2"}, "4", "4", false},
		{DocumentReport{Connector: "erp", State: MessageAccepted, Number: "A-2"}, "1", "", false},
		{DocumentReport{Connector: "erp", State: MessageAccepted, Number: "A-2"}, "2", "", false},
		{DocumentReport{Connector: "erp", State: MessageAccepted, Number: "A-2"}, "r", "", false},
		{DocumentReport{Connector: "bay", State: MessageRejected, Number: "B-1", Message: "blocked"}, "", "b", true},
		{DocumentReport{Connector: "bay", State: MessageRejected, Number: "B-2", Message: "blocked"}, "", "c", true},
		{DocumentReport{Connector: "bay", State: MessageRejected, Number: "B-2", Message: "blocked"}, "b", "b", false},
		{DocumentReport{Connector: "bay", State: MessageRejected, Number: "B-2", Message: "unpaid"}, "", "c", false},
		{DocumentReport{Connector: "bay", State: MessageAccepted, Number: "B-2"}, "", "c", false},
		{DocumentReport{Connector: "bay", State: MessageAccepted, Number: "B-3"}, "", "b", false},
	} {
		m, ok := c.report.Settles(all, c.named)
		if m.ID != c.settles || ok != (c.settles != "") || c.report.Known(all, c.named) != c.known {
			t.Errorf("%+v settles %q (%v), known %v", c.report, m.ID, ok, c.report.Known(all, c.named))
		}
	}
}

// TestDocumentOpen holds that what can be settled is what a report settles.
func TestDocumentOpen(t *testing.T) {
	for _, kind := range []MessageKind{TellOrderCreated, TellOrderExtended, TellDocumentReported, TellLicenseRevoked, TellSubscriptionExtended, TellStatementClosed} {
		for _, state := range []MessageState{MessageWaiting, MessageSent, MessageRejected, MessageFailed, MessageAccepted} {
			_, settles := DocumentReport{Connector: "erp"}.Settles([]Message{{Connector: "erp", Kind: kind, State: state}}, "")
			if open := (Document{Kind: kind, State: state}).Open(); open != settles {
				t.Errorf("%s, %s: open %v, settled %v", kind, state, open, settles)
			}
		}
	}
}
