package licensing

import "time"

// Prolong is what a period sets in its license: a license subscription the expiration time, the instant at which the
// day after its end date begins; a maintenance subscription the last day with maintenance.
func Prolong(t SubscriptionType, p Period, zone *time.Location) (expiresAt *time.Time, maintained Day) {
	if t == MaintenanceSubscription {
		return nil, p.End
	}
	return new(p.End.AddDays(1).Begin(zone)), Day{}
}
