package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"kontor/internal/licensing"
)

// unavailable turns a lost connection into an error of kind Unavailable. Whether a commit under way had happened,
// nobody knows then: the caller sends the request again, with the same id.
func unavailable(err error) error {
	var network net.Error
	var ours *licensing.Error
	if errors.As(err, &ours) {
		return err
	}
	if errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, context.DeadlineExceeded) {
		return &licensing.Error{Kind: licensing.Unavailable, Code: licensing.CodeUnavailable, Message: "The database is not available at the moment. Try again.", Err: err}
	}
	return err
}
