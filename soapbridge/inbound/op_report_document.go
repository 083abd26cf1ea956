package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// reportDocument is ReportDocument: it notes what another system did with an order.
func reportDocument(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	out, replayed, err := s.ordering.ReportDocument(ctx, actor, request.string("requestId"), ordering.ReportDocument{
		OrderNumber: request.string("orderNumber"),
		DocumentReport: licensing.DocumentReport{
			Connector: request.string("connector"), State: licensing.MessageState(request.string("state")),
			Number: request.string("number"), Message: request.string("message"),
		},
	})
	if err != nil {
		return err
	}
	if err := addOrder(response, actor, out.Order, out.At); err != nil {
		return err
	}
	addBool(response, "replayed", replayed)
	return nil
}
