package portal

import (
	"context"
	"net/url"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// grantPanel is what stands beside the matrix about one cell: where it comes from, where it went, and what can be
// done about it.
type grantPanel struct {
	access.CellDetail
	Filter    grantQuery
	RequestID string
	Until     string // what was typed as the last day
	Problem   string // what is wrong with it
	About     string // the id of the grant whose last day was typed; empty: of a new one
	Note      string // what happened meanwhile
}

// grantPanel loads the cell that a query opens; nil when it opens none.
func (s *site) grantPanel(v *visit, q grantQuery) (*grantPanel, error) {
	if q.Cell.Who == "" {
		return nil, nil
	}
	d, err := s.services.Grants.Cell(v.ctx(), v.actor, q.Cell.Who, q.Cell.Category, q.Cell.Action)
	if err != nil {
		return nil, err
	}
	return &grantPanel{CellDetail: d, Filter: q, RequestID: newRequestID()}, nil
}

// giveGrant gives what the form names, and shows the cell as it is then.
func (s *site) giveGrant(v *visit) error {
	form := v.Request.PostForm
	in := access.GivePermission{Who: form.Get("who"), Category: form.Get("category"), Action: form.Get("action")}
	day, err := typedDay(form.Get("until"))
	if err == nil {
		in.Until = day
		_, _, err = s.services.Grants.Give(v.ctx(), v.actor, form.Get("requestId"), in)
	}
	return s.answerPanel(v, err, "")
}

// setGrantEnd gives a grant another last day.
func (s *site) setGrantEnd(v *visit) error {
	form := v.Request.PostForm
	in := access.SetEnd{Grant: licensing.GrantID(form.Get("grant"))}
	day, err := typedDay(form.Get("until"))
	if err == nil {
		in.Until = day
		_, _, err = s.services.Grants.SetEnd(v.ctx(), v.actor, form.Get("requestId"), in)
	}
	return s.answerPanel(v, err, string(in.Grant))
}

// typedDay reads a last day that may be left out.
func typedDay(typed string) (licensing.Day, error) {
	if strings.TrimSpace(typed) == "" {
		return licensing.Day{}, nil
	}
	day, err := licensing.ParseDay(strings.TrimSpace(typed))
	if err != nil {
		return day, licensing.InvalidRequest("until", "Enter a day of the form 2027-01-31, or none.")
	}
	return day, nil
}

// answerPanel leads back to the matrix with the cell open, or shows there what is wrong with what was typed.
func (s *site) answerPanel(v *visit, err error, about string) error {
	q := returnTo(v)
	if err == nil {
		return v.goTo(q.address(v.ctx()) + "#panel")
	}
	e := licensing.AsError(err)
	if e.Kind != licensing.Invalid && e.Kind != licensing.Conflict && (e.Kind != licensing.Denied || e.Field == "") {
		return err
	}
	page, pageErr := s.grantsPage(v, q)
	if pageErr == nil {
		page.Panel, pageErr = s.grantPanel(v, q)
	}
	if pageErr != nil || page.Panel == nil {
		return err
	}
	page.Panel.Until, page.Panel.About = v.Request.PostForm.Get("until"), about
	if e.Field == "until" {
		page.Panel.Problem = sentence(v.ctx(), e)
	} else {
		page.Panel.Note = sentence(v.ctx(), e)
	}
	return v.show(statusOf[e.Kind], grants(page, nil))
}

// returnTo is the query of the matrix that a form was sent from: it carries its address.
func returnTo(v *visit) grantQuery {
	from := v.Request.PostForm.Get("return")
	if v.Request.Method != "POST" {
		from = v.Query("return")
	}
	u, err := url.Parse(from)
	if err != nil {
		return grantQuery{}
	}
	return readGrantQuery(u.Query())
}

// chainLine is the second line of one hand in a chain: when it got the grant, and until when.
func chainLine(ctx context.Context, chain []access.Link, i int) string {
	zone := visitOf(ctx).now.Zone
	if i+1 < len(chain) {
		next := chain[i+1]
		return T(ctx, "grants.gaveIt", "Name", recipient(ctx, next.Party), "Day", dayShort(ctx, licensing.DayOf(next.GivenAt, zone)))
	}
	return ""
}

// recipient is "you", "Freya", "everyone in Fjord".
func recipient(ctx context.Context, p access.Party) string { return partyShort(ctx, p) }

// chainName is how a hand in a chain is called at the beginning of a line.
func chainName(ctx context.Context, p access.Party) string {
	switch {
	case p.You:
		return T(ctx, "grants.youTitle")
	case p.Kind == access.PartyAbove:
		return T(ctx, "grants.aboveTitle")
	default:
		return capital(partyName(ctx, p))
	}
}

// parties are those of links.
func parties(links []access.Link) []access.Party {
	all := make([]access.Party, len(links))
	for i, l := range links {
		all[i] = l.Party
	}
	return all
}

// ends is until when a grant holds: "open", "31 December 2026".
func (p grantPanel) ends(ctx context.Context, g access.HeldGrant) string {
	if g.Until.IsZero() {
		return T(ctx, "grants.open")
	}
	return dayLong(ctx, g.Until)
}

// mine reports whether the actor has given the cell himself already.
func (p grantPanel) mine() bool {
	for _, g := range p.Grants {
		if g.From.You && g.To.Who == p.Party.Who {
			return true
		}
	}
	return false
}

// reaches names the groups that the holder covers.
func (p grantPanel) reaches(ctx context.Context) string {
	text := strings.Join(p.Reaches, ", ")
	if more := p.ReachesCount - len(p.Reaches); more > 0 {
		text = T(ctx, "grants.namesMore", "Names", text, "N", number(more))
	}
	return text
}

// limitDay is a bound of the field of a last day; empty where there is none.
func limitDay(d licensing.Day) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// untilHint says what may be entered as a last day.
func untilHint(ctx context.Context, latest licensing.Day) string {
	if latest.IsZero() {
		return T(ctx, "grants.untilHint")
	}
	return T(ctx, "grants.untilBy", "Day", weekdayHint(ctx, latest))
}
