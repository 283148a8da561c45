package office

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
)

// Flags are the options of both commands.
type Flags struct {
	Lang, Profile, Region string
	Timeout               time.Duration
}

// Command is "tamachi office" with its verbs up and down. Its errors are
// *report.Exit.
func Command(w account.World) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "office",
		Short: "Make or remove the sample office: a directory, its people, desktops, and a night that went wrong",
		Long: `Makes the sample office on a plane, by API calls as anybody could make them,
and removes it again. The environment (tamachi env) says which plane.`,
		Example:       "  tamachi office up\n  tamachi morning\n  tamachi office down",
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(*cobra.Command, []string) error {
			return &report.Exit{Code: report.Misuse, Err: errors.New("want up or down, as in: tamachi office up")}
		},
	}
	fs := cmd.PersistentFlags()
	fs.StringVar(&f.Lang, "lang", "", "ja or en (default from LC_ALL, LANG)")
	fs.StringVar(&f.Profile, "profile", "", "AWS profile")
	fs.StringVar(&f.Region, "region", "", "AWS Region")
	fs.DurationVar(&f.Timeout, "timeout", 20*time.Minute, "the longest wait of a step")
	verb := func(use, short string, do func(context.Context, account.World, io.Writer, Flags) error) {
		cmd.AddCommand(&cobra.Command{
			Use: use, Short: short, SilenceUsage: true, SilenceErrors: true,
			Args: func(_ *cobra.Command, args []string) error { return noArgs(args) },
			RunE: func(c *cobra.Command, _ []string) error { return do(c.Context(), w, c.OutOrStdout(), f) },
		})
	}
	verb("up", "Make the office, or complete it; what is there stays", up)
	verb("down", "Remove the office that was made from this machine", down)
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &report.Exit{Code: report.Misuse, Err: err} })
	return cmd
}

func noArgs(args []string) error {
	if len(args) > 0 {
		return &report.Exit{Code: report.Misuse, Err: fmt.Errorf("unknown argument %q", args[0])}
	}
	return nil
}

// up makes the office in the account that the environment points to.
func up(ctx context.Context, w account.World, out io.Writer, f Flags) error {
	return run(ctx, w, out, f, (*office).up)
}

// down removes it.
func down(ctx context.Context, w account.World, out io.Writer, f Flags) error {
	return run(ctx, w, out, f, (*office).down)
}

func run(ctx context.Context, w account.World, out io.Writer, f Flags, do func(*office, context.Context) error) error {
	lang := report.Language(w.Getenv)
	if f.Lang != "" {
		var err error
		if lang, err = report.ParseLang(f.Lang); err != nil {
			return &report.Exit{Code: report.Misuse, Err: err}
		}
	}
	if f.Timeout <= 0 {
		return &report.Exit{Code: report.Misuse, Err: errors.New("--timeout must be above zero")}
	}
	a, err := account.Load(ctx, account.Options{Profile: f.Profile, Region: f.Region})
	if err != nil {
		return failed(lang, err)
	}
	if a.Endpoint == "" {
		return &report.Exit{Code: report.Misuse, Err: errors.New(text.NotHere.In(lang))}
	}
	memory, err := shelf.In(w.Getenv)
	if err != nil {
		return failed(lang, err)
	}
	o := &office{
		hands: handsOf(a), world: w, shelf: memory, timeout: f.Timeout,
		target: shelf.Target{Region: a.Region, Endpoint: a.Endpoint},
		talk:   &talk{out: out, lang: lang, clock: w.Clock, began: w.Clock.Now()},
	}
	if err := o.open(ctx); err != nil {
		return failed(lang, err)
	}
	return failed(lang, do(o, ctx))
}

// open learns whose account it is and what is known of an office in it.
func (o *office) open(ctx context.Context) error {
	who, err := o.hands.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return account.Explain("sts:GetCallerIdentity", err)
	}
	o.target.Account = aws.ToString(who.Account)
	return o.recall()
}

func failed(lang report.Lang, err error) error {
	if err == nil {
		return nil
	}
	return duty.Failed(lang, err)
}
