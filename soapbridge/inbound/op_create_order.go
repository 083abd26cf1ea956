package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// createOrder is CreateOrder: it licenses several offers at once, all of them or none.
func createOrder(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	in := ordering.CreateOrder{
		Group:      request.string("group"),
		Customer:   readCustomer(request.child("customer")),
		DataFields: request.values("dataFields", "dataField"),
		Test:       request.bool("test"),
	}
	for _, line := range request.child("lines").children {
		in.Lines = append(in.Lines, ordering.NewLine{
			ExternalLine: line.string("externalLine"),
			Category:     line.string("category"),
			Product:      line.string("product"),
			Quantity:     line.optionalInt("quantity"),
			Parameters:   line.values("parameters", "parameter"),
			DataFields:   line.values("dataFields", "dataField"),
			StartDate:    line.day("startDate"),
			EndDate:      line.day("endDate"),
			Separate:     line.bool("separateTickets"),
		})
	}
	out, replayed, err := s.ordering.CreateOrder(ctx, actor, request.string("requestId"), in)
	if err != nil {
		return err
	}
	// The states are those at creation, so that a replay, however late, is the answer of then.
	if err := addOrder(response, actor, out.Order, out.Order.CreatedAt); err != nil {
		return err
	}
	addBool(response, "replayed", replayed)
	return nil
}
