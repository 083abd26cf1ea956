package portal

import (
	"context"

	"kontor/internal/licensing"
)

const (
	// soonDays is how many days ahead a last day to cancel needs attention.
	soonDays = 60
	// nearDays is how many days ahead it is marked.
	nearDays = 14
	// dueLimit is how many last days to cancel are looked at.
	dueLimit = 50
)

// attention is what needs a decision or an eye, as far as every page tells it.
type attention struct {
	Soon    int // last days to cancel that come soon
	Waiting []licensing.WaitingMessage
}

// Count is how many things there are; messages that wait for the same system are one.
func (a attention) Count() int { return a.Soon + len(onTheWay(a.Waiting)) }

// attentionOf is the count that the navigation shows.
func attentionOf(ctx context.Context) int { return visitOf(ctx).attention.Count() }

// lookAround fills in what needs attention. Every page does it, so it reads no more than days.
func (s *site) lookAround(v *visit) error {
	days, err := s.services.Ordering.LastDays(v.ctx(), v.actor, dueLimit)
	if err != nil {
		return err
	}
	for _, d := range days {
		if n := v.today().DaysUntil(d); n >= 0 && n <= soonDays { // before today: its extension is under way
			v.attention.Soon++
		}
	}
	v.attention.Waiting, err = s.services.Connecting.Waiting(v.ctx(), v.actor)
	return err
}

// deadlines are the subscriptions whose last day to cancel comes next.
type deadlines struct {
	Due   []licensing.License // soon, by last day to cancel; all have a running subscription
	Later *licensing.License  // the next one after those, when none is due soon
}

// deadlines reads what lookAround counts.
func (s *site) deadlines(v *visit) (d deadlines, err error) {
	page, err := s.services.Ordering.Licenses(v.ctx(), v.actor, licensing.LicenseFilter{
		States: []licensing.LicenseState{licensing.LicenseActive}, Cancellable: true, Sort: licensing.SortCancelBy, Limit: dueLimit,
	})
	for _, l := range page.Licenses {
		days := v.today().DaysUntil(l.Subscription.Last().CancelBy)
		switch {
		case days < 0:
		case days <= soonDays:
			d.Due = append(d.Due, l)
		case d.Later == nil:
			d.Later = &l
		}
	}
	return d, err
}

// errand is messages to one system that wait for the same reason.
type errand struct {
	Messages []licensing.WaitingMessage
}

// First is the message that stands for the others.
func (e errand) First() licensing.Message { return e.Messages[0].Message }

// onTheWay puts messages together that wait for the same system: when it is down there is one thing to know, not a
// hundred. What a person has to look at stands alone, and first.
func onTheWay(waiting []licensing.WaitingMessage) []errand {
	var alone, together []errand
	place := map[string]int{}
	for _, w := range waiting {
		switch w.Message.State {
		case licensing.MessageRejected, licensing.MessageFailed:
			alone = append(alone, errand{[]licensing.WaitingMessage{w}})
		case licensing.MessageWaiting, licensing.MessageSent:
			key := w.Message.Connector + " " + w.Message.Content.Month.String() // statements by their month, orders together
			i, ok := place[key]
			if !ok {
				i = len(together)
				place[key] = i
				together = append(together, errand{})
			}
			together[i].Messages = append(together[i].Messages, w)
		}
	}
	return append(alone, together...)
}
