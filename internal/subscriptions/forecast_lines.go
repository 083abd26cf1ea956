package subscriptions

import (
	"container/heap"
	"context"
	"encoding/base64"
	"fmt"
	"slices"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// lineWindow is how many lines are put in order in memory at once.
const lineWindow = 100_000

// ForecastLines hands over what will happen within the actor's sight, in order, until yield returns an error, which it
// returns. Of any number of lines it holds so many at once, and walks the subscriptions once for each such window; what
// changes meanwhile counts from then on. The error of a filter has code invalidRequest (field "until" or "tried") or
// notFound (field "group").
func (s *Service) ForecastLines(ctx context.Context, actor licensing.Actor, f ForecastFilter, yield func(today licensing.Day, lines []ForecastLine) error) error {
	return s.lines(ctx, actor, sightOfActor, f, true, yield)
}

// ForecastForOperator is ForecastLines of everything, for commands; lines have no customers.
func (s *Service) ForecastForOperator(ctx context.Context, f ForecastFilter, yield func(today licensing.Day, lines []ForecastLine) error) error {
	return s.lines(ctx, licensing.Actor{}, sightOfOperator, f, false, yield)
}

func (s *Service) lines(ctx context.Context, actor licensing.Actor, see scope, f ForecastFilter, filled bool, yield func(licensing.Day, []ForecastLine) error) error {
	after := ""
	for {
		var today licensing.Day
		c, err := usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (*window, error) {
			sight, err := see(ctx, tx)
			if err != nil {
				return nil, err
			}
			today = tx.Now().Today()
			c := newWindow(after, lineWindow)
			if _, err := f.walk(ctx, tx, sight, c.add); err != nil {
				return nil, err
			}
			if filled {
				var of []*Forecasted
				for _, l := range c.sorted() {
					of = append(of, l.Of)
				}
				err = fill(ctx, tx, sight, of)
			}
			return c, err
		})
		if err != nil {
			return err
		}
		lines := c.sorted()
		if err := yield(today, lines); err != nil {
			return err
		}
		if !c.more {
			return nil
		}
		after = keyOf(lines[len(lines)-1]).cursor()
	}
}

// window keeps the first lines after a place, in a heap with the last of them on top.
type window struct {
	after *lineKey
	most  int
	lines []ForecastLine
	more  bool // there are more behind them
	order bool // lines are in order
}

func newWindow(after string, most int) *window {
	w := &window{most: most}
	if k, ok := readCursor(after); ok {
		w.after = &k
	}
	return w
}

// add offers a line. It reports false when none after it in order is of interest.
func (w *window) add(l ForecastLine) bool {
	k := keyOf(l)
	if w.after != nil && k.compare(*w.after) <= 0 {
		return true
	}
	if len(w.lines) < w.most {
		heap.Push(w, l)
		return true
	}
	w.more = true
	if w.most == 0 || k.compare(keyOf(w.lines[0])) >= 0 {
		return false
	}
	w.lines[0] = l
	heap.Fix(w, 0)
	return true
}

// sorted returns the lines in order. Nothing is added afterwards.
func (w *window) sorted() []ForecastLine {
	if !w.order {
		slices.SortFunc(w.lines, func(a, b ForecastLine) int { return keyOf(a).compare(keyOf(b)) })
		w.order = true
	}
	return w.lines
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (w *window) Len() int           { return len(w.lines) }
func (w *window) Less(i, j int) bool { return keyOf(w.lines[i]).compare(keyOf(w.lines[j])) > 0 }
func (w *window) Swap(i, j int)      { w.lines[i], w.lines[j] = w.lines[j], w.lines[i] }
func (w *window) Push(x any)         { w.lines = append(w.lines, x.(ForecastLine)) } //nolint:forcetypeassert // add pushes nothing else
func (w *window) Pop() any           { panic("nothing is taken out of a window") }

// ForecastAt is the place before the first line of a day, for ForecastView.After.
func ForecastAt(d licensing.Day) string { return lineKey{on: d}.cursor() }

// cursor is a place in the order of lines, for addresses.
func (k lineKey) cursor() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s %d %d %d %d", k.on, k.rank, k.seq, k.number, k.days))
}

// readCursor reads a place. What is none is no place: the lines begin at the beginning.
func readCursor(s string) (k lineKey, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || s == "" {
		return k, false
	}
	var on string
	if _, err := fmt.Sscanf(string(b), "%s %d %d %d %d", &on, &k.rank, &k.seq, &k.number, &k.days); err != nil {
		return k, false
	}
	k.on, err = licensing.ParseDay(on)
	return k, err == nil
}

// fill looks up what is shown of customers.
func fill(ctx context.Context, tx *usecase.Tx, sight licensing.Sight, of []*Forecasted) error {
	const most = 1_000
	by, ids := map[licensing.LicenseID]*Forecasted{}, []licensing.LicenseID{}
	for _, o := range of {
		if by[o.ID] == nil {
			by[o.ID] = o
			ids = append(ids, o.ID)
		}
	}
	for some := range slices.Chunk(ids, most) {
		rows, err := tx.LicenseRows(ctx, sight, licensing.LicenseFilter{IDs: some, Limit: most})
		if err != nil {
			return err
		}
		for _, r := range rows {
			by[r.ID].Customer, by[r.ID].Seats = r.Customer, r.Seats
		}
	}
	return nil
}
