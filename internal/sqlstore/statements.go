package sqlstore

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

// mostSummed bounds what one entry adds to the sums of an open month, in minor units, so that the database can add many.
// The entry itself keeps its amount.
const mostSummed = 1e14

func (t *tx) InsertEntry(ctx context.Context, e licensing.StatementEntry) error {
	amount := value(e.Amount)
	amount.Minor = min(max(amount.Minor, -mostSummed), mostSummed)
	return t.q.InsertEntry(ctx, db.InsertEntryParams{
		ID: string(e.ID), GroupID: string(e.Group), Key: e.Key, OnDay: e.On.String(), Month: licensing.MonthOf(e.On).String(),
		AmountMinor: amount.Minor, Currency: amount.Currency, Content: toJSON(e), RecordedAt: t.now.Business,
	})
}

func (t *tx) OldestEntry(ctx context.Context) (licensing.Day, error) {
	day, err := one(t.q.OldestEntry(ctx))
	if err != nil {
		return licensing.Day{}, err
	}
	return parseDay(day)
}

func entry(group, content string) (licensing.StatementEntry, error) {
	e, err := fromJSON[licensing.StatementEntry](content)
	e.Group, e.Stored = licensing.GroupID(group), content
	return e, err
}

func (t *tx) OpenEntries(ctx context.Context, g licensing.GroupID, upTo licensing.Day) ([]licensing.StatementEntry, error) {
	rows, err := t.q.OpenEntries(ctx, db.OpenEntriesParams{GroupID: string(g), OnDay: upTo.String()})
	if err != nil {
		return nil, err
	}
	all := make([]licensing.StatementEntry, len(rows))
	for i, r := range rows {
		if all[i], err = entry(r.GroupID, r.Content); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (t *tx) GroupsToClose(ctx context.Context, m licensing.Month, after licensing.GroupID, limit int) ([]licensing.GroupID, error) {
	rows, err := t.q.GroupsToClose(ctx, db.GroupsToCloseParams{LastDay: m.Last().String(), Month: m.String(), After: string(after), Most: int32(limit)}) //nolint:gosec // small
	all := make([]licensing.GroupID, len(rows))
	for i, r := range rows {
		all[i] = licensing.GroupID(r)
	}
	return all, err
}

func (t *tx) NewestMonth(ctx context.Context) (m licensing.Month, done bool, err error) {
	row, err := one(t.q.NewestMonth(ctx))
	if err != nil {
		return m, false, err
	}
	m, err = licensing.ParseMonth(row.Month)
	return m, row.EndedAt != nil, err
}

func (t *tx) BeginMonth(ctx context.Context, m licensing.Month) (bool, error) {
	n, err := t.q.BeginMonth(ctx, db.BeginMonthParams{Month: m.String(), BegunAt: t.now.Business})
	return n == 1, err
}

func (t *tx) EndMonth(ctx context.Context, m licensing.Month) error {
	return t.q.EndMonth(ctx, db.EndMonthParams{Month: m.String(), EndedAt: &t.now.Business})
}

func (t *tx) InsertStatement(ctx context.Context, s licensing.Statement) ([]licensing.StatementEntry, bool, error) {
	n, err := t.q.InsertStatement(ctx, db.InsertStatementParams{
		ID: string(s.ID), GroupID: string(s.Group), GroupCode: s.GroupCode, GroupName: s.GroupName, Month: s.Month.String(), ClosedAt: t.now.Business,
	})
	if err != nil || n == 0 {
		return nil, false, err
	}
	id := string(s.ID)
	if err := t.q.ClaimEntries(ctx, db.ClaimEntriesParams{StatementID: &id, GroupID: string(s.Group), OnDay: s.Month.Last().String()}); err != nil {
		return nil, false, err
	}
	entries, err := t.entriesOf(ctx, s.ID)
	return entries, true, err
}

func (t *tx) entriesOf(ctx context.Context, id licensing.StatementID) ([]licensing.StatementEntry, error) {
	text := string(id)
	rows, err := t.q.EntriesOf(ctx, &text)
	if err != nil {
		return nil, err
	}
	all := make([]licensing.StatementEntry, len(rows))
	for i, r := range rows {
		if all[i], err = entry(r.GroupID, r.Content); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (t *tx) SealStatement(ctx context.Context, s licensing.Statement) error {
	return t.q.SealStatement(ctx, db.SealStatementParams{
		ID: string(s.ID), ClosedAt: micro(s.ClosedAt), Entries: int64(s.Count), Sums: toJSON(s.Sums), Hash: s.Hash,
	})
}

func statement(r db.Statement) (s licensing.Statement, err error) {
	s = licensing.Statement{
		ID: licensing.StatementID(r.ID), Group: licensing.GroupID(r.GroupID), GroupCode: r.GroupCode, GroupName: r.GroupName,
		ClosedAt: utc(r.ClosedAt), Count: int(r.Entries), Hash: r.Hash,
	}
	if s.Month, err = licensing.ParseMonth(r.Month); err != nil {
		return s, err
	}
	s.Sums, err = fromJSON[[]licensing.Money](r.Sums)
	return s, err
}

func (t *tx) Statement(ctx context.Context, g licensing.GroupID, m licensing.Month) (licensing.Statement, error) {
	s, err := t.StatementWay(ctx, g, m)
	if err != nil {
		return s, err
	}
	s.Entries, err = t.entriesOf(ctx, s.ID)
	return s, err
}

func (t *tx) StatementWay(ctx context.Context, g licensing.GroupID, m licensing.Month) (licensing.Statement, error) {
	row, err := one(t.q.StatementOf(ctx, db.StatementOfParams{GroupID: string(g), Month: m.String()}))
	if err != nil {
		return licensing.Statement{}, err
	}
	s, err := statement(row)
	if err != nil {
		return s, err
	}
	told, err := t.MessagesOfStatement(ctx, s.ID)
	for _, m := range told {
		s.Documents = append(s.Documents, document(m))
	}
	return s, err
}

func (t *tx) StatementByID(ctx context.Context, id licensing.StatementID) (licensing.Statement, error) {
	row, err := one(t.q.StatementByID(ctx, string(id)))
	if err != nil {
		return licensing.Statement{}, err
	}
	s, err := statement(row)
	if err != nil {
		return s, err
	}
	s.Entries, err = t.entriesOf(ctx, s.ID)
	return s, err
}

func (t *tx) ListStatements(ctx context.Context, sight licensing.Sight, f licensing.StatementFilter) ([]licensing.Statement, error) {
	rows, err := t.q.ListStatements(ctx, db.ListStatementsParams{
		Own: string(sight.Group), Below: sight.Below, Month: f.Month.String(), Most: int32(f.Limit), //nolint:gosec // small
	})
	if err != nil {
		return nil, err
	}
	all := make([]licensing.Statement, len(rows))
	for i, r := range rows {
		if all[i], err = statement(r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (t *tx) OpenMonths(ctx context.Context, sight licensing.Sight) ([]licensing.Statement, error) {
	rows, err := t.q.OpenMonths(ctx, db.OpenMonthsParams{Own: string(sight.Group), Below: sight.Below})
	if err != nil {
		return nil, err
	}
	var all []licensing.Statement
	for _, r := range rows { // one for each currency
		m, err := licensing.ParseMonth(r.Month)
		if err != nil {
			return nil, err
		}
		if n := len(all); n == 0 || all[n-1].Group != licensing.GroupID(r.ID) || all[n-1].Month != m {
			all = append(all, licensing.Statement{Group: licensing.GroupID(r.ID), GroupCode: r.Code, GroupName: r.Name, Month: m})
		}
		s := &all[len(all)-1]
		s.Count += int(r.Entries)
		if r.Currency != "" {
			s.Sums = append(s.Sums, licensing.Money{Minor: r.Amount, Currency: r.Currency})
		}
	}
	return all, nil
}
