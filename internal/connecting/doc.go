// Package connecting holds the use cases of connectors, the ledger, and the feed of changes that other systems read: it records one message per event and
// connector, in the transaction of the event, and passes messages on in jobs. Nothing is lost and nothing is passed
// twice: a message is a row until it is accepted, and carries an id that the other system recognizes.
package connecting
