package licensing

import "strconv"

// MaxLimit is the highest limit that an account may have of its own.
const MaxLimit = 1_000_000_000

// OwnLimits are the limits of one account that stand in place of the house's, as CallLimits has them; nil: the house's holds.
type OwnLimits struct {
	PerMinute *OwnLimit `json:"perMinute,omitempty"`
	PerDay    *OwnLimit `json:"perDay,omitempty"`
	Licenses  *OwnLimit `json:"licenses,omitempty"`
}

// OwnLimit is one of them.
type OwnLimit struct {
	N int `json:"n"` // 0 to MaxLimit; 0: no limit
	// Firm says that an admin of the ISV wants it so: it holds also where the house's limit is stricter, and nobody else takes
	// it away. One that is not firm holds where it is the stricter one, also when the house's changes later.
	Firm bool `json:"firm,omitempty"`
}

// Holds reports whether it holds, and not the house's limit.
func (o *OwnLimit) Holds(house int) bool { return o != nil && (o.Firm || !looser(o.N, house)) }

// Over is what holds: it, or the house's limit.
func (o *OwnLimit) Over(house int) int {
	if o.Holds(house) {
		return o.N
	}
	return house
}

// Over are the limits that hold.
func (o OwnLimits) Over(house CallLimits) CallLimits {
	return CallLimits{PerMinute: o.PerMinute.Over(house.PerMinute), PerDay: o.PerDay.Over(house.PerDay), Licenses: o.Licenses.Over(house.Licenses)}
}

// Limits are those that hold for the actor, a service account.
func (a Actor) Limits(house CallLimits) CallLimits {
	if a.Allowance == nil {
		return house
	}
	return a.Allowance.Limits.Over(house)
}

// looser reports whether a limit lets more pass than another one.
func looser(n, than int) bool { return than != 0 && (n == 0 || n > than) }

// Settle decides about limits that an admin asks for in place of those before, and which of them are firm. Any admin may
// lower a limit, below the house's or below a firm one; only one of the ISV may raise it above that, or take a firm one away.
// What stays as it was is nobody's decision. Problems name "callsPerMinute", "callsPerDay" and "licensesPerDay".
func (o OwnLimits) Settle(before OwnLimits, house CallLimits, isv bool) (OwnLimits, error) {
	var problems Problems
	settle := func(field string, to, before *OwnLimit, house int) *OwnLimit {
		settled, err := to.settle(field, before, house, isv)
		problems.Add(err)
		return settled
	}
	settled := OwnLimits{
		PerMinute: settle("callsPerMinute", o.PerMinute, before.PerMinute, house.PerMinute),
		PerDay:    settle("callsPerDay", o.PerDay, before.PerDay, house.PerDay),
		Licenses:  settle("licensesPerDay", o.Licenses, before.Licenses, house.Licenses),
	}
	return settled, problems.OrNil()
}

func (o *OwnLimit) settle(field string, before *OwnLimit, house int, isv bool) (*OwnLimit, error) {
	firm := before != nil && before.Firm
	switch {
	case o != nil && (o.N < 0 || o.N > MaxLimit):
		return nil, InvalidRequest(field, "Enter a whole number from 0 to %d, or nothing for the default.", MaxLimit)
	case o == nil && (isv || !firm || before.N == 0):
		return nil, nil
	case o != nil && before != nil && o.N == before.N && (before.Holds(house) || !isv):
		return before, nil
	case isv:
		return &OwnLimit{N: o.N, Firm: true}, nil
	case firm && (o == nil || looser(o.N, before.N)):
		return nil, InvalidRequest(field, "Enter 1 to %d. You can lower this limit, but neither raise it nor leave it out.", before.N)
	case !firm && looser(o.N, house):
		return nil, InvalidRequest(field, "Enter 1 to %d, or nothing for the default. You can lower this limit, but not raise it.", house)
	}
	return &OwnLimit{N: o.N, Firm: firm}, nil
}

// Text is an own limit as the history names it: what holds of it, or "" for none.
func (o *OwnLimit) Text(house int) string {
	if o == nil {
		return ""
	}
	return strconv.Itoa(o.Over(house))
}
