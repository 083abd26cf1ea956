package signing

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Description is what a license file says, as far as a person who checks it wants to know.
type Description struct {
	Ticket           string            `json:"ticket"`  // the license key: the ticket, unless delivery made one
	Product          string            `json:"product"` // the product's code
	Name             string            `json:"name"`    // the product's name
	Category         string            `json:"category"`
	OrderNumber      string            `json:"orderNumber"`
	Quantity         int               `json:"quantity"`
	MaxMachines      int64             `json:"maxMachines"`
	Status           string            `json:"status"`                     // when the file was issued: "ACTIVE", "SUSPENDED" or "EXPIRED"
	StartDate        string            `json:"startDate,omitempty"`        // the first day of a subscription that was sold to start later; empty: it runs
	Expiry           *time.Time        `json:"expiry,omitempty"`           // the instant from which it is not licensed; nil: never
	MaintenanceUntil string            `json:"maintenanceUntil,omitempty"` // the last day with maintenance, 2027-01-31; empty: none
	Parameters       map[string]string `json:"parameters,omitempty"`
	Features         *uint32           `json:"features,omitempty"`     // the feature map, bit 0 the lowest; nil: the product has none
	FeatureNames     []string          `json:"featureNames,omitempty"` // of the bits that are set, by bit
	Units            *int64            `json:"units,omitempty"`        // the unit counter; nil: none is set
	Customer         map[string]string `json:"customer,omitempty"`     // the particulars that the product puts into the file
	Test             bool              `json:"test,omitempty"`         // not for productive use
	Issued           time.Time         `json:"issued"`
}

// Describe reads the payload of a license file that Verify has returned (licensing.LicensePayload says how it is
// written). The error says that the payload is none.
func Describe(payload []byte) (Description, error) {
	var document struct {
		Data struct {
			Type       string
			Attributes struct {
				Key, Name, Status string
				Expiry            *time.Time
				MaxMachines       int64
				Metadata          struct {
					OrderNumber, Product, Category, StartDate, MaintenanceUntil string
					Quantity                                                    int
					Parameters                                                  map[string]string
					Features                                                    *uint32
					FeatureNames                                                []string
					Units                                                       *int64
					Customer                                                    map[string]string
					Test                                                        bool
				}
			}
		}
		Meta struct{ Issued time.Time }
	}
	if err := json.Unmarshal(payload, &document); err != nil {
		return Description{}, fmt.Errorf("the license file's content cannot be read: %w", err)
	}
	if document.Data.Type != "licenses" {
		return Description{}, errors.New("the license file does not hold a license")
	}
	attributes := document.Data.Attributes
	return Description{
		Ticket:           attributes.Key,
		Product:          attributes.Metadata.Product,
		Name:             attributes.Name,
		Category:         attributes.Metadata.Category,
		OrderNumber:      attributes.Metadata.OrderNumber,
		Quantity:         attributes.Metadata.Quantity,
		MaxMachines:      attributes.MaxMachines,
		Status:           attributes.Status,
		StartDate:        attributes.Metadata.StartDate,
		Expiry:           attributes.Expiry,
		MaintenanceUntil: attributes.Metadata.MaintenanceUntil,
		Parameters:       attributes.Metadata.Parameters,
		Features:         attributes.Metadata.Features,
		FeatureNames:     attributes.Metadata.FeatureNames,
		Units:            attributes.Metadata.Units,
		Customer:         attributes.Metadata.Customer,
		Test:             attributes.Metadata.Test,
		Issued:           document.Meta.Issued,
	}, nil
}

// CheckAt reports why the license does not hold at an instant; nil means that it does, as far as the file can tell.
func (d Description) CheckAt(t time.Time) error {
	switch {
	case d.Expiry != nil && !t.Before(*d.Expiry):
		return fmt.Errorf("the license has expired: it held until %s", d.Expiry.UTC().Format(time.RFC3339))
	case d.Status == "EXPIRED":
		return errors.New("the license had expired when the file was issued")
	case d.Status != "ACTIVE":
		return errors.New("the license was suspended or revoked when the file was issued")
	}
	return nil
}
