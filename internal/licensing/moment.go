package licensing

import "time"

// Moment is the one "now" of a transaction, on two clocks, in UTC and microseconds.
type Moment struct {
	Business time.Time      // for dates and periods; a demo can move it forward
	Wall     time.Time      // for logins, nonces, retries and what a signature says of when it was made
	Zone     *time.Location // the ISV's; calendar rules are computed in it
}

// underWay is for how long the clock leaves a subscription that has become due: what was received up to the last moment has
// committed by then.
const underWay = time.Minute

// Settled is the moment until which the clock does what was due.
func (m Moment) Settled() Moment {
	m.Business = m.Business.Add(-underWay)
	return m
}

// Today is the business day in the ISV's zone.
func (m Moment) Today() Day { return DayOf(m.Business, m.Zone) }
