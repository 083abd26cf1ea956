package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// modifyLicense is ModifyLicense: it changes what is named, and nothing else.
func modifyLicense(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	in := ordering.ModifyLicense{
		Ticket:     request.string("ticket"),
		Parameters: request.values("parameters", "parameter"),
		DataFields: request.values("dataFields", "dataField"),
	}
	if e := request.child("customer"); e != nil {
		in.Customer = new(readCustomer(e))
	}
	out, replayed, err := s.ordering.ModifyLicense(ctx, actor, request.string("requestId"), in)
	if err != nil {
		return err
	}
	addChanged(response, out, replayed)
	return nil
}

// addChanged answers a change of a license. The state is that of the change, so that a replay, however late, is the
// answer of then.
func addChanged(response *etree.Element, out ordering.Changed, replayed bool) {
	addLicense(response, out.License, out.At)
	addBool(response, "replayed", replayed)
}

// changeState carries out one of the operations that change a license's state, and answers it.
func changeState(ctx context.Context, s services, actor licensing.Actor, change licensing.StateChange, request *element, response *etree.Element) error {
	out, replayed, err := s.ordering.ChangeState(ctx, actor, request.string("requestId"), change,
		ordering.ChangeState{Ticket: request.string("ticket"), Reason: request.string("reason")})
	if err != nil {
		return err
	}
	addChanged(response, out, replayed)
	return nil
}
