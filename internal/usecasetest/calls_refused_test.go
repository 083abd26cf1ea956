package usecasetest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/calls"
	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// TestRefusedLoginsAreSeenByTheAccountsAdmins has somebody come in as an account in ways that are refused: the admins who look
// after the account find that, and nobody else does.
func TestRefusedLoginsAreSeenByTheAccountsAdmins(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		limits := licensing.CallLimits{PerMinute: 5}
		log := h.callLog(t, calls.Config{Limits: limits})
		made := h.madeAccount(t)
		m := made.Account.Membership
		h.makeGroup(t, h.anna(t), "northwind", "branch")
		face := h.face(t, log)
		ask := func(name, secret string) (fault string) {
			return askFaceAs(face, soap11(`<ListOffers xmlns="urn:kontor:license:v1"/>`), name, secret).Body.String()
		}
		known := ask("Shop@Northwind.example", "wrong") // as its people write it
		unknown := ask("nobody@northwind.example", "wrong")
		same(t, "the fault of a name that there is", withoutReference(known), withoutReference(unknown))
		for range 10 {
			ask(shop, "wrong") // until it has to wait
		}
		h.wall.advance(time.Hour)
		_, _, err := h.access.SetAllowance(t.Context(), h.anna(t), "", access.SetAllowance{Membership: m.ID, Allowance: licensing.Allowance{Addresses: []string{"203.0.113.0/24"}}})
		must(t, err)
		ask(shop, made.Secret) // right, but from elsewhere
		_, _, err = h.access.Suspend(t.Context(), h.anna(t), "", access.ChangePerson{Membership: m.ID, Reason: "Looking into it"})
		must(t, err)
		ask(shop, made.Secret)
		must(t, log.Close())

		for _, c := range []struct {
			who  licensing.Actor
			want int
		}{{h.isv(t), 14}, {h.anna(t), 13}, {h.ben(t), 0}, {h.staff(t), 0}, {h.freya(t), 0}} {
			list := got[calls.List](t)(log.List(t.Context(), c.who, licensing.CallFilter{}))
			same(t, c.who.Email+" sees", []int{len(list.Calls), list.All.N}, []int{c.want, c.want})
			for _, r := range list.Calls {
				shown := got[calls.Shown](t)(log.Call(t.Context(), c.who, r.Reference))
				same(t, "of "+r.Name, []any{shown.Account, shown.Named == m.ID, shown.Envelopes, shown.Hidden, shown.Kept},
					[]any{licensing.MembershipID(""), r.Name != "nobody@northwind.example", (*calls.Envelopes)(nil), false, false})
			}
			if c.want == 0 {
				_, err := log.Call(t.Context(), c.who, referenceIn(t, known))
				refused(t, c.who.Email, err, licensing.CodeNotFound, "reference")
			}
		}
		shown := got[calls.Shown](t)(log.Call(t.Context(), h.anna(t), referenceIn(t, known)))
		same(t, "whom it named", []any{shown.Name, shown.AccountName, shown.GroupCode, shown.NamedHome}, []any{shop, "Web shop", "northwind", false})
		same(t, "by its account", got[calls.List](t)(log.List(t.Context(), h.anna(t), licensing.CallFilter{Account: m.ID})).Found.N, 13)

		u := got[calls.Use](t)(log.Use(t.Context(), h.anna(t), m.ID, true))
		sum := 0
		for _, p := range u.Parts {
			sum += p.Calls() + p.Refused
		}
		same(t, "counted", []any{sum, u.Used.InMinute}, []any{0, 0})
	})
}

var referencePart = regexp.MustCompile(`<reference>(\w+)</reference>`)

// referenceIn is the reference of a fault.
func referenceIn(t testing.TB, fault string) string {
	t.Helper()
	found := referencePart.FindStringSubmatch(fault)
	if found == nil {
		t.Fatalf("there is no reference in %s", fault)
	}
	return found[1]
}

func withoutReference(fault string) string { return referencePart.ReplaceAllString(fault, "") }

