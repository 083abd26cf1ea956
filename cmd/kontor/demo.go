package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"kontor/internal/demo"
	"kontor/internal/licensing"
	"kontor/internal/signing"
	"kontor/internal/sqlstore"
)

type demoCommand struct {
	common
	Listen    string `default:"127.0.0.1:8080" help:"Address of the portal; loopback only."`
	ErpListen string `name:"erp-listen" default:"127.0.0.1:8081" help:"Address of the demo ERP and the mail catcher; loopback only."`
	// ErpStatements shows what a connector's setting of that name does.
	ErpStatements bool `name:"erp-statements" help:"Tell the demo ERP of monthly statements, too."`
	Reset         bool `help:"Begin anew: remove what an earlier demo left in the data directory and its database."`
}

// demoFile is demo.json, as scripts read it.
type demoFile struct {
	ID        string         `json:"id"` // of the demo whose database this is; --reset empties no other
	URL       string         `json:"url"`
	SOAP      string         `json:"soap"`
	WSDL      string         `json:"wsdl"`
	WSDL12    string         `json:"wsdl12"`
	ERP       string         `json:"erp"`
	Mail      string         `json:"mail"`
	PublicKey string         `json:"publicKey"`
	Receipts  string         `json:"receiptKey"` // the public key of cancellation receipts
	Accounts  []demo.Account `json:"accounts"`
}

const demoFileName = "demo.json"

// Run implements the command.
func (c demoCommand) Run(ctx context.Context, s streams) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	// The demo ERP's documents and the mails lie in the data directory, for one process alone.
	alone := flock.New(filepath.Join(c.Data, "demo.lock"))
	if ok, err := alone.TryLock(); err != nil || !ok {
		return errors.Join(err, fmt.Errorf("a demo runs in %s already; stop it first, or name another directory with --data", c.Data))
	}
	defer alone.Unlock() //nolint:errcheck // the process ends
	if c.Reset {
		if err := c.reset(ctx); err != nil {
			return err
		}
	}
	portal, err := listenLoopback(ctx, "--listen", c.Listen)
	if err != nil {
		return err
	}
	outside, err := listenLoopback(ctx, "--erp-listen", c.ErpListen)
	if err != nil {
		return errors.Join(err, portal.Close())
	}
	return c.show(ctx, s, portal, outside)
}

func (c demoCommand) show(ctx context.Context, s streams, portal, outside net.Listener) error {
	erp, err := demo.NewERP(c.Data)
	if err != nil {
		return err
	}
	defer erp.Close() //nolint:errcheck // every document is on the disk already
	mail, err := demo.NewMail(c.Data)
	if err != nil {
		return err
	}
	defer mail.Close() //nolint:errcheck // every mail is on the disk already
	if err := c.writeConfig("http://" + outside.Addr().String() + demo.ERPPath); err != nil {
		return err
	}
	if err := c.refuseForeign(ctx); err != nil {
		return err
	}
	url := "http://" + portal.Addr().String()
	h, err := open(ctx, c.common, c.logger(s), url, portal.Addr().String())
	if err != nil {
		return err
	}
	defer h.Close() //nolint:errcheck // the process ends
	if err := c.seed(ctx, h); err != nil {
		return err
	}
	if err := errors.Join(h.mailBy(demoPost(mail)), h.keepLinks(ctx, url, true)); err != nil {
		return err
	}
	pages, err := h.pages(ctx, web{}, url, true)
	if err != nil {
		return err
	}
	id, err := demo.ID(ctx, h.store)
	if err != nil {
		return err
	}
	file := demoFile{
		ID: id, URL: url, SOAP: url + "/soap/v1", WSDL: url + "/soap/v1?wsdl", WSDL12: url + "/soap/v1?wsdl12",
		ERP: "http://" + outside.Addr().String(), Mail: "http://" + outside.Addr().String() + "/mail",
		PublicKey: hex.EncodeToString(h.publicKey), Receipts: hex.EncodeToString(h.receipts.PublicKey()), Accounts: demo.Accounts(),
	}
	if err := file.write(c.Data); err != nil {
		return err
	}
	file.announce(s)
	return h.run(ctx, true, web{}, service{portal, pages}, service{outside, demo.Outside(erp, mail)})
}

