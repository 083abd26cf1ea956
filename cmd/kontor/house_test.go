package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"kontor/internal/demo"
	"kontor/internal/licensing"
)

// runningHouse is a house with its SOAP face on loopback, in this process.
type runningHouse struct {
	*house
	url  string
	data string
	soap string
	erp  *demo.ERP
	mail *demo.Mail
}

// startHouse opens a seeded house, with the demo ERP behind it when jobs are to run.
func startHouse(t testing.TB, dir, database string, withJobs bool) runningHouse {
	t.Helper()
	return startDemoHouse(t, demoCommand{common: common{Data: dir, DatabaseURL: database}}, withJobs)
}

func startDemoHouse(t testing.TB, d demoCommand, withJobs bool) runningHouse {
	t.Helper()
	c := d.common
	erp, err := demo.NewERP(c.Data)
	if err != nil {
		t.Fatal(err)
	}
	outside := httptest.NewServer(erp.Handler())
	t.Cleanup(outside.Close)
	if err := d.writeConfig(outside.URL + demo.ERPPath); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	h, err := open(context.Background(), c, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.seed(context.Background(), h); err != nil {
		t.Fatal(err)
	}
	mail, err := demo.NewMail(c.Data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mail.Close() })
	if err := errors.Join(h.mailBy(demoPost(mail)), h.keepLinks(t.Context(), url, true)); err != nil {
		t.Fatal(err)
	}
	pages, err := h.pages(context.Background(), web{}, url, true)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.run(ctx, withJobs, web{}, service{l, pages}) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		h.Close()
	})
	waitFor(t, "the portal to be ready", func() bool { return get(url+"/readyz") == http.StatusOK })
	return runningHouse{h, url, c.Data, url + "/soap/v1", erp, mail}
}

// actor is the one membership of somebody, for use cases that are called without a page.
func (h runningHouse) actor(t testing.TB, email string) (a licensing.Actor) {
	t.Helper()
	err := h.store.Read(t.Context(), func(tx licensing.Tx) error {
		u, err := tx.UserByEmail(t.Context(), email)
		if err != nil {
			return err
		}
		all, err := tx.MembershipsOf(t.Context(), u.ID)
		if err == nil {
			a = licensing.Actor{Membership: all[0]}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
