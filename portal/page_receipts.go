package portal

import (
	"context"
	"net/http"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/paper"
)

// receiptJSON hands out the signed document of a receipt as it was written.
func (s *site) receiptJSON(v *visit) error {
	r, err := s.services.Subscriptions.Receipt(v.ctx(), v.actor, licensing.LicenseID(v.Param("id")), v.Param("number"))
	if err != nil {
		return err
	}
	v.handOut(r.Number+".json", "application/json", []byte(r.Document))
	return nil
}

// receiptPDF hands out a receipt for people, made of the signed document.
func (s *site) receiptPDF(v *visit) error {
	r, err := s.services.Subscriptions.Receipt(v.ctx(), v.actor, licensing.LicenseID(v.Param("id")), v.Param("number"))
	if err != nil {
		return err
	}
	sheet, err := receiptSheet(v.ctx(), r, s.config.ReceiptKey)
	if err != nil {
		return err
	}
	pdf, err := sheet.PDF()
	if err != nil {
		return err
	}
	v.handOut(r.Number+".pdf", "application/pdf", pdf)
	return nil
}

// handOut answers with a file to be kept.
func (v *visit) handOut(name, kind string, content []byte) {
	v.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	v.Header("Cache-Control", "no-store")
	v.Data(http.StatusOK, kind, content)
}

// receiptSheet is a receipt on paper, in the reader's language; what follows is said as the signed document says it. Key
// is the public key that its signature fits, in hexadecimal.
func receiptSheet(ctx context.Context, r licensing.Receipt, key string) (paper.Sheet, error) {
	f := r.Facts
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		return paper.Sheet{}, err
	}
	inTime := T(ctx, "receipt.late")
	if f.InTime {
		inTime = T(ctx, "receipt.inTime")
	}
	if f.AcceptedLate {
		inTime = T(ctx, "receipt.accepted")
	}
	by := f.CancelledBy
	if by == "" {
		by = T(ctx, "receipt.above")
	}
	seats := ""
	if f.Units > 0 {
		seats = number(int(f.Units))
	}
	received := T(ctx, "date.at", "Day", dayLong(ctx, licensing.DayOf(f.ReceivedAt, zone)), "Time", clockSeconds(f.ReceivedAt, zone))
	row := func(key, value string) paper.Row { return paper.Row{Label: T(ctx, "receipt."+key), Value: value} }
	return paper.Sheet{
		Issuer: f.Issuer, Title: T(ctx, "receipt.title", "Number", r.Number), Lead: f.Follows, At: f.ReceivedAt,
		Rows: []paper.Row{
			row("received", T(ctx, "receipt.zoned", "At", received, "Zone", f.Zone)),
			row("time", inTime),
			row("cancelBy", dayLong(ctx, f.CancelBy)),
			row("endsOn", dayLong(ctx, f.EndsOn)),
			row("product", T(ctx, "receipt.quantity", "Product", f.ProductName, "Code", f.Product, "Count", f.Quantity)),
			row("seats", seats),
			row("subscription", T(ctx, "subscription."+string(f.Subscription))),
			row("ticket", f.Ticket),
			row("order", f.OrderNumber),
			row("customer", f.Customer.Name),
			row("company", f.Customer.Company),
			row("customerNumber", f.Customer.Number),
			row("group", f.GroupName),
			row("by", by),
			row("reason", f.Reason),
		},
		Foot: []string{
			T(ctx, "receipt.signed", "Number", r.Number), T(ctx, "receipt.check", "File", r.Number+".json", "Key", key),
			T(ctx, "receipt.signature", "Signature", signatureOf(r.Document)),
		},
	}, nil
}

// signatureOf is the signature in a receipt's document, for print.
func signatureOf(document string) string {
	_, rest, _ := strings.Cut(document, `,"signature":"`)
	signature, _, _ := strings.Cut(rest, `"`)
	return signature
}

// receiptNow is the receipt of the cancellation that holds, if the viewer sees it.
func (p licensePage) receiptNow() (licensing.Receipt, bool) {
	for _, r := range p.Receipts {
		if r.WithdrawnAt == nil {
			return r, true
		}
	}
	return licensing.Receipt{}, false
}

// receiptLine says what became of a receipt's cancellation.
func receiptLine(ctx context.Context, r licensing.Receipt) string {
	zone := visitOf(ctx).now.Zone
	text := dayShort(ctx, licensing.DayOf(r.Facts.ReceivedAt, zone))
	if r.WithdrawnAt != nil {
		return T(ctx, "receipt.withdrawn", "Day", text, "Withdrawn", dayShort(ctx, licensing.DayOf(*r.WithdrawnAt, zone)))
	}
	return T(ctx, "receipt.ends", "Day", text, "End", dayShort(ctx, r.Facts.EndsOn))
}
