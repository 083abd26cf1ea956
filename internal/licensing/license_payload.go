package licensing

import (
	"encoding/json"
	"time"
)

// The payload's JSON is written from these types, so that its keys always come in the same order. Names and meaning
// are Keygen's (https://keygen.sh/docs/api/cryptography/#cryptographic-lic), so that its published verifiers read it.
type (
	payloadDocument struct {
		Data payloadData `json:"data"`
		Meta payloadMeta `json:"meta"`
	}
	payloadData struct {
		Type       string            `json:"type"`
		ID         LicenseID         `json:"id"`
		Attributes payloadAttributes `json:"attributes"`
	}
	payloadAttributes struct {
		Key         string          `json:"key"`
		Name        string          `json:"name"`
		Expiry      *time.Time      `json:"expiry"` // null: never
		Status      string          `json:"status"`
		MaxMachines int64           `json:"maxMachines"`
		Metadata    payloadMetadata `json:"metadata"`
		Created     time.Time       `json:"created"`
	}
	payloadMetadata struct {
		OrderNumber      string            `json:"orderNumber"`
		Product          string            `json:"product"`
		Category         string            `json:"category"`
		Quantity         int               `json:"quantity"`
		StartDate        *Day              `json:"startDate,omitempty"`        // the first day of a subscription that was sold to start later
		MaintenanceUntil *Day              `json:"maintenanceUntil,omitempty"` // the last day with maintenance
		Parameters       map[string]string `json:"parameters"`                 // encoding/json sorts the names
		Features         *uint32           `json:"features,omitempty"`         // the feature map, bit 0 the lowest
		FeatureNames     []string          `json:"featureNames,omitempty"`     // of the bits that are set, by bit
		Units            *int64            `json:"units,omitempty"`            // the unit counter
		Customer         map[string]string `json:"customer,omitempty"`         // the particulars that parameters set
		Test             bool              `json:"test,omitempty"`             // not for productive use
	}
	payloadMeta struct {
		Issued time.Time  `json:"issued"`
		Expiry *time.Time `json:"expiry"` // null: the file itself does not age, the license in it does
		TTL    *int       `json:"ttl"`
	}
)

// payloadStatus are Keygen's words for where a license stands. It has none for "revoked": like a suspended one, a
// revoked license is not to be used until it is reinstated.
var payloadStatus = map[LicenseState]string{
	LicenseActive:    "ACTIVE",
	LicenseSuspended: "SUSPENDED",
	LicenseRevoked:   "SUSPENDED",
	LicenseExpired:   "EXPIRED",
}

// LicensePayload returns what the license file of l says, as JSON:API: what software checks offline. Defs are the
// product's parameters; they tell which value is the number of seats (maxMachines), what the feature
// map is, and so on. The status is as of the business
// moment; issued is the wall clock, because verifiers compare it with theirs.
func LicensePayload(l License, defs []Parameter, at Moment) ([]byte, error) {
	metadata := payloadMetadata{
		OrderNumber: l.OrderNumber,
		Product:     l.ProductCode,
		Category:    l.CategoryCode,
		Quantity:    l.Quantity,
		Parameters:  map[string]string{},
		Test:        l.Test,
	}
	if l.Subscription != nil {
		if start, later := l.Subscription.StartsAfter(DayOf(l.CreatedAt, at.Zone)); later {
			metadata.StartDate = &start
		}
	}
	if !l.MaintenanceUntil.IsZero() {
		metadata.MaintenanceUntil = &l.MaintenanceUntil
	}
	for _, v := range l.Parameters {
		metadata.Parameters[v.Name] = v.Value
	}
	if bits, names, ok := Features(l.Parameters, defs); ok {
		metadata.Features, metadata.FeatureNames = &bits, names
	}
	if units, ok := Units(l.Parameters, defs); ok {
		metadata.Units = &units
	}
	if particulars, ok := LicensedTo(l.Parameters, defs, l.Customer); ok {
		metadata.Customer = particulars
	}
	attributes := payloadAttributes{
		Key:         l.Ticket,
		Name:        l.ProductName,
		Status:      payloadStatus[l.StateAt(at.Business)],
		MaxMachines: Seats(l.Parameters, defs),
		Metadata:    metadata,
		Created:     l.CreatedAt.UTC(),
	}
	if l.ExpiresAt != nil {
		attributes.Expiry = new(l.ExpiresAt.UTC())
	}
	return json.Marshal(payloadDocument{
		Data: payloadData{Type: "licenses", ID: l.ID, Attributes: attributes},
		Meta: payloadMeta{Issued: at.Wall.UTC()},
	})
}
