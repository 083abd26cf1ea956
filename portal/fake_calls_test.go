package portal_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"kontor/internal/calls"
	"kontor/internal/licensing"
)

// fakeCalls stands in for the log of calls: four of Northwind's web shop, one that only named it, and one of nobody known.
type fakeCalls struct{ w *world }

const (
	callRequest = "<Envelope>\n  <Body>\n    <CreateLicense>\n      <requestId>erp-1</requestId>\n    </CreateLicense>\n  </Body>\n</Envelope>"
	callAnswer  = "<soap:Envelope>\n  <soap:Body>\n    <soap:Fault>\n      <faultstring>" + "seats: Enter 1 to 50. For more seats, add a second line, and then another one, until the sum of all lines is enough." +
		"</faultstring>\n    </soap:Fault>\n  </soap:Body>\n</soap:Envelope>"
)

func (f fakeCalls) all() (all []licensing.CallRow) {
	now := f.w.now.Wall
	for i, outcome := range []licensing.CallOutcome{licensing.CallOK, licensing.CallReplayed, licensing.CallOutcome(licensing.CodeInvalidParameter), licensing.CallOutcome(licensing.CodeUnavailable)} {
		c := licensing.Call{
			At: now.Add(-time.Duration(i) * 25 * time.Minute), Group: "g-northwind", Account: "m-shop", Name: "shop@northwind.example", Remote: "192.0.2.7", Version: "1.2",
			Operation: "CreateLicense", RequestID: "erp-" + string(rune('1'+i)), Took: time.Duration(i*i*900+400) * time.Microsecond, Outcome: outcome,
			Reference: strings.Repeat(string(rune('A'+i)), 12), InSize: 1_400, OutSize: 3_100, Kept: true, Console: i == 1,
		}
		if outcome == licensing.CallOutcome(licensing.CodeInvalidParameter) {
			c.Field = "seats"
		}
		all = append(all, licensing.CallRow{Call: c, GroupCode: "northwind", GroupName: "Northwind", AccountName: "Web shop"})
	}
	all = append(all, licensing.CallRow{Call: licensing.Call{
		At: now.Add(-3 * time.Hour), Group: "g-northwind", Named: "m-shop", NamedHome: true, Name: "shop@northwind.example", Remote: "192.0.2.8", Version: "1.1", Operation: "GetLicense",
		Took: 300 * time.Microsecond, Outcome: licensing.CallOutcome(licensing.CodeUnauthenticated), Reference: "WWWWWWWWWWWW", InSize: 400,
	}, GroupCode: "northwind", GroupName: "Northwind", AccountName: "Web shop"})
	return append(all, licensing.CallRow{Call: licensing.Call{
		At: now.Add(-26 * time.Hour), Name: "admin", Remote: "2001:db8::dead:beef", Version: "1.1", Took: 300 * time.Microsecond,
		Outcome: licensing.CallOutcome(licensing.CodeUnauthenticated), Reference: "ZZZZZZZZZZZZ", InSize: 40,
	}})
}

func (f fakeCalls) seen(a licensing.Actor) []licensing.CallRow {
	return slices.DeleteFunc(f.all(), func(r licensing.CallRow) bool {
		return r.Group != a.Group && (!a.GroupIsISV || a.Role != licensing.RoleAdmin) || r.Named != "" && a.Role != licensing.RoleAdmin
	})
}

// List implements portal.Calls.
func (f fakeCalls) List(_ context.Context, a licensing.Actor, q licensing.CallFilter) (l calls.List, err error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	all := f.seen(a)
	l.All.N = len(all)
	all = slices.DeleteFunc(all, func(r licensing.CallRow) bool {
		return !strings.HasPrefix(r.Reference, strings.ToUpper(q.Query)) && !strings.HasPrefix(r.RequestID, q.Query) || q.Outcome != "" && q.Outcome != r.Outcome && (q.Outcome != licensing.CallFaults || !r.Outcome.Fault()) ||
			r.At.Before(q.From) || q.Account != "" && q.Account != r.Account
	})
	if q.Sort == licensing.CallsByTook {
		slices.SortFunc(all, func(x, y licensing.CallRow) int { return int(y.Took - x.Took) })
	}
	l.Calls, l.Found.N = all, len(all)
	if a.GroupIsISV || a.GroupCode == "northwind" {
		l.Accounts = []licensing.Membership{{ID: "m-shop", UserName: "Web shop"}}
	}
	return l, f.w.broken
}

// Call implements portal.Calls.
func (f fakeCalls) Call(_ context.Context, a licensing.Actor, reference string) (calls.Shown, error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	for _, r := range f.seen(a) {
		if r.Reference == reference {
			shown := calls.Shown{CallRow: r, Hidden: r.Kept && a.Role != licensing.RoleAdmin}
			if r.Kept && !shown.Hidden {
				shown.Envelopes = &calls.Envelopes{Request: callRequest, Answer: callAnswer}
			}
			return shown, nil
		}
	}
	return calls.Shown{}, licensing.NotFoundError("reference", "There is no call with this reference within your sight. It may be too old.")
}

// Veiled implements portal.Calls: the margin is hidden.
func (f fakeCalls) Veiled(_ context.Context, _ licensing.Actor, text string) (string, error) {
	return strings.ReplaceAll(text, "<value>margin</value>", "<value>(hidden)</value>"), nil
}

// Use implements portal.Calls: the web shop calls more and more, up to its limit.
func (f fakeCalls) Use(_ context.Context, a licensing.Actor, account licensing.MembershipID, byHour bool) (calls.Use, error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	if a.Role != licensing.RoleAdmin {
		return calls.Use{}, licensing.DeniedError("", "Only admins see what service accounts use.")
	}
	if account != "m-shop" {
		return calls.Use{}, licensing.NotFoundError("membership", "There is no such service account within your sight.")
	}
	u := calls.Use{Account: licensing.Membership{ID: "m-shop", UserName: "Web shop", Email: "shop@northwind.example"}, Step: time.Minute}
	u.House, u.Own = licensing.CallLimits{PerMinute: 60}, licensing.OwnLimits{PerDay: &licensing.OwnLimit{N: 30}, Licenses: &licensing.OwnLimit{N: 1_000}}
	u.Limits, u.Used = u.Own.Over(u.House), licensing.CallUse{InMinute: 45, InDay: 29, Licenses: 120}
	n := 60
	if byHour {
		u.Step, n = time.Hour, 24
	}
	for i := range n {
		p := calls.UsePart{From: f.w.now.Wall.Add(time.Duration(i-n+1) * u.Step), Done: min(i, 52), Faults: i % 8}
		if i > 52 && !byHour {
			p.Refused = 20
		}
		u.Parts = append(u.Parts, p)
	}
	return u, nil
}
