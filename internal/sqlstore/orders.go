package sqlstore

import (
	"context"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) UpsertCustomer(ctx context.Context, g licensing.GroupID, c licensing.Customer, test bool) (licensing.CustomerID, error) {
	id, err := t.q.UpsertCustomer(ctx, db.UpsertCustomerParams{
		ID: licensing.NewID(), GroupID: string(g), MatchKey: matchKey(c), Particulars: toJSON(c), Search: customerSearch(c), CreatedAt: t.now.Business, Test: test,
	})
	if err != nil {
		return "", err
	}
	return licensing.CustomerID(id), t.relistCustomer(ctx, id)
}

// matchKey is equal for two customers of a group that are the same one: the number decides, or without one name and
// e-mail address.
func matchKey(c licensing.Customer) string {
	if c.Number != "" {
		return "number\x1f" + licensing.Fold(c.Number)
	}
	return "name\x1f" + licensing.Fold(c.Name) + "\x1f" + licensing.Fold(c.Email)
}

func customerSearch(c licensing.Customer) string {
	return licensing.Fold(strings.Join([]string{c.Name, c.Company, c.Number, c.Email}, "\n"))
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func (t *tx) InsertOrder(ctx context.Context, o licensing.Order, customer licensing.CustomerID, by licensing.Actor) (int64, error) {
	seq, err := t.q.InsertOrder(ctx, db.InsertOrderParams{
		ID: string(o.ID), GroupID: string(o.Group), CustomerID: string(customer), Customer: toJSON(o.Customer), DataFields: toJSON(o.DataFields),
		Search: orderSearch(o), Test: o.Test, CreatedBy: pointer(string(by.ID)), CreatedDay: t.now.Today().String(), CreatedAt: micro(o.CreatedAt),
	})
	if err != nil {
		return 0, err
	}
	return seq, t.listOrder(ctx, seq, string(o.ID), string(o.Group), string(customer), t.now.Today().String(), o.Customer, o.DataFields)
}

// orderSearch is what an order is found by, folded. The number is made of the sequence and searched by it.
func orderSearch(o licensing.Order) string {
	words := []string{customerSearch(o.Customer)}
	for _, v := range o.DataFields {
		words = append(words, licensing.Fold(v.Value))
	}
	return strings.Join(words, "\n")
}

func (t *tx) InsertLine(ctx context.Context, l licensing.Line) error {
	arg := db.InsertLineParams{
		ID: string(l.ID), OrderID: string(l.Order), Position: int64(l.Position), ExternalLine: l.ExternalLine, CategoryID: string(l.Category),
		ProductID: string(l.Product), ProductName: l.ProductName, Quantity: int64(l.Quantity), Units: l.Units,
	}
	if l.Unit != nil && l.Amount != nil {
		arg.UnitMinor, arg.AmountMinor, arg.Currency = &l.Unit.Minor, &l.Amount.Minor, &l.Amount.Currency
	}
	return t.q.InsertLine(ctx, arg)
}

func (t *tx) CountLines(ctx context.Context, o licensing.OrderID) (int, error) {
	n, err := t.q.CountLines(ctx, string(o))
	return int(n), err
}

func (t *tx) OrderByNumber(ctx context.Context, number string) (licensing.Order, error) {
	o, err := t.orderHead(ctx, number)
	if err != nil {
		return o, err
	}
	return o, t.fillOrder(ctx, &o)
}

func (t *tx) CategoriesOfOrder(ctx context.Context, o licensing.OrderID) ([]licensing.CategoryID, error) {
	rows, err := t.q.CategoriesOfOrder(ctx, string(o))
	all := make([]licensing.CategoryID, len(rows))
	for i, r := range rows {
		all[i] = licensing.CategoryID(r)
	}
	return all, err
}

func (t *tx) OrderWay(ctx context.Context, number string) (licensing.OrderWay, error) {
	o, err := t.orderHead(ctx, number)
	if err != nil {
		return licensing.OrderWay{}, err
	}
	rows, err := t.q.CountLicensesOfOrder(ctx, string(o.ID))
	if err != nil {
		return licensing.OrderWay{}, err
	}
	way := o.Way()
	for _, r := range rows {
		way.Parts = append(way.Parts, licensing.OrderPart{Group: licensing.GroupID(r.GroupID), Licenses: int(r.Licenses), Signed: int(r.Signed)})
	}
	way.Documents, err = t.documents(ctx, o.ID)
	return way, err
}

// orderHead reads an order without what it consists of.
func (t *tx) orderHead(ctx context.Context, number string) (licensing.Order, error) {
	seq, ok := licensing.ParseOrderNumber(number)
	if !ok {
		return licensing.Order{}, licensing.ErrNone
	}
	row, err := one(t.q.OrderBySeq(ctx, seq))
	if err != nil {
		return licensing.Order{}, err
	}
	o, err := order(row)
	if err != nil {
		return o, err
	}
	if !strings.EqualFold(o.Number, number) { // another year
		return licensing.Order{}, licensing.ErrNone
	}
	return o, nil
}

// fillOrder reads what an order consists of.
func (t *tx) fillOrder(ctx context.Context, o *licensing.Order) error {
	lines, err := t.q.LinesOf(ctx, string(o.ID))
	if err != nil {
		return err
	}
	rows, err := t.q.LicensesOfOrder(ctx, string(o.ID))
	if err != nil {
		return err
	}
	if o.Licenses, err = t.licenses(ctx, rows, t.q.PeriodsOf); err != nil {
		return err
	}
	for _, r := range lines {
		o.Lines = append(o.Lines, line(r, o.Licenses))
	}
	o.Documents, err = t.documents(ctx, o.ID)
	return err
}

// documents are what became of an order in the systems that hear of it.
func (t *tx) documents(ctx context.Context, id licensing.OrderID) (all []licensing.Document, err error) {
	messages, err := t.MessagesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		all = append(all, document(m))
	}
	return all, nil
}

