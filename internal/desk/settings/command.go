package settings

import (
	_ "embed" // the example
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// example is a file with every key.
//
//go:embed example.yaml
var example string

var text = struct{ Good, Absent, Bad report.Message }{
	Good:   report.Message{En: "{path}: good", Ja: "{path}: 問題ありません"},
	Absent: report.Message{En: "no file at {path}: the defaults hold (tamachi config example)", Ja: "{path} がないため既定値を使います (tamachi config example)"},
	Bad:    report.Message{En: "{n} {n|problem|problems} in {path}", Ja: "{path} に問題が {n} 件あります"},
}

// Command is "tamachi config". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Check and show the settings of the desk",
		Long: `The desk has one settings file: $TAMACHI_DESK, else ~/.config/tamachi/desk.yaml.
Without it sensible defaults hold.`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(checkCommand(w), showCommand(w), &cobra.Command{
		Use: "example", Short: "Print a file with every key, explained", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(c.OutOrStdout(), example)
			return err
		},
	})
	return c
}

func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &report.Exit{Code: report.Misuse, Err: fmt.Errorf("unknown argument %q", args[0])}
	}
	return nil
}

func checkCommand(w account.World) *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Say what is wrong with the settings file, line by line", Args: noArgs,
		Long:    "Exit code: 0 nothing is wrong, or there is no file; 1 something is.",
		Example: "  tamachi config check\n  TAMACHI_DESK=./desk.yaml tamachi config check",
		RunE: func(c *cobra.Command, _ []string) error {
			lang := report.Language(w.Getenv)
			path, _ := path(w.Getenv)
			_, err := Load(w.Getenv)
			if err == nil {
				m := text.Good
				if _, err := os.Stat(path); err != nil {
					m = text.Absent
				}
				fmt.Fprintln(c.OutOrStdout(), m.In(lang, "path", path))
				return nil
			}
			problems := problems(err)
			if len(problems) == 0 {
				return &report.Exit{Code: report.Found, Err: err}
			}
			for _, p := range problems {
				fmt.Fprintf(c.OutOrStdout(), "%s:%d: %s\n", path, p.Line, report.Plain(p.Text+hint(p)))
			}
			return &report.Exit{Code: report.Found, Err: errors.New(text.Bad.In(lang, "n", len(problems), "path", path))}
		},
	}
}

func hint(p *Problem) string {
	if p.Near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", p.Near)
}

// problems takes the problems out of an error of Load or Read.
func problems(err error) []*Problem {
	if p, ok := err.(*Problem); ok { //nolint:errorlint // the tree is walked here
		return []*Problem{p}
	}
	switch e := err.(type) { //nolint:errorlint // the tree is walked here
	case interface{ Unwrap() []error }:
		var out []*Problem
		for _, inner := range e.Unwrap() {
			out = append(out, problems(inner)...)
		}
		return out
	case interface{ Unwrap() error }:
		return problems(e.Unwrap())
	}
	return nil
}

func showCommand(w account.World) *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Print the settings that hold, defaults included", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := Load(w.Getenv)
			if err != nil {
				return &report.Exit{Code: report.Found, Err: err}
			}
			b, err := yaml.Marshal(s)
			if err != nil {
				return &report.Exit{Code: report.Found, Err: err}
			}
			_, err = c.OutOrStdout().Write(b)
			return err
		},
	}
}
