package licensing

import "slices"

// The bounds of what another system reports of a document.
const (
	MaxConnector      = 64  // characters of a connector's code
	MaxDocumentNumber = 100 // characters of its number
)

// DocumentReport is what another system reports of its document about an order.
type DocumentReport struct {
	Connector string       `json:"connector"`         // the code of the system that has the document
	State     MessageState `json:"state"`             // accepted or rejected
	Number    string       `json:"number,omitempty"`  // the document's; a rejected one may have none
	Message   string       `json:"message,omitempty"` // why, of a rejected one; of an accepted one a remark
}

// Check returns the report with its texts trimmed. The error is Problems: a system has a code, an accepted document a number,
// a rejected one a message.
func (r DocumentReport) Check() (DocumentReport, error) {
	var problems Problems
	checkLine(&problems, "connector", &r.Connector, 1, MaxConnector)
	shortest := map[MessageState]struct{ number, message int }{MessageAccepted: {1, 0}, MessageRejected: {0, 1}}
	least, ok := shortest[r.State]
	if !ok {
		problems.Add(InvalidRequest("state", "Enter accepted or rejected."))
	}
	checkLine(&problems, "number", &r.Number, least.number, MaxDocumentNumber)
	checkLine(&problems, "message", &r.Message, least.message, MaxReason)
	if len(problems) > 0 {
		return r, problems
	}
	return r, nil
}

// OfDocument reports whether a message of the kind is about the order as a document: the order, a line that was added to it, or
// what the other system told by itself. Only those are settled by a report. What else is told of an order, a revocation say,
// has no number of its own that could be reported, and a report keeps none of it from being sent.
func (k MessageKind) OfDocument() bool {
	return k == TellOrderCreated || k == TellOrderExtended || k == TellDocumentReported
}

// Open reports whether a report can settle the document: it is one, and was not accepted.
func (d Document) Open() bool { return d.Kind.OfDocument() && d.State != MessageAccepted }

// SaidTo is what somebody who sees the order is told of what the other system, or who settled it by hand, said last. It can name
// addresses and the like, and is for the maker's own group; for others it is empty.
func (d Document) SaidTo(actor Actor) string {
	if !actor.GroupIsISV {
		return ""
	}
	return d.LastError
}

// Settles returns the message that a report is about, among the system's about a document that was not accepted: the one with the
// report's number, else the oldest; or only the named one, where one is named. ok is false when there is none.
func (r DocumentReport) Settles(all []Message, named MessageID) (m Message, ok bool) {
	open := slices.DeleteFunc(slices.Clone(all), func(m Message) bool {
		return m.Connector != r.Connector || !m.Kind.OfDocument() || m.State == MessageAccepted || named != "" && m.ID != named
	})
	if len(open) == 0 {
		return m, false
	}
	i := slices.IndexFunc(open, func(m Message) bool { return r.Number != "" && m.Number == r.Number })
	return open[max(i, 0)], true
}

// Known reports whether a report says what stands there already: the system has accepted the order under that number, or has
// rejected with the same number and words what the report would settle. About a named message only the latter counts.
func (r DocumentReport) Known(all []Message, named MessageID) bool {
	if r.State == MessageAccepted {
		return named == "" && r.accepted(all)
	}
	m, ok := r.Settles(all, named)
	return ok && m.State == r.State && m.Number == r.Number && m.LastError == r.Message
}

// Contradicts reports whether a report rejects a number under which the system has accepted the order, with nothing else that it
// could be about. What was accepted stays accepted.
func (r DocumentReport) Contradicts(all []Message) bool {
	_, ok := r.Settles(all, "")
	return r.State == MessageRejected && !ok && r.accepted(all)
}

// accepted reports whether the system has accepted the order under the report's number.
func (r DocumentReport) accepted(all []Message) bool {
	return slices.ContainsFunc(all, func(m Message) bool {
		return m.Connector == r.Connector && m.Kind.OfDocument() && m.State == MessageAccepted && m.Number == r.Number
	})
}
