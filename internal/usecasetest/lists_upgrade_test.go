package usecasetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"testing"

	"github.com/pressly/goose/v3"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// beforeLists is the last migration of a database that has no lists.
const beforeLists = 6

// downTo takes migrations back to one, as a database is that an older process has left.
func (h *house) downTo(t *testing.T, version int64) {
	t.Helper()
	engine := h.store.Engine()
	dialect := map[string]goose.Dialect{"postgres": goose.DialectPostgres, "sqlite": goose.DialectSQLite3}[engine]
	nothing := &goose.GoFunc{RunDB: func(context.Context, *sql.DB) error { return nil }} // stands for River's, which stay
	p := got[*goose.Provider](t)(goose.NewProvider(dialect, h.store.Pool(), os.DirFS("../../migrations/"+engine),
		goose.WithGoMigrations(goose.NewGoMigration(2, nothing, nothing)), goose.WithDisableGlobalRegistry(true)))
	got[[]*goose.MigrationResult](t)(p.DownTo(t.Context(), version))
	if now := got[int64](t)(p.GetDBVersion(t.Context())); now != version {
		t.Fatalf("the database is at %d, not at %d", now, version)
	}
}

// rowsOf are a query's rows as texts.
func (h *house) rowsOf(t *testing.T, query string) (all []string) {
	t.Helper()
	rows, err := h.store.Pool().QueryContext(t.Context(), query)
	must(t, err)
	defer rows.Close()
	columns := got[[]string](t)(rows.Columns())
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		must(t, rows.Scan(values...))
		text := ""
		for i, c := range columns {
			text += fmt.Sprintf("%s=%v\n", c, *values[i].(*any))
		}
		all = append(all, text)
	}
	must(t, rows.Err())
	return all
}

// listTables are what lists are read from, without the numbers that their rows got by chance.
var listTables = map[string]string{
	"licenses": `SELECT id, group_id, category_id, product_id, customer_id, state, subscription, kind, expires_at, changed_at, created_day, by_customer, by_ends,
		by_cancel, by_product, words, shown FROM license_list ORDER BY id`,
	"orders":          "SELECT * FROM order_list ORDER BY id",
	"customers":       "SELECT id, group_id, created_day, by_customer, words FROM customer_list ORDER BY id",
	"license words":   "SELECT w.word, l.id FROM license_word w JOIN license_list l ON l.seq = w.seq ORDER BY l.id, w.word",
	"order words":     "SELECT w.word, l.id FROM order_word w JOIN order_list l ON l.seq = w.seq ORDER BY l.id, w.word",
	"customer words":  "SELECT w.word, l.id FROM customer_word w JOIN customer_list l ON l.seq = w.seq ORDER BY l.id, w.word",
	"words of nobody": "SELECT word FROM license_word WHERE seq NOT IN (SELECT seq FROM license_list)",
}

// TestUpgradeFillsLists lets a process of today open a database from before there were lists: it lists what is there as if
// it had been listed when it was written.
func TestUpgradeFillsLists(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		cancelled := h.create(t, anna, suite()).Licenses[0]
		h.cancel(t, anna, subscriptions.Cancel{Ticket: cancelled.Ticket})
		for range 3 {
			h.create(t, anna, design())
		}
		h.create(t, h.isv(t), inNorthwind())
		before := map[string][]string{}
		for name, query := range listTables {
			before[name] = h.rowsOf(t, query)
			if len(before[name]) == 0 && name != "words of nobody" {
				t.Fatalf("there are no %s", name)
			}
		}
		h.downTo(t, beforeLists)
		got[sql.Result](t)(h.store.Pool().ExecContext(t.Context(), "DELETE FROM setting WHERE name = 'lists'"))

		upgraded := h.another(t)
		for name, query := range listTables {
			same(t, name, upgraded.rowsOf(t, query), before[name])
		}
		upgraded.read(t, func(tx licensing.Tx) {
			same(t, "the rule that filled them", got[string](t)(tx.Setting(t.Context(), "lists")), "2")
		})
		// They are kept from then on, and opened once more nothing is listed twice.
		upgraded.create(t, anna, design())
		again := upgraded.another(t)
		same(t, "one more", len(again.rowsOf(t, listTables["licenses"])), len(before["licenses"])+1)
	})
}
