package sqlstore

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// minuteOf is what calls are narrowed and counted by.
func minuteOf(t time.Time) int64 { return t.Unix() / 60 }

func (t *tx) InsertCall(ctx context.Context, c licensing.Call, sealed []byte) error {
	err := t.q.InsertCall(ctx, db.InsertCallParams{
		ID: string(c.ID), At: micro(c.At), AtMinute: minuteOf(c.At), GroupID: string(c.Group), AccountID: string(c.Account), Account: c.Name, Remote: c.Remote,
		Version: c.Version, Operation: c.Operation, RequestID: c.RequestID, TookUs: c.Took.Microseconds(), Outcome: string(c.Outcome), Field: c.Field,
		Reference: c.Reference, InSize: int64(c.InSize), OutSize: int64(c.OutSize), OrderNumber: c.Order, TicketHash: c.TicketHash, Kept: sealed != nil,
		NamedID: string(c.Named), NamedHome: c.NamedHome, Console: c.Console,
	})
	if err != nil || sealed == nil {
		return err
	}
	return t.q.InsertEnvelope(ctx, db.InsertEnvelopeParams{CallID: string(c.ID), Content: sealed})
}

func (t *tx) callListing(ctx context.Context, s licensing.Sight, f licensing.CallFilter) (*listing, error) {
	l := &listing{table: "soap_call", key: "id", desc: !f.Reverse, page: page{f.After, f.Before, f.Limit}}
	if f.Sort == licensing.CallsByTook {
		l.key, l.page.after, l.page.before = "took_us", numbered(f.After), numbered(f.Before)
	}
	if unheard(f.Query, f.Below, string(f.Account), f.Operation, string(f.Outcome)) {
		l.nothing = true
		return l, nil
	}
	var err error
	if l.within, err = t.groupsOf(ctx, s, f.Below); err != nil {
		return nil, err
	}
	if f.Query != "" {
		l.call(f.Query, s.Below)
	}
	if !s.Below {
		l.check("l.named_id || '' = ''")
	}
	if f.Account != "" {
		// That it is not empty is what the index of named accounts is made for.
		l.sources = append(l.sources, part{"SELECT l.seq FROM soap_call l WHERE l.account_id = ? UNION ALL SELECT l.seq FROM soap_call l WHERE l.named_id = ? AND l.named_id <> ''", []any{string(f.Account), string(f.Account)}})
		l.check("(l.account_id || '' = ? OR l.named_id || '' = ?)", string(f.Account), string(f.Account))
	}
	if f.Operation != "" {
		l.exactly("operation", f.Operation)
	}
	// What is no fault is what most calls are. The index of the others is for the conditions as they stand here.
	const faults = "l.outcome <> 'ok' AND l.outcome <> 'replayed'"
	switch {
	case f.Outcome == "":
	case f.Outcome == licensing.CallFaults:
		l.find(faults)
		l.check("l.outcome || '' NOT IN (?, ?)", string(licensing.CallOK), string(licensing.CallReplayed))
	case f.Outcome.Fault():
		l.find("l.outcome = ? AND "+faults, string(f.Outcome))
		l.check("l.outcome || '' = ?", string(f.Outcome))
	default:
		l.check("l.outcome = ?", string(f.Outcome))
	}
	if !f.From.IsZero() || !f.To.IsZero() {
		low, high := int64(0), int64(1)<<40
		if !f.From.IsZero() {
			low = minuteOf(f.From)
		}
		if !f.To.IsZero() {
			high = minuteOf(f.To)
		}
		l.find("l.at_minute >= ? AND l.at_minute < ?", low, high)
		l.check("l.at_minute + 0 >= ? AND l.at_minute + 0 < ?", low, high)
	}
	return l, nil
}

// numbered lets a cursor pass whose key is a number.
func numbered(cursor string) string {
	if f, ok := position(cursor); ok {
		if _, err := strconv.ParseInt(f.key, 10, 64); err == nil {
			return cursor
		}
	}
	return ""
}

// call adds what somebody looks for: each of the columns has an index. Order numbers, tickets and request ids are looked at for
// those alone who see what lies below their group, as accounts do: others would be told by what is found what they are not shown.
func (l *listing) call(typed string, below bool) {
	exact := [][2]string{{"remote", strings.ToLower(typed)}}
	if below {
		exact = append(exact, [2]string{"order_number", strings.ToUpper(typed)})
		if ticket, err := licensing.ParseTicket(typed); err == nil {
			exact = append(exact, [2]string{"ticket_hash", licensing.HashTicket(ticket)})
		}
	}
	var source, check part
	for _, e := range exact {
		// That it is not empty is what the indexes are made for.
		source.add("SELECT l.seq FROM soap_call l WHERE l."+e[0]+" = ? AND l."+e[0]+" <> '' UNION ALL ", e[1])
		check.add("l."+e[0]+" || '' = ? OR ", e[1])
	}
	reference := strings.ToUpper(typed)
	source.add("SELECT l.seq FROM soap_call l WHERE l.reference >= ? AND l.reference < ?", reference, reference+maxTerm)
	check.add("l.reference || '' >= ? AND l.reference || '' < ?", reference, reference+maxTerm)
	if below {
		source.add(" UNION ALL SELECT l.seq FROM soap_call l WHERE l.request_id >= ? AND l.request_id < ? AND l.request_id <> ''", typed, typed+maxTerm)
		check.add(" OR l.request_id || '' >= ? AND l.request_id || '' < ?", typed, typed+maxTerm)
	}
	l.sources = append(l.sources, source)
	l.check("("+check.sql+")", check.args...)
}

