package image

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Wish is what somebody wants to be rolled out.
type Wish struct {
	Rules
	Image, Bundle string
	List          string // file of the acceptance list; "" is that of the settings
}

// usual are the rules where nothing is said.
var usual = Rules{Canaries: 1, Wave: 25, Stop: 3, Window: "off-hours", Topic: "desktops"}

// Check tells what is wrong with a wish.
func (w *Wish) Check() error {
	_, err := settings.ParseWindow(w.Window)
	switch {
	case err != nil:
		return err
	case !strings.HasPrefix(w.Image, "wsi-") || !thing.MatchString(w.Image) || !strings.HasPrefix(w.Bundle, "wsb-"):
		return errors.New("want an image and a bundle, as in: tamachi image rollout wsi-0123456789 --bundle wsb-8vbljg4r6")
	case w.How != "" && w.How != byRebuild && w.How != byMigrate:
		return errors.New("--how is rebuild or migrate")
	case w.Name != "" && w.How == byRebuild:
		return errors.New("--name goes with --how migrate")
	case w.Wave < 1 || w.Canaries < 1 || w.Stop < 1:
		return errors.New("--wave, --canaries and --stop-after must be above zero")
	}
	return nil
}

// propose makes the plan of a rollout by the caller's ARN. It changes nothing. A
// plan without steps has notes that say why.
func propose(ctx context.Context, world account.World, a *account.Account, at plan.Place, by string, lang report.Lang, w Wish) (*plan.Plan, error) {
	list, err := acceptance(world.Getenv, w.List)
	if err != nil {
		return nil, duty.Misuse(err)
	}
	conf, err := settings.Load(world.Getenv)
	if err != nil {
		return nil, duty.Misuse(err)
	}
	r := &Rollout{At: world.Clock.Now().UTC(), Image: w.Image, Bundle: w.Bundle, list: list, conf: conf, by: by, place: at}
	if err := r.gather(ctx, a, lang, &w.Rules); err != nil {
		return nil, err
	}
	return r.propose(w.Rules)
}

type rolloutFlags struct {
	plan.Options
	Wish
}

func rolloutCommand(w account.World, actions plan.Actions) *cobra.Command {
	var f rolloutFlags
	c := &cobra.Command{
		Use:   "rollout IMAGE",
		Short: "Bring a new image to the desktops of a bundle: canaries, then wave after wave",
		Long: `Plans how the desktops of a bundle get a new image. By rebuild, the bundle gets the
image and each desktop is built anew of it; by migrate, a new bundle is made and
each desktop migrated to it, which can be undone. The user volume is kept as of
its last snapshot; the plan says what is lost.

First the people concerned are told (settings: people, channels). Canaries go first
and are checked by the acceptance list; when one fails, nothing else is begun.
Then come waves, inside the window only: off-hours (outside working hours of the
settings), days-off, 22:00-06:00, days-off 22:00-06:00, or one span such as
2026-11-28T22:00/2026-11-29T06:00. A desktop where somebody works is taken last, and
if somebody works there still, by the next apply. So "tamachi plan apply PLAN" can
stand in a timer until all is done. Nothing is done twice, also after a crash. One
with an exemption tag of the settings stays as it is, and the plan names it.

Exit code: 0 nothing to do, or done; 1 something is to do, held back, or failed;
2 wrong use.`,
		Example: `  tamachi image rollout wsi-0123456789 --bundle wsb-8vbljg4r6
  tamachi image rollout wsi-0123456789 --bundle wsb-8vbljg4r6 --canary tanabe.ken --wave 20 --window days-off --apply
  tamachi image rollout wsi-0123456789 --bundle wsb-8vbljg4r6 --how migrate --name standard-2026-12 --apply
  tamachi image rollout --policy --apply`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return f.run(c.Context(), f.Desk(c, w, actions), args)
		},
	}
	f.Add(c)
	fs := c.Flags()
	fs.StringVar(&f.Bundle, "bundle", "", "bundle whose desktops get the image: wsb-...")
	fs.StringVar(&f.How, "how", "", "rebuild or migrate (default rebuild; migrate for a bundle of AWS's)")
	fs.StringVar(&f.Name, "name", "", "with migrate: name of the new bundle (default the image's)")
	fs.StringSliceVar(&f.Only, "only", nil, "these desktops and users alone: a,b")
	fs.StringSliceVar(&f.Canary, "canary", nil, "desktops and users that are first: a,b (default one that runs and is not in use)")
	fs.IntVar(&f.Canaries, "canaries", usual.Canaries, "how many are first, where none is named")
	fs.IntVar(&f.Wave, "wave", usual.Wave, "how many desktops at a time after that")
	fs.IntVar(&f.Stop, "stop-after", usual.Stop, "begin nothing further after so many failures")
	fs.StringVar(&f.Window, "window", usual.Window, `when desktops are touched; "" is at any time`)
	fs.StringVar(&f.List, "list", "", "file with the acceptance list for the canaries (default that of the settings)")
	fs.StringVar(&f.Topic, "topic", usual.Topic, "topic of the settings' channels in which people are told")
	fs.BoolVar(&f.Anyway, "anyway", false, "also desktops whose user volume has no snapshot")
	return c
}

