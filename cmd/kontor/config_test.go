package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// parseServe parses a serve command line as run does.
func parseServe(t *testing.T, args ...string) serveCommand {
	t.Helper()
	var c cli
	parser, err := kong.New(&c, kong.DefaultEnvars("KONTOR"), kong.Resolvers(fileResolver(dataDir(args))))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(append([]string{"serve"}, args...)); err != nil {
		t.Fatal(err)
	}
	return c.Serve
}

// TestPrecedence: a flag wins over the environment, that over the file, that over the default.
func TestPrecedence(t *testing.T) {
	dir := t.TempDir()
	file := "listen = \"127.0.0.1:1\"\npublic-url = \"https://file.example\"\nlog-level = \"warn\"\n"
	if err := os.WriteFile(filepath.Join(dir, configName), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KONTOR_DATA", dir)
	t.Setenv("KONTOR_PUBLIC_URL", "https://environment.example")
	t.Setenv("KONTOR_LOG_LEVEL", "error")
	c := parseServe(t, "--log-level", "debug")
	for _, x := range []struct{ what, got, want string }{
		{"the file over the default", c.Listen, "127.0.0.1:1"},
		{"the environment over the file", c.PublicURL, "https://environment.example"},
		{"the flag over the environment", c.LogLevel, "debug"},
		{"the default", c.MetricsListen, ""},
	} {
		if x.got != x.want {
			t.Errorf("%s: %q, not %q", x.what, x.got, x.want)
		}
	}
	if c.Data != dir {
		t.Errorf("data directory %q, not %q", c.Data, dir)
	}
}

func TestDatabaseAddress(t *testing.T) {
	t.Setenv("KONTOR_DATABASE_URL", "")
	if got := parseServe(t, "--data", "/srv/kontor").database(); got != "sqlite:///srv/kontor/kontor.db" {
		t.Errorf("the default is %q", got)
	}
	t.Setenv("KONTOR_DATABASE_URL", "postgres://db/kontor")
	if got := parseServe(t).database(); got != "postgres://db/kontor" {
		t.Errorf("from the environment: %q", got)
	}
}

// TestUsage: wrong usage exits with 2, a failure with 1, and results and errors go their own ways.
func TestUsage(t *testing.T) {
	for _, x := range []struct {
		args []string
		code int
		errs string
	}{
		{[]string{"version"}, exitDone, ""},
		{[]string{"--help"}, exitDone, ""},
		{[]string{"conjure"}, exitUsage, "unexpected argument conjure"},
		{[]string{"serve", "--listen"}, exitUsage, "listen"},
		{[]string{"license", "verify", "missing.lic", "--public-key", "zz"}, exitUsage, "public-key"},
		{[]string{"receipt", "verify", "missing.json", "--public-key", "zz"}, exitUsage, "public-key"},
		{[]string{"demo", "--data", t.TempDir(), "--listen", "0.0.0.0:0"}, exitUsage, "loopback only"},
		{[]string{"serve", "--data", t.TempDir(), "--public-url", "x.example"}, exitUsage, "--public-url"},
		{[]string{"serve", "--data", t.TempDir(), "--public-url", "ftp://x.example"}, exitUsage, "--public-url"},
		{[]string{"serve", "--data", t.TempDir(), "--public-url", "https://u:p@x.example"}, exitUsage, "--public-url"},
		{[]string{"serve", "--data", t.TempDir(), "--public-url", "https://x.example/?a=1"}, exitUsage, "--public-url"},
		{[]string{"serve", "--data", t.TempDir(), "--public-url", "https://x.example/#f"}, exitUsage, "--public-url"},
		{[]string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--database-url", "mysql://x"}, exitUsage, "postgres://"},
	} {
		var out, errs bytes.Buffer
		if code := run(context.Background(), x.args, &out, &errs); code != x.code {
			t.Errorf("kontor %s exits with %d, not %d: %s", strings.Join(x.args, " "), code, x.code, &errs)
		}
		if !strings.Contains(errs.String(), x.errs) {
			t.Errorf("kontor %s says %q", strings.Join(x.args, " "), &errs)
		}
		if x.code == exitDone && out.Len() == 0 {
			t.Errorf("kontor %s prints nothing", strings.Join(x.args, " "))
		}
	}
}

func TestConnectorsOfTheFile(t *testing.T) {
	for _, x := range []struct{ name, file, err string }{
		{"none", "", ""},
		{"one", "[[connectors]]\ncode = \"erp\"\nurl = \"https://erp.example/soap\"\n", ""},
		{"without a code", "[[connectors]]\nurl = \"https://erp.example/soap\"\n", "needs a code"},
		{"one code twice", strings.Repeat("[[connectors]]\ncode = \"erp\"\nurl = \"https://erp.example/soap\"\n", 2), "needs a code of its own"},
		{"not TOML", "[[connectors", "kontor.toml"},
	} {
		t.Run(x.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, configName), []byte(x.file), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := common{Data: dir}.connectors()
			if (err == nil) != (x.err == "") || err != nil && !strings.Contains(err.Error(), x.err) {
				t.Errorf("%v", err)
			}
		})
	}
}
