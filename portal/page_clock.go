package portal

import (
	"context"
	"encoding/json"
	"mime"
	"net"
	"net/http"
	"net/netip"

	"kontor/internal/licensing"
)

// clockView is what the page of the demo's clock shows.
type clockView struct {
	Today   licensing.Day
	Typed   string
	Problem string
	Quick   []quickDay
}

// quickDay is a day that is worth moving to.
type quickDay struct {
	Day  licensing.Day
	Text string
}

// clockPage shows where the business clock stands, and days that are worth moving to.
func (s *site) clockPage(v *visit) error {
	if !s.config.Demo || !v.acting() {
		return s.noPage(v)
	}
	return s.showClock(v, http.StatusOK, clockView{})
}

func (s *site) showClock(v *visit, status int, page clockView) error {
	page.Today = v.today()
	var next deadlines
	if v.acting() {
		var err error
		if next, err = s.deadlines(v); err != nil {
			return err
		}
	}
	page.Quick = quickDays(v.ctx(), next, page.Today)
	if page.Typed == "" && len(page.Quick) > 0 {
		page.Typed = page.Quick[0].Day.String()
	}
	return v.show(status, clockMover(page))
}

// quickDays are tomorrow, the day after the next last day to cancel, and the same day a month and a year from now.
func quickDays(ctx context.Context, a deadlines, today licensing.Day) []quickDay {
	var days []quickDay
	next := a.Later
	if len(a.Due) > 0 {
		next = &a.Due[0]
	}
	if next != nil {
		days = append(days, quickDay{next.Subscription.Last().CancelBy.AddDays(1), T(ctx, "clock.afterCancelBy", "Product", next.ProductName, "Customer", customerName(next.Customer))})
	}
	return append(days,
		quickDay{today.AddDays(1), T(ctx, "clock.tomorrow")},
		quickDay{today.AddMonths(1), T(ctx, "clock.month")},
		quickDay{today.AddMonths(12), T(ctx, "clock.year")})
}

// moveClock moves the business clock: by the page's form, for somebody who is signed in, or by JSON, for a script on
// this machine.
func (s *site) moveClock(v *visit) error {
	if !s.config.Demo {
		return s.noPage(v)
	}
	if kind, _, _ := mime.ParseMediaType(v.ContentType()); kind == "application/json" {
		return s.moveClockByScript(v)
	}
	if v.user == "" {
		v.askToSignIn()
		return nil
	}
	if err := v.parseForm(); err != nil {
		return err
	}
	typed := v.Request.PostForm.Get("to")
	if err := s.moveTo(v.ctx(), typed); err != nil {
		e := licensing.AsError(err)
		if e.Kind != licensing.Invalid && e.Kind != licensing.Conflict {
			return err
		}
		return s.showClock(v, http.StatusUnprocessableEntity, clockView{Typed: typed, Problem: sentence(v.ctx(), e)})
	}
	return v.goTo("/demo/clock")
}

func (s *site) moveTo(ctx context.Context, to string) error {
	day, err := licensing.ParseDay(to)
	if err != nil {
		return licensing.InvalidRequest("to", "Enter a day of the form 2027-01-31.")
	}
	return s.services.Clock.MoveTo(ctx, day)
}

// moveClockByScript answers JSON with JSON. It asks for no session, so the script must be on this machine, and must
// have called it by this machine's name: a page elsewhere could point a name of its own here.
func (s *site) moveClockByScript(v *visit) error {
	if !onLoopback(v.Request) {
		v.JSON(http.StatusForbidden, map[string]string{"error": "Only scripts on this machine may move the clock."})
		return nil
	}
	var in struct {
		To string `json:"to"`
	}
	if err := json.NewDecoder(v.Request.Body).Decode(&in); err != nil {
		v.JSON(http.StatusBadRequest, map[string]string{"error": `Send {"to": "2027-01-31"}.`})
		return nil
	}
	if err := s.moveTo(v.ctx(), in.To); err != nil {
		e := licensing.AsError(err)
		if e.Kind != licensing.Invalid && e.Kind != licensing.Conflict {
			t := s.troubleOf(v.ctx(), err)
			s.report(v.ctx(), v.Request, t, err)
			v.JSON(t.Status, map[string]string{"error": t.Text, "reference": t.Reference})
			return nil
		}
		v.JSON(http.StatusBadRequest, map[string]string{"error": e.Message})
		return nil
	}
	now, _, err := s.services.Clock.Now(v.ctx())
	if err != nil {
		return err
	}
	v.JSON(http.StatusOK, map[string]string{"now": now.Business.UTC().Format("2006-01-02T15:04:05Z")})
	return nil
}

// onLoopback reports whether a request came from this machine, under one of its own names.
func onLoopback(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !peer.Addr().Unmap().IsLoopback() {
		return false
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
