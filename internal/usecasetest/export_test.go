package usecasetest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kontor/internal/access"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// exported runs an export and returns its file.
func (h *house) exported(t *testing.T, a licensing.Actor, in ordering.StartExport) (e licensing.Export, file []byte) {
	t.Helper()
	out, _, err := h.ordering.StartExport(t.Context(), a, licensing.NewID(), in)
	must(t, err)
	must(t, h.ordering.RunExport(t.Context(), out.ID))
	e = got[licensing.Export](t)(h.ordering.Export(t.Context(), a, out.ID))
	for n := 1; ; n++ {
		part, err := h.ordering.ExportPart(t.Context(), a, out.ID, n)
		if errors.Is(err, licensing.ErrNone) {
			return e, file
		}
		must(t, err)
		file = append(file, part...)
	}
}

var licenseColumns = []string{"ticket", "license", "seats", "customer", "order", "created", "ends", "yearly", "state", "field.externalOrderNumber", "group"}

func TestExports(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, isv := h.anna(t), h.isv(t)
		names := []string{`=HYPERLINK("http://x")`, "+1", "-1", "@x", "Brückner, \"Söhne\"", "line"}
		for _, name := range names {
			in := suite()
			in.Customer = licensing.Customer{Name: name}
			h.create(t, anna, in)
		}
		words := map[string]string{"column.ticket": "Ticket", "state.active": "Active", "list.licenses": "Licenses"}
		in := ordering.StartExport{List: licensing.ListOfLicenses, Format: licensing.FormatCSV, Filter: `{"sort":"customer"}`, Columns: licenseColumns, Words: words}
		e, file := h.exported(t, anna, in)
		same(t, "ready", []any{e.State, e.Done, e.Total, e.Size}, []any{licensing.ExportReady, len(names), len(names), int64(len(file))})
		if !bytes.HasPrefix(file, []byte("\ufeffTicket,license,")) || !bytes.Contains(file, []byte("\r\n")) {
			t.Errorf("the file begins with %q", file[:min(len(file), 60)])
		}
		lines := got[[][]string](t)(csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff")))).ReadAll())
		customers := map[string]bool{}
		for _, l := range lines[1:] {
			customers[l[3]] = true
			same(t, "a line", []string{l[8], l[10]}, []string{"Active", anna.GroupName})
		}
		for _, want := range []string{`'=HYPERLINK("http://x")`, "'+1", "'-1", "'@x", `Brückner, "Söhne"`, "line"} {
			if !customers[want] {
				t.Errorf("there is no customer %q in %v", want, customers)
			}
		}

		in.Format = licensing.FormatSpreadsheet
		_, file = h.exported(t, anna, in)
		book := got[*excelize.File](t)(excelize.OpenReader(bytes.NewReader(file)))
		rows := got[[][]string](t)(book.GetRows("Licenses"))
		same(t, "rows", []any{len(rows), rows[0][0], rows[1][8]}, []any{len(names) + 1, "Ticket", "Active"})
		kind := got[excelize.CellType](t)(book.GetCellType("Licenses", "C2"))
		if kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
			t.Errorf("seats are of the type %v, not a number", kind)
		}

		_, file = h.exported(t, isv, ordering.StartExport{List: licensing.ListOfCustomers, Format: licensing.FormatCSV, Filter: `{"below":"northwind"}`, Columns: []string{"customer", "licenses"}})
		same(t, "customers", strings.Count(string(file), "\r\n"), len(names)+1)
		_, file = h.exported(t, isv, ordering.StartExport{List: licensing.ListOfOrders, Format: licensing.FormatCSV, Filter: `{}`, Columns: []string{"order", "products", "amount"}})
		same(t, "orders", strings.Count(string(file), "\r\n"), len(names)+1)
		_, file = h.exported(t, anna, ordering.StartExport{List: licensing.ListOfPeople, Format: licensing.FormatCSV, Filter: `{}`, Columns: []string{"name", "email", "group"}})
		if strings.Contains(string(file), "aurora.example") {
			t.Errorf("people from above are exported: %s", file)
		}
		mia := h.join(t, "mia@northwind.example", "Mia Solberg", "northwind", licensing.RoleAdmin)
		e, _ = h.exported(t, mia, ordering.StartExport{List: licensing.ListOfPeople, Format: licensing.FormatCSV, Filter: `{"group":"northwind"}`, Columns: []string{"email"}})
		_, _, err := h.access.SetRole(t.Context(), isv, "demote", access.ChangePerson{Membership: mia.ID, Role: licensing.RoleMember})
		must(t, err)
		_, err = h.ordering.ExportPart(t.Context(), h.as(t, "mia@northwind.example", "northwind"), e.ID, 1)
		refused(t, "people, for who is an admin no more", err, licensing.CodeDenied, "list")
	})
}

