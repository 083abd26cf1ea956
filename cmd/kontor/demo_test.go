package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore"
)

// TestDemo goes through the life of a demo: a license by SOAP reaches the ERP, its file verifies, a second start goes
// on where the first was, and --reset begins anew, but not while it runs.
func TestDemo(t *testing.T) {
	for name, database := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, f := startDemo(t, database(t))
			first, err := createBySOAP(f.SOAP, "first")
			if err != nil || first.Fault != "" || first.Replayed {
				t.Fatalf("%+v, %v", first, err)
			}
			waitFor(t, "the ERP's document", func() bool { return len(erpDocuments(t, f.ERP)) == 1 })
			verify(t, f, first.File)

			if code, said := command(p, "demo", "--reset", "--data", p.args[2]); code != exitFailed || !strings.Contains(said, "stop it first") {
				t.Errorf("--reset beside the running demo exits with %d: %s", code, said)
			}
			if err := p.stop(); err != nil {
				t.Errorf("after SIGTERM: %v", err)
			}
			p.start()
			waitFor(t, "the second start", func() bool { return get(f.URL+"/readyz") == http.StatusOK })
			again, err := createBySOAP(f.SOAP, "first")
			if err != nil || !again.Replayed || again.OrderNumber != first.OrderNumber || again.File != first.File {
				t.Errorf("the second start does not know the first request: %+v, %v", again, err)
			}
			if n := len(erpDocuments(t, f.ERP)); n != 1 {
				t.Errorf("%d ERP documents after the second start", n)
			}
			if err := p.stop(); err != nil {
				t.Errorf("after SIGTERM: %v", err)
			}

			p.args = append(p.args, "--reset")
			p.start()
			waitFor(t, "the start after --reset", func() bool { return get(f.URL+"/readyz") == http.StatusOK })
			anew, err := createBySOAP(f.SOAP, "first")
			if err != nil || anew.Replayed || anew.Tickets[0] == first.Tickets[0] {
				t.Errorf("--reset did not begin anew: %+v, %v", anew, err)
			}
		})
	}
}

// verify checks a license file with the command that a stranger would use.
func verify(t *testing.T, f demoFile, file string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "license.lic")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"license", "verify", path, "--public-key", f.PublicKey}, &out, &errs); code != exitDone {
		t.Errorf("license verify exits with %d: %s", code, &errs)
	}
	if !strings.Contains(out.String(), "Aurora Design") {
		t.Errorf("license verify says %q", &out)
	}
	other := strings.Repeat("ab", 32)
	if code := run(context.Background(), []string{"license", "verify", path, "--public-key", other}, &out, &errs); code != exitFailed {
		t.Errorf("with another key license verify exits with %d", code)
	}
}

// command runs kontor beside a process, on the same database.
func command(p *process, args ...string) (code int, said string) {
	var out, errs bytes.Buffer
	args = append(args, "--database-url", p.database)
	code = run(context.Background(), args, &out, &errs)
	return code, errs.String()
}

// TestDemoLeavesOthersAlone: the demo neither seeds nor resets what it did not begin.
func TestDemoLeavesOthersAlone(t *testing.T) {
	dir := t.TempDir()
	address := "sqlite://" + filepath.Join(dir, "kontor.db")
	s, err := sqlstore.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(t.Context(), func(tx licensing.Tx) error {
		return tx.InsertGroup(t.Context(), licensing.Group{ID: "1", Code: "maker", Name: "A real maker", CreatedAt: time.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"demo", "--data", dir, "--listen", "127.0.0.1:0", "--erp-listen", "127.0.0.1:0"},
		{"demo", "--data", dir, "--listen", "127.0.0.1:0", "--erp-listen", "127.0.0.1:0", "--reset"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, &out, &errs); code != exitFailed {
			t.Errorf("kontor %s exits with %d: %s", strings.Join(args, " "), code, &errs)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "kontor.db")); err != nil {
		t.Error("the database is gone")
	}
}

// TestOtherMasterKey: a database is not used with another master key than its own.
func TestOtherMasterKey(t *testing.T) {
	dir := t.TempDir()
	c := common{Data: dir, MasterKey: strings.Repeat("01", 32), LogLevel: "error"}
	h, err := open(t.Context(), c, c.logger(streams{errs: &bytes.Buffer{}}), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	c.MasterKey = strings.Repeat("02", 32)
	if _, err := open(t.Context(), c, c.logger(streams{errs: &bytes.Buffer{}}), ""); err == nil || !strings.Contains(err.Error(), "does not fit") {
		t.Errorf("opened with another master key: %v", err)
	}
}
