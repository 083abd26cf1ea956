package portal

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// settleAsk is what the dialog shows by which a document is settled by hand that another system owes an answer about.
type settleAsk struct {
	Order    licensing.Order
	Document licensing.Document
	Fields   []field
	Problem  string
	Request  string
}

// settleable reports whether the visitor may settle a document by hand, and whether it needs that: an answer was not
// understood, is a refusal, or has not come.
func settleable(v *visit, d licensing.Document) bool {
	stuck := d.State != licensing.MessageSent && (d.State != licensing.MessageWaiting || d.Attempts > 0)
	return d.Open() && stuck && v.site.services.Connecting.MayReport(v.actor, d.Connector)
}

// settleDialog asks what the other system did, in front of the order's page.
func (s *site) settleDialog(v *visit) error {
	return s.showSettle(v, http.StatusOK, ordering.ReportDocument{}, problems{})
}

// settle notes what the other system did, as ReportDocument does, or shows the dialog again with what is wrong.
func (s *site) settle(v *visit) error {
	o, d, err := s.documentOf(v)
	if err != nil {
		return err
	}
	form := v.Request.PostForm
	in := ordering.ReportDocument{
		OrderNumber: o.Number, About: d.ID,
		DocumentReport: licensing.DocumentReport{
			Connector: d.Connector, State: licensing.MessageState(form.Get("state")), Number: form.Get("number"), Message: form.Get("message"),
		},
	}
	_, _, err = s.services.Ordering.ReportDocument(v.ctx(), v.actor, form.Get("requestId"), in)
	if found, ok := formProblems(v.ctx(), err, settleFields); ok {
		return s.showSettle(v, http.StatusUnprocessableEntity, in, found)
	}
	if err != nil {
		return toOrder(v, o, err)
	}
	return v.goTo(at(v.ctx(), "orders", o.Number))
}

// settleFields are the names of the dialog's fields, as the use case calls them.
var settleFields = []string{"state", "number", "message"}

// documentOf finds the order and the document that the address names.
func (s *site) documentOf(v *visit) (o licensing.Order, d licensing.Document, err error) {
	if o, err = s.services.Ordering.Order(v.ctx(), v.actor, v.Param("number")); err != nil {
		return o, d, err
	}
	i := slices.IndexFunc(o.Documents, func(d licensing.Document) bool { return string(d.ID) == v.Param("message") })
	if i < 0 {
		return o, d, toOrder(v, o, licensing.NotFoundError("message", "%s", T(v.ctx(), "settle.gone", "Order", o.Number)))
	}
	return o, o.Documents[i], nil
}

func (s *site) showSettle(v *visit, status int, typed ordering.ReportDocument, found problems) error {
	page, err := s.orderPage(v)
	if err != nil {
		return err
	}
	o, d, err := s.documentOf(v)
	if err != nil {
		return err
	}
	if !d.Open() {
		return toOrder(v, o, licensing.ConflictError("%s", T(v.ctx(), "settle.gone", "Order", o.Number)))
	}
	if !s.services.Connecting.MayReport(v.actor, d.Connector) {
		return licensing.DeniedError("connector", "You may not report for the system %q.", d.Connector)
	}
	ask := settleAsk{Order: o, Document: d, Fields: settleForm(v.ctx(), o, d, typed), Request: newRequestID()}
	if found.byField["state"] != "" { // in the words of the choice
		found.byField["state"] = T(v.ctx(), "settle.stateMissing", "Connector", connectorName(v.ctx(), d.Connector))
	}
	for i, f := range ask.Fields {
		ask.Fields[i].Error = found.byField[f.Name]
	}
	if len(found.byField) == 0 {
		ask.Problem = firstProblem(found)
	}
	return v.show(status, order(page, settleDialog(ask)))
}

