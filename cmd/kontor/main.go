// Kontor is a license portal: resellers create licenses in a browser, ERP and CRM systems by SOAP, and every license is
// passed on, delivered and, with a subscription, kept running. This is its one binary; each command has a file.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"kontor/internal/sqlstore"
)

// cli is every command with its flags.
type cli struct {
	Demo          demoCommand          `cmd:"" help:"Show the whole product: a portal with demo data, a demo ERP and a mail catcher."`
	Serve         serveCommand         `cmd:"" help:"Run the portal, SOAP and jobs in one process."`
	Worker        workerCommand        `cmd:"" help:"Run jobs only."`
	Migrate       migrateCommand       `cmd:"" help:"Bring the database to the newest schema, or show where it stands."`
	Explain       explainCommand       `cmd:"" help:"Tell whether somebody may do something, and why."`
	License       licenseCommand       `cmd:"" help:"Check license files."`
	Receipt       receiptCommand       `cmd:"" help:"Check receipts of cancellations."`
	Subscriptions subscriptionsCommand `cmd:"" help:"Tell what will happen to subscriptions."`
	Version       versionCommand       `cmd:"" help:"Print the version."`
}

// Exit codes, as scripts rely on them.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// usageError says that the command line is wrong.
type usageError struct{ error }

// run carries out one command line and returns the exit code. Results go to out, logs and errors to errs.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var c cli
	parser, err := kong.New(&c,
		kong.Name("kontor"),
		kong.Description("The license portal. Every flag has an environment variable KONTOR_… and a key in DIR/kontor.toml; a flag wins over the environment, that over the file."),
		kong.Writers(out, errs),
		kong.DefaultEnvars("KONTOR"),
		kong.Resolvers(fileResolver(dataDir(args))),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(streams{out, errs}),
		kong.Exit(func(code int) { panic(exit(code)) }),
	)
	if err != nil {
		fmt.Fprintln(errs, "kontor:", err)
		return exitFailed
	}
	return parse(parser, args, errs)
}

// streams are where a command writes.
type streams struct{ out, errs io.Writer }

// exit carries kong's wish to end (after --help) out of its parser.
type exit int

func parse(parser *kong.Kong, args []string, errs io.Writer) (code int) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case exit:
			code = int(v)
		default:
			panic(v)
		}
	}()
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(errs, "kontor: %v\nSee kontor --help.\n", err)
		return exitUsage
	}
	if err := k.Run(); err != nil {
		fmt.Fprintln(errs, "kontor:", err)
		var usage usageError
		if errors.As(err, &usage) || errors.Is(err, sqlstore.ErrAddress) {
			return exitUsage
		}
		return exitFailed
	}
	return exitDone
}
