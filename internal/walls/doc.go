// Package walls holds no code: its test checks who imports whom through everything in between, where the linter's
// depguard sees direct imports only.
package walls
