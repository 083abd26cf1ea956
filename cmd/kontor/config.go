package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/pelletier/go-toml/v2"
)

// common is what every command that opens the house needs.
type common struct {
	Data        string `default:"./var" type:"path" help:"Directory of kontor.db, kontor.toml, master.key and uploaded files."`
	DatabaseURL string `name:"database-url" help:"sqlite:///path/kontor.db (default: in the data directory) or postgres://…"`
	MasterKey   string `name:"master-key" help:"32 bytes in hex or base64 that secrets are sealed with; default: master.key in the data directory, made at first start."`
	CallsKept   int    `name:"calls-kept" default:"90" help:"For how many days the log of calls of the SOAP face is kept, 1 to 3650."`
	LimitMinute int    `name:"limit-calls-per-minute" default:"0" help:"How often each service account may call in a minute; 0: as often as it wants."`
	LimitDay    int    `name:"limit-calls-per-day" default:"0" help:"How often each service account may call in a day; 0: as often as it wants."`
	LimitMade   int    `name:"limit-licenses-per-day" default:"0" help:"How many licenses each service account may create in a day; 0: as many as it wants."`
	LogLevel    string `name:"log-level" default:"info" enum:"debug,info,warn,error" help:"How much is logged: ${enum}."`
	LogJSON     bool   `name:"log-json" help:"Log JSON lines instead of text."`
}

// web is what a command needs that serves people and systems.
type web struct {
	Listen         string   `default:"127.0.0.1:8080" help:"Address to listen on."`
	PublicURL      string   `name:"public-url" help:"How browsers and SOAP callers reach the portal; default: http:// and the listening address."`
	TrustedProxies []string `name:"trusted-proxies" help:"Addresses or networks whose X-Forwarded-For and X-Forwarded-Proto count."`
	// ProxyCertificates is asked for by itself: a proxy may be trusted and pass this header on from anybody.
	ProxyCertificates bool   `name:"proxy-client-certificates" help:"The trusted proxies tell the caller's TLS certificate in Client-Cert (RFC 9440), and take that header off what comes in."`
	MetricsListen     string `name:"metrics-listen" help:"A listener of its own for /metrics; default: with the portal, for loopback only."`
	encryption
}

// database is the address of the database.
func (c common) database() string {
	if c.DatabaseURL != "" {
		return c.DatabaseURL
	}
	return "sqlite://" + filepath.ToSlash(filepath.Join(c.Data, "kontor.db"))
}

func (c common) logger(s streams) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo // kong has checked it
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogJSON {
		return slog.New(slog.NewJSONHandler(s.errs, options))
	}
	return slog.New(slog.NewTextHandler(s.errs, options))
}

// proxies are the networks whose forwarded headers count.
func (w web) proxies() ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, p := range w.TrustedProxies {
		if prefix, err := netip.ParsePrefix(p); err == nil {
			all = append(all, prefix)
			continue
		}
		address, err := netip.ParseAddr(p)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies: %q is no address and no network", p)
		}
		all = append(all, netip.PrefixFrom(address, address.BitLen()))
	}
	return all, nil
}

// connectorConfig is one [[connectors]] table of kontor.toml.
type connectorConfig struct {
	Code     string `toml:"code"`     // what messages name it by; lower-case letters, digits and dashes
	Name     string `toml:"name"`     // for people
	URL      string `toml:"url"`      // of its SOAP endpoint
	Username string `toml:"username"` // HTTP Basic
	Password string `toml:"password"`
	// Private allows the address although it is a private one; ERPs often sit there.
	Private bool `toml:"private"`
	// Statements has it told of every monthly statement that is closed.
	Statements bool `toml:"statements"`
}

const configName = "kontor.toml"

// connectors reads the connectors from kontor.toml; none when there is no such file.
func (c common) connectors() ([]connectorConfig, error) {
	var file struct {
		Connectors []connectorConfig `toml:"connectors"`
	}
	b, err := os.ReadFile(filepath.Join(c.Data, configName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := toml.Unmarshal(b, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", configName, err)
	}
	seen := map[string]bool{}
	for i, x := range file.Connectors {
		if x.Code == "" || x.URL == "" || seen[x.Code] {
			return nil, fmt.Errorf("%s: connector %d needs a code of its own and a url", configName, i+1)
		}
		seen[x.Code] = true
	}
	return file.Connectors, nil
}

// dataDir finds the data directory before the flags are parsed, as kontor.toml lies in it.
func dataDir(args []string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--data="); ok {
			return kong.ExpandPath(v)
		}
		if a == "--data" && i+1 < len(args) {
			return kong.ExpandPath(args[i+1])
		}
	}
	if v := os.Getenv("KONTOR_DATA"); v != "" {
		return kong.ExpandPath(v)
	}
	return "./var"
}

// fileResolver gives flags their values from kontor.toml in dir. kong would let a resolver win over the environment;
// this one does not.
func fileResolver(dir string) kong.Resolver {
	f := fileValues{values: map[string]any{}}
	b, err := os.ReadFile(filepath.Join(dir, configName))
	if err == nil {
		err = toml.Unmarshal(b, &f.values)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.err = fmt.Errorf("%s: %w", configName, err)
	}
	return f
}

type fileValues struct {
	values map[string]any
	err    error
}

// Validate implements kong.Resolver: a key that no flag has would be ignored without a word.
func (f fileValues) Validate(app *kong.Application) error {
	if f.err != nil {
		return f.err
	}
	known := map[string]bool{"connectors": true}
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	for name := range f.values {
		if !known[name] {
			return fmt.Errorf("%s: there is no setting %q", configName, name)
		}
	}
	return err
}

// Resolve implements kong.Resolver.
func (f fileValues) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return f.values[flag.Name], nil
}
