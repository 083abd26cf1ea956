package licensing_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/licensing"
)

func TestCustomerCheck(t *testing.T) {
	for _, c := range []struct{ in, want licensing.Customer }{
		{licensing.Customer{Name: "Ann"}, licensing.Customer{Name: "Ann"}},
		{
			licensing.Customer{
				Number: " 20418 ", Name: " Brückner & <b>Söhne</b>\u00a0", Company: "GmbH", Email: " orders@brueckner.example ",
				Country: "de", Language: "DE_at",
			},
			licensing.Customer{
				Number: "20418", Name: "Brückner & <b>Söhne</b>", Company: "GmbH", Email: "orders@brueckner.example",
				Country: "DE", Language: "de-AT",
			},
		},
		{licensing.Customer{Name: strings.Repeat("ü", 200)}, licensing.Customer{Name: strings.Repeat("ü", 200)}},
		{licensing.Customer{Name: "नेपाल\u200c 👩\u200d💻 O'Brien"}, licensing.Customer{Name: "नेपाल\u200c 👩\u200d💻 O'Brien"}}, // joiners are part of writing
	} {
		if got, err := c.in.Check(); err != nil || got != c.want {
			t.Errorf("%+v: got %+v, %v, want %+v", c.in, got, err, c.want)
		}
	}
}

func TestCustomerCheckRefuses(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ä", n) }
	for _, c := range []struct {
		customer licensing.Customer
		problems []string
	}{
		{licensing.Customer{}, []string{"customer.name: Enter 1 to 200 characters."}},
		{licensing.Customer{Name: " \u3000"}, []string{"customer.name: Enter 1 to 200 characters."}},
		{
			licensing.Customer{Number: long(101), Name: long(201), Company: long(201), Email: long(255), Country: "DEU", Language: long(36)},
			[]string{
				"customer.number: Enter at most 100 characters.", "customer.name: Enter 1 to 200 characters.", "customer.company: Enter at most 200 characters.",
				"customer.email: Enter at most 254 characters.", "customer.country: Enter at most 2 characters.", "customer.language: Enter at most 35 characters.",
			},
		},
		{
			licensing.Customer{Number: "1\x00", Name: "a\nb", Company: "\xff", Email: "a@b\r\nBcc: c@d", Country: "\u202e", Language: "\t"},
			[]string{
				"customer.number: Enter one line", "customer.name: Enter one line", "customer.company: Enter one line",
				"customer.email: Enter one line", "customer.country: Enter one line", "customer.language: Enter one line",
			},
		},
	} {
		_, err := c.customer.Check()
		checkProblems(t, err, licensing.CodeInvalidRequest, c.problems)
	}
	for field, wrong := range map[string][]string{
		"email":    {"a", "@b", "a@", "a b@c", "a@b@c", "a,b@c", "a@b;c@d", "<a@b>", `"a"@b`},
		"country":  {"D", "ZZ", "EU", "UK", "XX", "12", "??", "ﬀ"},
		"language": {"german", "d", "de-", "de--AT", "*", "zz-zz-zz", "🇩🇪"},
	} {
		for _, value := range wrong {
			customer := licensing.Customer{Name: "Ann"}
			switch field {
			case "email":
				customer.Email = value
			case "country":
				customer.Country = value
			case "language":
				customer.Language = value
			}
			_, err := customer.Check()
			checkProblems(t, err, licensing.CodeInvalidRequest, []string{"customer." + field + ": Enter "})
			if t.Failed() {
				t.Fatalf("for the %s %q", field, value)
			}
		}
	}
}

// A checked customer passes the check unchanged.
func TestCustomerCheckIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		customer := licensing.Customer{
			Name:     rapid.String().Draw(t, "name"),
			Email:    rapid.StringMatching(`[ -~]{0,5}@[ -~]{0,5}`).Draw(t, "email"),
			Country:  rapid.StringMatching(`[A-Za-z]{0,2}`).Draw(t, "country"),
			Language: rapid.StringMatching(`([a-z]{2,3}|i|x|und)?([-_][A-Za-z0-9]{1,8}){0,3}`).Draw(t, "language"),
		}
		kept, err := customer.Check()
		if err != nil {
			return
		}
		if again, err := kept.Check(); err != nil || again != kept {
			t.Fatalf("%+v becomes %+v, %v", kept, again, err)
		}
	})
}
