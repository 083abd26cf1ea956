package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// createLicense is CreateLicense: it licenses one offer, on a new order or an existing one.
func createLicense(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	out, replayed, err := s.ordering.CreateLicense(ctx, actor, request.string("requestId"), ordering.CreateLicense{
		Group:       request.string("group"),
		Category:    request.string("category"),
		Product:     request.string("product"),
		Quantity:    request.optionalInt("quantity"),
		OrderNumber: request.string("orderNumber"),
		Customer:    readCustomer(request.child("customer")),
		Parameters:  request.values("parameters", "parameter"),
		DataFields:  request.values("dataFields", "dataField"),
		StartDate:   request.day("startDate"),
		EndDate:     request.day("endDate"),
		Separate:    request.bool("separateTickets"),
		Test:        request.bool("test"),
	})
	if err != nil {
		return err
	}
	add(response, "orderNumber", out.OrderNumber)
	addBool(response, "replayed", replayed)
	licenses := response.CreateElement("licenses")
	for _, l := range out.Licenses {
		// The state is that at creation, so that a replay, however late, is the answer of then.
		addLicense(licenses, l, l.CreatedAt)
	}
	return nil
}
