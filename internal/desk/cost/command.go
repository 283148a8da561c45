package cost

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/report"
)

// Command is "tamachi cost". Its errors are *report.Exit. The actions are those
// of every duty.
func Command(w account.World, actions plan.Actions) *cobra.Command {
	c := &cobra.Command{
		Use: "cost", Short: "Say what desktops cost, and what could cost less",
		Args: func(_ *cobra.Command, args []string) error { return noArgs(args) },
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(sweepCommand(w, actions), answerCommand(w), whatIfCommand(w), ledgerCommand(w))
	return c
}

func noArgs(args []string) error {
	if len(args) > 0 {
		return misuse(fmt.Errorf("unknown argument %q", args[0]))
	}
	return nil
}

func misuse(err error) error { return &report.Exit{Code: report.Misuse, Err: err} }

// Prices reads a file of prices; no file is no table.
func Prices(file, system string) (*price.Table, error) {
	if file == "" {
		return nil, nil
	}
	r, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the prices: %w", err)
	}
	defer r.Close()
	t, err := price.Load(r)
	if err != nil {
		return nil, err
	}
	if system != "" && !slices.ContainsFunc(t.Systems(), func(s string) bool { return strings.EqualFold(s, system) }) {
		return nil, fmt.Errorf("--os %q: want one of the file's: %s", system, strings.Join(t.Systems(), ", "))
	}
	return t, nil
}

// failed is the exit for an error that a person should read in their language.
func failed(lang report.Lang, err error) error {
	if p, ok := errors.AsType[*account.Problem](err); ok {
		err = errors.New(p.In(lang))
	}
	return &report.Exit{Code: report.Found, Err: err}
}

// language is that of --lang, else that of the environment.
func language(w account.World, flag string) (report.Lang, error) {
	if flag == "" {
		return report.Language(w.Getenv), nil
	}
	return report.ParseLang(flag)
}
