package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kontor/internal/access"
	"kontor/internal/calls"
	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// Calls is what the portal asks of the log of calls of the SOAP face.
type Calls interface {
	// List lists the calls of service accounts within sight.
	List(ctx context.Context, actor licensing.Actor, f licensing.CallFilter) (calls.List, error)
	// Call returns one by its reference, as a fault says it.
	Call(ctx context.Context, actor licensing.Actor, reference string) (calls.Shown, error)
	// Veiled takes out of an indented envelope the values that are hidden from the actor.
	Veiled(ctx context.Context, actor licensing.Actor, text string) (string, error)
	// Use returns what a service account called in the last hour by minute, or the last day by hour.
	Use(ctx context.Context, actor licensing.Actor, account licensing.MembershipID, byHour bool) (calls.Use, error)
}

// callsPage is what the list of calls shows.
type callsPage struct {
	listView
	Calls []licensing.CallRow
}

// callFilters are the names that the list's address knows; "last" is a stretch of time until now.
var callFilters = []string{"q", "account", "operation", "outcome", "last", "callsFrom", "callsTo", "below", "sort", "dir"}

// callStretches are the values of "last".
var callStretches = map[string]time.Duration{"15m": 15 * time.Minute, "1h": time.Hour, "24h": 24 * time.Hour}

func (s *site) calls(v *visit) error {
	q := readList(v, callFilters, "calls")
	groups, err := s.groupChoices(v)
	if err != nil {
		return err
	}
	find := T(v.ctx(), "calls.find")
	if v.actor.Role != licensing.RoleAdmin {
		find = T(v.ctx(), "calls.findMember")
	}
	page := callsPage{listView: listView{Query: q, Name: "calls", Find: find, Columns: callColumns(v.ctx(), len(groups) < 2)}}
	if s.chosenColumns(v, page.Name, page.Columns) {
		return v.goTo(q.address(v.ctx()))
	}
	f := callFilterOf(q, v.now)
	f.Limit = pageSize
	found, err := s.services.Calls.List(v.ctx(), v.actor, f)
	if err != nil {
		return err
	}
	// Who enters a whole reference wants that call.
	if !v.fragment() && len(found.Calls) == 1 && strings.EqualFold(strings.TrimSpace(q.get("q")), found.Calls[0].Reference) {
		return v.goTo(at(v.ctx(), "calls", found.Calls[0].Reference))
	}
	page.Calls, page.Rows = found.Calls, len(found.Calls)
	page.Page = ordering.Page{Found: found.Found, All: found.All, Before: found.Before, After: found.After}
	page.Filters = callFilterForm(v.ctx(), q, found.Accounts, groups)
	page.Chips = filterChips(v.ctx(), q, page.Filters)
	if v.fragment() {
		return v.show(http.StatusOK, callResults(page))
	}
	return v.show(http.StatusOK, callList(page))
}

// callFilterOf turns an address into what the use case takes. Days are the ISV's, by the wall clock.
func callFilterOf(q listQuery, now licensing.Moment) licensing.CallFilter {
	f := licensing.CallFilter{
		Query: q.get("q"), Account: licensing.MembershipID(q.get("account")), Operation: q.get("operation"), Outcome: licensing.CallOutcome(q.get("outcome")),
		Below: q.get("below"), Sort: licensing.CallSort(q.get("sort")), Reverse: q.reverse(), After: q.After, Before: q.Before,
	}
	if d := q.day("callsFrom"); !d.IsZero() {
		f.From = d.Begin(now.Zone)
	}
	if d := q.day("callsTo"); !d.IsZero() {
		f.To = d.AddDays(1).Begin(now.Zone)
	}
	if last := callStretches[q.get("last")]; last > 0 && f.From.Before(now.Wall.Add(-last)) {
		f.From = now.Wall.Add(-last)
	}
	return f
}

// callColumns are the columns of the list, the usual ones shown. Of a single group its name says nothing.
func callColumns(ctx context.Context, single bool) []listColumn {
	return []listColumn{
		{Name: "time", Label: T(ctx, "calls.time"), Shown: true, Fixed: true, Sorts: true, Sort: string(licensing.CallsByTime), Down: true},
		{Name: "operation", Label: T(ctx, "calls.operation"), Shown: true, Fixed: true},
		{Name: "account", Label: T(ctx, "calls.account"), Shown: true},
		{Name: "group", Label: T(ctx, "license.group"), Idle: single},
		{Name: "requestId", Label: T(ctx, "calls.requestId"), Shown: true},
		{Name: "outcome", Label: T(ctx, "calls.outcome.title"), Shown: true},
		{Name: "took", Label: T(ctx, "calls.took"), Shown: true, Num: true, Sorts: true, Sort: string(licensing.CallsByTook), Down: true},
		{Name: "address", Label: T(ctx, "calls.address")},
		{Name: "order", Label: T(ctx, "license.order")},
		{Name: "reference", Label: T(ctx, "calls.reference")},
		{Name: "version", Label: T(ctx, "calls.version")},
		{Name: "in", Label: T(ctx, "calls.in"), Num: true},
		{Name: "out", Label: T(ctx, "calls.out"), Num: true},
	}
}

