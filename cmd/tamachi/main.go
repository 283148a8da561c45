// Command tamachi is the plane, the desk and the tools around them in one
// binary. Each command has its own file; `tamachi --help` lists them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"tamachi/internal/config"
	say "tamachi/internal/desk/report"
	"tamachi/internal/house/guest"
)

// Exit codes of every command.
const (
	exitDone  = 0
	exitFound = 1 // found something, or failed
	exitUsage = 2 // used wrongly, or cannot start here
)

// exit carries an exit code with an error that was not reported yet.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string { return e.err.Error() }
func (e *exit) Unwrap() error { return e.err }

func main() {
	if code, inside := guest.Main(os.Args[1:]); inside {
		os.Exit(code)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends what does not end by itself
	code := report(root().ExecuteContext(ctx))
	stop()
	os.Exit(code)
}

// report prints an error as one line and returns the exit code.
func report(err error) int {
	if err == nil {
		return exitDone
	}
	var coded *exit
	if errors.As(err, &coded) {
		if coded.err != nil {
			fmt.Fprintln(os.Stderr, "tamachi:", coded.err)
		}
		return coded.code
	}
	if text := err.Error(); text != "" { // a duty may have said all there is
		fmt.Fprintln(os.Stderr, "tamachi:", text)
	}
	var duty interface{ ExitCode() int }
	if errors.As(err, &duty) {
		return duty.ExitCode()
	}
	return exitFound
}

func root() *cobra.Command {
	cfg := config.Default(os.Getenv)
	c := &cobra.Command{
		Use:   "tamachi",
		Short: "An operations plane that you run yourself and that speaks AWS",
		Long: "Tamachi answers the AWS API over your own machines: real desktops, real nodes, a durable trail.\n" +
			"The daily work of an operations team is built in and also runs on a real AWS account.",
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &exit{exitUsage, err} })
	desktop := desktopCommand(cfg)
	c.AddCommand(serveCommand(cfg), envCommand(cfg), commandCommand(cfg), desktop, invitationCommand(cfg), nodeCommand(), inventoryCommand(cfg), policyCommand(cfg), membershipCommand(cfg), signInCommand(cfg), backupCommand(cfg), restoreCommand(cfg), destroyCommand(cfg))
	c.AddCommand(deskCommands(desktop)...)
	strict(c)
	c.PersistentPreRun = func(c *cobra.Command, _ []string) { fitted(c, os.Stdout) }
	return family(c)
}

// fitted has a report for people fit the terminal that it goes to. What programs
// read stays as it is.
func fitted(c *cobra.Command, terminal *os.File) {
	for _, forPrograms := range []string{"json", "policy"} {
		if f := c.Flags().Lookup(forPrograms); f != nil && f.Changed {
			return
		}
	}
	size, err := unix.IoctlGetWinsize(int(terminal.Fd()), unix.TIOCGWINSZ)
	if c.Flags().Lookup("lang") != nil && err == nil && size.Col > 0 {
		c.SetOut(say.Fold(terminal, int(size.Col)))
	}
}

// family makes a command that only has others: alone it prints its help, an
// unknown word after it is wrong use.
func family(c *cobra.Command) *cobra.Command {
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return &exit{exitUsage, fmt.Errorf("unknown command %q; %s --help lists them", args[0], c.CommandPath())}
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	return c
}

// want takes exactly n arguments; what says which they are.
func want(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return &exit{exitUsage, errors.New("want " + what)}
		}
		return nil
	}
}

// dataFlag adds the flag that every command about a plane's folder has.
func dataFlag(c *cobra.Command, cfg *config.Config) {
	c.Flags().StringVar(&cfg.Data, "data", cfg.Data, "data folder of the plane ($TAMACHI_DATA)")
}

// oneArgument wants one argument and says what it stands for.
func oneArgument(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return &exit{exitUsage, fmt.Errorf("want one argument: %s", what)}
		}
		return nil
	}
}

// strict has words that a command does not know be wrong use, for each below c.
func strict(c *cobra.Command) {
	for _, one := range c.Commands() {
		strict(one)
		if one.HasSubCommands() {
			continue
		}
		judge := one.Args
		if judge == nil {
			judge = cobra.NoArgs
		}
		one.Args = func(c *cobra.Command, args []string) error {
			err := judge(c, args)
			if _, coded := errors.AsType[interface {
				error
				ExitCode() int
			}](err); err == nil || coded {
				return err
			}
			if _, coded := errors.AsType[*exit](err); coded {
				return err
			}
			return noArguments(c, args) // cobra takes them for names of commands
		}
	}
}

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &exit{exitUsage, fmt.Errorf("unexpected argument %q", args[0])}
	}
	return nil
}
