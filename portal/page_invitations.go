package portal

import (
	"context"
	"net/http"
	"slices"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// invitationsPage is what the list of pending invitations shows.
type invitationsPage struct {
	Rows []access.InvitationRow
	In   string // the group's code that it is narrowed to
}

func (s *site) invitations(v *visit) error {
	page, err := s.invitationsPage(v)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, invitationList(page, nil))
}

func (s *site) invitationsPage(v *visit) (page invitationsPage, err error) {
	page.In = v.Query("in")
	page.Rows, err = s.services.People.Invitations(v.ctx(), v.actor, page.In)
	return page, err
}

// resendInvitation sends a new link; the old one is dead from then on.
func (s *site) resendInvitation(v *visit) error {
	_, _, err := s.services.People.ResendInvitation(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), licensing.InvitationID(v.Param("id")))
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "invitations"))
}

// withdrawDialog asks whether to make an invitation's link worthless.
func (s *site) withdrawDialog(v *visit) error {
	page, err := s.invitationsPage(v)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(page.Rows, func(r access.InvitationRow) bool { return string(r.Invitation.ID) == v.Param("id") })
	if i < 0 {
		return licensing.NotFoundError("", "%s", T(v.ctx(), "invitation.notPending"))
	}
	return v.show(http.StatusOK, invitationList(page, withdrawAsk(page.Rows[i].Invitation, newRequestID())))
}

func (s *site) withdrawInvitation(v *visit) error {
	_, _, err := s.services.People.WithdrawInvitation(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), licensing.InvitationID(v.Param("id")))
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "invitations"))
}

// wallTime is an instant of the wall clock: "28 November 2026 at 14:32".
func wallTime(ctx context.Context, r access.InvitationRow) string {
	zone, at := visitOf(ctx).now.Zone, r.Invitation.ExpiresAt
	return T(ctx, "date.at", "Day", dayLong(ctx, licensing.DayOf(at, zone)), "Time", clock(at, zone))
}

// invitedBy says who invited; somebody above is not named.
func invitedBy(ctx context.Context, r access.InvitationRow) string {
	if r.FromAbove || r.Invitation.InviterName == "" {
		return T(ctx, "invitation.fromAbove")
	}
	return T(ctx, "invitation.by", "Name", r.Invitation.InviterName)
}

// mailNext says what is known of a mail beside its state: why it failed, when it is tried again.
func mailNext(ctx context.Context, m access.MailRow) string {
	text := ""
	switch {
	case m.LastError == "":
	case m.State == licensing.MailFailed:
		text = T(ctx, "invitation.failedText")
	default:
		text = T(ctx, "invitation.waitingText")
	}
	text = sentences(text, capital(saidForInsiders(ctx, m.LastError)))
	if m.State == licensing.MailWaiting && m.Tries > 0 && m.NextTry != nil {
		text = sentences(text, capital(T(ctx, "message.nextTry", "Time", nextTry(ctx, *m.NextTry, visitOf(ctx).now))))
	}
	return text
}
