package usecasetest

import (
	"strings"
	"sync"
	"testing"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// makeGroup makes a group below another one.
func (h *house) makeGroup(t testing.TB, actor licensing.Actor, parent, code string) licensing.Group {
	t.Helper()
	g, _, err := h.access.CreateGroup(t.Context(), actor, "", access.CreateGroup{Parent: parent, Code: code, GroupParticulars: access.GroupParticulars{Name: "The " + code}})
	must(t, err)
	return g
}

func (h *house) freya(t testing.TB) licensing.Actor { return h.as(t, "freya@fjord.example", "fjord") }

// codes are the groups of a tree, indented.
func codes(rows []access.GroupRow) (all []string) {
	for _, r := range rows {
		all = append(all, strings.Repeat(" ", r.Depth)+r.Group.Code)
	}
	return all
}

// TestGroups holds what the tree shows to whom.
func TestGroups(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.makeGroup(t, h.isv(t), "nordic", "bergen")
		h.makeGroup(t, h.freya(t), "", "alta")
		h.create(t, h.anna(t), suite())
		rows := got[[]access.GroupRow](t)(h.access.Groups(t.Context(), h.isv(t)))
		same(t, "the ISV's tree", codes(rows), []string{"aurora", " nordic", "  fjord", "   alta", "  bergen", " northwind"})
		same(t, "counts of aurora", []int{rows[0].People, rows[0].Children, rows[0].Licenses}, []int{2, 2, 0})
		same(t, "counts of northwind", []int{rows[5].People, rows[5].Children, rows[5].Licenses}, []int{2, 0, 1})
		below := got[[]access.GroupRow](t)(h.access.Groups(t.Context(), h.freya(t)))
		same(t, "fjord's tree", codes(below), []string{"fjord", " alta"})
		same(t, "what fjord lies below is not told", below[0].Group.Parent, licensing.GroupID(""))
		same(t, "a member's tree", codes(got[[]access.GroupRow](t)(h.access.Groups(t.Context(), h.as(t, "ben@northwind.example", "fjord")))), []string{"fjord"})
		d := got[access.GroupDetail](t)(h.access.Group(t.Context(), h.isv(t), "aurora"))
		same(t, "aurora", []any{d.ServiceAccounts, d.Children, len(d.Path), d.CanWrite, d.CanMove}, []any{1, 2, 1, true, false})
		d = got[access.GroupDetail](t)(h.access.Group(t.Context(), h.freya(t), "alta"))
		same(t, "alta", []any{d.Depth, d.Path[0].Code, d.Path[0].Parent, d.Path[1].Code, d.CanMove}, []any{1, "fjord", licensing.GroupID(""), "alta", true})
		for _, code := range []string{"nordic", "aurora", "northwind", "none", "", "\x00", "ALTA"} {
			_, err := h.access.Group(t.Context(), h.freya(t), code)
			refused(t, "from fjord: "+code, err, licensing.CodeNotFound, "group")
		}
	})
}

