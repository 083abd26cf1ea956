package sqlstore

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore/db"
)

func (t *tx) InsertInvitation(ctx context.Context, i licensing.Invitation) error {
	return t.q.InsertInvitation(ctx, db.InsertInvitationParams{
		ID: string(i.ID), GroupID: string(i.Group), Email: i.Email, Role: string(i.Role), InvitedBy: pointer(string(i.InvitedBy)), TokenHash: i.TokenHash,
		State: string(i.State), CreatedAt: micro(i.CreatedAt), ExpiresAt: micro(i.ExpiresAt), MailID: pointer(string(i.Mail)),
	})
}

func (t *tx) Invitation(ctx context.Context, id licensing.InvitationID) (licensing.Invitation, error) {
	row, err := one(t.q.InvitationByID(ctx, string(id)))
	return invitation(row), err
}

func (t *tx) InvitationByToken(ctx context.Context, hash []byte) (licensing.Invitation, error) {
	row, err := one(t.q.InvitationByToken(ctx, hash))
	return invitation(db.InvitationByIDRow(row)), err
}

func (t *tx) OpenInvitation(ctx context.Context, g licensing.GroupID, email string) (licensing.Invitation, error) {
	row, err := one(t.q.OpenInvitation(ctx, db.OpenInvitationParams{GroupID: string(g), Email: email}))
	return invitation(db.InvitationByIDRow(row)), err
}

func (t *tx) InvitationsIn(ctx context.Context, s licensing.Sight, reader licensing.GroupID, limit int) ([]licensing.PendingInvitation, error) {
	rows, err := t.q.InvitationsIn(ctx, db.InvitationsInParams{Own: string(s.Group), Below: s.Below, Reader: string(reader), Most: int32(limit)}) //nolint:gosec // small
	if err != nil {
		return nil, err
	}
	all := make([]licensing.PendingInvitation, len(rows))
	for i, r := range rows {
		all[i] = licensing.PendingInvitation{
			Invitation: invitation(db.InvitationByIDRow{
				ID: r.ID, GroupID: r.GroupID, Email: r.Email, Role: r.Role, InvitedBy: r.InvitedBy, TokenHash: r.TokenHash, State: r.State, CreatedAt: r.CreatedAt,
				ExpiresAt: r.ExpiresAt, Version: r.Version, MailID: r.MailID, GroupCode: r.GroupCode, GroupName: r.GroupName, InviterName: r.InviterName,
			}),
			InviterAdmin: r.InviterAdmin > 0, InviterAbove: r.InviterAbove > 0, InviterSeen: r.InviterSeen > 0,
		}
		if r.MailState != "" {
			all[i].Post = licensing.MailMessage{
				ID: all[i].Mail, State: licensing.MailState(r.MailState), Tries: int(r.MailTries), LastError: r.MailError, NextTry: utcPointer(r.MailNext),
				UpdatedAt: utc(value(r.MailAt)),
			}
		}
	}
	return all, nil
}

func (t *tx) CountInvitations(ctx context.Context, s licensing.Sight) (int, error) {
	n, err := t.q.CountInvitations(ctx, db.CountInvitationsParams{Own: string(s.Group), Below: s.Below})
	return int(n), err
}

func (t *tx) UpdateInvitation(ctx context.Context, i licensing.Invitation) error {
	return changed(t.q.UpdateInvitation(ctx, db.UpdateInvitationParams{
		ID: string(i.ID), Version: int64(i.Version), State: string(i.State), TokenHash: i.TokenHash, ExpiresAt: micro(i.ExpiresAt), MailID: pointer(string(i.Mail)),
		InvitedBy: pointer(string(i.InvitedBy)),
	}))
}

func (t *tx) IsInvited(ctx context.Context, email string) (bool, error) {
	n, err := t.q.CountInvitationsOf(ctx, db.CountInvitationsOfParams{Email: email, ExpiresAt: micro(t.now.Wall)})
	return n > 0, err
}

func invitation(r db.InvitationByIDRow) licensing.Invitation {
	return licensing.Invitation{
		ID: licensing.InvitationID(r.ID), Group: licensing.GroupID(r.GroupID), GroupCode: r.GroupCode, GroupName: r.GroupName, Email: r.Email,
		Role: licensing.Role(r.Role), InvitedBy: licensing.MembershipID(value(r.InvitedBy)), InviterName: r.InviterName, TokenHash: r.TokenHash,
		State: licensing.InvitationState(r.State), CreatedAt: utc(r.CreatedAt), ExpiresAt: utc(r.ExpiresAt), Version: int(r.Version),
		Mail: licensing.MailID(value(r.MailID)),
	}
}
