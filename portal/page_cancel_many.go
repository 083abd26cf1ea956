package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/subscriptions"
)

// cancelManyPage is what the page shows that cancels several subscriptions at once.
type cancelManyPage struct {
	Will      []subscriptions.PreviewedOne // those that can be cancelled, the first last day to cancel first
	Cannot    []subscriptions.PreviewedOne
	Reason    field
	Summary   []problem
	RequestID string
}

// cancelledManyPage is what came of it.
type cancelledManyPage struct {
	Done   []subscriptions.CancelledOne
	Failed []subscriptions.CancelledOne // of licenses within sight
	Gone   int                          // how many are beyond sight by now
}

// cancelManyForm shows what is chosen in the address, id once for each license.
func (s *site) cancelManyForm(v *visit) error {
	return s.showCancelMany(v, http.StatusOK, idsIn(v.Request.URL.Query()), "", nil)
}

// showCancelMany shows what cancelling them would do, and what is wrong with the reason.
func (s *site) showCancelMany(v *visit, status int, ids []licensing.LicenseID, reason string, wrong *licensing.Error) error {
	all, err := s.services.Subscriptions.PreviewCancelMany(v.ctx(), v.actor, ids)
	if err != nil {
		return withWay(err, at(v.ctx(), "licenses"), T(v.ctx(), "cancelMany.back"))
	}
	p := cancelManyPage{RequestID: newRequestID()}
	for _, one := range all {
		if one.Refused != nil {
			p.Cannot = append(p.Cannot, one)
		} else {
			p.Will = append(p.Will, one)
		}
	}
	slices.SortStableFunc(p.Will, func(a, b subscriptions.PreviewedOne) int { return a.Preview.Last.End.Compare(b.Preview.Last.End) })
	p.Reason = field{
		Control: controlText, Name: "reason", Label: T(v.ctx(), "cancel.reason"), Value: reason, Length: licensing.MaxReason, Optional: true,
		Hint: T(v.ctx(), "cancelMany.reasonHint"), Wrong: T(v.ctx(), "field.wrongLength", "Max", licensing.MaxReason),
	}
	if wrong != nil {
		p.Reason.Error = sentence(v.ctx(), wrong)
		p.Summary = summaryOf([]field{p.Reason}, problems{})
	}
	return v.show(status, cancelManyShown(p))
}

// cancelMany carries it out, and shows what came of each. Sent again, it shows the same again.
func (s *site) cancelMany(v *visit) error {
	form := v.Request.PostForm
	in := subscriptions.CancelMany{Licenses: idsIn(form), Reason: form.Get("reason"), Ends: map[licensing.LicenseID]licensing.Day{}}
	for _, id := range form["late"] {
		in.Late = append(in.Late, licensing.LicenseID(id))
	}
	for _, told := range form["ends"] {
		id, day, _ := strings.Cut(told, " ")
		if ends, err := licensing.ParseDay(day); err == nil {
			in.Ends[licensing.LicenseID(id)] = ends
		}
	}
	all, err := s.services.Subscriptions.CancelMany(v.ctx(), v.actor, form.Get("requestId"), in)
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Invalid && e.Field == "reason" {
		return s.showCancelMany(v, http.StatusUnprocessableEntity, in.Licenses, in.Reason, e)
	}
	if err != nil {
		return err
	}
	var p cancelledManyPage
	for _, one := range all {
		switch {
		case one.Refused == nil:
			p.Done = append(p.Done, one)
		case one.License.ID == "":
			p.Gone++
		default:
			p.Failed = append(p.Failed, one)
		}
	}
	return v.show(http.StatusOK, cancelledManyShown(p))
}

func (p cancelManyPage) title(ctx context.Context) string {
	if len(p.Will) == 0 {
		return T(ctx, "cancelMany.titleNone")
	}
	return counted(ctx, "cancelMany.title", len(p.Will))
}

func (p cancelledManyPage) title(ctx context.Context) string {
	if len(p.Done) == 0 {
		return T(ctx, "cancelMany.doneNone")
	}
	return counted(ctx, "cancelMany.done", len(p.Done))
}

// late are how many count for a later end than their own.
func (p cancelManyPage) late() (n int) {
	for _, one := range p.Will {
		if !one.Preview.InTime {
			n++
		}
	}
	return n
}

// lead says what the choice spares: "They would have cost 1,554.00 EUR for the next periods."
func (p cancelManyPage) lead(ctx context.Context) string {
	sums := map[string]*licensing.Money{}
	var currencies []string
	for _, one := range p.Will {
		amount := one.Preview.Spared.Amount
		if amount == nil || one.Preview.Spared.Number == 0 {
			continue
		}
		if sums[amount.Currency] == nil {
			sums[amount.Currency] = &licensing.Money{Currency: amount.Currency}
			currencies = append(currencies, amount.Currency)
		}
		sums[amount.Currency].Minor += amount.Minor
	}
	slices.Sort(currencies)
	var words []string
	for _, c := range currencies {
		words = append(words, money(sums[c]))
	}
	if len(words) == 0 {
		return T(ctx, "cancelMany.lead")
	}
	return T(ctx, "cancelMany.leadFor", "Money", both(ctx, words))
}

// sparedOf is what one of them spares.
func sparedOf(ctx context.Context, p subscriptions.Preview) string {
	switch {
	case p.Spared.Number == 0:
		return ""
	case p.Spared.Amount == nil:
		return T(ctx, "cancelMany.period", "Number", p.Spared.Number)
	default:
		return T(ctx, "cancelMany.periodFor", "Number", p.Spared.Number, "Price", money(p.Spared.Amount))
	}
}

// whyNot says why one cannot be cancelled, or was not.
func whyNot(ctx context.Context, e *licensing.Error) string { return sentence(ctx, e) }

// counted is a text that depends on a number.
func counted(ctx context.Context, key string, n int) string {
	return T(ctx, key, "Count", n, "N", strconv.Itoa(n))
}
