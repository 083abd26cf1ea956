package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/postgresstore"
	"github.com/alexedwards/scs/sqlite3store"
	"github.com/alexedwards/scs/v2"

	"kontor/internal/access"
	"kontor/internal/calls"
	"kontor/internal/catalog"
	"kontor/internal/connecting"
	"kontor/internal/demo"
	"kontor/internal/egress"
	"kontor/internal/fulfillment"
	"kontor/internal/jobs"
	"kontor/internal/licensing"
	"kontor/internal/mailing"
	"kontor/internal/ordering"
	"kontor/internal/signing"
	"kontor/internal/sqlstore"
	"kontor/internal/statements"
	"kontor/internal/subscriptions"
	"kontor/internal/usecase"
	"kontor/policies"
	"kontor/portal"
	"kontor/soapbridge/inbound"
	"kontor/soapbridge/outbound"
)

// house is everything that is wired together. This file is the only place that sees every package.
type house struct {
	log       *slog.Logger
	address   string // of the database
	store     *sqlstore.Store
	queue     *jobs.Queue
	policies  *policies.Kept
	publicKey ed25519.PublicKey // of license files
	receipts  *signing.ReceiptSigner
	names     map[string]string // of connectors, by code

	access        *access.Service
	mailing       *mailing.Service
	catalog       *catalog.Service
	ordering      *ordering.Service
	subscriptions *subscriptions.Service
	connecting    *connecting.Service
	statements    *statements.Service
	calls         *calls.Service
	clock         *demo.Clock

	closers []func() error // in reverse order
}

// The kinds of jobs beside connecting.JobSend.
const (
	jobExtend        = "extend_subscriptions"
	jobRemind        = "remind_of_last_days"
	jobSweepMessages = "sweep_messages"
	jobSweepMail     = "sweep_mail"
	jobStatements    = "close_statements"
)

// longestExport is how long writing one list into a file may take.
const longestExport = time.Hour

// extendAtOnce is how many steps one job of the scheduler does: so few that it ends in its time.
const extendAtOnce = 1000

// remindAtOnce is how many reminders one job sends.
const remindAtOnce = 500

// closeAtOnce is how many statements one job closes.
const closeAtOnce = 200

// keptSheets is for how many memberships answers are kept.
const keptSheets = 10_000

// open wires the house over its database. PublicURL is how browsers reach its portal, empty where it has none; own are the
// addresses that it listens on, which no connector may call.
func open(ctx context.Context, c common, log *slog.Logger, publicURL string, own ...string) (_ *house, err error) {
	h := &house{log: log, address: c.database()}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	master, err := signing.LoadMasterKey(c.Data, c.MasterKey)
	if err != nil {
		return nil, err
	}
	if h.store, err = sqlstore.Open(ctx, c.database()); err != nil {
		return nil, err
	}
	h.closers = append(h.closers, h.store.Close)
	h.queue, err = jobs.Open(h.store, c.database(), log.With("part", "jobs"), []jobs.Periodic{
		{Kind: jobExtend, Every: time.Minute},
		{Kind: jobRemind, Every: time.Minute},
		{Kind: subscriptions.JobReview, Every: time.Minute},
		{Kind: jobSweepMessages, Every: 5 * time.Second},
		{Kind: ordering.JobSweepExports, Every: 30 * time.Second},
		{Kind: jobSweepMail, Every: 30 * time.Second},
		{Kind: connecting.JobNumberChanges, Every: 30 * time.Second},
		{Kind: jobStatements, Every: time.Minute},
		{Kind: calls.JobDrop, Every: 10 * time.Minute},
	})
	if err != nil {
		return nil, err
	}
	h.closers = append(h.closers, h.queue.Close)
	if err := checkMasterKey(ctx, h.store, master); err != nil {
		return nil, err
	}
	if err := h.wire(c, master, publicURL, own); err != nil {
		return nil, err
	}
	release, err := h.store.Announce(ctx)
	if err != nil {
		return nil, err
	}
	h.closers = append(h.closers, release)
	return h, nil
}

