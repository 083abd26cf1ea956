package sqlstore

import (
	"context"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertLicense(ctx context.Context, l licensing.License, offer licensing.Offer) error {
	err := t.q.InsertLicense(ctx, db.InsertLicenseParams{
		ID: string(l.ID), Ticket: l.Ticket, OrderID: string(l.Order), LineID: string(l.Line), GroupID: string(l.Group), CategoryID: string(offer.Category.ID),
		ProductID: string(offer.Product.ID), ProductName: l.ProductName, Quantity: int64(l.Quantity), State: string(l.State),
		CreatedDay: licensing.DayOf(l.CreatedAt, t.now.Zone).String(), CreatedAt: micro(l.CreatedAt), ExpiresAt: microPointer(l.ExpiresAt),
		MaintenanceUntil: l.MaintenanceUntil.String(), Parameters: toJSON(l.Parameters), Search: licenseSearch(l), ChangedAt: &t.now.Business,
		DataFields: toJSON(l.DataFields),
	})
	t.stale[l.ID] = false
	return err
}

// licenseSearch is what a license is found by, folded: its ticket with and without dashes, its order's number, the
// customer, the data fields.
func licenseSearch(l licensing.License) string {
	words := []string{licensing.Fold(l.Ticket), licensing.Fold(strings.ReplaceAll(l.Ticket, "-", "")), licensing.Fold(l.OrderNumber), customerSearch(l.Customer)}
	for _, v := range l.DataFields {
		words = append(words, licensing.Fold(v.Value))
	}
	return strings.Join(words, "\n")
}

func (t *tx) UpdateLicense(ctx context.Context, l licensing.License) error {
	err := changed(t.q.UpdateLicense(ctx, db.UpdateLicenseParams{
		ID: string(l.ID), Version: l.Version, State: string(l.State), ExpiresAt: microPointer(l.ExpiresAt), MaintenanceUntil: l.MaintenanceUntil.String(),
		GroupID: string(l.Group), CustomerID: pointer(string(l.CustomerID)), Parameters: toJSON(l.Parameters), Customer: toJSON(l.Customer),
		DataFields: toJSON(l.DataFields), Search: licenseSearch(l), ChangedAt: &t.now.Business,
	}))
	t.stale[l.ID] = false
	return err
}

func (t *tx) InsertLicenseFile(ctx context.Context, l licensing.LicenseID, file string) error {
	return t.q.InsertLicenseFile(ctx, db.InsertLicenseFileParams{LicenseID: string(l), Content: file, IssuedAt: t.now.Wall})
}

func (t *tx) LicenseByTicket(ctx context.Context, ticket string) (licensing.License, error) {
	row, err := one(t.q.LicenseByTicket(ctx, ticket))
	if err != nil {
		return licensing.License{}, err
	}
	return t.license(ctx, row, t.q.PeriodsOf)
}

func (t *tx) LicenseByID(ctx context.Context, id licensing.LicenseID) (licensing.License, error) {
	row, err := one(t.q.LicenseByID(ctx, string(id)))
	if err != nil {
		return licensing.License{}, err
	}
	return t.license(ctx, row, t.q.PeriodsOf)
}

func (t *tx) LicensesOfLine(ctx context.Context, line licensing.LineID) ([]licensing.License, error) {
	rows, err := t.q.LicensesOfLine(ctx, string(line))
	if err != nil {
		return nil, err
	}
	return t.licenses(ctx, rows, t.q.PeriodsOf)
}

func (t *tx) LicenseFiles(ctx context.Context, id licensing.LicenseID) ([]licensing.LicenseFile, error) {
	rows, err := t.q.LicenseFiles(ctx, string(id))
	all := make([]licensing.LicenseFile, len(rows))
	for i, r := range rows {
		all[i] = licensing.LicenseFile{Number: int(r.Number), Text: r.Content, IssuedAt: utc(r.IssuedAt)}
	}
	return all, err
}

// periodRows finds the periods of a subscription, oldest first.
type periodRows func(ctx context.Context, subscription string) ([]db.PeriodsOfRow, error)

func (t *tx) licenses(ctx context.Context, rows []db.LicenseView, p periodRows) ([]licensing.License, error) {
	all := make([]licensing.License, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = t.license(ctx, r, p); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (t *tx) license(ctx context.Context, r db.LicenseView, p periodRows) (l licensing.License, err error) {
	day, err := parseDay(r.OrderDay)
	if err != nil {
		return l, err
	}
	l = licensing.License{
		ID: licensing.LicenseID(r.ID), Ticket: r.Ticket, Order: licensing.OrderID(r.OrderID), OrderNumber: licensing.OrderNumber(day, r.OrderSeq),
		Line: licensing.LineID(r.LineID), Group: licensing.GroupID(r.GroupID), GroupCode: r.GroupCode, GroupName: r.GroupName,
		CategoryCode: r.CategoryCode, CategoryName: r.CategoryName, ProductCode: r.ProductCode, ProductName: r.ProductName, Quantity: int(r.Quantity),
		State: licensing.LicenseState(r.State), CreatedAt: utc(r.CreatedAt), ExpiresAt: utcPointer(r.ExpiresAt), FileForm: licensing.FileForm(r.FileForm),
		File: value(r.File), FileIssuedAt: utc(value(r.FileIssuedAt)), Version: r.Version, Test: r.Test,
		CustomerID: licensing.CustomerID(value(r.CustomerID)), Price: amount(r.PriceMinor, r.PriceCurrency),
	}
	if l.MaintenanceUntil, err = parseDay(r.MaintenanceUntil); err != nil {
		return l, err
	}
	if l.Parameters, err = fromJSON[[]licensing.Value](r.Parameters); err != nil {
		return l, err
	}
	if l.Definitions, err = fromJSON[[]licensing.Parameter](r.Definitions); err != nil {
		return l, err
	}
	if l.DataFields, err = fromJSON[[]licensing.Value](r.DataFields); err != nil {
		return l, err
	}
	if l.Customer, err = fromJSON[licensing.Customer](r.Customer); err != nil {
		return l, err
	}
	if r.SubscriptionID != nil {
		l.Subscription, err = t.subscription(ctx, r, p)
	}
	return l, err
}

func (t *tx) subscription(ctx context.Context, r db.LicenseView, p periodRows) (*licensing.Subscription, error) {
	s := licensing.Subscription{
		ID: licensing.SubscriptionID(*r.SubscriptionID), License: licensing.LicenseID(r.ID), State: licensing.SubscriptionState(value(r.SubscriptionState)),
		CancelledAt: utcPointer(r.CancelledAt), Unit: amount(r.UnitMinor, r.UnitCurrency), Version: value(r.SubscriptionVersion),
	}
	var err error
	if s.RevokedOn, err = parseDay(value(r.RevokedOn)); err != nil {
		return nil, err
	}
	if s.Plan, err = fromJSON[licensing.Plan](value(r.Plan)); err != nil {
		return nil, err
	}
	if v := value(r.Coming); v != "" {
		if s.Coming, err = fromJSON[[]licensing.Coming](v); err != nil {
			return nil, err
		}
	}
	if s.Unextended, err = t.kept.spans.of(r.Unextended); err != nil {
		return nil, err
	}
	if v := value(r.EarlyEnd); v != "" {
		if s.Early, err = fromJSON[*licensing.EarlyEnd](v); err != nil {
			return nil, err
		}
	}
	rows := []db.PeriodsOfRow{{
		Number: value(r.LastNumber), StartDate: value(r.LastStart), EndDate: value(r.LastEnd), CancelBy: value(r.CancelBy),
		Units: value(r.LastUnits), AmountMinor: r.LastAmountMinor, Currency: r.LastCurrency,
	}}
	if s.State == licensing.SubscriptionEnded {
		rows[0].Outcome = string(licensing.PeriodEnded)
	}
	if rows[0].Number > 1 {
		if rows, err = p(ctx, *r.SubscriptionID); err != nil {
			return nil, err
		}
	}
	for _, row := range rows {
		period, err := period(row)
		if err != nil {
			return nil, err
		}
		s.Periods = append(s.Periods, period)
	}
	return &s, nil
}

func period(r db.PeriodsOfRow) (p licensing.Period, err error) {
	p = licensing.Period{Number: int(r.Number), Outcome: licensing.PeriodOutcome(r.Outcome), Units: r.Units, Amount: amount(r.AmountMinor, r.Currency)}
	if p.Start, err = parseDay(r.StartDate); err != nil {
		return p, err
	}
	if p.End, err = parseDay(r.EndDate); err != nil {
		return p, err
	}
	p.CancelBy, err = parseDay(r.CancelBy)
	return p, err
}
