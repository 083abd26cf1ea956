// Package ordering holds the use cases of customers, orders and licenses: create, quote, read, list. It writes their
// tables and the audit trail, and tells the others by LicenseCreated and OrderPlaced.
package ordering
