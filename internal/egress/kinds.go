package egress

import "net/netip"

// kind is what an address is for.
type kind struct {
	name  string // for a person, after "is"
	never bool   // not even an allowed pair may lead there
}

// kindPublic is an address that anybody may connect to.
var kindPublic = kind{name: "a public address"}

// kindMetadata is where clouds give out secrets to whoever asks from inside.
var kindMetadata = kind{"a cloud's metadata address", true}

// kindOther is what is neither public nor private: reserved, or a way to write an IPv4 address inside an IPv6 one, by
// which a gateway may reach any address.
var kindOther = kind{"a reserved address", true}

// special lists what is not public, the first that matches counts. It follows IANA's registries of special-purpose
// addresses for IPv4 and IPv6 (RFC 6890 and its updates) and the clouds' own documents.
var special = []struct {
	prefix netip.Prefix
	kind   kind
}{
	{netip.MustParsePrefix("169.254.169.254/32"), kindMetadata},
	{netip.MustParsePrefix("169.254.170.2/32"), kindMetadata},                  // AWS, containers
	{netip.MustParsePrefix("fd00:ec2::254/128"), kindMetadata},                 // AWS
	{netip.MustParsePrefix("100.100.100.200/32"), kindMetadata},                // Alibaba
	{netip.MustParsePrefix("168.63.129.16/32"), kindMetadata},                  // Azure
	{netip.MustParsePrefix("0.0.0.0/8"), kind{"an unspecified address", true}}, // connects to this machine
	{netip.MustParsePrefix("::/128"), kind{"an unspecified address", true}},
	{netip.MustParsePrefix("224.0.0.0/4"), kind{"a multicast address", true}},
	{netip.MustParsePrefix("ff00::/8"), kind{"a multicast address", true}},
	{netip.MustParsePrefix("127.0.0.0/8"), kind{"a loopback address", false}},
	{netip.MustParsePrefix("::1/128"), kind{"a loopback address", false}},
	{netip.MustParsePrefix("10.0.0.0/8"), kind{"a private address", false}},
	{netip.MustParsePrefix("172.16.0.0/12"), kind{"a private address", false}},
	{netip.MustParsePrefix("192.168.0.0/16"), kind{"a private address", false}},
	{netip.MustParsePrefix("fc00::/7"), kind{"a private address", false}},
	{netip.MustParsePrefix("100.64.0.0/10"), kind{"a private address of a provider", false}}, // RFC 6598
	{netip.MustParsePrefix("169.254.0.0/16"), kind{"a link-local address", false}},
	{netip.MustParsePrefix("fe80::/10"), kind{"a link-local address", false}},
	{netip.MustParsePrefix("192.0.0.0/24"), kindOther},
	{netip.MustParsePrefix("192.0.2.0/24"), kindOther},
	{netip.MustParsePrefix("192.88.99.0/24"), kindOther},
	{netip.MustParsePrefix("198.18.0.0/15"), kindOther},
	{netip.MustParsePrefix("198.51.100.0/24"), kindOther},
	{netip.MustParsePrefix("203.0.113.0/24"), kindOther},
	{netip.MustParsePrefix("240.0.0.0/4"), kindOther},
	{netip.MustParsePrefix("2001::/23"), kindOther}, // Teredo among them
	{netip.MustParsePrefix("2001:db8::/32"), kindOther},
	{netip.MustParsePrefix("2002::/16"), kindOther}, // 6to4
	{netip.MustParsePrefix("3fff::/20"), kindOther},
}

// globalUnicast is the only part of IPv6 that public addresses are given out from.
var globalUnicast = netip.MustParsePrefix("2000::/3")

// kindOf says what an address is for; it must be plain.
func kindOf(addr netip.Addr) kind {
	for _, s := range special {
		if s.prefix.Contains(addr) {
			return s.kind
		}
	}
	if addr.Is6() && !globalUnicast.Contains(addr) {
		return kindOther
	}
	return kindPublic
}