// callFilterForm are the filters of the list.
func callFilterForm(ctx context.Context, q listQuery, of []licensing.Membership, groups []access.GroupName) []listFilter {
	last := listFilter{Name: "last", Label: T(ctx, "calls.last.title"), Kind: "select", Closed: true}
	for _, name := range []string{"15m", "1h", "24h"} {
		last.Options = append(last.Options, option(q, "last", name, T(ctx, "calls.last.s"+name)))
	}
	outcomes := listFilter{Name: "outcome", Label: T(ctx, "calls.outcome.title"), Kind: "select", Closed: true}
	outcomes.Options = append(outcomes.Options, option(q, "outcome", string(licensing.CallFaults), T(ctx, "calls.outcome.faults")))
	for _, o := range licensing.CallOutcomes {
		outcomes.Options = append(outcomes.Options, option(q, "outcome", string(o), callOutcome(ctx, o)))
	}
	names := listFilter{Name: "operation", Label: T(ctx, "calls.operation"), Kind: "select"}
	for _, name := range licensing.Operations {
		names.Options = append(names.Options, option(q, "operation", name, name))
	}
	accounts := listFilter{Name: "account", Label: T(ctx, "calls.account"), Kind: "select"}
	for _, m := range of {
		accounts.Options = append(accounts.Options, option(q, "account", string(m.ID), m.UserName))
	}
	all := []listFilter{outcomes, names, accounts, last,
		{Name: "callsFrom", Label: T(ctx, "calls.from"), Kind: "day", Value: q.get("callsFrom")},
		{Name: "callsTo", Label: T(ctx, "calls.to"), Kind: "day", Value: q.get("callsTo")},
	}
	if len(groups) > 1 {
		below := listFilter{Name: "below", Label: T(ctx, "license.group"), Kind: "select"}
		for _, g := range groups {
			below.Options = append(below.Options, option(q, "below", g.Code, g.Name))
		}
		all = append(all, below)
	}
	return all
}

// count is the second line of the page.
func (p callsPage) count(ctx context.Context) string {
	if p.Query.narrowed() {
		return T(ctx, "calls.some", "N", countText(ctx, p.Page.Found), "All", countText(ctx, p.Page.All))
	}
	return T(ctx, "calls.all", "N", countText(ctx, p.Page.All))
}

// callOutcome is how a call ended, in words.
func callOutcome(ctx context.Context, o licensing.CallOutcome) string {
	return T(ctx, "calls.outcome."+string(o))
}

// callTime is when a call came: "14:32:05" today, by the wall clock, else with its day.
func callTime(ctx context.Context, t time.Time) string {
	now := visitOf(ctx).now
	return stamp(ctx, t, licensing.DayOf(now.Wall, now.Zone), now.Zone)
}

// callTimeLong is "21 November 2026, 14:32:05.123".
func callTimeLong(ctx context.Context, t time.Time) string {
	zone := visitOf(ctx).now.Zone
	return T(ctx, "calls.at", "Day", dayLong(ctx, licensing.DayOf(t, zone)), "Time", t.In(zone).Format("15:04:05.000"))
}

// callTook is how long a call took: "0.4 ms", "12 ms", "1.4 s".
func callTook(ctx context.Context, d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	switch {
	case ms < 10:
		return T(ctx, "calls.ms", "N", strconv.FormatFloat(ms, 'f', 1, 64))
	case ms < 1000:
		return T(ctx, "calls.ms", "N", strconv.FormatFloat(ms, 'f', 0, 64))
	default:
		return T(ctx, "calls.s", "N", strconv.FormatFloat(ms/1000, 'f', 1, 64))
	}
}

// callSize is the size of an envelope.
func callSize(ctx context.Context, n int) string {
	if n < 1<<10 {
		return T(ctx, "calls.bytes", "N", strconv.Itoa(n))
	}
	return sizeText(ctx, int64(n))
}

// callName is what a call is called in a heading.
func callName(ctx context.Context, c licensing.Call) string {
	if c.Operation == "" {
		return T(ctx, "calls.noOperation")
	}
	return c.Operation
}

// call is the page of one, by its reference.
func (s *site) call(v *visit) error {
	c, err := s.services.Calls.Call(v.ctx(), v.actor, v.Param("reference"))
	if err != nil {
		return withWay(err, at(v.ctx(), "calls"), T(v.ctx(), "calls.back"))
	}
	return v.show(http.StatusOK, callPage(c))
}