func (t *tx) CallRows(ctx context.Context, s licensing.Sight, f licensing.CallFilter) ([]licensing.CallRow, error) {
	l, err := t.callListing(ctx, s, f)
	if err != nil {
		return nil, err
	}
	page, err := t.run(ctx, l)
	if err != nil || len(page) == 0 {
		return nil, err
	}
	return t.callsOn(ctx, page)
}

// callsOn reads the calls of a page.
func (t *tx) callsOn(ctx context.Context, page []found) ([]licensing.CallRow, error) {
	all, place := make([]licensing.CallRow, len(page)), places(page)
	err := t.each(ctx, `SELECT c.seq, c.id, c.at, c.group_id, c.account_id, c.account, c.remote, c.version, c.operation, c.request_id, c.took_us, c.outcome, c.field, c.reference,
			c.in_size, c.out_size, c.order_number, c.ticket_hash, c.kept, c.named_id, c.named_home, c.console, COALESCE(g.code, ''), COALESCE(g.name, ''), COALESCE(u.name, '')
		FROM soap_call c LEFT JOIN org_group g ON g.id = c.group_id LEFT JOIN membership m ON m.id = CASE WHEN c.account_id <> '' THEN c.account_id ELSE c.named_id END LEFT JOIN account u ON u.id = m.account_id
		WHERE c.seq IN (`+placeholders(len(page))+`)`, seqs(page), func(rows *sql.Rows) error {
		var seq, took int64
		var r licensing.CallRow
		err := rows.Scan(&seq, &r.ID, &r.At, &r.Group, &r.Account, &r.Name, &r.Remote, &r.Version, &r.Operation, &r.RequestID, &took, &r.Outcome, &r.Field, &r.Reference,
			&r.InSize, &r.OutSize, &r.Order, &r.TicketHash, &r.Kept, &r.Named, &r.NamedHome, &r.Console, &r.GroupCode, &r.GroupName, &r.AccountName)
		i := place[seq]
		r.At, r.Took, r.Cursor = utc(r.At), time.Duration(took)*time.Microsecond, page[i].cursor()
		all[i] = r
		return err
	})
	return all, err
}

func (t *tx) CountCalls(ctx context.Context, s licensing.Sight, f licensing.CallFilter, most int) (licensing.Count, error) {
	l, err := t.callListing(ctx, s, f)
	if err != nil {
		return licensing.Count{}, err
	}
	return t.count(ctx, l, most)
}

func (t *tx) CallByReference(ctx context.Context, s licensing.Sight, reference string) (licensing.CallRow, []byte, error) {
	if unheard(reference) {
		return licensing.CallRow{}, nil, licensing.ErrNone
	}
	named, err := t.q.CallsOfReference(ctx, strings.ToUpper(reference))
	if err != nil {
		return licensing.CallRow{}, nil, err
	}
	for _, c := range named {
		seen, err := t.callInSight(ctx, s, c.GroupID, c.NamedID != "")
		if err != nil {
			return licensing.CallRow{}, nil, err
		}
		if !seen {
			continue
		}
		rows, err := t.callsOn(ctx, []found{{seq: c.Seq}})
		if err != nil || !rows[0].Kept {
			return rows[0], nil, err
		}
		sealed, err := one(t.q.EnvelopeOf(ctx, string(rows[0].ID)))
		return rows[0], sealed, err
	}
	return licensing.CallRow{}, nil, licensing.ErrNone
}

// callInSight reports whether a call of a group is seen, or one that only named an account of it: nobody's are by who sees
// every group.
func (t *tx) callInSight(ctx context.Context, s licensing.Sight, group string, named bool) (bool, error) {
	if named && !s.Below {
		return false, nil
	}
	if group != "" {
		return t.InSight(ctx, s.Group, s.Below, licensing.GroupID(group))
	}
	if !s.Below {
		return false, nil
	}
	n, err := t.q.IsRootGroup(ctx, string(s.Group))
	return n > 0, err
}

func (t *tx) CountCallsBy(ctx context.Context, account licensing.MembershipID, from time.Time, step time.Duration) ([]licensing.CallCount, error) {
	minutes := max(int64(step/time.Minute), 1)
	rows, err := t.q.CountCallsBy(ctx, db.CountCallsByParams{Minutes: minutes, Account: string(account), Since: minuteOf(from)})
	all := make([]licensing.CallCount, len(rows))
	for i, r := range rows {
		all[i] = licensing.CallCount{From: time.Unix(r.Step*minutes*60, 0).UTC(), Outcome: licensing.CallOutcome(r.Outcome), N: int(r.N)}
	}
	return all, err
}

func (t *tx) DropCalls(ctx context.Context, before time.Time, most int) (int, error) {
	if err := t.q.DropEnvelopes(ctx, db.DropEnvelopesParams{AtMinute: minuteOf(before), Limit: int32(most)}); err != nil { //nolint:gosec // small
		return 0, err
	}
	n, err := t.q.DropCalls(ctx, db.DropCallsParams{AtMinute: minuteOf(before), Limit: int32(most)}) //nolint:gosec // small
	return int(n), err
}

func (t *tx) DropStrangers(ctx context.Context, keep, most int) (int, error) {
	last, err := one(t.q.LastStranger(ctx, int32(keep))) //nolint:gosec // small
	if err != nil {
		return 0, noneIsNothing(err)
	}
	n, err := t.q.DropStrangers(ctx, db.DropStrangersParams{AtMinute: last, Limit: int32(most)}) //nolint:gosec // small
	return int(n), err
}

func (t *tx) DropNamed(ctx context.Context, keep, most int) (int, error) {
	n, err := t.q.DropNamed(ctx, db.DropNamedParams{Keep: int64(keep), Most: int32(most)}) //nolint:gosec // small
	return int(n), err
}
