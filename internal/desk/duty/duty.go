// Package duty is what the commands of all duties have in common: the options
// that every one takes, how it prints for people and for programs, and how it
// fails.
package duty

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// Options are what every duty takes.
type Options struct {
	Lang         string
	JSON, Policy bool
	Reach        account.Reach
}

// Add gives the options to a command, which prints neither usage nor errors by
// itself: whoever runs it reads a *report.Exit.
func (o *Options) Add(c *cobra.Command) {
	c.SilenceUsage, c.SilenceErrors = true, true
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return Misuse(err) })
	fs := c.Flags()
	fs.BoolVar(&o.JSON, "json", false, "print the same as JSON")
	fs.BoolVar(&o.Policy, "policy", false, "print the minimal IAM policy and end")
	fs.StringVar(&o.Lang, "lang", "", "ja or en (default from LC_ALL, LANG)")
	o.Reach.Flags(fs)
}

// Duty is a duty that reads one account, and its parts.
type Duty struct {
	Policy func() string
	Check  func(args []string) error // tells of wrong use
	Run    func(ctx context.Context, lang report.Lang, out io.Writer) error
	Failed func(report.Lang, error) error // Failed of this package, where it is nil
}

// Reads makes a command of a duty: it prints the policy that was asked for, or
// checks what was given, runs the duty, and says on stderr what takes long.
func (o *Options) Reads(w account.World, c *cobra.Command, d Duty) *cobra.Command {
	o.Add(c)
	c.Args = cobra.ArbitraryArgs
	if d.Failed == nil {
		d.Failed = Failed
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		if o.Policy {
			_, err := io.WriteString(c.OutOrStdout(), d.Policy())
			return err
		}
		if err := d.Check(args); err != nil {
			return Misuse(err)
		}
		lang, err := o.Language(w)
		if err != nil {
			return err
		}
		stop := o.Reach.Watch(c.ErrOrStderr(), lang)
		err = d.Run(c.Context(), lang, c.OutOrStdout())
		if stop(); err != nil {
			return d.Failed(lang, err)
		}
		return nil
	}
	return c
}

// Language is the reader's. It fails on wrong use.
func (o *Options) Language(w account.World) (report.Lang, error) {
	if err := o.Reach.Check(); err != nil {
		return "", Misuse(err)
	}
	if o.Lang == "" {
		return report.Language(w.Getenv), nil
	}
	lang, err := report.ParseLang(o.Lang)
	if err != nil {
		return "", Misuse(err)
	}
	return lang, nil
}

// One opens the one account and Region that the options choose.
func (o *Options) One(ctx context.Context) (*account.Account, error) {
	places, err := account.Open(ctx, o.Reach)
	switch {
	case err != nil:
		return nil, err
	case len(places) != 1:
		return nil, Misuse(errors.New("this goes with one account and Region; choose by --profile, --region, --accounts"))
	case places[0].Problem != nil:
		return nil, places[0].Problem
	}
	return places[0].Eyes, nil
}

// Text is what prints itself for people.
type Text interface {
	Write(w io.Writer, lang report.Lang) error
}

// Print writes what was found for whoever asked.
func (o *Options) Print(w io.Writer, lang report.Lang, found Text) error {
	if !o.JSON {
		return found.Write(w, lang)
	}
	return JSON(w, found)
}

// JSON writes what was found for programs.
func JSON(w io.Writer, found any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(found)
}

// Misuse is the exit of a wrong use.
func Misuse(err error) error { return &report.Exit{Code: report.Misuse, Err: err} }

// Failed is the exit for an error that a person should read in their language.
func Failed(lang report.Lang, err error) error {
	if exit, ok := errors.AsType[*report.Exit](err); ok {
		return exit
	}
	if p, ok := errors.AsType[*account.Problem](err); ok {
		err = p.Told(lang)
	}
	return &report.Exit{Code: report.Found, Err: err}
}
