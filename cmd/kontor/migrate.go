package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"kontor/internal/sqlstore"
	"kontor/migrations"
)

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Bring the database to the newest schema. Safe beside running servers and when started twice."`
	Status migrateStatus `cmd:"" help:"List the migrations."`
}

type migrateUp struct{ common }

// Run implements the command.
func (c migrateUp) Run(ctx context.Context, s streams) error {
	store, err := sqlstore.Open(ctx, c.database()) // which migrates
	if err != nil {
		return err
	}
	return errors.Join(printStatus(ctx, store, s), store.Close())
}

type migrateStatus struct{ common }

// Run implements the command.
func (c migrateStatus) Run(ctx context.Context, s streams) error {
	if path, ok := strings.CutPrefix(c.database(), "sqlite://"); ok {
		if _, err := os.Stat(path); err != nil { // opening it would make it
			return err
		}
	}
	store, err := sqlstore.Connect(ctx, c.database())
	if err != nil {
		return err
	}
	return errors.Join(printStatus(ctx, store, s), store.Close())
}

func printStatus(ctx context.Context, store *sqlstore.Store, s streams) error {
	all, err := migrations.StatusOf(ctx, store.Engine(), store.Pool())
	if err != nil {
		return err
	}
	for _, m := range all {
		state := "pending"
		if !m.Applied.IsZero() {
			state = "applied " + m.Applied.UTC().Format("2006-01-02 15:04:05") + " UTC"
		}
		fmt.Fprintf(s.out, "%05d  %-20s  %s\n", m.Version, m.Name, state)
	}
	return nil
}