// TestCreateGroup holds what a new group needs.
func TestCreateGroup(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		in := access.CreateGroup{Parent: "fjord", Code: "alta", GroupParticulars: access.GroupParticulars{
			Name: " Alta Båt ", Address: "Strandgata 1\r\n9510 Alta \n", ContactName: "Ola", ContactEmail: "ola@alta.example", ContactPhone: "+47 1", BrandTitle: "Alta", BrandColor: "#AA00ff",
		}}
		freya := h.freya(t)
		g, replayed, err := h.access.CreateGroup(t.Context(), freya, "one", in)
		must(t, err)
		same(t, "the group", []any{g.Name, g.Address, g.Contact, g.Brand, replayed}, []any{
			"Alta Båt", "Strandgata 1\n9510 Alta", licensing.Contact{Name: "Ola", Email: "ola@alta.example", Phone: "+47 1"}, licensing.Brand{Title: "Alta", Color: "#aa00ff"}, false,
		})
		again, replayed, err := h.access.CreateGroup(t.Context(), freya, "one", in)
		must(t, err)
		same(t, "once", []any{again.ID, replayed}, []any{g.ID, true})
		unchanged(t, h, "refusals", func() {
			long := strings.Repeat("x", 501)
			_, _, err := h.access.CreateGroup(t.Context(), freya, "", access.CreateGroup{Parent: "nordic", Code: "X", GroupParticulars: access.GroupParticulars{
				Address: long, ContactName: long, ContactEmail: "nobody", ContactPhone: "\x00", BrandTitle: long, BrandColor: "red",
			}})
			var fields []string
			for _, p := range err.(licensing.Problems) { //nolint:errorlint // exactly that
				fields = append(fields, p.Field)
			}
			same(t, "all at once", fields, []string{"parent", "code", "name", "address", "contactName", "contactEmail", "contactPhone", "brandTitle", "brandColor"})
			var words []string
			for _, code := range []string{"northwind", "fjord", "alta"} { // beyond sight, within, below
				_, _, err := h.access.CreateGroup(t.Context(), freya, "", access.CreateGroup{Code: code, GroupParticulars: access.GroupParticulars{Name: "New"}})
				refused(t, code, err, licensing.CodeInvalidRequest, "code")
				words = append(words, strings.ReplaceAll(err.Error(), code, "CODE"))
			}
			same(t, "the words do not tell whose it is", []string{words[0], words[0]}, words[1:])
			for _, code := range []string{"", "a", "ab c", "Ab", "a_b", "ä1", strings.Repeat("x", 41), "a,b", "*"} {
				_, _, err := h.access.CreateGroup(t.Context(), freya, "", access.CreateGroup{Code: code, GroupParticulars: access.GroupParticulars{Name: "New"}})
				refused(t, code, err, licensing.CodeInvalidRequest, "code")
			}
			_, _, err = h.access.CreateGroup(t.Context(), h.ben(t), "", access.CreateGroup{Code: "new", GroupParticulars: access.GroupParticulars{Name: "New"}})
			refused(t, "a member", err, licensing.CodeDenied, "")
		})
		history := got[[]licensing.HistoryEntry](t)(h.access.GroupHistory(t.Context(), freya, "alta"))
		same(t, "history", []string{history[0].Action, history[0].By}, []string{"group.created", "Freya Lund"})
		_, err = h.access.GroupHistory(t.Context(), h.anna(t), "alta")
		refused(t, "history beyond sight", err, licensing.CodeNotFound, "group")
	})
}

// TestEditGroup holds that an edit of what was shown before somebody else's edit tells what changed.
func TestEditGroup(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, freya := h.isv(t), h.freya(t)
		shown := got[access.GroupDetail](t)(h.access.Group(t.Context(), freya, "fjord")).Group
		edit := func(actor licensing.Actor, version int, name, title string) (licensing.Group, error) {
			g, _, err := h.access.EditGroup(t.Context(), actor, "", access.EditGroup{Code: "fjord", Version: version, GroupParticulars: access.GroupParticulars{Name: name, BrandTitle: title}})
			return g, err
		}
		g, err := edit(isv, shown.Version, "Fjord AS", "")
		must(t, err)
		same(t, "edited", []any{g.Name, g.Version}, []any{"Fjord AS", shown.Version + 1})
		_, err = edit(freya, shown.Version, "Fjord Oslo", "Fjord")
		refused(t, "the other one", err, licensing.CodeConflict, "")
		if !strings.Contains(err.Error(), "somebody from above changed") || !strings.Contains(err.Error(), "the name from “Fjord” to “Fjord AS”") || strings.Contains(err.Error(), "Iris") {
			t.Errorf("the conflict says: %v", err)
		}
		g, err = edit(freya, g.Version, "Fjord Oslo", "Fjord")
		must(t, err)
		same(t, "who acts there sees the brand", h.freya(t).GroupBrand.Title, "Fjord")
		same(t, "nothing to change is no edit", got[licensing.Group](t)(edit(freya, g.Version, "Fjord Oslo", "Fjord")).Version, g.Version)
		history := got[[]licensing.HistoryEntry](t)(h.access.GroupHistory(t.Context(), freya, "fjord"))
		same(t, "history", []any{history[0].By, history[0].Detail[0], history[1].By, history[1].FromAbove},
			[]any{"Freya Lund", licensing.FromTo("name", "Fjord AS", "Fjord Oslo"), "", true})
		_, err = edit(h.as(t, "ben@northwind.example", "fjord"), g.Version, "Ben's", "")
		refused(t, "a member", err, licensing.CodeDenied, "")
		_, _, err = h.access.EditGroup(t.Context(), freya, "", access.EditGroup{Code: "nordic", Version: 1, GroupParticulars: access.GroupParticulars{Name: "Mine"}})
		refused(t, "above", err, licensing.CodeNotFound, "group")
	})
}

