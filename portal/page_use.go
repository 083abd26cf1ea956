package portal

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"kontor/internal/calls"
	"kontor/internal/licensing"
)

// usePage is what the page of a service account's use shows.
type usePage struct {
	calls.Use
	Chart useChart
}

// byHour reports whether the last day is shown, and not the last hour.
func (p usePage) byHour() bool { return p.Step == time.Hour }

// useChart is the drawing of calls in time: bars up from a line, x in percent and y in pixels.
type useChart struct {
	Bars      []useBar
	Ticks     []valueTick
	LimitText string
	LimitY    float64 // of the line of the limit; 0: there is none
	Height    int
	Width     float64
	Zero      float64
	Spoken    string
	Rows      []useRow
	Nothing   bool
}

// useBar is one minute or hour: heights of what was done, of faults and of what a limit refused.
type useBar struct {
	X, Done, Faults, Refused float64
	Label                    string
	Minor                    bool
}

// useRow is a bar in words.
type useRow struct{ Label, Done, Faults, Refused string }

// use shows what a service account has called in the last hour, or the last day.
func (s *site) use(v *visit) error {
	u, err := s.services.Calls.Use(v.ctx(), v.actor, licensing.MembershipID(v.Param("id")), v.Query("by") == "hour")
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, usePageShown(usePage{u, drawUse(v.ctx(), u)}))
}

// drawUse lays the parts out. By minute the limit of a minute is a line. By hour the limit of a day is one where the bars reach
// as far: mostly it is many times what an hour has, and would make them too small to see.
func drawUse(ctx context.Context, u calls.Use) useChart {
	zone, most, limit, limitText := visitOf(ctx).now.Zone, 1, u.Limits.PerMinute, "use.limitLine"
	total := calls.UsePart{}
	for _, p := range u.Parts {
		most = max(most, p.Calls()+p.Refused)
		total.Done, total.Faults, total.Refused = total.Done+p.Done, total.Faults+p.Faults, total.Refused+p.Refused
	}
	if u.Step == time.Minute {
		most = max(most, limit)
	} else {
		limit, limitText = u.Limits.PerDay, "use.limitLineDay"
	}
	step := max(niceStep(float64(most)), 1)
	highest := math.Ceil(float64(most)/step) * step
	scale := chartBars / highest
	c := useChart{Zero: chartTop + chartBars, Height: int(math.Ceil(chartTop + chartBars + chartBottom)), Nothing: total.Calls()+total.Refused == 0}
	if limit > 0 && float64(limit) <= highest {
		c.LimitText, c.LimitY = T(ctx, limitText, "N", number(limit)), c.Zero-float64(limit)*scale
	}
	for value := 0.0; value <= highest+step/2; value += step {
		c.Ticks = append(c.Ticks, valueTick{c.Zero - value*scale, strconv.FormatFloat(value, 'f', -1, 64)})
	}
	slot := (100 - chartLeft) / float64(len(u.Parts))
	c.Width = slot * 0.6
	for i, p := range u.Parts {
		bar := useBar{X: chartLeft + slot*float64(i) + (slot-c.Width)/2, Done: float64(p.Done) * scale, Faults: float64(p.Faults) * scale, Refused: float64(p.Refused) * scale}
		if every := len(u.Parts) / 6; i%every == 0 {
			bar.Label, bar.Minor = clock(p.From, zone), i%(2*every) != 0
		}
		c.Bars = append(c.Bars, bar)
		if p.Calls()+p.Refused > 0 {
			c.Rows = append(c.Rows, useRow{clock(p.From, zone), number(p.Done), number(p.Faults), number(p.Refused)})
		}
	}
	c.Spoken = T(ctx, "use.spoken", "From", clock(u.Parts[0].From, zone), "Done", number(total.Done), "Faults", number(total.Faults), "Refused", number(total.Refused))
	return c
}

// limitText is a limit in words.
func limitText(ctx context.Context, n int) string {
	if n == 0 {
		return T(ctx, "use.noLimit")
	}
	return number(n)
}
