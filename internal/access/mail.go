package access

import (
	"context"
	"fmt"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// dropMail keeps a mail that still waits from being sent.
func dropMail(ctx context.Context, tx *usecase.Tx, id licensing.MailID, why string) error {
	return tx.Emit(ctx, licensing.MailNeedless{ID: id, Why: why})
}

// invitationMail is what an invitation says. Who invites makes himself known by it; nobody else is named.
func invitationMail(ctx context.Context, tx *usecase.Tx, i licensing.Invitation, link string) (subject, text string, err error) {
	root, err := tx.RootGroup(ctx)
	if err != nil {
		return "", "", err
	}
	role := "a member"
	if i.Role == licensing.RoleAdmin {
		role = "an admin"
	}
	who := i.InviterName + " invites you"
	if i.InviterName == "" {
		who = "You are invited"
	}
	until := i.ExpiresAt.In(tx.Now().Zone)
	return "Invitation to " + i.GroupName, fmt.Sprintf(`%s to join %s in the license portal of %s, as %s.

Open this link to accept. It works once, until %s:

%s

If you do not know what this is about, leave this mail alone: nothing happens then.
`, who, i.GroupName, root.Name, role, until.Format("Monday, 2 January 2006, 15:04 MST"), link), nil
}
