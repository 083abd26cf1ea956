package inbound

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kontor/internal/connecting"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// TestChangesAreDecoded looks at what the use cases are asked.
func TestChangesAreDecoded(t *testing.T) {
	f := newFace(t, Config{})
	ask := func(file string) {
		t.Helper()
		r := newRequest(soap11.mediaType, string(readFile(t, "testdata/golden/"+file+".11.request.xml")))
		if w := f.ask(r); w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", file, w.Code, w.Body)
		}
	}
	ask("find-licenses")
	if diff := cmp.Diff(ordering.FindLicenses{
		Group: "northwind", Category: "partner", Product: "AUR-CARE", CustomerNumber: "C-7", DataField: licensing.Value{Name: "external-order", Value: "4711"},
		State: licensing.LicenseActive, ChangedSince: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), PageSize: new(1), Cursor: "Zmlyc3Q",
	}, f.ordering.sought); diff != "" {
		t.Errorf("FindLicenses (-want +got):\n%s", diff)
	}
	ask("find-licenses-minimal")
	if diff := cmp.Diff(ordering.FindLicenses{}, f.ordering.sought); diff != "" {
		t.Errorf("FindLicenses of nothing (-want +got):\n%s", diff)
	}
	ask("list-changes")
	if diff := cmp.Diff(connecting.ListChanges{Cursor: "MS9maXJzdA", PageSize: new(2)}, f.feed.asked); diff != "" {
		t.Errorf("ListChanges (-want +got):\n%s", diff)
	}
	blanks := soapEnvelope("", "<v:ListChanges><v:cursor>\n MS9maXJzdA\t</v:cursor></v:ListChanges>")
	if w := f.ask(newRequest(soap11.mediaType, blanks)); w.Code != http.StatusOK || f.feed.asked.Cursor != "MS9maXJzdA" {
		t.Errorf("ListChanges with blanks around its cursor: %q", f.feed.asked.Cursor)
	}
	blanks = soapEnvelope("", "<v:FindLicenses><v:cursor> Zmlyc3Q\n</v:cursor></v:FindLicenses>")
	if w := f.ask(newRequest(soap11.mediaType, blanks)); w.Code != http.StatusOK || f.ordering.sought.Cursor != "Zmlyc3Q" {
		t.Errorf("FindLicenses with blanks around its cursor: %q", f.ordering.sought.Cursor)
	}
	ask("list-changes-minimal")
	if diff := cmp.Diff(connecting.ListChanges{}, f.feed.asked); diff != "" {
		t.Errorf("ListChanges from the beginning (-want +got):\n%s", diff)
	}
	ask("modify-license")
	if diff := cmp.Diff(ordering.ModifyLicense{
		Ticket: knownTicket, Customer: &licensing.Customer{Number: "C-8", Name: "Grace Hopper"},
		Parameters: []licensing.Value{{Name: "seats", Value: "8"}}, DataFields: []licensing.Value{{Name: "external-order", Value: "4712"}},
	}, f.ordering.modified); diff != "" {
		t.Errorf("ModifyLicense (-want +got):\n%s", diff)
	}
}

// TestWhyRejectedIsForTheMakersOwn reports a rejection as an account of the maker's own group, and as another one.
func TestWhyRejectedIsForTheMakersOwn(t *testing.T) {
	f := newFace(t, Config{})
	for _, isv := range []bool{true, false} {
		r := newRequest(soap11.mediaType, string(readFile(t, "testdata/golden/report-document-rejected.11.request.xml")))
		actor := licensing.Actor{Membership: licensing.Membership{ID: "m1", Email: accountName, GroupIsISV: isv}}
		if w := f.ask(r.WithContext(LetIn(r.Context(), actor))); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "<message>") != isv {
			t.Errorf("to the maker's own %v: %d %s", isv, w.Code, w.Body)
		}
	}
}