// document is a message as readers see it.
func document(m licensing.Message) licensing.Document {
	return licensing.Document{
		ID: m.ID, Connector: m.Connector, Kind: m.Kind, State: m.State, Number: m.Number, At: m.UpdatedAt, NextTry: m.NextTry, Attempts: m.Attempts, LastError: m.LastError,
	}
}

func order(row db.OrderView) (o licensing.Order, err error) {
	day, err := parseDay(row.CreatedDay)
	if err != nil {
		return o, err
	}
	o = licensing.Order{
		ID: licensing.OrderID(row.ID), Number: licensing.OrderNumber(day, row.Seq), Group: licensing.GroupID(row.GroupID), GroupCode: row.GroupCode,
		GroupName: row.GroupName, Test: row.Test, CreatedAt: utc(row.CreatedAt), CreatedBy: row.CreatedByName,
		Creator: licensing.MembershipID(value(row.CreatedBy)),
	}
	if o.Customer, err = fromJSON[licensing.Customer](row.Customer); err != nil {
		return o, err
	}
	o.DataFields, err = fromJSON[[]licensing.Value](row.DataFields)
	return o, err
}

func line(r db.LinesOfRow, licenses []licensing.License) licensing.Line {
	l := licensing.Line{
		ID: licensing.LineID(r.ID), Order: licensing.OrderID(r.OrderID), Position: int(r.Position), ExternalLine: r.ExternalLine,
		Category: licensing.CategoryID(r.CategoryID), CategoryCode: r.CategoryCode, CategoryName: r.CategoryName,
		Product: licensing.ProductID(r.ProductID), ProductCode: r.ProductCode, ProductName: r.ProductName, Quantity: int(r.Quantity), Units: r.Units,
	}
	if r.UnitMinor != nil {
		l.Unit = &licensing.Money{Minor: *r.UnitMinor, Currency: value(r.Currency)}
		l.Amount = &licensing.Money{Minor: value(r.AmountMinor), Currency: value(r.Currency)}
	}
	for _, x := range licenses {
		if x.Line == l.ID {
			l.Tickets = append(l.Tickets, x.Ticket)
		}
	}
	return l
}

func (t *tx) InsertAudit(ctx context.Context, a licensing.Audit) error {
	return t.q.InsertAudit(ctx, db.InsertAuditParams{
		ID: licensing.NewID(), At: t.now.Business, WallAt: t.now.Wall, ByID: string(a.Actor.ID), ByName: a.Actor.UserName, ByGroup: a.Actor.GroupCode,
		Via: a.Actor.Via, Remote: a.Actor.Remote, Action: a.Action, Object: a.Object, Parent: a.Parent, RequestID: a.RequestID, Detail: toJSON(a.Detail),
	})
}

func (t *tx) History(ctx context.Context, object string) ([]licensing.HistoryEntry, error) {
	rows, err := t.q.History(ctx, object)
	if err != nil {
		return nil, err
	}
	all := make([]licensing.HistoryEntry, len(rows))
	for i, r := range rows {
		all[i] = licensing.HistoryEntry{At: utc(r.At), By: r.ByName, ByGroup: r.ByGroup, Action: r.Action}
		if all[i].Detail, err = fromJSON[[]licensing.Value](r.Detail); err != nil {
			return nil, err
		}
	}
	return all, nil
}
