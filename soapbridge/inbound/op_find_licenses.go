package inbound

import (
	"context"

	"github.com/beevik/etree"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// findLicenses is FindLicenses: it lists licenses within sight, page by page.
func findLicenses(ctx context.Context, s services, actor licensing.Actor, request *element, response *etree.Element) error {
	in := ordering.FindLicenses{
		Group:          request.string("group"),
		Category:       request.string("category"),
		Product:        request.string("product"),
		CustomerNumber: request.string("customerNumber"),
		State:          licensing.LicenseState(request.string("state")),
		ChangedSince:   request.instant("changedSince"),
		PageSize:       request.optionalInt("pageSize"),
		Cursor:         trim(request.string("cursor")),
	}
	if field := request.child("dataField"); field != nil {
		in.DataField = licensing.Value{Name: field.string("name"), Value: field.string("value")}
	}
	found, err := s.ordering.FindLicenses(ctx, actor, in)
	if err != nil {
		return err
	}
	licenses := response.CreateElement("licenses")
	for _, l := range found.Licenses {
		addLicense(licenses, l, found.At)
	}
	addOptional(response, "nextCursor", found.Next)
	return nil
}