// TestMoveGroup holds what a move changes, that the preview says it, and what is refused.
func TestMoveGroup(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, anna := h.isv(t), h.anna(t)
		h.makeGroup(t, isv, "northwind", "west")
		h.makeGroup(t, isv, "fjord", "alta")
		give := func(actor licensing.Actor, who string) licensing.GrantID {
			t.Helper()
			out, _, err := h.access.Give(t.Context(), actor, "", access.GivePermission{Who: who, Category: "partner", Action: "create"})
			must(t, err)
			return out.Grant
		}
		tree := give(isv, "tree:northwind")
		falls := give(anna, "tree:west")
		_, err := h.access.PreviewMove(t.Context(), anna, access.MoveGroup{Code: "west", Under: "fjord"})
		refused(t, "beyond sight", err, licensing.CodeNotFound, "under")
		preview := got[access.MovePreview](t)(h.access.PreviewMove(t.Context(), isv, access.MoveGroup{Code: "west", Under: "fjord"}))
		path := func(groups []licensing.Group) (all []string) {
			for _, g := range groups {
				all = append(all, g.Code)
			}
			return all
		}
		same(t, "from", path(preview.From), []string{"aurora", "northwind"})
		same(t, "to", path(preview.To), []string{"aurora", "nordic", "fjord"})
		same(t, "who loses it", []any{len(preview.Lose), preview.Lose[0].Group.Code, preview.Lose[0].Admins[0].UserName}, []any{1, "northwind", "Anna Lindqvist"})
		same(t, "who gains it", []any{len(preview.Gain), preview.Gain[0].Group.Code, preview.Gain[1].Group.Code, len(preview.Gain[1].Admins)}, []any{2, "fjord", "nordic", 0})
		same(t, "what reaches it", []any{len(preview.Reach), preview.Reach[0].Grant.ID, preview.Reach[0].Begins}, []any{1, tree, false})
		same(t, "what falls", []any{len(preview.Falls), preview.Falls[0].ID}, []any{1, falls})

		more := give(isv, "tree:fjord")
		_, _, err = h.access.MoveGroup(t.Context(), isv, "stale", access.MoveGroup{Code: "west", Under: "fjord", Preview: preview.Fingerprint})
		refused(t, "what was shown is old", err, licensing.CodeConflict, "")
		preview = got[access.MovePreview](t)(h.access.PreviewMove(t.Context(), isv, access.MoveGroup{Code: "west", Under: "fjord"}))
		same(t, "what begins to reach it", []any{len(preview.Reach), preview.Reach[1].Grant.ID, preview.Reach[1].Begins}, []any{2, more, true})

		before := got[int64](t)(h.store.PolicyVersion(t.Context()))
		in := access.MoveGroup{Code: "west", Under: "fjord", Preview: preview.Fingerprint}
		done, replayed, err := h.access.MoveGroup(t.Context(), isv, "move", in)
		must(t, err)
		same(t, "moved", []any{done.Group.Parent, len(done.Falls), done.Falls[0].ID, replayed}, []any{preview.To[2].ID, 1, falls, false})
		_, replayed, err = h.access.MoveGroup(t.Context(), isv, "move", in)
		must(t, err)
		same(t, "once", replayed, true)
		changes, _, err := h.store.PolicyChanges(t.Context(), before)
		must(t, err)
		told := map[string]bool{}
		for _, c := range changes {
			told[c.Subject] = true
		}
		same(t, "the policy's changes", told, map[string]bool{"tree:west": true})
		same(t, "the tree", codes(got[[]access.GroupRow](t)(h.access.Groups(t.Context(), isv))), []string{"aurora", " nordic", "  fjord", "   alta", "   west", " northwind"})
		_, err = h.access.Group(t.Context(), anna, "west")
		refused(t, "anna sees it no more", err, licensing.CodeNotFound, "group")

		history := got[[]licensing.HistoryEntry](t)(h.access.GroupHistory(t.Context(), h.freya(t), "west"))
		for _, e := range history { // where it was and who moved it is beyond Freya's sight
			for _, v := range e.Detail {
				if strings.Contains(v.Value, "northwind") || e.By == "Iris Voss" {
					t.Errorf("from above: %v", e)
				}
			}
		}
		unchanged(t, h, "refusals", func() {
			for name, c := range map[string]struct {
				actor  licensing.Actor
				in     access.MoveGroup
				code   licensing.Code
				field  string
				saying string
			}{
				"the root":            {isv, access.MoveGroup{Code: "aurora", Under: "nordic"}, licensing.CodeInvalidRequest, "code", "root"},
				"one's own":           {h.freya(t), access.MoveGroup{Code: "fjord", Under: "alta"}, licensing.CodeDenied, "code", "only from above"},
				"below itself":        {isv, access.MoveGroup{Code: "nordic", Under: "nordic"}, licensing.CodeInvalidRequest, "under", "below itself"},
				"a cycle":             {isv, access.MoveGroup{Code: "nordic", Under: "alta"}, licensing.CodeInvalidRequest, "under", "The alta lies below Nordic"},
				"where it is":         {isv, access.MoveGroup{Code: "fjord", Under: "nordic"}, licensing.CodeInvalidRequest, "under", "already"},
				"from beyond sight":   {h.freya(t), access.MoveGroup{Code: "northwind", Under: "fjord"}, licensing.CodeNotFound, "code", "within your sight"},
				"to above":            {h.freya(t), access.MoveGroup{Code: "alta", Under: "nordic"}, licensing.CodeNotFound, "under", "within your sight"},
				"to nowhere":          {isv, access.MoveGroup{Code: "alta", Under: ""}, licensing.CodeNotFound, "under", "within your sight"},
				"a member's":          {h.ben(t), access.MoveGroup{Code: "northwind", Under: "northwind"}, licensing.CodeDenied, "", "Only admins"},
				"a service account's": {h.erpAccount(t), access.MoveGroup{Code: "fjord", Under: "northwind"}, licensing.CodeDenied, "", "Only admins"},
			} {
				_, err := h.access.PreviewMove(t.Context(), c.actor, c.in)
				refused(t, name, err, c.code, c.field)
				if err != nil && !strings.Contains(err.Error(), c.saying) {
					t.Errorf("%s: %v does not say %q", name, err, c.saying)
				}
				_, _, err = h.access.MoveGroup(t.Context(), c.actor, "", c.in)
				refused(t, name, err, c.code, c.field)
			}
		})
	})
}

// TestMovesAtOnce holds that two moves that would make a cycle together do not.
func TestMovesAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		isv, other := h.isv(t), h.another(t)
		h.makeGroup(t, isv, "aurora", "a-team")
		h.makeGroup(t, isv, "aurora", "b-team")
		for range 5 {
			var all sync.WaitGroup
			var errs [2]error
			all.Go(func() {
				_, _, errs[0] = h.access.MoveGroup(t.Context(), isv, "", access.MoveGroup{Code: "a-team", Under: "b-team"})
			})
			all.Go(func() {
				_, _, errs[1] = other.access.MoveGroup(t.Context(), isv, "", access.MoveGroup{Code: "b-team", Under: "a-team"})
			})
			all.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("one and only one succeeds: %v, %v", errs[0], errs[1])
			}
			same(t, "groups", len(got[[]access.GroupRow](t)(h.access.Groups(t.Context(), isv))), 6)
			code := "a-team"
			if errs[0] != nil {
				code = "b-team"
			}
			_, _, err := h.access.MoveGroup(t.Context(), isv, "", access.MoveGroup{Code: code, Under: "aurora"})
			must(t, err)
		}
	})
}
