package pgtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindBinaries(t *testing.T) {
	root := t.TempDir()
	debian := filepath.Join(root, "debian")
	for _, version := range []string{"9.6", "15", "8", "17", "16"} {
		writeProgram(t, filepath.Join(debian, version, "bin", "pg_ctl"), "")
	}
	inPath := filepath.Join(root, "path")
	writeProgram(t, filepath.Join(inPath, "pg_ctl"), "")
	named := filepath.Join(root, "named")
	writeProgram(t, filepath.Join(named, "pg_ctl"), "")
	nowhere := filepath.Join(root, "nowhere")

	for _, c := range []struct {
		name, named, debian, path string
		want, problem             string
	}{
		{name: "newest of Debian's, by number", debian: debian, path: inPath, want: filepath.Join(debian, "17", "bin")},
		{name: "in PATH", debian: nowhere, path: inPath, want: inPath},
		{name: "the named folder first", named: named, debian: debian, path: inPath, want: named},
		{name: "the named folder or none", named: nowhere, debian: debian, path: inPath, problem: "no pg_ctl in it"},
		{name: "none", debian: nowhere, path: nowhere, problem: "install the Debian package postgresql"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("PATH", c.path)
			got, err := findBinaries(c.named, c.debian)
			if c.problem != "" {
				if err == nil || !strings.Contains(err.Error(), c.problem) {
					t.Fatalf("got %q and error %v, want an error that says %q", got, err, c.problem)
				}
				return
			}
			if err != nil || got != c.want {
				t.Errorf("got %q and error %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestBinary(t *testing.T) {
	if path := Binary(t, "initdb"); !isFile(path) {
		t.Errorf("%s is no file", path)
	}
}

func writeProgram(t *testing.T, path, script string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}
