package ordering

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// FindLicenses asks for licenses within sight. What is empty does not narrow.
type FindLicenses struct {
	Group          string                 `json:"group"` // the code of the one group that owns them
	Category       string                 `json:"category"`
	Product        string                 `json:"product"`
	CustomerNumber string                 `json:"customerNumber"` // case does not matter
	DataField      licensing.Value        `json:"dataField"`      // with exactly this value
	State          licensing.LicenseState `json:"state"`
	ChangedSince   time.Time              `json:"changedSince"` // changed at this instant or after it, by the business clock
	PageSize       *int                   `json:"-"`            // 1 to 500; nil: 100
	Cursor         string                 `json:"-"`            // the Next of the page before
}

// Found is one page of licenses, the newest first, without their files.
type Found struct {
	Licenses []licensing.License
	Next     string // of the page that follows; empty on the last
	At       time.Time
}

// foundPage is how many licenses a page has when the caller does not say.
const foundPage = 100

// askedStates are the states that one can ask for.
var askedStates = []licensing.LicenseState{licensing.LicenseActive, licensing.LicenseSuspended, licensing.LicenseRevoked, licensing.LicenseExpired}

// FindLicenses finds licenses within the actor's sight. It needs no grant. Licenses that are created between two pages
// are on none of those that follow, and none of the others is skipped or told twice for it.
func (s *Service) FindLicenses(ctx context.Context, actor licensing.Actor, in FindLicenses) (Found, error) {
	in.ChangedSince = in.ChangedSince.UTC()
	size := foundPage
	var problems licensing.Problems
	if in.PageSize != nil {
		if size = *in.PageSize; size < 1 || size > maxPage {
			problems.Add(licensing.InvalidRequest("pageSize", "Enter 1 to %d.", maxPage))
		}
	}
	if in.State != "" && !slices.Contains(askedStates, in.State) {
		problems.Add(licensing.InvalidRequest("state", "Enter active, suspended, revoked or expired."))
	}
	after, err := in.after()
	problems.Add(err)
	if len(problems) > 0 {
		return Found{}, problems
	}
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (Found, error) {
		out := Found{At: tx.Now().Business}
		if err := needSight(ctx, tx, in.Group, "licenses"); err != nil {
			return out, err
		}
		f := licensing.LicenseFilter{
			Group: in.Group, Category: in.Category, Product: in.Product, CustomerNumber: in.CustomerNumber,
			ChangedSince: in.ChangedSince, After: after, Limit: size + 1, // one more tells whether there is a next page
		}
		if in.State != "" {
			f.States = []licensing.LicenseState{in.State}
		}
		if in.DataField.Name != "" {
			f.DataFields, f.ExactFields = []licensing.Value{in.DataField}, true
		}
		out.Licenses, err = tx.ListLicenses(ctx, licensing.SightOf(tx.Actor.Membership), f)
		if err != nil {
			return out, err
		}
		if len(out.Licenses) > size {
			out.Licenses = out.Licenses[:size]
			out.Next = in.cursor(licensing.SortCreated.Cursor(out.Licenses[size-1]))
		}
		for i := range out.Licenses {
			out.Licenses[i].File = ""
		}
		return out, nil
	})
}

// needSight refuses to list what a group has that is beyond sight or does not exist, in the same words; an empty code narrows
// nothing.
func needSight(ctx context.Context, tx *usecase.Tx, group, what string) error {
	if group == "" {
		return nil
	}
	seen, err := tx.SeesGroup(ctx, group)
	if err == nil && !seen {
		err = licensing.DeniedError("group", "You may not see %s of the group %q.", what, group)
	}
	return err
}

// mark tells searches apart, so that a cursor of one is not taken for one of another.
func (in FindLicenses) mark() string {
	b, err := json.Marshal(in)
	if err != nil {
		return "" // of strings and an instant: it always encodes
	}
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// cursor is where a page ends, for a caller who is to make nothing of it.
func (in FindLicenses) cursor(after string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(in.mark() + "/" + after))
}

// after reads the cursor.
func (in FindLicenses) after() (string, error) {
	if in.Cursor == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	mark, after, ok := strings.Cut(string(b), "/")
	if err != nil || !ok || mark != in.mark() {
		return "", licensing.InvalidRequest("cursor", "Enter the nextCursor of the page before, and ask for the same again.")
	}
	return after, nil
}
