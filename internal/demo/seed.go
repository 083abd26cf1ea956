package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// settingSeed marks a database that the demo seeded; its value is the seed's version.
const settingSeed = "demo"

// settingID names this demo, so that nobody takes another one's database for it.
const settingID = "demo.id"

// seedVersion changes when a newer demo can no longer go on with an older one's data.
const seedVersion = "1"

// ErrForeign says that a database holds something that the demo did not seed.
var ErrForeign = errors.New("this database holds data that the demo did not seed; the demo leaves it alone")

// Secrets seals the service account's secret.
type Secrets interface {
	Seal(plain, context []byte) ([]byte, error)
}

// Seed fills an empty database with the demo's organization, accounts and products. It does nothing to one that it
// seeded before, and refuses any other with ErrForeign.
func Seed(ctx context.Context, store licensing.Store, secrets Secrets) error {
	var done bool
	err := store.Read(ctx, func(tx licensing.Tx) (err error) {
		done, err = Seeded(ctx, tx)
		return err
	})
	if err != nil || done {
		return err
	}
	// Hashing is slow: do it before the transaction, and once, as all accounts share the password.
	hash, err := access.HashPassword(Password)
	if err != nil {
		return err
	}
	err = store.Write(ctx, func(tx licensing.Tx) error {
		if done, err := Seeded(ctx, tx); err != nil || done {
			return err
		}
		s := seeder{tx: tx, at: tx.Now().Business, hash: hash, secrets: secrets}
		if err := s.organization(ctx); err != nil {
			return fmt.Errorf("seed the organization: %w", err)
		}
		if err := s.catalog(ctx); err != nil {
			return fmt.Errorf("seed the catalog: %w", err)
		}
		if err := tx.SetSetting(ctx, "zone", Zone); err != nil {
			return err
		}
		if err := tx.SetSetting(ctx, settingID, licensing.NewID()); err != nil {
			return err
		}
		return tx.SetSetting(ctx, settingSeed, seedVersion)
	})
	if errors.Is(err, licensing.ErrRace) { // another demo seeded at the same moment
		return Seed(ctx, store, secrets)
	}
	return err
}

// Seeded reports whether the demo seeded the database; ErrForeign when it did not and there is something in it.
func Seeded(ctx context.Context, tx licensing.Tx) (bool, error) {
	version, err := tx.Setting(ctx, settingSeed)
	if err != nil {
		return false, err
	}
	if version == seedVersion {
		return true, nil
	}
	if version != "" {
		return false, fmt.Errorf("this demo's data is of another version (%s); begin anew with --reset", version)
	}
	empty, err := tx.Empty(ctx)
	if err == nil && !empty {
		err = ErrForeign
	}
	return false, err
}

// ID names the demo that seeded the database; empty when none did.
func ID(ctx context.Context, store licensing.Store) (id string, err error) {
	err = store.Read(ctx, func(tx licensing.Tx) (err error) {
		id, err = tx.Setting(ctx, settingID)
		return err
	})
	return id, err
}

// Mine reports whether the database is that of the demo with an id, or holds nothing at all.
func Mine(ctx context.Context, tx licensing.Tx, id string) (bool, error) {
	has, err := tx.Setting(ctx, settingID)
	if err != nil || has != "" {
		return has == id, err
	}
	return tx.Empty(ctx)
}

// The demo's constants, as others rely on them.
const (
	ISVName  = "Aurora Software"
	Zone     = "Europe/Berlin"
	Password = "kontor-demo" //nolint:gosec // everybody may know it
)

// Account is one account of the demo, as demo.json lists it. An account with two memberships is listed twice.
type Account struct {
	Role     string `json:"role"` // "isv-admin", "admin", "member" or "service"
	Group    string `json:"group"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// Accounts are the demo's accounts.
func Accounts() []Account {
	all := make([]Account, len(people))
	for i, p := range people {
		role := string(p.role)
		if p.role == licensing.RoleAdmin && p.group == "aurora" {
			role = "isv-admin"
		}
		all[i] = Account{Role: role, Group: p.group, Email: p.email, Password: Password}
	}
	return all
}

type seeder struct {
	tx      licensing.Tx
	at      time.Time
	hash    string
	secrets Secrets
}
