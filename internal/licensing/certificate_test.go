package licensing

import "testing"

// TestNameBySerial holds that one issuer is one, however a toolkit writes it.
func TestNameBySerial(t *testing.T) {
	want := NameBySerial("CN=erp,O=Aurora\\, Inc.,C=DE", "4711")
	for _, issuer := range []string{"CN=erp, O=Aurora\\, Inc., C=DE", "C=DE, O=Aurora\\, Inc., CN=erp", "cn=erp;o=Aurora\\, Inc.;c=DE"} {
		if NameBySerial(issuer, " 4711\n") != want {
			t.Errorf("%s is another one", issuer)
		}
	}
	for _, other := range [][2]string{{"CN=erp,O=Aurora\\, Inc.,C=DE", "4712"}, {"CN=erp,O=Aurora,C=DE", "4711"}, {"CN=ERP,O=Aurora\\, Inc.,C=DE", "4711"}, {"", "4711"}} {
		if NameBySerial(other[0], other[1]) == want {
			t.Errorf("%v is the same", other)
		}
	}
}
