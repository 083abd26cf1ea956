package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
)

// getOrder is GetOrder: it reads an order with its lines, licenses and documents.
func getOrder(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	order, err := s.ordering.Order(ctx, actor, request.string("orderNumber"))
	if err != nil {
		return err
	}
	now, err := s.ordering.Now(ctx)
	if err != nil {
		return err
	}
	return addOrder(response, actor, order, now.Business)
}
