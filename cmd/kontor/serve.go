package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

type serveCommand struct {
	common
	web
	post
	Jobs bool `default:"true" negatable:"" help:"Work jobs off here as well; --no-jobs leaves them to workers."`
}

// Run implements the command.
func (c serveCommand) Run(ctx context.Context, s streams) error {
	if err := c.checkPublicURL(); err != nil {
		return usageError{err}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return err
	}
	encrypted, err := c.over(listener, c.logger(s))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	public := c.publicURL(listener)
	h, err := open(ctx, c.common, c.logger(s), public, listener.Addr().String())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := errors.Join(h.mailBy(c.post), h.keepLinks(ctx, public, c.PublicURL != "")); err != nil {
		return errors.Join(err, listener.Close(), h.Close())
	}
	pages, err := h.pages(ctx, c.web, public, false)
	if err != nil {
		return errors.Join(err, listener.Close(), h.Close())
	}
	h.log.Info("Kontor serves", "url", public, "jobs", c.Jobs)
	return errors.Join(h.run(ctx, c.Jobs, c.web, service{encrypted, pages}), h.Close())
}

// checkPublicURL reports an address that nothing can be appended to, as links in mails and the contracts' address do.
func (w web) checkPublicURL() error {
	if w.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(w.PublicURL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return fmt.Errorf("--public-url: enter an address such as https://licenses.example.com, without credentials and parameters, not %q", w.PublicURL)
	}
	return nil
}

func (w web) publicURL(l net.Listener) string {
	if w.PublicURL != "" {
		return strings.TrimRight(w.PublicURL, "/")
	}
	if w.on() {
		return "https://" + l.Addr().String()
	}
	return "http://" + l.Addr().String()
}

type workerCommand struct {
	common
	post
	MetricsListen string `name:"metrics-listen" help:"A listener for /metrics and /healthz; default: none."`
}

// Run implements the command.
func (c workerCommand) Run(ctx context.Context, s streams) error {
	h, err := open(ctx, c.common, c.logger(s), "")
	if err != nil {
		return err
	}
	if err := h.mailBy(c.post); err != nil { // serve keeps in the database how links begin
		return errors.Join(err, h.Close())
	}
	h.log.Info("Kontor works jobs off")
	return errors.Join(h.run(ctx, true, web{MetricsListen: c.MetricsListen}), h.Close())
}

// service is a handler on its listener.
type service struct {
	listener net.Listener
	handler  http.Handler
}

// The bounds of every server. A license list of 10,000 tickets takes a while to write.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 60 * time.Second
	writeTimeout      = 120 * time.Second
	idleTimeout       = 120 * time.Second
	maxHeader         = 64 << 10
	stopTimeout       = 10 * time.Second
)

// run serves and works until ctx ends, then stops cleanly: requests and jobs under way are finished first.
func (h *house) run(ctx context.Context, withJobs bool, w web, services ...service) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		h.policies.Run(ctx)
		return nil
	})
	if withJobs {
		// Jobs get a context of their own: Stop ends them, not the signal.
		if err := h.queue.Start(context.WithoutCancel(ctx)); err != nil {
			return fmt.Errorf("start jobs: %w", err)
		}
		group.Go(func() error {
			<-ctx.Done()
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
			defer cancel()
			return h.queue.Stop(stop)
		})
	}
	operations, err := h.operations(ctx, w, services)
	if err != nil {
		return err
	}
	for _, s := range operations {
		group.Go(func() error { return serve(ctx, s) })
	}
	return group.Wait()
}

// serve serves until ctx ends, and then finishes the requests under way.
func serve(ctx context.Context, s service) error {
	server := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(s.listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}
