package portal

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"kontor/internal/access"
	"kontor/internal/catalog"
	"kontor/internal/licensing"
)

// deniedPage says which grant somebody lacks, what he holds in the category, and who can do what he may not.
type deniedPage struct {
	licensing.Lack
	CategoryName string
	Held         []catalog.Holding
	Helpers      []access.Party         // who could give it, within sight
	Admins       []licensing.Membership // of the own group, without oneself
	License      *licensing.License     // what it was about, when it was a license
	Route        string
	Ref          string
}

// explainDenial answers a refusal for want of a grant with the page that explains it. It returns false when that
// cannot be had: then the refusal's own sentence is shown.
func (s *site) explainDenial(v *visit, e *licensing.Error) bool {
	p := deniedPage{Lack: *e.Lack, Route: v.FullPath(), Ref: reference()}
	x, err := s.services.Grants.Explain(v.ctx(), v.actor, access.Question{Action: p.Action, Category: p.Category})
	if err != nil || x.Allowed { // given in the meantime: trying again helps, and no page about the lack
		return false
	}
	if p.CategoryName = x.CategoryName; p.CategoryName == "" {
		p.CategoryName = p.Category
	}
	for _, h := range x.Helpers {
		if !h.Party.You {
			p.Helpers = append(p.Helpers, h.Party)
		}
	}
	if p.Held, err = s.services.Catalog.Held(v.ctx(), v.actor, p.Category); err != nil {
		return false
	}
	if p.Admins, err = s.othersToAsk(v); err != nil {
		return false
	}
	if id := v.Param("id"); id != "" {
		if l, err := s.services.Ordering.LicenseByID(v.ctx(), v.actor, licensing.LicenseID(id)); err == nil {
			p.License = &l
			if x.CategoryName == "" {
				p.CategoryName = l.CategoryName
			}
		}
	}
	s.report(v.ctx(), v.Request, trouble{Status: http.StatusForbidden, Reference: p.Ref}, e)
	return v.show(http.StatusForbidden, denied(p)) == nil
}

// can names who can do it: "Anna Lindqvist can", "Somebody above can".
func (p deniedPage) can(ctx context.Context) string {
	if len(p.Helpers) == 0 {
		return T(ctx, "denied.above")
	}
	names := make([]string, len(p.Helpers))
	for i, h := range p.Helpers {
		names[i] = partyName(ctx, h)
	}
	return T(ctx, "denied.can", "Names", either(ctx, names))
}

// deed is what was tried, as the texts about it are called: an action, or what an address of it does.
func (p deniedPage) deed() string {
	for _, deed := range []string{"cancel", "suspend", "reinstate"} {
		if strings.HasSuffix(p.Route, "/"+deed) {
			return deed
		}
	}
	return string(p.Action)
}

// further reports whether nobody in sight can give it, but the group's admins can ask above: for who is none of them.
func (p deniedPage) further(ctx context.Context) bool {
	return len(p.Helpers) == 0 && len(p.Admins) > 0 && visitOf(ctx).actor.Role != licensing.RoleAdmin
}

// ask is whom to ask, and by which e-mail: somebody who can, else an admin of the own group, who can ask further.
func (p deniedPage) ask(ctx context.Context) (name, mail string) {
	var to licensing.Membership
	switch {
	case len(p.Helpers) > 0 && p.Helpers[0].Email != "":
		to = licensing.Membership{UserName: p.Helpers[0].Name, Email: p.Helpers[0].Email}
	case p.further(ctx):
		to = p.Admins[0]
	default:
		return "", ""
	}
	me := visitOf(ctx).actor
	missing := T(ctx, "grants.what", "Action", string(p.Action), "Category", p.CategoryName)
	subject, about := missing, ""
	if p.License != nil {
		subject = T(ctx, "denied.subject", "Product", p.License.ProductName, "Customer", customerName(p.License.Customer))
		about = T(ctx, "denied.about", "Product", p.License.ProductName, "Customer", customerName(p.License.Customer), "Order", p.License.OrderNumber)
	}
	text := T(ctx, "denied.body", "Admin", to.UserName, "What", missing, "Group", me.GroupName, "About", about, "Name", me.UserName)
	return firstName(to.UserName), askFor(to, subject, text)
}

// instead reports whether the subscription can be cancelled in place of what was denied: cancelling is part of modify.
func (p deniedPage) instead() bool {
	l := p.License
	return p.Action == licensing.Revoke && l != nil && l.Subscription != nil && l.Subscription.State == licensing.SubscriptionActive &&
		slices.ContainsFunc(p.Held, func(h catalog.Holding) bool { return h.Action == licensing.Modify && h.Held })
}