func (h *house) wire(c common, master []byte, publicURL string, own []string) error {
	answers, err := signing.NewSealer(master, "answers")
	if err != nil {
		return err
	}
	envelopes, err := signing.NewSealer(master, "calls")
	if err != nil {
		return err
	}
	secrets, err := signing.NewSealer(master, "secrets")
	if err != nil {
		return err
	}
	cursors, err := signing.NewSealer(master, "cursors")
	if err != nil {
		return err
	}
	key, err := signing.SigningKey(master, signing.PurposeLicenseFiles)
	if err != nil {
		return err
	}
	signer, err := signing.NewFileSigner(key)
	if err != nil {
		return err
	}
	if h.receipts, err = signing.NewReceiptSigner(master); err != nil {
		return err
	}
	configs, err := c.connectors()
	if err != nil {
		return err
	}
	connectors, err := connect(configs, own)
	if err != nil {
		return err
	}
	h.names = map[string]string{}
	var toldStatements []string
	for _, x := range configs {
		h.names[x.Code] = x.Name
		if x.Statements {
			toldStatements = append(toldStatements, x.Code)
		}
	}
	h.publicKey = signer.PublicKey()
	h.policies = policies.New(h.store, keptSheets)
	runner := usecase.New(h.store, h.queue, answers)
	limits := c.callLimits()
	if h.access, err = access.New(runner, secrets, policies.Judge{}, publicURL, limits); err != nil {
		return err
	}
	h.mailing = mailing.New(runner, secrets)
	h.statements = statements.New(runner)
	h.calls = c.callLog(runner, envelopes, limits, h.log)
	h.closers = append(h.closers, h.calls.Close)
	files := fulfillment.New(signer)
	h.catalog = catalog.New(runner, h.policies)
	h.ordering = ordering.New(runner, h.policies, rand.Reader)
	h.subscriptions = subscriptions.New(runner, h.policies, h.receipts)
	h.connecting = connecting.New(runner, connectors, cursors, toldStatements...)
	h.clock = demo.NewClock(h.store, func(ctx context.Context) error {
		if err := h.subscriptions.ReviewAll(ctx); err != nil {
			return err
		}
		if _, err := h.subscriptions.ExtendNow(ctx); err != nil {
			return err
		}
		if _, err := h.subscriptions.RemindDue(ctx); err != nil {
			return err
		}
		_, err := h.statements.CloseDue(ctx)
		return err
	})
	// Who hears of what, in this order, in the transaction of the event.
	runner.Subscribe(
		usecase.On(h.subscriptions.Start, files.IssueFirst),
		usecase.On(h.calls.AskLicenses),
		usecase.On(h.connecting.RecordOrder, h.statements.RecordOrder, h.calls.CountLicenses),
		usecase.On(files.IssueExtended, h.connecting.RecordExtension, h.statements.RecordExtension),
		usecase.On(h.connecting.RecordCancellation),
		usecase.On(h.connecting.RecordWithdrawal),
		usecase.On(h.connecting.RecordEnd),
		usecase.On(h.subscriptions.CatchUp),
		usecase.On(h.subscriptions.Review),
		usecase.On(h.connecting.NoteReview),
		usecase.On(files.IssueOverridden, h.connecting.RecordOverride, h.statements.RecordOverride),
		usecase.On(h.subscriptions.ChangeSeats, files.IssueModified, h.connecting.RecordModification, h.statements.RecordModification),
		usecase.On(files.IssueSuspended, h.connecting.RecordSuspension),
		usecase.On(h.subscriptions.EndRevoked, files.IssueRevoked, h.connecting.RecordRevocation, h.statements.RecordRevocation),
		usecase.On(h.subscriptions.Restore, files.IssueReinstated, h.connecting.RecordReinstatement, h.statements.RecordReinstatement),
		usecase.On(h.connecting.RecordMove),
		usecase.On(h.subscriptions.EndDeleted, h.connecting.RecordDeletion),
		usecase.On(h.connecting.Settle),
		usecase.On(h.mailing.Take),
		usecase.On(h.mailing.Drop),
		usecase.On(h.connecting.RecordStatement),
	)
	h.queue.HandleLong(ordering.JobExport, longestExport, func(ctx context.Context, id string) (time.Duration, error) {
		return 0, h.ordering.RunExport(ctx, licensing.ExportID(id))
	})
	h.queue.Handle(ordering.JobSweepExports, func(ctx context.Context, _ string) (time.Duration, error) {
		return 0, h.ordering.SweepExports(ctx)
	})
	h.queue.Handle(connecting.JobSend, func(ctx context.Context, id string) (time.Duration, error) {
		return h.connecting.Send(ctx, licensing.MessageID(id))
	})
	h.queue.Handle(jobExtend, func(ctx context.Context, _ string) (time.Duration, error) {
		steps, more, err := h.subscriptions.ExtendSome(ctx, extendAtOnce)
		return h.goOn(ctx, steps, more, err)
	})
	h.queue.Handle(jobRemind, func(ctx context.Context, _ string) (time.Duration, error) {
		sent, more, err := h.subscriptions.RemindSome(ctx, remindAtOnce)
		return h.goOn(ctx, sent, more, err)
	})
	h.queue.Handle(subscriptions.JobReview, func(ctx context.Context, _ string) (time.Duration, error) {
		more, err := h.subscriptions.ReviewSome(ctx)
		if more && err == nil {
			return time.Millisecond, nil
		}
		return 0, err
	})
	h.queue.Handle(jobStatements, func(ctx context.Context, _ string) (time.Duration, error) {
		made, more, err := h.statements.CloseSome(ctx, closeAtOnce)
		return h.goOn(ctx, made, more, err)
	})
	h.queue.Handle(mailing.JobSend, func(ctx context.Context, id string) (time.Duration, error) {
		return h.mailing.Send(ctx, licensing.MailID(id))
	})
	h.queue.Handle(jobSweepMail, func(ctx context.Context, _ string) (time.Duration, error) {
		_, err := h.mailing.Sweep(ctx)
		return 0, err
	})
	h.queue.Handle(connecting.JobNumberChanges, func(ctx context.Context, _ string) (time.Duration, error) {
		_, err := h.connecting.NumberChanges(ctx)
		return 0, err
	})
	h.queue.Handle(calls.JobDrop, func(ctx context.Context, _ string) (time.Duration, error) {
		more, err := h.calls.DropOld(ctx)
		if more && err == nil {
			return time.Second, nil
		}
		return 0, err
	})
	h.queue.Handle(jobSweepMessages, func(ctx context.Context, _ string) (time.Duration, error) {
		_, err := h.connecting.Sweep(ctx)
		return 0, err
	})
	return nil
}

