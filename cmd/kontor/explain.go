package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
	"kontor/internal/sqlstore"
	"kontor/internal/usecase"
	"kontor/policies"
)

type explainCommand struct {
	common
	Member   string `required:"" help:"E-mail address of the person, or name of the service account."`
	Group    string `required:"" help:"Code of the group that the membership is in."`
	Action   string `required:"" enum:"create,modify,revoke" help:"What is to be done: create, modify or revoke."`
	Category string `required:"" help:"Code of the category."`
	JSON     bool   `name:"json" help:"Print the answer as JSON."`
}

// explained is the answer as scripts get it.
type explained struct {
	Allowed bool            `json:"allowed"`
	Grant   *explainedGrant `json:"grant"` // null when denied
	Chain   []string        `json:"chain"`
	Lines   []string        `json:"lines"`
	Missing string          `json:"missing"`
}

type explainedGrant struct {
	ID       licensing.GrantID `json:"id"`
	Who      string            `json:"who"`
	Category string            `json:"category"`
	Action   string            `json:"action"`
	GivenBy  string            `json:"givenBy"`
	GivenAt  string            `json:"givenAt"`         // the business day
	Until    string            `json:"until,omitempty"` // the last day; left out when it has no end
}

// Run implements the command. It sees everything: whoever runs it has the database.
func (c explainCommand) Run(ctx context.Context, s streams) (err error) {
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
	// Nothing is written, enqueued or sealed.
	service, err := access.New(usecase.New(store, nil, nil), nil, policies.Judge{}, "", licensing.CallLimits{})
	if err != nil {
		return err
	}
	e, err := service.ExplainTo(ctx, c.Member, c.Group, licensing.Action(c.Action), c.Category)
	if err != nil {
		return err
	}
	out := explanation(e)
	if c.JSON {
		return json.NewEncoder(s.out).Encode(out)
	}
	return printExplanation(s, e, out)
}

func explanation(e access.Explanation) explained {
	out := explained{Allowed: e.Allowed, Chain: []string{}, Lines: []string{}, Missing: e.Missing}
	for _, l := range e.Lines {
		out.Lines = append(out.Lines, l.Text)
	}
	if g := e.Grant; g != nil {
		out.Grant = &explainedGrant{g.ID, g.To.Who, g.Category, g.Action, partyName(g.From), licensing.DayOf(g.GivenAt, e.At.Zone).String(), g.Until.String()}
		for i, link := range g.Chain {
			if i > 0 {
				out.Chain = append(out.Chain, handed(g.Chain[i-1].Party, link, e.At))
			}
		}
	}
	return out
}

// handed says who gave it to whom, or who held it through which group.
func handed(from access.Party, to access.Link, at licensing.Moment) string {
	if to.GivenAt.IsZero() {
		return fmt.Sprintf("%s reaches %s", partyName(from), partyName(to.Party))
	}
	s := fmt.Sprintf("%s gave it to %s on %s", partyName(from), partyName(to.Party), licensing.DayOf(to.GivenAt, at.Zone))
	if !to.Until.IsZero() {
		s += " until " + to.Until.String()
	}
	return s
}

// partyName names a party as the policy does, or as the software maker.
func partyName(p access.Party) string {
	if p.Kind == access.PartyISV {
		return "the software maker"
	}
	return p.Who
}

func printExplanation(s streams, e access.Explanation, out explained) error {
	var b strings.Builder
	if e.Allowed {
		fmt.Fprintf(&b, "Yes. %s may %s in %s, in %s.\n", e.Party.Name, e.Action, e.CategoryName, e.Party.GroupName)
		for _, c := range out.Chain {
			fmt.Fprintf(&b, "  %s\n", c)
		}
	} else {
		fmt.Fprintf(&b, "No. %s\n", e.Missing)
		for _, h := range e.Helpers {
			fmt.Fprintf(&b, "  %s could give it\n", partyName(h.Party))
		}
	}
	b.WriteString("\nThe lines that decided, at version ")
	fmt.Fprintf(&b, "%d of the policy:\n", e.Version)
	for _, l := range out.Lines {
		fmt.Fprintf(&b, "  %s\n", l)
	}
	_, err := fmt.Fprint(s.out, b.String())
	return err
}
