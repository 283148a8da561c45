package approval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// desk is one run of the command.
type desk struct {
	world                         account.World
	lang                          report.Lang
	out                           io.Writer
	folder                        Folder
	json                          bool
	reason, profile, region, want string
}

// Command is "tamachi approval". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	c := &cobra.Command{
		Use:   "approval",
		Short: "Show and decide what waits for somebody's agreement",
		Long: `Who must agree to what stands in the settings (approvals, see tamachi config
example). Who votes is who the AWS credentials say: people.NAME.aws.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return duty.Misuse(fmt.Errorf("unknown argument %q", args[0]))
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		verb(w, "list", "List the requests, the newest first", func(_ context.Context, d *desk, _ string) error { return d.list() }),
		verb(w, "show REQUEST", "Show a request, its evidence and its votes", func(_ context.Context, d *desk, id string) error { return d.showID(id) }),
		verb(w, "approve REQUEST", "Agree to a request", func(ctx context.Context, d *desk, id string) error { return d.vote(ctx, id, true) }),
		verb(w, "reject REQUEST", "Refuse a request, and say why", func(ctx context.Context, d *desk, id string) error { return d.vote(ctx, id, false) }),
	)
	return c
}

func verb(w account.World, use, short string, run func(context.Context, *desk, string) error) *cobra.Command {
	d := &desk{world: w}
	name, _, one := strings.Cut(use, " ")
	c := &cobra.Command{
		Use: use, Short: short, SilenceUsage: true, SilenceErrors: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || one != (len(args) == 1) {
				return duty.Misuse(errors.New("want: tamachi approval " + use))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			d.out = c.OutOrStdout()
			if err := d.open(); err != nil {
				return err
			}
			return run(c.Context(), d, strings.Join(args, ""))
		},
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return duty.Misuse(err) })
	c.Flags().BoolVar(&d.json, "json", false, "print the same as JSON")
	c.Flags().StringVar(&d.want, "lang", "", "ja or en (default from LC_ALL, LANG)")
	if name == "approve" || name == "reject" {
		c.Flags().StringVar(&d.reason, "reason", "", "why")
		c.Flags().StringVar(&d.profile, "profile", "", "AWS profile of who votes")
		c.Flags().StringVar(&d.region, "region", "", "AWS Region")
	}
	return c
}

func (d *desk) open() error {
	d.lang = report.Language(d.world.Getenv)
	if d.want != "" {
		l, err := report.ParseLang(d.want)
		if err != nil {
			return duty.Misuse(err)
		}
		d.lang = l
	}
	s, err := shelf.In(d.world.Getenv)
	if err != nil {
		return d.failed(err)
	}
	d.folder = In(s)
	return nil
}

func (d *desk) failed(err error) error {
	if p, ok := errors.AsType[*account.Problem](err); ok {
		err = errors.New(p.In(d.lang))
	}
	return &report.Exit{Code: report.Found, Err: err}
}

func (d *desk) list() error {
	all, broken := d.folder.List()
	now := d.world.Clock.Now()
	if d.json {
		if all == nil {
			all = []*Record{}
		}
		if err := d.print(all); err != nil {
			return err
		}
	} else if len(all) == 0 {
		fmt.Fprintln(d.out, text.None.In(d.lang))
	} else {
		t := report.Table{Header: []string{
			text.ColumnID.In(d.lang), text.ColumnState.In(d.lang), text.ColumnBy.In(d.lang),
			text.ColumnWaits.In(d.lang), text.ColumnUntil.In(d.lang), text.ColumnSubject.In(d.lang),
		}}
		for _, r := range all {
			state, _ := r.State(now)
			t.Rows = append(t.Rows, []string{
				r.Request.ID, label(state).In(d.lang), r.Request.who(), strings.Join(r.Asked(now), ", "),
				r.Request.Expires.In(d.world.Location).Format("2006-01-02 15:04"), r.Request.Title.In(d.lang),
			})
		}
		if err := t.Write(d.out, ""); err != nil {
			return err
		}
	}
	if broken != nil {
		return d.failed(broken)
	}
	return nil
}

func (d *desk) showID(id string) error {
	r, err := d.folder.Read(id)
	if err != nil {
		return d.failed(Explain(err, d.lang, id, Vote{}))
	}
	return d.show(r)
}

func (d *desk) show(r *Record) error {
	if !d.json {
		return r.Write(d.out, d.lang, d.world.Location, d.world.Clock.Now())
	}
	state, stage := r.State(d.world.Clock.Now())
	return d.print(struct {
		*Record
		State State    `json:"state"`
		Stage int      `json:"stage"`
		Asked []string `json:"asked"`
	}{r, state, stage, r.Asked(d.world.Clock.Now())})
}

func (d *desk) print(v any) error {
	enc := json.NewEncoder(d.out)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// Options are of a vote by the CLI.
type Options struct {
	ID, Reason, Profile, Region string
	Agree, JSON                 bool
	Lang                        report.Lang
}

// Decide votes as whoever the AWS credentials say, and shows where the request
// stands.
func Decide(ctx context.Context, w account.World, out io.Writer, o Options) error {
	d := &desk{world: w, out: out, lang: o.Lang, json: o.JSON, reason: o.Reason, profile: o.Profile, region: o.Region, want: string(o.Lang)}
	if err := d.open(); err != nil {
		return err
	}
	return d.vote(ctx, o.ID, o.Agree)
}

func (d *desk) vote(ctx context.Context, id string, agree bool) error {
	conf, err := settings.Load(d.world.Getenv)
	if err != nil {
		return d.failed(err)
	}
	a, err := account.Load(ctx, account.Options{Profile: d.profile, Region: d.region})
	if err != nil {
		return d.failed(err)
	}
	me, err := a.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return d.failed(account.Explain("sts:GetCallerIdentity", err))
	}
	v := Vote{By: aws.ToString(me.Arn), Via: CLI, Agree: agree, Reason: d.reason}
	v.Person = conf.Caller(v.By)
	r, err := d.folder.Decide(id, v, d.world.Clock.Now())
	if err != nil {
		return d.failed(Explain(err, d.lang, id, v))
	}
	if err := r.Tell(ctx, d.world); err != nil && !d.json {
		fmt.Fprintln(d.out, text.Untold.In(d.lang, "problem", err))
	}
	if !d.json {
		fmt.Fprintln(d.out, text.Counted.In(d.lang, "person", v.Person))
	}
	return d.show(r)
}
