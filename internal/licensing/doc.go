// Package licensing is the vocabulary of Kontor and its pure rules: what a license, an order, a subscription, a
// grant and a parameter are, which values are allowed, which day is the last to cancel, what an error says.
//
// It imports nothing of ours, does no I/O and asks no clock: the moment is handed in. Everything that several
// packages must agree on stands here, the interfaces (ports.go) included; what only one package needs does not.
package licensing
