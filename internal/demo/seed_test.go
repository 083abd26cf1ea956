package demo

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore"
)

// openSeal keeps secrets as they are, behind where they belong.
type openSeal struct{}

func (openSeal) Seal(plain, context []byte) ([]byte, error) {
	return slices.Concat(context, []byte("|"), plain), nil
}

func newStore(t *testing.T) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "kontor.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func groupCount(t *testing.T, s *sqlstore.Store) (n int) {
	t.Helper()
	if err := s.Pool().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM org_group").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSeedTwice(t *testing.T) {
	s := newStore(t)
	for range 2 {
		if err := Seed(t.Context(), s, openSeal{}); err != nil {
			t.Fatal(err)
		}
		if n := groupCount(t, s); n != len(groups) {
			t.Errorf("%d groups, want %d", n, len(groups))
		}
	}
}

func TestSeedLeavesOthersAlone(t *testing.T) {
	for name, c := range map[string]struct {
		fill    func(ctx context.Context, tx licensing.Tx) error
		foreign bool
	}{
		"another's data": {func(ctx context.Context, tx licensing.Tx) error {
			return tx.InsertGroup(ctx, licensing.Group{ID: "g", Code: "acme", Name: "Acme", CreatedAt: tx.Now().Business})
		}, true},
		"another version's": {func(ctx context.Context, tx licensing.Tx) error { return tx.SetSetting(ctx, settingSeed, "0") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			if err := s.Write(t.Context(), func(tx licensing.Tx) error { return c.fill(t.Context(), tx) }); err != nil {
				t.Fatal(err)
			}
			before := groupCount(t, s)
			if err := Seed(t.Context(), s, openSeal{}); err == nil || errors.Is(err, ErrForeign) != c.foreign {
				t.Errorf("got the error %v", err)
			}
			if n := groupCount(t, s); n != before {
				t.Errorf("%d groups were added", n-before)
			}
		})
	}
}

// TestSeedAnswersToItself holds the demo's data against the rules that its own kinds of data have.
func TestSeedAnswersToItself(t *testing.T) {
	for _, p := range products {
		if p.Plan != nil {
			if err := p.Plan.Check(); err != nil {
				t.Errorf("the plan of %s: %v", p.Code, err)
			}
		}
		for _, def := range p.Parameters {
			for category, r := range map[string]rules{"partner": p.partner, "internal": p.internal} {
				if _, ok := r[def.Name]; !ok {
					t.Errorf("%s in %s has no rule for %s", p.Code, category, def.Name)
				}
			}
		}
	}
}

// TestAccounts lists what demo.json promises to scripts.
func TestAccounts(t *testing.T) {
	want := []Account{
		{"isv-admin", "aurora", "isv@aurora.example", "kontor-demo"},
		{"member", "aurora", "staff@aurora.example", "kontor-demo"},
		{"admin", "northwind", "anna@northwind.example", "kontor-demo"},
		{"member", "northwind", "ben@northwind.example", "kontor-demo"},
		{"admin", "fjord", "freya@fjord.example", "kontor-demo"},
		{"member", "fjord", "ben@northwind.example", "kontor-demo"},
		{"service", "aurora", "erp@aurora.example", "kontor-demo"},
	}
	if got := Accounts(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
