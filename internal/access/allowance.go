package access

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// AllowanceRow is what a service account is held to.
type AllowanceRow struct {
	Account licensing.Membership
	licensing.Allowance
	House     licensing.CallLimits // the limits of accounts that have none of their own
	GroupName string               // of the group that it is held to; empty: it is held to none, or that one is beyond sight
}

// OwnedBy implements usecase.Sighted.
func (r AllowanceRow) OwnedBy() licensing.GroupID { return r.Account.Group }

// Allowance returns what a service account within sight is held to. Only admins may.
func (s *Service) Allowance(ctx context.Context, actor licensing.Actor, id licensing.MembershipID) (AllowanceRow, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (AllowanceRow, error) {
		a, err := accountInSight(ctx, tx, id)
		if err != nil {
			return AllowanceRow{}, err
		}
		return s.allowanceRow(ctx, tx, a.Membership)
	})
}

func (s *Service) allowanceRow(ctx context.Context, tx *usecase.Tx, m licensing.Membership) (row AllowanceRow, err error) {
	row.Account, row.House = m, s.limits
	if row.Allowance, _, err = tx.HeldTo(ctx, m.ID); err != nil || row.Group == "" {
		return row, err
	}
	g, err := groupInSight(ctx, tx, "group", row.Group)
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.NotFound {
		return row, nil
	}
	row.GroupName = g.Name
	return row, err
}

// SetAllowance asks for a service account to be held to something. Problems name "addresses", "operations", "group",
// "categories", and what licensing.OwnLimits has. Categories are those that GrantCategories offers the admin, and those that the
// account is held to already. Which limits are firm is not asked for, but decided.
type SetAllowance struct {
	Membership licensing.MembershipID `json:"membership"`
	Version    int                    `json:"version"` // of the membership that was shown; 0: any
	Allowance  licensing.Allowance    `json:"allowance"`
}

// SetAllowance holds a service account to less than its grants allow, or to nothing any more, and sets its limits. It counts
// from the next request on. Only admins may, and only those of the ISV raise a limit above the house's.
func (s *Service) SetAllowance(ctx context.Context, actor licensing.Actor, requestID string, in SetAllowance) (out AllowanceRow, replayed bool, err error) {
	return usecase.Run(ctx, s.runner, actor, "SetAllowance", requestID, in, func(ctx context.Context, tx *usecase.Tx, in SetAllowance) (none AllowanceRow, err error) {
		a, err := accountInSight(ctx, tx, in.Membership)
		if err != nil {
			return none, err
		}
		to := in.Allowance
		to.Addresses, to.Categories = slices.Clone(to.Addresses), slices.Clone(to.Categories) // a request may be run again
		before, _, err := tx.HeldTo(ctx, a.Membership.ID)
		if err != nil {
			return none, err
		}
		var problems licensing.Problems
		problems.Add(to.Check())
		problems.Add(checkHeldGroup(ctx, tx, a.Membership, &to))
		problems.Add(checkHeldCategories(ctx, tx, before.Categories, to.Categories))
		to.Limits, err = to.Limits.Settle(before.Limits, s.limits, tx.Actor.GroupIsISV)
		problems.Add(err)
		if err := problems.OrNil(); err != nil {
			return none, err
		}
		m := a.Membership
		if in.Version != 0 && in.Version != m.Version {
			return none, licensing.ConflictError("Somebody else changed %s since you opened this. Nothing has been changed; look at it and decide again.", m.UserName)
		}
		changes := append(allowanceChanges(before, to), limitChanges(before.Limits, to.Limits, s.limits)...)
		if len(changes) == 0 {
			return s.allowanceRow(ctx, tx, m)
		}
		if err := tx.UpdateMembership(ctx, m); err != nil { // it counts as a change of the account
			return none, err
		}
		m.Version++
		if err := tx.SetAllowance(ctx, m.ID, to); err != nil {
			return none, err
		}
		if out, err = s.allowanceRow(ctx, tx, m); err != nil {
			return none, err
		}
		return out, tx.Audit(ctx, "serviceAccount.allowanceChanged", string(m.ID), string(m.Group), changes...)
	})
}

// checkHeldGroup looks for the group: within the admin's sight, and the account's own or below it.
func checkHeldGroup(ctx context.Context, tx *usecase.Tx, m licensing.Membership, to *licensing.Allowance) error {
	if to.Group == "" {
		return nil
	}
	g, err := groupInSight(ctx, tx, "group", to.Group)
	if err != nil {
		return asProblem(err)
	}
	below, err := tx.InSight(ctx, m.Group, true, g.ID)
	if err == nil && !below {
		err = licensing.InvalidRequest("group", "Choose %s, the account's own group, or one below it.", m.GroupName)
	}
	if g.ID == m.Group {
		to.Group = ""
	}
	return err
}

// checkHeldCategories looks for the categories that are new: among those that the admin may know of. What the account is held to
// already it may stay held to.
func checkHeldCategories(ctx context.Context, tx *usecase.Tx, before, to []string) error {
	var known []licensing.Category
	for _, code := range to {
		if slices.Contains(before, code) {
			continue
		}
		if known == nil {
			var err error
			if known, err = knownCategories(ctx, tx); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(known, func(c licensing.Category) bool { return c.Code == code }) {
			return licensing.InvalidRequest("categories", "There is no category %s that you could choose here.", code)
		}
	}
	return nil
}

// asProblem makes of what was not found a field that is filled in wrongly.
func asProblem(err error) error {
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.NotFound {
		return licensing.InvalidRequest(e.Field, "%s", e.Message)
	}
	return err
}

func allowanceChanges(from, to licensing.Allowance) (changes []licensing.Value) {
	for _, c := range []struct {
		name     string
		from, to []string
	}{
		{"addresses", from.Addresses, to.Addresses}, {"operations", from.Operations, to.Operations},
		{"heldGroup", []string{from.Group}, []string{to.Group}}, {"categories", from.Categories, to.Categories},
	} {
		if !slices.Equal(c.from, c.to) {
			changes = append(changes, licensing.FromTo(c.name, strings.Join(c.from, ", "), strings.Join(c.to, ", ")))
		}
	}
	return changes
}

func limitChanges(from, to licensing.OwnLimits, house licensing.CallLimits) (changes []licensing.Value) {
	for _, c := range []struct {
		name     string
		from, to *licensing.OwnLimit
		house    int
	}{
		{"callsPerMinute", from.PerMinute, to.PerMinute, house.PerMinute}, {"callsPerDay", from.PerDay, to.PerDay, house.PerDay}, {"licensesPerDay", from.Licenses, to.Licenses, house.Licenses},
	} {
		if (c.from == nil) != (c.to == nil) || c.from != nil && *c.from != *c.to {
			changes = append(changes, licensing.FromTo(c.name, c.from.Text(c.house), c.to.Text(c.house)))
		}
	}
	return changes
}
