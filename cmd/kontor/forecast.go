package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"kontor/internal/licensing"
	"kontor/internal/sheet"
	"kontor/internal/sqlstore"
	"kontor/internal/subscriptions"
	"kontor/internal/usecase"
)

type subscriptionsCommand struct {
	Forecast forecastCommand `cmd:"" help:"Tell what will happen to subscriptions up to a day, in order, when nobody does anything."`
}

type forecastCommand struct {
	common
	Until string `required:"" placeholder:"DATE" help:"The last day to look at, in the form 2027-01-31; at most 10 years ahead."`
	Group string `placeholder:"CODE" help:"Code of a group: it and all groups below it. Left out: all."`
	JSON  bool   `name:"json" help:"Print an array of events as JSON."`
}

// foretold is one event as scripts get it.
type foretold struct {
	Date     licensing.Day          `json:"date"`
	Ticket   string                 `json:"ticket"`
	Group    string                 `json:"group"`
	Event    licensing.ForecastKind `json:"event"`
	Period   int                    `json:"period"`             // of an extension the one that comes by it
	EndDate  licensing.Day          `json:"endDate"`            // of that period
	Amount   string                 `json:"amount,omitempty"`   // of an extension: what the period costs, such as 2160.00
	Currency string                 `json:"currency,omitempty"` // ISO 4217
}

// Run implements the command. It sees everything: whoever runs it has the database.
func (c forecastCommand) Run(ctx context.Context, s streams) (err error) {
	until, err := licensing.ParseDay(c.Until)
	if err != nil {
		return usageError{fmt.Errorf("--until: %w", err)}
	}
	if path, ok := strings.CutPrefix(c.database(), "sqlite://"); ok {
		if _, err := os.Stat(path); err != nil { // opening it would make it
			return err
		}
	}
	store, err := sqlstore.Open(ctx, c.database())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	// Nothing is written, enqueued, sealed or decided.
	service := subscriptions.New(usecase.New(store, nil, nil), nil, nil)
	out := bufio.NewWriter(s.out)
	var print printer = &forecastTable{out: out}
	if c.JSON {
		print = &forecastJSON{out: out}
	}
	err = service.ForecastForOperator(ctx, subscriptions.ForecastFilter{Until: until, Group: c.Group}, func(today licensing.Day, lines []subscriptions.ForecastLine) error {
		return print.lines(today, lines)
	})
	if wrong := (*licensing.Error)(nil); errors.As(err, &wrong) && wrong.Field == "until" {
		return usageError{fmt.Errorf("--until: %w", err)}
	}
	if err != nil {
		return err
	}
	return errors.Join(print.end(), out.Flush())
}

// printer writes events as they come.
type printer interface {
	lines(today licensing.Day, lines []subscriptions.ForecastLine) error
	end() error
}

func foretoldOf(l subscriptions.ForecastLine) foretold {
	f := foretold{Date: l.On, Ticket: l.Of.Ticket, Group: l.Of.GroupCode, Event: l.Kind, Period: l.Period.Number, EndDate: l.Period.End}
	if l.Kind == licensing.ForecastExtended && l.Amount != nil {
		f.Amount, f.Currency = sheet.Decimal(*l.Amount), l.Amount.Currency
	}
	return f
}

// forecastJSON prints an array, an event a line.
type forecastJSON struct {
	out   *bufio.Writer
	begun bool
}

func (p *forecastJSON) lines(_ licensing.Day, lines []subscriptions.ForecastLine) error {
	for _, l := range lines {
		b, err := json.Marshal(foretoldOf(l))
		if err != nil {
			return err
		}
		before := "[\n"
		if p.begun {
			before = ",\n"
		}
		p.begun = true
		if _, err := fmt.Fprintf(p.out, "%s%s", before, b); err != nil {
			return err
		}
	}
	return nil
}

func (p *forecastJSON) end() error {
	text := "\n]\n"
	if !p.begun {
		text = "[]\n"
	}
	_, err := io.WriteString(p.out, text)
	return err
}

// forecastTable prints a table for people.
type forecastTable struct {
	out   *bufio.Writer
	begun bool
}

// eventWords are the events for people.
var eventWords = map[licensing.ForecastKind]string{
	licensing.ForecastExtended: "extended", licensing.ForecastReminder: "reminder", licensing.ForecastCancelBy: "last day to cancel", licensing.ForecastEnded: "ends",
}

func (p *forecastTable) lines(today licensing.Day, lines []subscriptions.ForecastLine) error {
	// Columns are as wide as what stands in them in one portion of events.
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		if !p.begun {
			fmt.Fprintln(w, "DATE\tEVENT\tTICKET\tGROUP\tPRODUCT\tPERIOD\tENDS\tAMOUNT")
			p.begun = true
		}
		f := foretoldOf(l)
		what := eventWords[l.Kind]
		if l.Overdue(today) {
			what += ", overdue"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", f.Date, what, f.Ticket, f.Group, l.Of.ProductCode, f.Period, f.EndDate, strings.TrimSpace(f.Amount+" "+f.Currency))
	}
	return w.Flush()
}

func (p *forecastTable) end() error {
	if p.begun {
		return nil
	}
	_, err := fmt.Fprintln(p.out, "Nothing will happen up to that day.")
	return err
}
