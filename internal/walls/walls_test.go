package walls

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// wall says what the packages below a path may reach, directly or through others. Test files are not looked at: they
// may reach anything.
type wall struct {
	of string
	// only are the packages of ours that may be reached besides the own ones; nil means any.
	only []string
	// never are packages that must not be reached, ours or anybody's.
	never []string
}

var (
	useCases    = []string{"kontor/internal/licensing", "kontor/internal/usecase", "kontor/internal/sheet"}
	beyondFaces = []string{"kontor/internal/sqlstore", "kontor/internal/jobs", "kontor/policies", "kontor/migrations"}
	engines     = []string{"database/sql", "github.com/lib/pq", "modernc.org/sqlite"}
)

var walls = []wall{
	{of: "kontor/internal/licensing", only: []string{}, never: slices.Concat(engines, []string{"net/http", "os"})},
	{of: "kontor/migrations", only: []string{}},
	{of: "kontor/wsdl", only: []string{}, never: engines},
	{of: "kontor/internal/usecase", only: []string{"kontor/internal/licensing"}, never: engines},
	{of: "kontor/internal/sheet", only: []string{"kontor/internal/licensing"}, never: slices.Concat(engines, []string{"net/http"})},
	{of: "kontor/internal/access", only: useCases, never: engines},
	{of: "kontor/internal/catalog", only: useCases, never: engines},
	{of: "kontor/internal/ordering", only: useCases, never: engines},
	{of: "kontor/internal/subscriptions", only: useCases, never: engines},
	{of: "kontor/internal/fulfillment", only: useCases, never: engines},
	{of: "kontor/internal/connecting", only: useCases, never: engines},
	{of: "kontor/internal/mailing", only: useCases, never: engines},
	{of: "kontor/internal/statements", only: useCases, never: engines},
	{of: "kontor/internal/calls", only: useCases, never: engines},
	{of: "kontor/policies", only: []string{"kontor/internal/licensing"}, never: engines},
	{of: "kontor/portal", never: slices.Concat(beyondFaces, engines, []string{"kontor/soapbridge"})},
	{of: "kontor/soapbridge", never: slices.Concat(beyondFaces, engines, []string{"kontor/portal", "github.com/gin-gonic/gin"})},
}

func TestWalls(t *testing.T) {
	imports := readImports(t, filepath.Join("..", ".."))
	for _, w := range walls {
		t.Run(w.of, func(t *testing.T) {
			found := false
			for path := range imports {
				if !within(path, w.of) {
					continue
				}
				found = true
				for _, breach := range w.breaches(reach(imports, path)) {
					t.Errorf("%s must not reach %s", path, breach)
				}
			}
			if !found {
				t.Errorf("no package at %s: the wall stands around nothing", w.of)
			}
		})
	}
}

func TestBreaches(t *testing.T) {
	w := wall{of: "kontor/a", only: []string{"kontor/b"}, never: []string{"database/sql"}}
	for _, c := range []struct {
		name   string
		deps   []string
		breach string
	}{
		{name: "itself, what is below it, what it may, others' and near misses",
			deps: []string{"kontor/a", "kontor/a/c", "kontor/b", "fmt", "kontorish/x", "database/sqlx"}},
		{name: "another of ours", deps: []string{"kontor/d"}, breach: "kontor/d"},
		{name: "one whose name only begins like its own", deps: []string{"kontor/ab"}, breach: "kontor/ab"},
		{name: "what it may never", deps: []string{"database/sql"}, breach: "database/sql"},
		{name: "and what is below that", deps: []string{"database/sql/x"}, breach: "database/sql/x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(w.breaches(c.deps), " "); got != c.breach {
				t.Errorf("breaches %q, want %q", got, c.breach)
			}
		})
	}
}

func (w wall) breaches(deps []string) []string {
	var found []string
	for _, dep := range deps {
		ours := within(dep, "kontor")
		switch {
		case within(dep, w.of):
		case withinAny(dep, w.never), ours && w.only != nil && !withinAny(dep, w.only):
			found = append(found, dep)
		}
	}
	return found
}

func withinAny(path string, roots []string) bool {
	for _, root := range roots {
		if within(path, root) {
			return true
		}
	}
	return false
}

// within reports whether an import path is a package or below it.
func within(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}

// reach returns everything that a package of ours imports, directly or through others of ours.
func reach(imports map[string][]string, from string) []string {
	reached := map[string]bool{}
	for todo := []string{from}; len(todo) > 0; todo = todo[1:] {
		for _, path := range imports[todo[0]] {
			if !reached[path] {
				reached[path] = true
				todo = append(todo, path)
			}
		}
	}
	return slices.Sorted(maps.Keys(reached))
}

func TestReach(t *testing.T) {
	imports := map[string][]string{
		"kontor/a": {"kontor/b", "fmt"}, "kontor/b": {"kontor/c"}, "kontor/c": {"os"}, "kontor/d": {"net"},
	}
	if got := strings.Join(reach(imports, "kontor/a"), " "); got != "fmt kontor/b kontor/c os" {
		t.Errorf("a reaches %q", got)
	}
}

// readImports returns what each package of the module imports, test files aside. It reads the files itself and does
// not ask the go command, whose answer the test cache would not know to depend on them.
func readImports(t *testing.T, root string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != root && (name == "testdata" || name == "var" || name[0] == '.' || name[0] == '_') {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		of := "kontor/" + filepath.ToSlash(folder)
		imports[of] = append(imports[of], "") // a package that imports nothing is one too
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports[of] = append(imports[of], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}
