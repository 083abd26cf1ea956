package portal_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// addCertificateOf makes a certificate of a service account for the pages to show.
func (p *fakePeople) addCertificateOf(id licensing.MembershipID, name string, lasts time.Duration) {
	now := p.w.now.Wall
	row := access.CertificateRow{
		ID: licensing.CertificateID("c-" + name), Account: p.accounts[id].Membership, Subject: "CN=" + name + ",O=Fjord AS", Fingerprint: strings.Repeat("0f3a9c", 11)[:64],
		From: now.AddDate(0, -6, 0), Until: now.Add(lasts), AddedAt: now, Ended: lasts < 0, EndsSoon: lasts > 0 && lasts < licensing.CertificateWarning,
	}
	p.certificates[id] = append([]access.CertificateRow{row}, p.certificates[id]...)
}

// Certificates implements portal.People.
func (p *fakePeople) Certificates(_ context.Context, _ licensing.Actor, id licensing.MembershipID) ([]access.CertificateRow, error) {
	if _, ok := p.accounts[id]; !ok {
		return nil, beyondSight()
	}
	return p.certificates[id], nil
}

// AddCertificate implements portal.People.
func (p *fakePeople) AddCertificate(_ context.Context, _ licensing.Actor, _ string, in access.AddCertificate) (access.CertificateRow, bool, error) {
	if _, ok := p.accounts[in.Membership]; !ok {
		return access.CertificateRow{}, false, beyondSight()
	}
	if _, err := licensing.ReadCertificate(in.PEM); err != nil && !strings.Contains(in.PEM, "of a test") {
		return access.CertificateRow{}, false, err
	}
	p.addCertificateOf(in.Membership, "next.fjord.example", 365*24*time.Hour)
	return p.certificates[in.Membership][0], false, nil
}

// RemoveCertificate implements portal.People.
func (p *fakePeople) RemoveCertificate(_ context.Context, _ licensing.Actor, _ string, in access.RemoveCertificate) (access.CertificateRow, bool, error) {
	all := p.certificates[in.Membership]
	for i, c := range all {
		if c.ID == in.Certificate {
			p.certificates[in.Membership] = slices.Delete(slices.Clone(all), i, i+1)
			return c, false, nil
		}
	}
	return access.CertificateRow{}, false, beyondSight()
}

// Allowance implements portal.People.
func (p *fakePeople) Allowance(_ context.Context, _ licensing.Actor, id licensing.MembershipID) (access.AllowanceRow, error) {
	if _, ok := p.accounts[id]; !ok {
		return access.AllowanceRow{}, beyondSight()
	}
	return access.AllowanceRow{Account: p.accounts[id].Membership, Allowance: p.allowances[id], House: houseLimits}, nil
}

var houseLimits = licensing.CallLimits{PerMinute: 60}

// SetAllowance implements portal.People.
func (p *fakePeople) SetAllowance(ctx context.Context, a licensing.Actor, _ string, in access.SetAllowance) (access.AllowanceRow, bool, error) {
	if _, ok := p.accounts[in.Membership]; !ok {
		return access.AllowanceRow{}, false, beyondSight()
	}
	var problems licensing.Problems
	problems.Add(in.Allowance.Check())
	for _, code := range in.Allowance.Categories {
		if !slices.ContainsFunc(p.w.delegation.categories(), func(c licensing.Category) bool { return c.Code == code }) {
			problems.Add(licensing.InvalidRequest("categories", "There is no category %s that this account could be granted.", code))
		}
	}
	limits, err := in.Allowance.Limits.Settle(p.allowances[in.Membership].Limits, houseLimits, a.GroupIsISV)
	problems.Add(err)
	if err := problems.OrNil(); err != nil {
		return access.AllowanceRow{}, false, err
	}
	in.Allowance.Limits = limits
	in.Allowance.Group = ""
	p.allowances[in.Membership] = in.Allowance
	row, err := p.Allowance(ctx, a, in.Membership)
	return row, false, err
}