// demoPost lets all mail go to the demo's own catcher.
func demoPost(m *demo.Mail) post {
	return post{SMTPURL: "smtp://" + m.Addr(), MailFrom: demo.ISVName + " <licenses@aurora.example>"}
}

func (c demoCommand) seed(ctx context.Context, h *house) error {
	master, err := signing.LoadMasterKey(c.Data, c.MasterKey)
	if err != nil {
		return err
	}
	secrets, err := signing.NewSealer(master, "secrets")
	if err != nil {
		return err
	}
	return demo.Seed(ctx, h.store, secrets)
}

// listenLoopback refuses to show the demo, whose passwords everybody knows, to other machines.
func listenLoopback(ctx context.Context, flag, address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usageError{fmt.Errorf("%s: %w", flag, err)}
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return nil, usageError{fmt.Errorf("%s: the demo listens on loopback only, for example 127.0.0.1:8080", flag)}
	}
	return (&net.ListenConfig{}).Listen(ctx, "tcp", address)
}

// configMark begins a kontor.toml that the demo may write again.
const configMark = "# Written by kontor demo. Remove this line to keep your own changes.\n"

// writeConfig sets up the connector to the demo ERP, so that workers started beside the demo know it as well.
func (c demoCommand) writeConfig(erpURL string) error {
	path := filepath.Join(c.Data, configName)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil && (len(old) < len(configMark) || string(old[:len(configMark)]) != configMark) {
		return nil
	}
	text := configMark + fmt.Sprintf(`
[[connectors]]
code = "erp"
name = "Aurora's ERP"
url = %q
username = "kontor"
password = %q
private = true
statements = %t
`, erpURL, demo.Password, c.ErpStatements)
	return os.WriteFile(path, []byte(text), 0o600)
}

func (f demoFile) write(dir string) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, demoFileName)
	if err := os.WriteFile(path+".new", append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path) // readers see all of it or none
}

func (f demoFile) announce(s streams) {
	fmt.Fprintf(s.out, "\nKontor's demo runs. Open %s and log in, all with the password %s:\n\n", f.URL, demo.Password)
	for _, a := range f.Accounts {
		how := "in the browser"
		if a.Role == "service" {
			how = "by SOAP"
		}
		fmt.Fprintf(s.out, "  %-24s %-9s of %-10s %s\n", a.Email, a.Role, a.Group, how)
	}
	fmt.Fprintf(s.out, "\nSOAP   %s\nWSDL   %s\nERP    %s\nMail   %s\n\n", f.SOAP, f.WSDL, f.ERP, f.Mail)
}

// refuseForeign refuses a database in which others keep their tables, before anything of ours is put there.
func (c demoCommand) refuseForeign(ctx context.Context) error {
	foreign, err := sqlstore.Foreign(ctx, c.database())
	if err == nil && foreign {
		err = demo.ErrForeign
	}
	return err
}

// reset removes what an earlier demo left, and nothing that demo.json does not say is its.
func (c demoCommand) reset(ctx context.Context) error {
	b, err := os.ReadFile(filepath.Join(c.Data, demoFileName))
	if errors.Is(err, fs.ErrNotExist) {
		entries, err := os.ReadDir(c.Data)
		if err == nil && len(entries) <= 1 { // our own lock alone
			return nil // nothing to begin anew from
		}
		return fmt.Errorf("--reset: %s holds no %s, so this is not known to be a demo; nothing was removed", c.Data, demoFileName)
	}
	var old demoFile
	if err == nil {
		err = json.Unmarshal(b, &old)
	}
	if err != nil {
		return fmt.Errorf("--reset: %s: %w", demoFileName, err)
	}
	if err := c.refuseForeign(ctx); err != nil {
		return fmt.Errorf("--reset: %w", err)
	}
	err = sqlstore.Reset(ctx, c.database(), func(ctx context.Context, s *sqlstore.Store) error {
		return s.Read(ctx, func(tx licensing.Tx) error {
			if mine, err := demo.Mine(ctx, tx, old.ID); err != nil || mine {
				return err
			}
			return fmt.Errorf("the database is not the one of the demo in %s; nothing was removed", c.Data)
		})
	})
	if err != nil {
		return fmt.Errorf("--reset: %w", err)
	}
	return demo.Remove(c.Data)
}
