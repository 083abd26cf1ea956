// Package usecasetest holds the tests of the use cases as they are wired together: on both engines, over the demo's
// data, with a connector that does what a test tells it to.
package usecasetest
