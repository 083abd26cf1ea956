package usecasetest

import (
	"encoding/json"
	"strings"
	"testing"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// says is everything that an answer tells, as text.
func says(t testing.TB, answer any) string {
	t.Helper()
	return string(got[[]byte](t)(json.Marshal(answer)))
}

func TestExplaining(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		n := newNordics(t, h)
		mias := h.give(t, n.nora, "tree:fjord", "partner", "create")
		explain := func(by, about licensing.Actor, action licensing.Action, category string) access.Explanation {
			t.Helper()
			return got[access.Explanation](t)(h.access.Explain(t.Context(), by, access.Question{Membership: about.ID, Action: action, Category: category}))
		}
		var lines []string
		texts := func(e access.Explanation) string {
			lines = nil
			for _, l := range e.Lines {
				lines = append(lines, strings.ReplaceAll(strings.ReplaceAll(l.Text, string(n.mia.ID), "mia"), string(mias), "grant"))
			}
			return strings.Join(lines, "\n")
		}

		yes := explain(n.nora, n.mia, licensing.Create, "partner")
		if !yes.Allowed || yes.Grant == nil || yes.Grant.ID != mias || yes.Grant.From.Name != "Nora Dahl" || yes.Missing != "" {
			t.Errorf("%+v", yes)
		}
		same(t, "lines", texts(yes), "r, membership:mia, category:partner, create\n"+
			"g, membership:mia, member:mia@fjord.example/fjord\ng, member:mia@fjord.example/fjord, group:fjord\ng, group:fjord, tree:fjord\n"+
			"p, tree:fjord, category:partner, create, grant")

		no := explain(n.nora, n.mia, licensing.Modify, "partner")
		if no.Allowed || no.Grant != nil || !strings.Contains(no.Missing, "Mia Solberg") || len(no.Helpers) != 1 || !no.Helpers[0].Party.You {
			t.Errorf("%+v", no)
		}
		same(t, "lines without a grant", texts(no), "r, membership:mia, category:partner, modify\n"+
			"g, membership:mia, member:mia@fjord.example/fjord\ng, member:mia@fjord.example/fjord, group:fjord\ng, group:fjord, tree:fjord\n"+
			"g, tree:fjord, tree:nordic\ng, tree:nordic, (above)\np, none")

		// Nobody above is named, to whomever, in whatever is said.
		for _, by := range []licensing.Actor{n.freya, n.mia} {
			for _, action := range []licensing.Action{licensing.Create, licensing.Modify, licensing.Revoke} {
				for _, category := range []string{"partner", "internal", "unheard-of"} {
					told := says(t, explain(by, n.mia, action, category))
					for _, secret := range []string{"Nora", "nora", "Nordic", "nordic", "aurora", "Aurora", "Iris", string(n.nora.ID)} {
						if strings.Contains(told, secret) {
							t.Errorf("%s is told of %q: %s", by.UserName, secret, told)
						}
					}
				}
			}
		}
		// What is not granted and what is not there are told in the same words.
		hidden := func(category string) string {
			e := explain(n.mia, n.mia, licensing.Create, category)
			e.At = licensing.Moment{}
			return strings.ReplaceAll(says(t, e), category, "…")
		}
		same(t, "not granted, not there", hidden("internal"), hidden("unheard-of"))
		// A member asks about himself alone, an admin about whom he sees.
		for _, x := range []struct{ by, about licensing.Actor }{{n.mia, n.freya}, {n.freya, n.nora}, {h.anna(t), n.mia}} {
			_, err := h.access.Explain(t.Context(), x.by, access.Question{Membership: x.about.ID, Action: licensing.Create, Category: "partner"})
			refused(t, "about somebody beyond sight", err, licensing.CodeNotFound, "membership")
		}
		all := got[access.Explanation](t)(h.access.ExplainTo(t.Context(), "Mia@fjord.example", "fjord", licensing.Create, "partner"))
		if told := says(t, all); !all.Allowed || !strings.Contains(told, "isv@aurora.example") || !strings.Contains(told, "nora@nordic.example") {
			t.Errorf("the operator is told %s", told)
		}
	})
}

