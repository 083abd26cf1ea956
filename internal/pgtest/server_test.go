package pgtest

import (
	"bufio"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestStart(t *testing.T) {
	for _, c := range []struct {
		kind     Kind
		settings map[string]string
	}{
		{Forgetful, map[string]string{"fsync": "off", "listen_addresses": "127.0.0.1"}},
		{Durable, map[string]string{
			"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": "127.0.0.1",
		}},
	} {
		var server *Server
		t.Run("running", func(t *testing.T) {
			server = Start(t, c.kind)
			db := open(t, server.Database(t, nil))
			for setting, want := range c.settings {
				var got string
				if err := db.QueryRowContext(t.Context(), `SELECT current_setting($1)`, setting).Scan(&got); err != nil {
					t.Fatal(err)
				}
				if got != want {
					t.Errorf("%s is %s, want %s", setting, got, want)
				}
			}
		})
		if _, err := os.Stat(server.folder); !os.IsNotExist(err) {
			t.Errorf("%s is still there after the server's test (%v)", server.folder, err)
		}
	}
}

func TestPasswordIsAsked(t *testing.T) {
	address, err := url.Parse(Database(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword("postgres", "another")
	if err := open(t, address.String()).PingContext(t.Context()); err == nil {
		t.Error("let in with a wrong password: anybody on this machine could use the server")
	}
}

func TestServerThatDoesNotStart(t *testing.T) {
	folder := folderForAll(t)
	for _, name := range []string{"initdb", "pg_ctl"} {
		writeProgram(t, filepath.Join(folder, name), "echo no space left >&2; exit 1")
	}
	_, err := startOn(folder, Forgetful)
	if err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("got error %v, want the program's own words", err)
	}
}

// TestServerGoesWithTheProcess kills a process that runs a server: the server and its files must go all the same.
// Root tries it as another user too.
func TestServerGoesWithTheProcess(t *testing.T) {
	users := map[string]*syscall.Credential{"myself": nil}
	if os.Getuid() == 0 {
		users["nobody"] = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	for name, runAs := range users {
		t.Run(name, func(t *testing.T) {
			child := exec.Command(executableForAll(t), "-test.run=^TestHoldServer$")
			child.Dir = "/"
			child.Env = append(os.Environ(), "KONTOR_TEST_HOLD_SERVER=1", "KONTOR_TEST_POSTGRES=")
			child.SysProcAttr = &syscall.SysProcAttr{Credential: runAs}
			output, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			child.Stderr = child.Stdout
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			var folder, host, said string
			for lines := bufio.NewScanner(output); folder == "" && lines.Scan(); said += lines.Text() + "\n" {
				if where, ok := strings.CutPrefix(lines.Text(), "holding "); ok {
					folder, host, _ = strings.Cut(where, " ")
				}
			}
			if folder == "" {
				t.Fatalf("the child started no server:\n%s", said)
			}
			if _, err := os.Stat(folder); err != nil {
				t.Fatal(err)
			}
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = child.Wait() // it was killed
			waitUntilGone(t, folder, host)
		})
	}
}

// TestHoldServer is the child of TestServerGoesWithTheProcess: it starts a server and waits to be killed.
func TestHoldServer(t *testing.T) {
	if os.Getenv("KONTOR_TEST_HOLD_SERVER") == "" {
		return
	}
	server, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stdout.WriteString("holding " + server.folder + " " + server.base.Host + "\n"); err != nil {
		t.Fatal(err)
	}
	select {}
}

// folderForAll makes a folder that any user may read, unlike t.TempDir.
func folderForAll(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "kontor-pgtest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

// executableForAll copies this test binary to where any user may run it.
func executableForAll(t *testing.T) string {
	t.Helper()
	path := filepath.Join(folderForAll(t), "child")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func waitUntilGone(t *testing.T, folder, host string) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		_, statErr := os.Stat(folder)
		connection, dialErr := net.Dial("tcp", host)
		if dialErr == nil {
			_ = connection.Close()
		}
		if os.IsNotExist(statErr) && dialErr != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("30 s after the kill: folder %v, server %v", statErr, dialErr)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
