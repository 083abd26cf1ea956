package sqlstore_test

import (
	"context"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/pgtest"
	"kontor/internal/sqlstore"
	"kontor/internal/storetest"
)

// migrated brings a database to the newest schema.
func migrated(ctx context.Context, address string) error {
	s, err := sqlstore.Open(ctx, address)
	if err != nil {
		return err
	}
	return s.Close()
}

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) licensing.Store { return opened(t, pgtest.Database(t, migrated)) })
}