// settleForm are the dialog's fields, with what was typed.
func settleForm(ctx context.Context, o licensing.Order, d licensing.Document, typed ordering.ReportDocument) []field {
	name := connectorName(ctx, d.Connector)
	hint := T(ctx, "settle.numberHint", "Connector", name)
	if numbers := numbersKnown(o, d.Connector); len(numbers) > 0 {
		hint = T(ctx, "settle.numberKnown", "Connector", name, "Numbers", strings.Join(numbers, ", "))
	}
	return []field{
		{
			Control: controlRadios, Name: "state", Label: T(ctx, "settle.state", "Connector", name), Value: string(typed.State),
			Options: []licensing.Option{
				{Value: string(licensing.MessageAccepted), Label: T(ctx, "settle.accepted")}, {Value: string(licensing.MessageRejected), Label: T(ctx, "settle.rejected")},
			},
		},
		{
			Control: controlText, Name: "number", Label: T(ctx, "settle.number"), Hint: hint, Value: typed.Number,
			Length: licensing.MaxDocumentNumber, Wrong: T(ctx, "field.wrongLength", "Max", licensing.MaxDocumentNumber),
		},
		{
			Control: controlText, Name: "message", Label: T(ctx, "settle.message"), Hint: T(ctx, "settle.messageHint", "ISV", lookOf(ctx).isv), Value: typed.Message,
			Length: licensing.MaxReason, Wrong: T(ctx, "field.wrongLength", "Max", licensing.MaxReason),
		},
	}
}

// numbersKnown are the numbers under which a system has accepted documents of an order.
func numbersKnown(o licensing.Order, connector string) (all []string) {
	for _, d := range o.Documents {
		if d.Connector == connector && d.Kind.OfDocument() && d.State == licensing.MessageAccepted && !slices.Contains(all, d.Number) {
			all = append(all, d.Number)
		}
	}
	return all
}

// toOrder lets the page of an error lead back to the order.
func toOrder(v *visit, o licensing.Order, err error) error {
	return withWay(err, at(v.ctx(), "orders", o.Number), T(v.ctx(), "settle.back"))
}

// question is the dialog's frame.
func (a settleAsk) question(ctx context.Context) question {
	return question{
		Title: T(ctx, "settle.title", "Order", a.Order.Number, "Connector", connectorName(ctx, a.Document.Connector)),
		Back:  at(ctx, "orders", a.Order.Number), Action: at(ctx, "orders", a.Order.Number, "settle", string(a.Document.ID)),
		Keep: T(ctx, "settle.keep"), Button: T(ctx, "settle.button"), Busy: T(ctx, "settle.busy"), RequestID: a.Request, Problem: a.Problem,
	}
}

// entries say what happens then.
func (a settleAsk) entries(ctx context.Context) []entry {
	name, about := connectorName(ctx, a.Document.Connector), ""
	if a.Document.Kind != licensing.TellOrderCreated {
		about = T(ctx, "way.kind."+string(a.Document.Kind))
	}
	return []entry{
		{T(ctx, "settle.now"), T(ctx, "settle.stops"), sentences(about, T(ctx, "settle.stopsText", "Connector", name))},
		{T(ctx, "settle.after"), T(ctx, "settle.goesOn"), T(ctx, "settle.goesOnText", "Connector", name)},
	}
}

// reportTitle says what was reported, and by whom: by hand, when it was about what stood on the order's page.
func reportTitle(ctx context.Context, e licensing.HistoryEntry) string {
	connector, _ := licensing.ValueOf(e.Detail, "connector")
	state, _ := licensing.ValueOf(e.Detail, "state")
	args := []any{"By", historyBy(ctx, e), "Connector", connectorName(ctx, connector)}
	if _, byHand := licensing.ValueOf(e.Detail, "message"); byHand {
		return T(ctx, "settle.byHand."+state, args...)
	}
	return T(ctx, "settle.reported."+state, args...)
}

// reportText is the document's number, and why it was refused or what was remarked.
func reportText(ctx context.Context, e licensing.HistoryEntry) string {
	number, _ := licensing.ValueOf(e.Detail, "number")
	reason, _ := licensing.ValueOf(e.Detail, "reason")
	return sentences(documentNumber(ctx, number), reason)
}
