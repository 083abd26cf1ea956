package portal

import (
	"context"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/paper"
)

// statementPDF hands a statement out as PDF.
func (s *site) statementPDF(v *visit) error {
	st, err := statementOf(v, s.services.Statements.Statement)
	if err != nil {
		return err
	}
	content, err := statementSheet(v.ctx(), st).PDF()
	if err != nil {
		return err
	}
	return download(v, st, "pdf", "application/pdf", content)
}

// statementSheet is a statement as it stands on paper, with all its entries.
func statementSheet(ctx context.Context, st licensing.Statement) paper.Table {
	t := paper.Table{
		Issuer: lookOf(ctx).isv, Title: monthLong(ctx, st.Month), Lead: st.GroupName, At: st.ClosedAt,
		Columns: []paper.Column{
			{Title: T(ctx, "statements.day"), Width: 19}, {Title: T(ctx, "statements.what"), Width: 32}, {Title: T(ctx, "order.product"), Width: 33},
			{Title: T(ctx, "license.order"), Width: 26}, {Title: T(ctx, "statements.licenses"), Width: 15, Right: true},
			{Title: T(ctx, "statements.seats"), Width: 12, Right: true}, {Title: T(ctx, "orders.amount"), Width: 23, Right: true},
		},
	}
	for _, e := range st.Entries {
		what := []string{entryTitle(ctx, e)}
		if m, late := st.Corrects(e); late {
			what = append(what, T(ctx, "statements.corrects", "Month", monthLong(ctx, m)))
		}
		if e.Reason != "" {
			what = append(what, e.Reason)
		}
		order := e.OrderNumber
		if fields := entryFields(e); fields != "" {
			order += ", " + fields
		}
		t.Rows = append(t.Rows, []string{
			dayShort(ctx, e.On), strings.Join(what, ". "), e.ProductName + ", " + customerName(e.Customer), order, number(e.Quantity), entrySeats(ctx, e), money(e.Amount),
		})
	}
	for _, sum := range st.Sums {
		t.Sums = append(t.Sums, []string{"", T(ctx, "statements.sum", "Currency", sum.Currency), "", "", "", "", figure(&sum)})
	}
	if len(st.Entries) > 0 {
		t.Foot = append(t.Foot, T(ctx, "statements.counted"))
	}
	if st.Open() {
		t.At = visitOf(ctx).now.Business
		t.Foot = append(t.Foot, T(ctx, "statements.stillOpen"))
	} else {
		t.Foot = append(t.Foot, sentences(capital(statementState(ctx, st))+".", T(ctx, "statements.frozen")), st.Hash)
	}
	return t
}
