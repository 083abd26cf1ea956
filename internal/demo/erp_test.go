package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func openERP(t *testing.T, dir string) *ERP {
	t.Helper()
	e, err := NewERP(dir)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func closeERP(t *testing.T, e *ERP) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustBook(t *testing.T, e *ERP, message string) Document {
	t.Helper()
	d, err := e.book(Document{MessageID: message, OrderNumber: "K26-10001", Kind: "orderCreated"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func numbers(documents []Document) []string {
	var all []string
	for _, d := range documents {
		all = append(all, d.Number)
	}
	return all
}

func TestDocumentsOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	e := openERP(t, dir)
	first := mustBook(t, e, "m-1")
	mustBook(t, e, "m-2")
	closeERP(t, e)

	e = openERP(t, dir)
	defer closeERP(t, e)
	if again := mustBook(t, e, "m-1"); again.Number != first.Number || !again.Received.Equal(first.Received) {
		t.Errorf("after a restart m-1 is %s of %v, want %s of %v", again.Number, again.Received, first.Number, first.Received)
	}
	mustBook(t, e, "m-3")
	if got, want := numbers(e.Documents()), []string{"AB-700001", "AB-700002", "AB-700003"}; !slices.Equal(got, want) {
		t.Errorf("the documents are %v, want %v", got, want)
	}
}

// A kill can leave any beginning of the last line. Whatever it left, whole lines count, the rest is gone, and the
// book goes on without a gap.
func TestKilledWhileWriting(t *testing.T) {
	dir := t.TempDir()
	e := openERP(t, dir)
	mustBook(t, e, "m-1")
	mustBook(t, e, "m-2")
	closeERP(t, e)
	file := filepath.Join(dir, erpDocumentsFile)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	firstLine := strings.IndexByte(string(whole), '\n') + 1
	for cut := range len(whole) + 1 {
		atLineEnd := cut == firstLine-1 || cut == firstLine || cut == firstLine+1 || cut >= len(whole)-1
		if !atLineEnd && cut%16 != 0 {
			continue
		}
		if err := os.WriteFile(file, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		want := []string{"AB-700001"}
		if cut >= firstLine {
			want = []string{"AB-700001", "AB-700002"}
		}
		if cut == len(whole) {
			want = append(want, "AB-700003")
		}
		e := openERP(t, dir)
		mustBook(t, e, "m-3")
		closeERP(t, e)
		e = openERP(t, dir)
		if got := numbers(e.Documents()); !slices.Equal(got, want) {
			t.Fatalf("cut at byte %d: %v, want %v", cut, got, want)
		}
		closeERP(t, e)
	}
}

func TestBrokenJournalIsNotGuessedAt(t *testing.T) {
	dir := t.TempDir()
	content := `{"number":"AB-700001","messageId":"m-1"}` + "\nnot json\n"
	if err := os.WriteFile(filepath.Join(dir, erpDocumentsFile), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewERP(dir); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v, want the line that is broken", err)
	}
}

func TestConcurrentBookings(t *testing.T) {
	e := openERP(t, t.TempDir())
	defer closeERP(t, e)
	const messages, sends = 20, 5
	var wg sync.WaitGroup
	var mu sync.Mutex
	given := map[string]map[string]bool{} // message id to the numbers that were answered
	for i := range messages * sends {
		wg.Go(func() {
			id := fmt.Sprintf("m-%d", i%messages)
			d, err := e.book(Document{MessageID: id})
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if given[id] == nil {
				given[id] = map[string]bool{}
			}
			given[id][d.Number] = true
		})
	}
	wg.Wait()
	for id, all := range given {
		if len(all) != 1 {
			t.Errorf("%s got the numbers %v", id, all)
		}
	}
	got := numbers(e.Documents())
	for i := range messages {
		if want := fmt.Sprintf("AB-%d", 700001+i); got[i] != want {
			t.Errorf("document %d is %s, want %s", i, got[i], want)
		}
	}
	if len(got) != messages {
		t.Errorf("%d documents, want %d", len(got), messages)
	}
}

func TestAFailedWriteBooksNothing(t *testing.T) {
	e := openERP(t, t.TempDir())
	closeERP(t, e) // writing fails from here
	if d, err := e.book(Document{MessageID: "m-1"}); err == nil {
		t.Errorf("booked as %s", d.Number)
	}
	if n := len(e.Documents()); n != 0 {
		t.Errorf("%d documents, want none", n)
	}
}

func TestTheSwitchOutlivesTheProcess(t *testing.T) {
	dir := t.TempDir()
	for _, down := range []bool{false, true, true, false, false} {
		e := openERP(t, dir)
		if err := e.SetDown(down); err != nil {
			t.Fatal(err)
		}
		closeERP(t, e)
		e = openERP(t, dir)
		if e.Down() != down {
			t.Errorf("down is %v after a restart, want %v", e.Down(), down)
		}
		closeERP(t, e)
	}
}
