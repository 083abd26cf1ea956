package licensing

import "time"

// CallLimits are what a service account may do at most; 0 is no limit. Days are the ISV's, by the wall clock.
type CallLimits struct {
	PerMinute int // calls
	PerDay    int // calls
	Licenses  int // created in a day
}

// ExhaustedFor says that a limit is reached, and after which time it is worth to try again; at least a second.
func ExhaustedFor(after time.Duration, format string, args ...any) *Error {
	e := ErrorOf(Exhausted, CodeExhausted, format, args...)
	e.After = max(after, time.Second)
	return e
}
