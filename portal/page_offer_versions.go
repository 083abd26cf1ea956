package portal

import (
	"net/http"

	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// versionsPage is what the page shows about how an offer came to its rules.
type versionsPage struct {
	Managed  catalog.ManagedOffer
	Versions []versionEntry
}

// versionEntry is one version, and what was different in it from the one before.
type versionEntry struct {
	licensing.OfferVersion
	Changes []licensing.OfferChange
	First   bool
}

// offerVersions shows who changed what of an offer, and when.
func (s *site) offerVersions(v *visit) error {
	o, err := s.services.Catalog.ManagedOffer(v.ctx(), v.actor, v.Param("category"), v.Param("product"))
	if err != nil {
		return err
	}
	all, err := s.services.Catalog.OfferVersions(v.ctx(), v.actor, v.Param("category"), v.Param("product"))
	if err != nil {
		return err
	}
	page := versionsPage{Managed: o}
	for i, version := range all {
		entry := versionEntry{OfferVersion: version, First: i+1 == len(all)}
		if !entry.First {
			entry.Changes = licensing.OfferChanges(all[i+1].Offer, version.Offer)
		}
		page.Versions = append(page.Versions, entry)
	}
	return v.show(http.StatusOK, offerVersions(page))
}

// comparePage is what the page shows that holds a product's rules in two categories side by side.
type comparePage struct {
	Here, There catalog.ManagedOffer
	Changes     []licensing.OfferChange
}

// compareOffers shows what is different in the rules of the same product in another category.
func (s *site) compareOffers(v *visit) error {
	here, err := s.services.Catalog.ManagedOffer(v.ctx(), v.actor, v.Param("category"), v.Param("product"))
	if err != nil {
		return err
	}
	there, err := s.services.Catalog.ManagedOffer(v.ctx(), v.actor, v.Query("with"), v.Param("product"))
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, compareOffers(comparePage{here, there, licensing.OfferChanges(here.Offer, there.Offer)}))
}