// goOn ends a job that did as much as it may at once: the next go is a job of its own, which another process may take.
func (h *house) goOn(ctx context.Context, done int, more bool, err error) (again time.Duration, _ error) {
	if !more || done == 0 || ctx.Err() != nil {
		return 0, err
	}
	if err != nil {
		h.log.WarnContext(ctx, "some of what is due was not done; it is tried again", "error", err)
	}
	return time.Millisecond, nil
}

// callLimits are those of service accounts that have none of their own.
func (c common) callLimits() licensing.CallLimits {
	return licensing.CallLimits{PerMinute: c.LimitMinute, PerDay: c.LimitDay, Licenses: c.LimitMade}
}

// Validate implements what kong asks of a command: it refuses values of flags that are out of their range.
func (c common) Validate() error {
	if c.CallsKept < 1 || c.CallsKept > 3650 {
		return fmt.Errorf("--calls-kept: calls are kept for 1 to 3650 days, not %d", c.CallsKept)
	}
	if min(c.LimitMinute, c.LimitDay, c.LimitMade) < 0 {
		return errors.New("a --limit-… is 0 or more")
	}
	return nil
}

// callLog is the log of calls, with the limits of those who call.
func (c common) callLog(runner *usecase.Runner, seal calls.Seal, limits licensing.CallLimits, log *slog.Logger) *calls.Service {
	return calls.New(runner, seal, calls.Config{
		Keep: time.Duration(c.CallsKept) * 24 * time.Hour, Limits: limits,
		Log: log.With("part", "calls"),
	})
}

