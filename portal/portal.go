package portal

import (
	"fmt"
	"log/slog"
	"net/http"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"kontor/portal/assets"
)

// Config is what the portal has to know about where it runs.
type Config struct {
	// ISV is the software maker's name, as the sign-in page greets with it.
	ISV string
	// Sessions keeps who is signed in. Its store is the caller's choice; cookie and lifetimes are set here.
	Sessions *scs.SessionManager
	// Secure says that browsers reach the portal over TLS, here or at a proxy.
	Secure bool
	// Demo lets the business clock be moved at /demo/clock.
	Demo bool
	// ConnectorNames are the connectors' names for people, by code; a code without one stands for itself.
	ConnectorNames map[string]string
	// SOAP is the endpoint's address, which the pages of service accounts name: https://licenses.example.com/soap/v1.
	SOAP string
	// ReceiptKey is the public key that receipts are verified with, in hexadecimal.
	ReceiptKey string
	// TrustedProxies are addresses or CIDR ranges whose X-Forwarded-For is believed; empty: nobody's.
	TrustedProxies []string
	// Log gets errors and panics, each with the reference that its page shows.
	Log *slog.Logger
}

// site is what every handler has in common.
type site struct {
	config   Config
	services Services
	words    *i18n.Bundle
	assets   *assets.Set
}

// New returns the portal: everything under / that is a page, and its assets under /assets/.
func New(config Config, services Services) (http.Handler, error) {
	s := &site{config: config, services: services}
	engine, err := s.engine()
	if err != nil {
		return nil, err
	}
	configureSessions(config.Sessions, config.Secure)
	config.Sessions.ErrorFunc = s.sessionTrouble

	mux := http.NewServeMux()
	mux.Handle("GET "+assets.Prefix, s.assets) // without a session, and to be kept by browsers
	mux.Handle("/", s.prepare(s.guard(config.Sessions.LoadAndSave(engine))))
	return headers(config.Secure, mux), nil
}

// engine builds gin's router from the table of routes.
func (s *site) engine() (*gin.Engine, error) {
	var err error
	if s.words, err = newBundle(); err != nil {
		return nil, err
	}
	if s.assets, err = assets.Load(); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	if err := engine.SetTrustedProxies(s.config.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = true
	engine.Use(s.recovered)
	for _, route := range routes {
		engine.Handle(route.Method, route.Path, s.enter(route))
	}
	engine.NoRoute(s.enter(Route{For: Anyone, handle: (*site).noPage}))
	engine.NoMethod(s.enter(Route{For: Anyone, handle: (*site).noMethod}))
	return engine, nil
}
