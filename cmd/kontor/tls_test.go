package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// certificateFiles are a certificate for loopback and its key, in files.
func certificateFiles(t *testing.T, dir, name string) (e encryption, pair tls.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	e = encryption{TLSCertificate: filepath.Join(dir, "cert.pem"), TLSKey: filepath.Join(dir, "key.pem"), TLSClientCertificates: true}
	for file, b := range map[string]*pem.Block{e.TLSCertificate: {Type: "CERTIFICATE", Bytes: der}, e.TLSKey: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return e, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// TestEncryption shakes hands with a listener that is configured for TLS: the caller's certificate arrives, without one it
// works as well, and a renewed certificate is used without a restart.
func TestEncryption(t *testing.T) {
	dir := t.TempDir()
	e, _ := certificateFiles(t, dir, "first")
	_, client := certificateFiles(t, t.TempDir(), "client")
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l, err := e.over(plain, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	shake := func(with ...tls.Certificate) (server, caller []*x509.Certificate) {
		t.Helper()
		accepted := make(chan []*x509.Certificate, 1)
		go func() {
			defer close(accepted)
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			if conn := c.(*tls.Conn); conn.HandshakeContext(t.Context()) == nil {
				accepted <- conn.ConnectionState().PeerCertificates
			}
		}()
		c, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true, Certificates: with})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates, <-accepted
	}
	server, caller := shake(client)
	if server[0].Subject.CommonName != "first" || len(caller) != 1 || caller[0].Subject.CommonName != "client" {
		t.Errorf("met %v and %v", server[0].Subject, caller)
	}
	if _, caller := shake(); len(caller) != 0 {
		t.Errorf("without a certificate: %v", caller)
	}
	certificateFiles(t, dir, "second")
	later := time.Now().Add(time.Minute)
	for _, file := range []string{e.TLSCertificate, e.TLSKey} {
		if err := os.Chtimes(file, later, later); err != nil {
			t.Fatal(err)
		}
	}
	if server, _ := shake(); server[0].Subject.CommonName != "second" {
		t.Errorf("renewed: %v", server[0].Subject)
	}
	if err := os.Remove(e.TLSKey); err != nil {
		t.Fatal(err)
	}
	if server, _ := shake(); server[0].Subject.CommonName != "second" {
		t.Errorf("while it cannot be read: %v", server[0].Subject)
	}
}

func TestEncryptionIsWholeOrOff(t *testing.T) {
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if l, err := (encryption{}).over(plain, nil); err != nil || l != plain {
		t.Errorf("off: %v", err)
	}
	for _, e := range []encryption{{TLSCertificate: "x"}, {TLSKey: "x"}, {TLSCertificate: "missing.pem", TLSKey: "missing.pem"}} {
		if _, err := e.over(plain, nil); err == nil {
			t.Errorf("%+v is accepted", e)
		}
	}
	if w := (web{encryption: encryption{TLSCertificate: "x"}}); w.publicURL(plain) != "https://"+plain.Addr().String() {
		t.Errorf("the address is %s", w.publicURL(plain))
	}
}
