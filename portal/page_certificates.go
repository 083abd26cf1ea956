package portal

import (
	"context"
	"net/http"
	"strings"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// certificateDialog asks for a certificate of a service account.
func (s *site) certificateDialog(v *visit) error {
	return s.showCertificateDialog(v, http.StatusOK, "", problems{}, "")
}

func (s *site) showCertificateDialog(v *visit, status int, text string, found problems, problem string) error {
	page, err := s.accountPage(v)
	if err != nil {
		return err
	}
	f := field{
		Control: controlArea, Name: "certificate", Label: T(v.ctx(), "certificate.pem"), Value: text, Error: found.byField["certificate"],
		Hint: T(v.ctx(), "certificate.pemHint"), Length: licensing.MaxCertificateText, Wrong: T(v.ctx(), "field.wrongLength", "Max", licensing.MaxCertificateText),
	}
	if strings.Contains(text, "PRIVATE KEY") { // it is not sent back to where it may be seen
		f.Value = ""
	}
	if f.Error == "" && problem == "" && len(found.rest) > 0 {
		problem = firstProblem(found)
	}
	return v.show(status, personShown(page, certificateAsk(page.Account.Membership, f, problem, newRequestID())))
}

func (s *site) addCertificate(v *visit) error {
	form := v.Request.PostForm
	in := access.AddCertificate{Membership: licensing.MembershipID(v.Param("id")), PEM: form.Get("certificate")}
	_, _, err := s.services.People.AddCertificate(v.ctx(), v.actor, form.Get("requestId"), in)
	if found, ok := formProblems(v.ctx(), err, []string{"certificate"}); ok {
		return s.showCertificateDialog(v, http.StatusUnprocessableEntity, in.PEM, found, "")
	}
	if e := licensing.AsError(err); e != nil && e.Kind == licensing.Conflict {
		return s.showCertificateDialog(v, http.StatusConflict, in.PEM, problems{}, e.Message)
	}
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "people", v.Param("id")))
}

// removeCertificateDialog asks whether a certificate shall be trusted no longer.
func (s *site) removeCertificateDialog(v *visit) error {
	page, err := s.accountPage(v)
	if err != nil {
		return err
	}
	for _, c := range page.Certificates {
		if string(c.ID) == v.Param("certificate") {
			return v.show(http.StatusOK, personShown(page, certificateRemoval(c, newRequestID())))
		}
	}
	return licensing.NotFoundError("", "%s", T(v.ctx(), "certificate.notFound"))
}

func (s *site) removeCertificate(v *visit) error {
	in := access.RemoveCertificate{Membership: licensing.MembershipID(v.Param("id")), Certificate: licensing.CertificateID(v.Param("certificate"))}
	if _, _, err := s.services.People.RemoveCertificate(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), in); err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "people", v.Param("id")))
}

// certificateState is whether it is valid, in a word.
func certificateState(ctx context.Context, c access.CertificateRow) string {
	switch {
	case c.Ended:
		return T(ctx, "certificate.ended")
	case c.Coming:
		return T(ctx, "certificate.coming")
	case c.EndsSoon:
		return T(ctx, "certificate.endsSoon")
	default:
		return T(ctx, "certificate.valid")
	}
}

// lastCertificate is the one that is valid longest, when it is time to register the next one or too late; else nil.
func lastCertificate(all []access.CertificateRow) *access.CertificateRow {
	if len(all) > 0 && (all[0].EndsSoon || all[0].Ended) {
		return &all[0]
	}
	return nil
}

// certificatePrint is a fingerprint in groups, so that people can compare it.
func certificatePrint(hex string) string {
	var groups []string
	for ; len(hex) > 4; hex = hex[4:] {
		groups = append(groups, hex[:4])
	}
	return strings.Join(append(groups, hex), " ")
}
