package inbound

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestExamplesInTheDocumentation sends every envelope of docs/soap.md and docs/soap-accounts.md.
func TestExamplesInTheDocumentation(t *testing.T) {
	doc := string(readFile(t, "../../docs/soap.md")) + string(readFile(t, "../../docs/soap-accounts.md"))
	sent := 0
	for _, block := range regexp.MustCompile("(?s)```xml\n(.*?)```").FindAllStringSubmatch(doc, -1) {
		if !strings.Contains(block[1], "Envelope") {
			continue
		}
		sent++
		mediaType := soap11.mediaType
		if strings.Contains(block[1], soap12.namespace) {
			mediaType = soap12.mediaType
		}
		if w := newFace(t, Config{}).ask(newRequest(mediaType, block[1])); w.Code != http.StatusOK {
			t.Errorf("%s\nis answered by\n%s", block[1], w.Body)
		}
	}
	if sent <= len(operations) {
		t.Errorf("%d examples, want the first call and one for each of %d operations", sent, len(operations))
	}
	for code := range callersFault {
		if !strings.Contains(doc, "| `"+string(code)+"` |") {
			t.Errorf("the code %s is not explained", code)
		}
	}
}
