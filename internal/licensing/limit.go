package licensing

import "time"

// CallLimits are what a service account may do at most; 0 is no limit. Days are the ISV's, by the wall clock.
type CallLimits struct {
	PerMinute int // calls
	PerDay    int // calls
	Licenses  int // created in a day
}

// CallUse is what was counted of an account against CallLimits; 0 also where there is no limit, for then nothing is counted.
type CallUse struct {
	InMinute int // calls in the minute that runs
	InDay    int // calls on the day that runs
	Licenses int // created on that day
}

// ExhaustedFor says that a limit is reached, and after which time it is worth to try again; at least a second.
func ExhaustedFor(after time.Duration, format string, args ...any) *Error {
	e := ErrorOf(Exhausted, CodeExhausted, format, args...)
	e.After = max(after, time.Second)
	return e
}
