package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// Binary returns the path of one of PostgreSQL's programs, such as pgbench. The test fails when PostgreSQL is not
// installed.
func Binary(t testing.TB, name string) string {
	t.Helper()
	folder, err := findBinaries(os.Getenv("KONTOR_TEST_POSTGRES_BIN"), "/usr/lib/postgresql")
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, name)
}

// findBinaries returns the folder of PostgreSQL's programs: the named one, else that of the newest version below
// Debian's folder, else that of the pg_ctl in PATH.
func findBinaries(named, debian string) (string, error) {
	if named != "" {
		if !isFile(filepath.Join(named, "pg_ctl")) {
			return "", fmt.Errorf("KONTOR_TEST_POSTGRES_BIN is %s, but there is no pg_ctl in it", named)
		}
		return named, nil
	}
	// Debian keeps the servers' programs out of PATH, one folder a version.
	found, err := filepath.Glob(filepath.Join(debian, "*", "bin", "pg_ctl"))
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		newest := slices.MaxFunc(found, func(a, b string) int { return versionOf(a) - versionOf(b) })
		return filepath.Dir(newest), nil
	}
	inPath, err := exec.LookPath("pg_ctl")
	if err != nil {
		return "", fmt.Errorf("PostgreSQL is missing: install the Debian package postgresql, " +
			"or set KONTOR_TEST_POSTGRES_BIN to the folder of initdb and pg_ctl, " +
			"or KONTOR_TEST_POSTGRES to the postgres:// URL of a server")
	}
	return filepath.Dir(inPath), nil
}

// versionOf returns the major version in …/15/bin/pg_ctl, or 0 for a folder such as 9.6, which is too old anyway.
func versionOf(pgCtl string) int {
	version, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(pgCtl))))
	if err != nil {
		return 0
	}
	return version
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