func TestTheMatrix(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		n := newNordics(t, h)
		h.give(t, n.nora, n.freya.Subject(), "partner", "create")
		h.give(t, n.freya, n.mia.Subject(), "partner", "create")
		h.give(t, n.nora, "group:fjord", "partner", "modify")
		h.give(t, h.isv(t), n.freya.Subject(), "internal", "revoke")
		all := func(by licensing.Actor, f access.MatrixFilter) (rows []access.MatrixRow, m access.Matrix) {
			t.Helper()
			for {
				m = got[access.Matrix](t)(h.access.Matrix(t.Context(), by, f))
				rows = append(rows, m.Rows...)
				if f.After = m.Next; m.Next == "" {
					return rows, m
				}
			}
		}
		table := func(rows []access.MatrixRow) string {
			var b strings.Builder
			for _, r := range rows {
				b.WriteString(string(r.Party.Kind) + " " + r.Party.Name + ":")
				for _, c := range r.Cells[:3] {
					b.WriteString(" " + string(c.State))
				}
				b.WriteString("\n")
			}
			return b.String()
		}
		rows, m := all(n.nora, access.MatrixFilter{Categories: []string{"partner"}})
		want := "group Nordic: mayGive mayGive none\ntree Nordic: mayGive mayGive none\nmember Nora Dahl: held held none\n" +
			"group Fjord: mayGive held none\ntree Fjord: mayGive mayGive none\nmember Ben Hartmann: mayGive through none\nmember Freya Lund: held through none\n" +
			"member Mia Solberg: held through none\nservice shop: mayGive through none\n"
		same(t, "what Nora sees", table(rows), want)
		if len(m.Categories) != 2 {
			t.Errorf("Nora knows of %+v, want partner, and internal, which Freya holds", m.Categories)
		}
		for _, limit := range []int{1, 2, 3, 4, 8} { // pages of any size are the same list
			rows, _ := all(n.nora, access.MatrixFilter{Categories: []string{"partner"}, Limit: limit})
			same(t, "in pages", table(rows), want)
		}
		rows, _ = all(n.nora, access.MatrixFilter{Categories: []string{"partner"}, Query: "SOLB"})
		same(t, "a search", table(rows), "member Mia Solberg: held through none\n")
		rows, m = all(n.freya, access.MatrixFilter{})
		for _, secret := range []string{"Nora", "nora", "Nordic", "nordic", "Aurora", "aurora"} {
			if told := says(t, rows); strings.Contains(told, secret) {
				t.Errorf("Freya is told of %q: %s", secret, told)
			}
		}
		if len(rows) != 6 {
			t.Errorf("%d rows, want Fjord's", len(rows))
		}
		_, err := h.access.Matrix(t.Context(), n.mia, access.MatrixFilter{})
		refused(t, "a member", err, licensing.CodeDenied, "")
		_, err = h.access.Matrix(t.Context(), n.freya, access.MatrixFilter{Group: "nordic"})
		refused(t, "a group above", err, licensing.CodeNotFound, "group")

		cell := got[access.CellDetail](t)(h.access.Cell(t.Context(), n.nora, n.freya.Subject(), "partner", licensing.Create))
		if len(cell.Grants) != 1 || !cell.Grants[0].MayTakeBack || len(cell.Grants[0].PassedOn) != 1 || cell.Grants[0].PassedOn[0].Party.Name != "Mia Solberg" {
			t.Errorf("%+v", cell)
		}
		var chain []string
		for _, l := range cell.Grants[0].Chain {
			chain = append(chain, string(l.Party.Kind)+" "+l.Party.Name)
		}
		same(t, "chain", chain, []string{"above ", "member Nora Dahl", "member Freya Lund"})
		below := got[access.CellDetail](t)(h.access.Cell(t.Context(), n.freya, n.mia.Subject(), "partner", licensing.Modify))
		for _, secret := range []string{"Nora", "nora", "Nordic", "nordic", "Aurora", "aurora"} {
			if told := says(t, below); strings.Contains(told, secret) {
				t.Errorf("Freya is told of %q: %s", secret, told)
			}
		}
	})
}
