package licensing

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAllowanceCheck(t *testing.T) {
	a := Allowance{
		Addresses:  []string{" 203.0.113.7", "203.0.113.7/32", "198.51.100.77/24", "::ffff:192.0.2.1", "2001:db8::1/64"},
		Operations: []string{"GetOrder", "GetLicense", "GetOrder"}, Categories: []string{"partner", "internal", "partner"},
	}
	if err := a.Check(); err != nil {
		t.Fatal(err)
	}
	want := Allowance{
		Addresses:  []string{"192.0.2.1/32", "198.51.100.0/24", "2001:db8::/64", "203.0.113.7/32"},
		Operations: []string{"GetLicense", "GetOrder"}, Categories: []string{"internal", "partner"},
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for address, allowed := range map[string]bool{
		"203.0.113.7": true, "::ffff:203.0.113.7": true, "203.0.113.8": false, "198.51.100.1": true, "2001:db8::ffff": true, "2001:db8:1::": false, "": false, "localhost": false,
	} {
		if a.AllowsAddress(address) != allowed {
			t.Errorf("%q: allowed %v", address, !allowed)
		}
	}
	if !(Allowance{}).AllowsAddress("") || !(Allowance{}).IsNothing() || a.IsNothing() {
		t.Error("the zero value takes something away")
	}
	for field, wrong := range map[string]Allowance{
		"addresses":  {Addresses: []string{"shop.example"}},
		"operations": {Operations: []string{"DropTables"}},
		"categories": {Categories: make([]string, maxAllowedCategories+1)},
	} {
		err := wrong.Check()
		if e := AsError(err); e == nil || e.Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
	for _, wrong := range []Allowance{
		{Addresses: []string{"fe80::1%eth0"}}, {Addresses: []string{"::ffff:0:0/64"}}, {Addresses: strings.Split(strings.Repeat("192.0.2.1 ", maxAllowedAddresses+1), " ")[:maxAllowedAddresses+1]},
	} {
		if wrong.Check() == nil {
			t.Errorf("%+v is accepted", wrong)
		}
	}
}

func TestActorWithin(t *testing.T) {
	a := Actor{Membership: Membership{ID: "m", Group: "g1", GroupCode: "root", GroupIsISV: true}, Allowance: &Allowance{Operations: []string{"GetOrder"}, Categories: []string{"partner"}}}
	inside := a.Within(Group{ID: "g2", Code: "north", Parent: "g1"})
	if inside.GroupCode != "north" || inside.GroupIsISV || inside.ID != "m" || inside.AtHome().GroupCode != "root" || !inside.AtHome().GroupIsISV || a.AtHome().GroupCode != "root" {
		t.Errorf("got %+v, at home %+v", inside, inside.AtHome())
	}
	if inside.MayCall("GetOrder") != nil || AsError(inside.MayCall("GetLicense")).Code != CodeDenied || inside.GrantsCountIn("internal") || !inside.GrantsCountIn("partner") {
		t.Error("it is not held to what it is allowed")
	}
	if free := (Actor{}); free.MayCall("GetLicense") != nil || !free.GrantsCountIn("internal") {
		t.Error("an actor without an allowance is held to something")
	}
}
