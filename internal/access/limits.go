package access

import "kontor/internal/licensing"

// The limits that forms show beside their fields; licensing checks them.
const (
	MaxGroupCode    = licensing.MaxGroupCode
	MaxGroupName    = licensing.MaxGroupName
	MaxGroupAddress = licensing.MaxGroupAddress
	MaxContact      = licensing.MaxContact
	MaxBrandTitle   = licensing.MaxBrandTitle
	MaxPersonName   = licensing.MaxPersonName
	MinPassword     = licensing.MinPassword
	MaxPassword     = licensing.MaxPassword
	MaxReason       = licensing.MaxReason
)
