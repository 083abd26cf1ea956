package licensing

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// The bounds of an allowance.
const (
	maxAllowedAddresses  = 50
	maxAllowedCategories = 50
)

// Operations are what service accounts may be allowed to call and what calls are narrowed to, by the names that the SOAP contract
// has for them.
var Operations = []string{
	"CancelSubscription", "CreateLicense", "CreateOrder", "FindLicenses", "GetLicense", "GetOrder", "GetSubscription", "ListChanges", "ListOffers",
	"ModifyLicense", "ReinstateLicense", "ReportDocument", "RevokeLicense", "SuspendLicense", "WithdrawCancellation",
}

// Allowance is what a service account is held to besides its grants. It gives none; its zero value takes nothing away.
type Allowance struct {
	// Addresses are the networks that it may be used from, in CIDR form; empty: from everywhere.
	Addresses []string `json:"addresses,omitempty"`
	// Operations are those that it may call; empty: all, also those that are yet to come.
	Operations []string `json:"operations,omitempty"`
	// Group is the code of a group below its own. It sees that one and what is below it, and works there, as if it
	// belonged to it; empty: its own.
	Group string `json:"group,omitempty"`
	// Categories are the codes of those in which its grants count; empty: in all.
	Categories []string `json:"categories,omitempty"`
	// Limits stand in place of the house's.
	Limits OwnLimits `json:"limits,omitzero"`
}

// IsNothing reports whether nothing is said.
func (a Allowance) IsNothing() bool {
	return len(a.Addresses) == 0 && len(a.Operations) == 0 && a.Group == "" && len(a.Categories) == 0 && a.Limits == OwnLimits{}
}

// Check puts an allowance into the form that is kept: each thing once, in order. Problems name "addresses", "operations"
// and "categories". Whether there is such a group or category it does not look.
func (a *Allowance) Check() error {
	var problems Problems
	problems.Add(a.checkAddresses())
	for _, o := range a.Operations {
		if !slices.Contains(Operations, o) {
			problems.Add(InvalidRequest("operations", "There is no operation %s.", o))
			break
		}
	}
	if len(a.Categories) > maxAllowedCategories {
		problems.Add(InvalidRequest("categories", "Choose at most %d categories.", maxAllowedCategories))
	}
	a.Operations, a.Categories = once(a.Operations), once(a.Categories)
	return problems.OrNil()
}

func (a *Allowance) checkAddresses() error {
	if len(a.Addresses) > maxAllowedAddresses {
		return InvalidRequest("addresses", "Enter at most %d addresses and networks.", maxAllowedAddresses)
	}
	for i, text := range a.Addresses {
		p, err := parseNetwork(strings.TrimSpace(text))
		if err != nil {
			return InvalidRequest("addresses", "%q is no address and no network. Enter such as 203.0.113.7 or 203.0.113.0/24, one a line.", text)
		}
		a.Addresses[i] = p.String()
	}
	a.Addresses = once(a.Addresses)
	return nil
}

// parseNetwork reads an address or a network. One of IPv4 is one of IPv4, also when it is written in IPv6.
func parseNetwork(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		address = address.Unmap()
		if address.Zone() != "" {
			return netip.Prefix{}, fmt.Errorf("a zone is of one machine alone")
		}
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, err
	}
	if p.Addr().Is4In6() {
		if p.Bits() < 96 {
			return p, fmt.Errorf("more than all of IPv4")
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), nil
}

// NetworkOf is what one caller has of addresses, by one of them, where callers are counted whom nobody knows: the address
// itself, or of IPv6 the 64 bits that a site is given, within which a single machine takes any number. What is no address is
// one network, too.
func NetworkOf(remote string) string {
	address, err := netip.ParseAddr(remote)
	if err != nil {
		return "unknown"
	}
	if address = address.Unmap().WithZone(""); address.Is6() {
		network, _ := address.Prefix(64) // an address of IPv6 has as many bits
		return network.String()
	}
	return address.String()
}

// once sorts a list and keeps each thing once; nil for an empty one.
func once(all []string) []string {
	if len(all) == 0 {
		return nil
	}
	all = slices.Clone(all)
	slices.Sort(all)
	return slices.Compact(all)
}

// AllowsAddress reports whether the account may be used from an address; an unknown one is in no network.
func (a Allowance) AllowsAddress(remote string) bool {
	if len(a.Addresses) == 0 {
		return true
	}
	address, err := netip.ParseAddr(remote)
	return err == nil && slices.ContainsFunc(a.Addresses, func(text string) bool {
		p, err := netip.ParsePrefix(text)
		return err == nil && p.Contains(address.Unmap())
	})
}

// MayCall reports an operation that the actor is held off; code denied.
func (a Actor) MayCall(operation string) error {
	if a.Allowance == nil || len(a.Allowance.Operations) == 0 || slices.Contains(a.Allowance.Operations, operation) {
		return nil
	}
	return DeniedError("", "The service account may not call %s. An admin of its group can allow it on the account's page.", operation)
}

// GrantsCountIn reports whether the actor's grants count in a category, by its code.
func (a Actor) GrantsCountIn(category string) bool {
	return a.Allowance == nil || len(a.Allowance.Categories) == 0 || slices.Contains(a.Allowance.Categories, category)
}

// Within returns the actor as if he belonged to a group below his own. What he does stays a deed of his own group: see
// AtHome.
func (a Actor) Within(g Group) Actor {
	home := a.Membership
	a.Home = &home
	a.Group, a.GroupCode, a.GroupName, a.GroupBrand, a.GroupIsISV = g.ID, g.Code, g.Name, g.Brand, g.Parent == ""
	return a
}

// AtHome returns the actor in his own group. Whoever sees the other group alone is not to read the name of somebody above.
func (a Actor) AtHome() Actor {
	if a.Home != nil {
		a.Membership, a.Home = *a.Home, nil
	}
	return a
}
