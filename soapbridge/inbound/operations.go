package inbound

import (
	"context"
	"encoding/xml"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/wsdl"
)

// operations are those that are served, by the element in the Body. The element that answers is called
// <name>Response; both stand in the WSDL.
var operations = map[xml.Name]operation{
	{Space: wsdl.Namespace, Local: "CancelSubscription"}:   cancelSubscription,
	{Space: wsdl.Namespace, Local: "CreateLicense"}:        createLicense,
	{Space: wsdl.Namespace, Local: "CreateOrder"}:          createOrder,
	{Space: wsdl.Namespace, Local: "FindLicenses"}:         findLicenses,
	{Space: wsdl.Namespace, Local: "GetLicense"}:           getLicense,
	{Space: wsdl.Namespace, Local: "GetOrder"}:             getOrder,
	{Space: wsdl.Namespace, Local: "GetSubscription"}:      getSubscription,
	{Space: wsdl.Namespace, Local: "ListChanges"}:          listChanges,
	{Space: wsdl.Namespace, Local: "ListOffers"}:           listOffers,
	{Space: wsdl.Namespace, Local: "ModifyLicense"}:        modifyLicense,
	{Space: wsdl.Namespace, Local: "ReinstateLicense"}:     reinstateLicense,
	{Space: wsdl.Namespace, Local: "ReportDocument"}:       reportDocument,
	{Space: wsdl.Namespace, Local: "RevokeLicense"}:        revokeLicense,
	{Space: wsdl.Namespace, Local: "SuspendLicense"}:       suspendLicense,
	{Space: wsdl.Namespace, Local: "WithdrawCancellation"}: withdrawCancellation,
}

// operation decodes a request that has passed the schema, calls its use case, and fills in the response.
type operation func(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error

// services are the use cases behind the operations.
type services struct {
	catalog       Catalog
	ordering      Ordering
	subscriptions Subscriptions
	feed          Feed
}