// connect makes the connectors of kontor.toml. They share one client, which calls no private address but theirs.
func connect(configs []connectorConfig, own []string) (map[string]licensing.Connector, error) {
	var private []string
	for _, x := range configs {
		if x.Private {
			u, err := url.Parse(x.URL)
			if err != nil {
				return nil, fmt.Errorf("connector %s: %w", x.Code, err)
			}
			private = append(private, hostPort(u))
		}
	}
	client, err := egress.New(private, own)
	if err != nil {
		return nil, err
	}
	all := map[string]licensing.Connector{}
	for _, x := range configs {
		connector, err := outbound.New(outbound.Config{Code: x.Code, Name: x.Name, URL: x.URL, Username: x.Username, Password: x.Password}, client)
		if err != nil {
			return nil, err
		}
		all[x.Code] = connector
	}
	return all, nil
}

func hostPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	if u.Scheme == "https" {
		return net.JoinHostPort(u.Hostname(), "443")
	}
	return net.JoinHostPort(u.Hostname(), "80")
}

// pages is the portal with SOAP beside it, until ctx ends.
func (h *house) pages(ctx context.Context, w web, publicURL string, isDemo bool) (http.Handler, error) {
	proxies, err := w.proxies()
	if err != nil {
		return nil, err
	}
	soap, err := inbound.New(inbound.Config{
		PublicURL: publicURL, Proxies: proxies, ProxyCertificates: w.ProxyCertificates, Log: h.log.With("part", "soap"), Calls: h.calls, Stop: ctx.Done(),
	}, h.access, h.catalog, h.ordering, h.subscriptions, h.connecting)
	if err != nil {
		return nil, err
	}
	isv, err := h.isvName(ctx)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(publicURL)
	if err != nil {
		return nil, fmt.Errorf("--public-url: %w", err)
	}
	sessions := scs.New()
	if h.store.Engine() == "postgres" {
		kept := postgresstore.New(h.store.Pool())
		sessions.Store = kept
		h.closers = append(h.closers, stopping(kept.StopCleanup))
	} else {
		// A pool of their own: sessions are read for every page, and shall not wait for whoever writes licenses.
		pool, err := sqlstore.OpenSQLitePool(h.address)
		if err != nil {
			return nil, err
		}
		kept := sqlite3store.New(pool)
		sessions.Store = kept
		h.closers = append(h.closers, pool.Close, stopping(kept.StopCleanup))
	}
	site, err := portal.New(portal.Config{
		ISV: isv, Sessions: sessions, Secure: u.Scheme == "https", Demo: isDemo, SOAP: strings.TrimSuffix(publicURL, "/") + inbound.Path, ConnectorNames: h.names,
		ReceiptKey: hex.EncodeToString(h.receipts.PublicKey()), TrustedProxies: w.TrustedProxies, Log: h.log.With("part", "portal"),
	}, portal.Services{
		Access: h.access, Grants: h.access, People: h.access, Simulation: h.access,
		Catalog: h.catalog, Ordering: h.ordering, Subscriptions: h.subscriptions, Connecting: h.connecting, Statements: h.statements, Calls: h.calls, Clock: h.clock,
		Console: console{h.access, soap},
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(inbound.Path, soap)
	mux.Handle("/", site)
	return mux, nil
}

// isvName is the software maker's name, for the sign-in page; empty while there is nobody yet.
func (h *house) isvName(ctx context.Context) (name string, err error) {
	err = h.store.Read(ctx, func(tx licensing.Tx) error {
		root, err := tx.RootGroup(ctx)
		if errors.Is(err, licensing.ErrNone) {
			err = nil
		}
		name = root.Name
		return err
	})
	return name, err
}

// stopping makes a closer of something that stops without an error.
func stopping(stop func()) func() error {
	return func() error {
		stop()
		return nil
	}
}

// Close closes what open opened.
func (h *house) Close() error {
	var err error
	for i := len(h.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, h.closers[i]())
	}
	return err
}
