package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
)

// listening is River's database/sql driver with LISTEN by lib/pq, which River leaves out: a job begins when its
// transaction commits, not when somebody looks again.
type listening struct {
	*riverdatabasesql.Driver
	pool    *sql.DB
	address string
}

func newListening(pool *sql.DB, address string) *listening {
	return &listening{riverdatabasesql.New(pool), pool, address}
}

// SupportsListener tells River to ask for a listener.
func (*listening) SupportsListener() bool { return true }

// GetListener implements riverdriver.Driver.
func (d *listening) GetListener(p *riverdriver.GetListenenerParams) riverdriver.Listener {
	return &listener{pool: d.pool, address: d.address, schema: p.Schema}
}

// listener is one session that listens.
type listener struct {
	pool            *sql.DB
	address, schema string
	session         *pq.Listener
}

// The pauses between attempts to connect again.
const (
	shortestReconnect = time.Second
	longestReconnect  = 30 * time.Second
)

// Connect implements riverdriver.Listener.
func (l *listener) Connect(ctx context.Context) error {
	if l.schema == "" {
		if err := l.pool.QueryRowContext(ctx, "SELECT coalesce(current_schema(), '')").Scan(&l.schema); err != nil {
			return fmt.Errorf("current schema: %w", err)
		}
	}
	l.session = pq.NewListener(l.address, shortestReconnect, longestReconnect, nil)
	return nil
}

// Close implements riverdriver.Listener.
func (l *listener) Close(context.Context) error {
	if l.session == nil {
		return nil
	}
	err := l.session.Close()
	l.session = nil
	return err
}

// channel is what a topic is called in the database.
func (l *listener) channel(topic string) string {
	if l.schema == "" {
		return topic
	}
	return l.schema + "." + topic
}

// Listen implements riverdriver.Listener.
func (l *listener) Listen(_ context.Context, topic string) error {
	if err := l.session.Listen(l.channel(topic)); err != nil && !errors.Is(err, pq.ErrChannelAlreadyOpen) {
		return err
	}
	return nil
}

// Unlisten implements riverdriver.Listener.
func (l *listener) Unlisten(_ context.Context, topic string) error {
	return l.session.Unlisten(l.channel(topic))
}

// Ping implements riverdriver.Listener.
func (l *listener) Ping(context.Context) error { return l.session.Ping() }

// Schema implements riverdriver.Listener.
func (l *listener) Schema() string { return l.schema }

// SetAfterConnectExec implements riverdriver.Listener; River's own tests alone use it.
func (*listener) SetAfterConnectExec(string) {}

// WaitForNotification implements riverdriver.Listener.
func (l *listener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case n := <-l.session.NotificationChannel():
		if n == nil { // pq connected anew: what was said meanwhile is lost, so River has to look
			return nil, errors.New("the listening session was connected anew")
		}
		return &riverdriver.Notification{Topic: strings.TrimPrefix(n.Channel, l.schema+"."), Payload: n.Extra}, nil
	}
}
