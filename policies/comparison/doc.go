// Package comparison measures decisions of package policies beside those of others who decide: casbin as it is commonly
// used, one enforcer for the whole policy, and Cedar, embedded. It is a module of its own, so that the product needs
// none of what it compares itself with.
package comparison
