package licensing

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Kind says what sort of refusal an error is. The faces turn it into an HTTP status or a SOAP fault by one table
// each.
type Kind string

// The kinds of errors.
const (
	Invalid         Kind = "invalid"         // the input breaks a rule; the same input will break it again
	Unauthenticated Kind = "unauthenticated" // nobody knows who asks
	Denied          Kind = "denied"          // who asks may not, or there is no such thing for him
	NotFound        Kind = "notFound"        // beyond sight, or not there: the two are never told apart
	Conflict        Kind = "conflict"        // somebody else was faster; trying again may help
	Exhausted       Kind = "exhausted"       // a stock or a limit is used up
	Unavailable     Kind = "unavailable"     // something that is needed cannot be reached at the moment
	Internal        Kind = "internal"        // our fault; only a reference is shown
)

// Code is the stable name of an error that callers branch on; it is part of the SOAP contract.
type Code string

// The codes of the contract.
const (
	CodeInvalidParameter Code = "invalidParameter" // a parameter or a data field
	CodeInvalidRequest   Code = "invalidRequest"   // everything else that is malformed, the schema included
	CodeUnauthenticated  Code = "unauthenticated"
	CodeDenied           Code = "denied"
	CodeNotFound         Code = "notFound"
	CodeRequestIDReused  Code = "requestIdReused"
	CodeConflict         Code = "conflict"
	CodeExhausted        Code = "exhausted"
	CodeTooLarge         Code = "tooLarge"
	CodeUnavailable      Code = "unavailable"
	CodeInternal         Code = "internal"
)

// Error is every error that a person or another system gets to see.
type Error struct {
	Kind    Kind
	Code    Code
	Field   string // the parameter, data field or element it speaks of; empty when it speaks of none
	Line    int    // of an order with several lines that it speaks of, from 1; 0 when it speaks of none
	Message string // a sentence for a person, in plain English; it names what is allowed
	Format  string // the sentence before its arguments were put in; translations are found by it
	Args    []any
	Err     error         // the cause, for the log; never shown
	Lack    *Lack         // of a refusal for want of a grant: which one
	After   time.Duration // of a limit that is reached, or after wrong logins: when to try again; 0: nobody knows
}

// RetryAfter is After as the HTTP header of that name says it, in whole seconds; empty when nobody knows.
func (e *Error) RetryAfter() string {
	if e.After <= 0 {
		return ""
	}
	return strconv.Itoa(int((e.After + time.Second - 1) / time.Second))
}

// Lack is the grant that somebody would need.
type Lack struct {
	Action   Action
	Category string // a code, of a category that may not exist
}

// Lacking says which grant was missing, so that a face can explain the refusal. It returns e.
func (e *Error) Lacking(action Action, category string) *Error {
	e.Lack = &Lack{action, category}
	return e
}

// OfferDenied refuses to license what is unknown or not granted, in the same words. The field is category or product, whichever is
// wrong: whether a category is granted, the list of offers tells as well.
func OfferDenied(field, category, product string) *Error {
	return DeniedError(field, "You may not license the product %q in the category %q.", product, category).Lacking(Create, category)
}

// Error returns the sentence for a person, and the cause when there is one.
func (e *Error) Error() string {
	s := e.Message
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.Line > 0 {
		s = fmt.Sprintf("line %d: %s", e.Line, s)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Problems is everything that is wrong with one input at once, so that a form can mark every field. It always
// holds at least one error; the first is what a face shows that has room for one only.
type Problems []*Error

// Error returns the first problem and counts the others.
func (p Problems) Error() string {
	if len(p) == 1 {
		return p[0].Error()
	}
	return fmt.Sprintf("%s (and %d more)", p[0], len(p)-1)
}

// Unwrap lets errors.As find the first problem.
func (p Problems) Unwrap() []error {
	errs := make([]error, len(p))
	for i, e := range p {
		errs[i] = e
	}
	return errs
}

// OrNil returns p as an error, or nil when nothing is wrong.
func (p Problems) OrNil() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Add appends err, whatever it holds; nil adds nothing.
func (p *Problems) Add(err error) {
	var many Problems
	var one *Error
	switch {
	case err == nil:
	case errors.As(err, &many):
		*p = append(*p, many...)
	case errors.As(err, &one):
		*p = append(*p, one)
	default:
		*p = append(*p, &Error{Kind: Internal, Code: CodeInternal, Message: "Something went wrong on our side.", Err: err})
	}
}

// AsError returns err as the error to show: the first *Error in it, or an internal one around it. It returns nil
// for nil.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Code: CodeInternal, Message: "Something went wrong on our side.", Err: err}
}

// InvalidParameter says that a parameter or data field breaks its rule.
func InvalidParameter(name, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Code: CodeInvalidParameter, Field: name, Message: fmt.Sprintf(format, args...), Format: format, Args: args}
}

// InvalidRequest says that an element of the request is malformed.
func InvalidRequest(field, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Code: CodeInvalidRequest, Field: field, Message: fmt.Sprintf(format, args...), Format: format, Args: args}
}

// ErrorOf is an error of a kind and a code, about no field.
func ErrorOf(kind Kind, code Code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...), Format: format, Args: args}
}

// DeniedError says that the caller may not; the words are the same for what does not exist and what is not granted.
func DeniedError(field, format string, args ...any) *Error {
	return &Error{Kind: Denied, Code: CodeDenied, Field: field, Message: fmt.Sprintf(format, args...), Format: format, Args: args}
}

// NotFoundError says that there is no such thing within the caller's sight.
func NotFoundError(field, format string, args ...any) *Error {
	return &Error{Kind: NotFound, Code: CodeNotFound, Field: field, Message: fmt.Sprintf(format, args...), Format: format, Args: args}
}

// ConflictError says that somebody else was faster.
func ConflictError(format string, args ...any) *Error {
	return &Error{Kind: Conflict, Code: CodeConflict, Message: fmt.Sprintf(format, args...), Format: format, Args: args}
}

// OnLine returns err with the line of an order that it speaks of, from 1, in everything that it holds.
func OnLine(line int, err error) error {
	var many Problems
	var one *Error
	switch {
	case errors.As(err, &many):
		named := make(Problems, len(many))
		for i, e := range many {
			of := *e
			of.Line = line
			named[i] = &of
		}
		return named
	case errors.As(err, &one):
		of := *one
		of.Line = line
		return &of
	}
	return err
}
