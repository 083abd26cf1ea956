package calls

import (
	"fmt"
	"testing"
	"time"

	"kontor/internal/licensing"
)

// of is a call of an account, or where that is empty of an address.
func of(account, remote string, at time.Time) licensing.Call {
	return licensing.Call{Account: licensing.MembershipID(account), Remote: remote, At: at}
}

// TestSparingSharesNothing: whoever sends more than is kept takes nothing of what is kept of others.
func TestSparingSharesNothing(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 30, 0, time.UTC)
	var s sparing
	flood := func(account, remote string) (kept int) {
		for range 1000 {
			if s.take(of(account, remote, now)) {
				kept++
			}
		}
		return kept
	}
	for i := range 40 { // many accounts, each beyond its limit
		if n := flood(fmt.Sprintf("a%d", i), "203.0.113.7"); n != sparedEach {
			t.Fatalf("of account %d %d are kept", i, n)
		}
	}
	if n := flood("", "203.0.113.7"); n != sparedEach {
		t.Errorf("of a stranger at the accounts' address %d are kept", n)
	}
	kept := 0
	for i := range 200 { // many addresses of one network
		kept += flood("", fmt.Sprintf("2001:db8:0:1:%x::%x", i, i))
	}
	if kept != sparedEach {
		t.Errorf("of one network %d are kept", kept)
	}
	for i := range 200 {
		kept += flood("", fmt.Sprintf("198.51.100.%d", i))
	}
	if n := flood("", "192.0.2.1"); n != 1 {
		t.Errorf("of an address that comes after the crowd %d are kept", n)
	}
	if n := flood("late", "192.0.2.1"); n != sparedEach {
		t.Errorf("of an account that comes after the crowd %d are kept", n)
	}
	for i := range 100_000 {
		flooded := of("", fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), now)
		if s.take(flooded) {
			kept++
		}
	}
	if strangers := s.by["strangers"]; strangers > sparedAll+sparedFirst || len(s.by) > strangers+100 {
		t.Errorf("%d strangers are kept, and %d are known", strangers, len(s.by))
	}
}

// TestRefusedLoginsArePushedOutByNobodyElsewhere: whoever names an account from many addresses, or none, takes nothing of what is
// kept of its own refused logins, nor of other accounts'.
func TestRefusedLoginsArePushedOutByNobodyElsewhere(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 30, 0, time.UTC)
	var s sparing
	naming := func(account, remote string, home bool) bool {
		c := of("", remote, now)
		c.Named, c.NamedHome = licensing.MembershipID(account), home
		return s.take(c)
	}
	crowd := func(name func(remote string) bool) (kept int) {
		for i := range 100_000 {
			if name(fmt.Sprintf("2001:db8:%x:%x::1", i>>16, i&0xffff)) {
				kept++
			}
		}
		return kept
	}
	crowd(func(remote string) bool { return s.take(of("", remote, now)) })
	if !naming("erp", "192.0.2.1", false) {
		t.Error("strangers that name nobody push out a refused login")
	}
	if n := crowd(func(remote string) bool { return naming("erp", remote, false) }); n != namedAll+namedFirst-1 {
		t.Errorf("of a crowd that names an account %d are kept", n)
	}
	if n := crowd(func(remote string) bool { return naming("shop", remote, false) }); n != namedAll+namedFirst {
		t.Errorf("of a crowd that names another one %d are kept", n)
	}
	for _, home := range []string{"203.0.113.7", "2001:db8::7", "2001:db8::8"} { // the last ones of one network
		kept := 0
		for range 100 {
			if naming("erp", home, true) {
				kept++
			}
		}
		if kept != sparedEach {
			t.Errorf("from %s, where the account comes in, %d are kept", home, kept)
		}
	}
	kept := 0
	for range 100 {
		if naming("third", "198.51.100.9", false) {
			kept++
		}
	}
	for range 100 {
		if naming("third", "198.51.100.10", false) {
			kept++
		}
	}
	if kept != 2*sparedEach {
		t.Errorf("from two addresses of whom nobody else names %d are kept", kept)
	}
	if !s.take(of("erp", "192.0.2.1", now)) || len(s.by) > 2000 {
		t.Errorf("the account's own are not kept, or %d are known", len(s.by))
	}
}

// TestSparingByTheMinute: calls of the minute before begin no new count, and a clock that was set back does.
func TestSparingByTheMinute(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 30, 0, time.UTC)
	var s sparing
	kept := 0
	for i := range 1000 { // every other one took a minute
		if s.take(of("", "203.0.113.7", now.Add(-time.Duration(i%2)*time.Minute))) {
			kept++
		}
	}
	if kept != sparedEach {
		t.Errorf("%d are kept", kept)
	}
	for _, at := range []time.Time{now.Add(time.Minute), now.Add(-time.Hour)} {
		if !s.take(of("", "203.0.113.7", at)) {
			t.Errorf("nothing is kept at %s", at)
		}
	}
}
