package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"
)

// encryption is how a command serves over TLS by itself; without it a proxy does.
type encryption struct {
	TLSCertificate        string `name:"tls-certificate" type:"path" help:"Serve over TLS with this certificate and those that issued it, in PEM; read again when it changes."`
	TLSKey                string `name:"tls-key" type:"path" help:"The private key of the certificate, in PEM."`
	TLSClientCertificates bool   `name:"tls-client-certificates" default:"true" negatable:"" help:"Ask callers for a certificate, which none has to have; --no-tls-client-certificates where browsers bother people about it."`
}

// over returns a listener that encrypts, or the same one where nothing is configured.
func (e encryption) over(l net.Listener, log *slog.Logger) (net.Listener, error) {
	if e.TLSCertificate == "" && e.TLSKey == "" {
		return l, nil
	}
	if e.TLSCertificate == "" || e.TLSKey == "" {
		return nil, errors.New("--tls-certificate and --tls-key belong together")
	}
	kept := &keptCertificate{encryption: e, log: log}
	if _, err := kept.get(nil); err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: kept.get}
	if e.TLSClientCertificates {
		config.ClientAuth = tls.RequestClientCert // whose it is, the registered certificates say, and no authority
	}
	return tls.NewListener(l, config), nil
}

// on reports whether it is configured.
func (e encryption) on() bool { return e.TLSCertificate != "" }

// keptCertificate is the certificate of the files as they are now.
type keptCertificate struct {
	encryption
	log *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	changed [2]time.Time // of the files, when current was read
}

// get implements tls.Config.GetCertificate. While the files cannot be read, what was read before is used.
func (k *keptCertificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var changed [2]time.Time
	for i, name := range []string{k.TLSCertificate, k.TLSKey} {
		info, err := os.Stat(name)
		if err != nil {
			return k.keep(err)
		}
		changed[i] = info.ModTime()
	}
	if k.current != nil && changed == k.changed {
		return k.current, nil
	}
	read, err := tls.LoadX509KeyPair(k.TLSCertificate, k.TLSKey)
	if err != nil {
		return k.keep(err)
	}
	k.current, k.changed = &read, changed
	return k.current, nil
}

// keep goes on with the certificate that was read before.
func (k *keptCertificate) keep(err error) (*tls.Certificate, error) {
	if k.current == nil {
		return nil, fmt.Errorf("--tls-certificate, --tls-key: %w", err)
	}
	k.log.Error("the TLS certificate cannot be read again; the one before is used", "error", err)
	return k.current, nil
}