// TestExportsAreTheirOwners holds who may have a file, and when one ends.
func TestExportsAreTheirOwners(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna, ben, isv := h.anna(t), h.ben(t), h.isv(t)
		h.create(t, anna, suite())
		in := ordering.StartExport{List: licensing.ListOfLicenses, Format: licensing.FormatCSV, Filter: `{}`, Columns: []string{"ticket"}}
		e, _ := h.exported(t, anna, in)
		for _, other := range []licensing.Actor{ben, isv} {
			_, err := h.ordering.Export(t.Context(), other, e.ID)
			refused(t, other.UserName+" looks at it", err, licensing.CodeNotFound, "export")
			_, err = h.ordering.ExportPart(t.Context(), other, e.ID, 1)
			refused(t, other.UserName+" takes it", err, licensing.CodeNotFound, "export")
			_, _, err = h.ordering.StopExport(t.Context(), other, licensing.NewID(), e.ID)
			refused(t, other.UserName+" stops it", err, licensing.CodeNotFound, "export")
		}
		_, _, err := h.ordering.StopExport(t.Context(), anna, licensing.NewID(), e.ID)
		must(t, err)
		same(t, "one that is ready stays", got[licensing.Export](t)(h.ordering.Export(t.Context(), anna, e.ID)).State, licensing.ExportReady)

		out, _, err := h.ordering.StartExport(t.Context(), anna, licensing.NewID(), in)
		must(t, err)
		_, _, err = h.ordering.StopExport(t.Context(), anna, licensing.NewID(), out.ID)
		must(t, err)
		must(t, h.ordering.RunExport(t.Context(), out.ID))
		same(t, "stopped", got[licensing.Export](t)(h.ordering.Export(t.Context(), anna, out.ID)).State, licensing.ExportStopped)

		out, _, err = h.ordering.StartExport(t.Context(), ben, licensing.NewID(), in)
		must(t, err)
		h.write(t, func(tx licensing.Tx) error {
			m, err := tx.Membership(t.Context(), ben.ID)
			if err != nil {
				return err
			}
			m.Suspended = true
			return tx.UpdateMembership(t.Context(), m)
		})
		must(t, h.ordering.RunExport(t.Context(), out.ID))
		stopped := got[licensing.Export](t)(h.ordering.Export(t.Context(), ben, out.ID))
		same(t, "whoever is suspended gets none", []any{stopped.State, stopped.Done, stopped.Size}, []any{licensing.ExportStopped, 0, int64(0)})
	})
}

func TestRefusedExports(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		anna := h.anna(t)
		good := ordering.StartExport{List: licensing.ListOfLicenses, Format: licensing.FormatCSV, Filter: `{}`, Columns: []string{"ticket"}}
		for field, change := range map[string]func(*ordering.StartExport){
			"format": func(e *ordering.StartExport) { e.Format = "pdf" }, "list": func(e *ordering.StartExport) { e.List = "secrets" },
			"columns": func(e *ordering.StartExport) { e.Columns = []string{"secret"} }, "filter": func(e *ordering.StartExport) { e.Filter = "{" },
		} {
			in := good
			change(&in)
			_, _, err := h.ordering.StartExport(t.Context(), anna, licensing.NewID(), in)
			refused(t, field, err, licensing.CodeInvalidRequest, field)
		}
		for i := range 3 {
			_, _, err := h.ordering.StartExport(t.Context(), anna, fmt.Sprint("export ", i), good)
			must(t, err)
		}
		_, _, err := h.ordering.StartExport(t.Context(), anna, "one too many", good)
		refused(t, "a fourth at once", err, licensing.CodeConflict, "")
		must(t, h.ordering.SweepExports(t.Context()))
	})
}