// rolloutReads are the IAM actions of a plan.
var rolloutReads = []string{
	"cloudtrail:LookupEvents", "tag:GetResources", "workspaces:DescribeWorkspaceBundles", "workspaces:DescribeWorkspaceImages",
	"workspaces:DescribeWorkspaceSnapshots", "workspaces:DescribeWorkspaces", "workspaces:DescribeWorkspacesConnectionStatus",
}

// rolloutPolicy is the IAM policy that the plan needs, and with apply what its
// actions look at and change besides.
// Source: Service Authorization Reference.
func rolloutPolicy(actions plan.Actions, apply bool) string {
	statements := []account.Statement{{Sid: "TamachiImageRollout", Effect: "Allow", Resource: "*", Action: rolloutReads}}
	if apply {
		read, write := actions.Permissions(UpdateBundle, CreateBundle, DeleteBundle, Rebuild, Migrate, CheckCanary, notice.TellAction)
		all := append(read, write...)
		slices.Sort(all)
		statements = append(statements, account.Statement{Sid: "TamachiImageRolloutApply", Effect: "Allow", Resource: "*", Action: slices.Compact(all)})
	}
	return account.PolicyDocument(statements...)
}

// check tells what is wrong with the options.
func (f *rolloutFlags) check(args []string) error {
	if err := errors.Join(f.Reach.Check(), f.Flags.Check()); err != nil {
		return err
	}
	if len(args) == 1 {
		f.Image = args[0]
	}
	if f.Yes && !f.Apply {
		return errors.New("--yes goes with --apply")
	}
	return f.Wish.Check()
}

func (f *rolloutFlags) run(ctx context.Context, d *plan.Desk, args []string) error {
	if f.Policy {
		_, err := io.WriteString(d.Streams.Out, rolloutPolicy(d.Actions, f.Apply))
		return err
	}
	if err := f.check(args); err != nil {
		return duty.Misuse(err)
	}
	f.Rules.Reason = f.Flags.Reason
	lang := d.Language()
	stop := f.Reach.Watch(d.Streams.Err, lang)
	p, err := f.propose(ctx, d, lang)
	if stop(); err != nil {
		return duty.Failed(lang, err)
	}
	return f.Settle(ctx, d, p)
}

func (f *rolloutFlags) propose(ctx context.Context, d *plan.Desk, lang report.Lang) (*plan.Plan, error) {
	at, a, err := plan.Here(ctx, f.Reach)
	if err != nil {
		return nil, err
	}
	by, _, err := plan.Who(ctx, a)
	if err != nil {
		return nil, err
	}
	return propose(ctx, d.World, a, at, by, lang, f.Wish)
}

// gather reads image, bundle and desktops.
func (r *Rollout) gather(ctx context.Context, a *account.Account, lang report.Lang, rules *Rules) error {
	image, err := pictured(ctx, a, r.Image)
	if err != nil {
		return err
	}
	if image == nil {
		return errors.New(text.NoImage.In(lang, "image", r.Image))
	}
	if image.State != types.WorkspaceImageStateAvailable {
		return errors.New(text.ImageState.In(lang, "state", image.State))
	}
	r.Name = bundleName(image)
	bundles, err := allBundles(ctx, a, r.Bundle)
	if err != nil {
		return err
	}
	if len(bundles) == 0 {
		return errors.New(text.NoBundle.In(lang, "bundle", r.Bundle))
	}
	r.bundle, r.Was = bundles[0], aws.ToString(bundles[0].ImageId)
	amazons := strings.EqualFold(aws.ToString(r.bundle.Owner), "AMAZON")
	switch {
	case rules.How == "" && amazons:
		rules.How = byMigrate
	case rules.How == "":
		rules.How = byRebuild
	case rules.How == byRebuild && amazons:
		return errors.New(text.AmazonsBundle.In(lang, "bundle", r.Bundle))
	}
	if r.How = rules.How; rules.Name == "" {
		rules.Name = r.Name
	}
	if r.Master, err = origin(ctx, a.Trail, image); err != nil {
		return err
	}
	return r.seats(ctx, a)
}

// seats reads the bundle's desktops, who is there, their tags and snapshots.
func (r *Rollout) seats(ctx context.Context, a *account.Account) error {
	desktops, err := ofBundle(ctx, a, r.Bundle)
	if err != nil {
		return err
	}
	if r.Seats, err = place(ctx, a, r.At, desktops); err != nil {
		return err
	}
	var ids []string
	for _, s := range r.Seats {
		ids = append(ids, s.Desktop)
	}
	busy, err := connected(ctx, a, ids)
	if err != nil {
		return err
	}
	tags, err := account.DesktopTags(ctx, a.Tags)
	if err != nil {
		return err // whose desktop is to stay as it is, nobody could say
	}
	for i := range r.Seats {
		s := &r.Seats[i]
		s.Connected = busy[s.Desktop]
		for _, key := range slices.Sorted(maps.Keys(tags[s.Desktop])) {
			if s.Exempt == "" && r.conf.Exempt(key) {
				s.Exempt = key
			}
		}
	}
	return snapshots(ctx, a, r.Seats)
}
