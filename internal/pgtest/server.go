package pgtest

import (
	"bufio"
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Server is a running PostgreSQL.
type Server struct {
	base     *url.URL // of its database postgres, with the superuser's name and password
	given    bool     // by KONTOR_TEST_POSTGRES: not ours, so nothing may be left there
	folder   string   // of a server of our own: its data and its socket
	keeper   *exec.Cmd
	lifeline io.Closer // the keeper stops the server when this closes

	mu        sync.Mutex
	templates map[uintptr]string // databases by the function that migrated them
}

//go:embed keeper.sh
var keeperScript []byte

// shared is the server of the whole test binary. Nobody stops it: its keeper does, when the process ends.
var shared = sync.OnceValues(func() (*Server, error) { return start(Forgetful) })

// Start starts a server for one test or benchmark alone, which is stopped and removed at its end. A server given by
// KONTOR_TEST_POSTGRES is used as it is.
func Start(t testing.TB, kind Kind) *Server {
	t.Helper()
	server, err := start(kind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// url returns the address of a database on the server.
func (s *Server) url(database string) string {
	address := *s.base
	address.Path = "/" + database
	return address.String()
}

func start(kind Kind) (*Server, error) {
	if given := os.Getenv("KONTOR_TEST_POSTGRES"); given != "" {
		base, err := url.Parse(given)
		if err != nil {
			return nil, fmt.Errorf("KONTOR_TEST_POSTGRES is no URL: %w", err)
		}
		return &Server{base: base, given: true}, nil
	}
	bin, err := findBinaries(os.Getenv("KONTOR_TEST_POSTGRES_BIN"), "/usr/lib/postgresql")
	if err != nil {
		return nil, err
	}
	// Somebody may take the free port before the server does.
	for try := 1; ; try++ {
		server, err := startOn(bin, kind)
		if err == nil || try == 5 || !strings.Contains(err.Error(), "Address already in use") {
			return server, err
		}
	}
}

func startOn(bin string, kind Kind) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(kind.parentFolder(), "kontor-pgtest-")
	if err != nil {
		return nil, err
	}
	password := rand.Text() // the port is open to everybody on this machine
	runAs, err := furnish(folder, map[string][]byte{"password": []byte(password), "keeper.sh": keeperScript})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}

	keeper := exec.CommandContext(context.Background(),
		"/bin/sh", "keeper.sh", folder, bin, strconv.Itoa(port), kind.settings())
	// A session of its own: Ctrl-C in a terminal reaches the tests, and the keeper still tidies up after them.
	keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: runAs}
	keeper.Dir = folder
	lifeline, err := keeper.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := keeper.StdoutPipe()
	if err != nil {
		return nil, err
	}
	keeper.Stderr = keeper.Stdout
	if err := keeper.Start(); err != nil {
		return nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	if said, ready := readUntilReady(output); !ready {
		return nil, fmt.Errorf("starting PostgreSQL from %s: %w\n%s", bin, keeper.Wait(), said)
	}
	base := &url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword("postgres", password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Path:     "/postgres",
		RawQuery: "sslmode=disable",
	}
	return &Server{
		base: base, folder: folder, keeper: keeper, lifeline: lifeline, templates: map[uintptr]string{},
	}, nil
}

// readUntilReady reads what the keeper says until it is ready, or has ended and said why.
func readUntilReady(output io.Reader) (said string, ready bool) {
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if lines.Text() == "ready" {
			return said, true
		}
		said += lines.Text() + "\n"
	}
	return said, false
}

// stop ends a server of our own, as a crash would, and waits until its files are gone.
func (s *Server) stop() error {
	if s.given {
		return nil
	}
	if err := s.lifeline.Close(); err != nil {
		return fmt.Errorf("stopping PostgreSQL: %w", err)
	}
	if err := s.keeper.Wait(); err != nil {
		return fmt.Errorf("stopping PostgreSQL: %w", err)
	}
	return nil
}

// furnish writes the keeper's files into its folder and returns who shall run the server: nil is the user who runs
// the tests. PostgreSQL refuses to run as root, so root hands everything to the user postgres, whom the Debian package
// brings.
func furnish(folder string, files map[string][]byte) (*syscall.Credential, error) {
	paths := []string{folder}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	if os.Getuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no user postgres: %w", err)
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if err := os.Chown(path, int(uid), int(gid)); err != nil {
			return nil, err
		}
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func freePort() (int, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return port, listener.Close()
}
