package cost

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
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
		return duty.Misuse(fmt.Errorf("unknown argument %q", args[0]))
	}
	return nil
}

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

// language is that of --lang, else that of the environment.
func language(w account.World, flag string) (report.Lang, error) {
	if flag == "" {
		return report.Language(w.Getenv), nil
	}
	return report.ParseLang(flag)
}