// TestRefusedLoginsFromHome: the log tells whether a refused login came from where the account came in lately.
func TestRefusedLoginsFromHome(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		named := func(from string) []any {
			n := got[licensing.NamedAccount](t)(h.access.Named(t.Context(), " ERP@aurora.example", "", from))
			return []any{n.Account.Email, n.Home}
		}
		same(t, "before it came in", named(office), []any{erpName, false})
		_, err := h.tries(t, erpName, demo.Password, office)
		must(t, err)
		same(t, "from there", named(office), []any{erpName, true})
		same(t, "from elsewhere", named(stranger), []any{erpName, false})
		h.wall.advance(access.LoginRemembered)
		same(t, "long after", named(office), []any{erpName, false})
		for _, name := range []string{"", "a\x00", "anna@northwind.example", "nobody@aurora.example"} {
			n := got[licensing.NamedAccount](t)(h.access.Named(t.Context(), name, "", office))
			same(t, fmt.Sprintf("%q names", name), n, licensing.NamedAccount{})
		}
	})
}

// TestRefusedLoginsByCertificate names accounts by certificates.
func TestRefusedLoginsByCertificate(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		made := h.madeAccount(t)
		text, c := madeCertificate(t, curveKey(t), soldOn, soldOn.AddDate(1, 0, 0))
		_, _, err := h.access.AddCertificate(t.Context(), h.anna(t), "", access.AddCertificate{Membership: made.Account.Membership.ID, PEM: text})
		must(t, err)
		n := got[licensing.NamedAccount](t)(h.access.Named(t.Context(), "", c.Names.Fingerprint, office))
		same(t, "named", n.Account.ID, made.Account.Membership.ID)
		n = got[licensing.NamedAccount](t)(h.access.Named(t.Context(), erpName, c.Names.Fingerprint, office))
		same(t, "a name counts before it", n.Account.Email, erpName)
		_, other := madeCertificate(t, curveKey(t), soldOn, soldOn.AddDate(1, 0, 0))
		n = got[licensing.NamedAccount](t)(h.access.Named(t.Context(), "", other.Names.Fingerprint, office))
		same(t, "one that is not registered", n, licensing.NamedAccount{})
	})
}

// TestRefusedLoginsAreExported: a file says of a refused login that it named an account, which did not act.
func TestRefusedLoginsAreExported(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		m := h.madeAccount(t).Account.Membership
		log := h.callLog(t, calls.Config{})
		naming := callOf(licensing.Actor{Membership: licensing.Membership{Group: m.Group, Email: m.Email}}, "NAMING", soldOn)
		naming.Named = m.ID
		log.Keep(naming, nil)
		must(t, log.Close())
		for who, want := range map[string]string{"anna@northwind.example": "Refused: named " + shop, "ben@northwind.example": ""} {
			actor := h.as(t, who, "northwind")
			out, _, err := h.ordering.StartExport(t.Context(), actor, "export", ordering.StartExport{
				List: licensing.ListOfCalls, Format: licensing.FormatCSV, Filter: "{}", Columns: []string{"account"}, Words: map[string]string{"account.named": "Refused: named *"},
			})
			must(t, err)
			must(t, h.ordering.RunExport(t.Context(), out.ID))
			lines := strings.Split(strings.TrimSpace(string(got[[]byte](t)(h.ordering.ExportPart(t.Context(), actor, out.ID, 1)))), "\n")
			if len(lines) > 1 != (want != "") || want != "" && strings.TrimSpace(lines[1]) != want {
				t.Errorf("%s gets %q", who, lines)
			}
		}
	})
}

// TestRefusedLoginsAreForgotten keeps more of them than the log keeps of an account.
func TestRefusedLoginsAreForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		m := h.madeAccount(t).Account.Membership
		log := h.callLog(t, calls.Config{})
		for i := range 1001 {
			c := callOf(licensing.Actor{Membership: licensing.Membership{Group: m.Group, Email: m.Email}}, fmt.Sprint(i), soldOn.Add(time.Duration(i/20)*time.Minute))
			c.Named, c.NamedHome = m.ID, true
			log.Keep(c, nil)
		}
		must(t, log.Close())
		same(t, "more", got[bool](t)(log.DropOld(t.Context())), false)
		same(t, "left", got[calls.List](t)(log.List(t.Context(), h.anna(t), licensing.CallFilter{})).All.N, 1000)
	})
}
