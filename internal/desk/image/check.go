package image

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

type checkFlags struct {
	duty.Options
	Master, List string
	what         string // image, desktop or node
}

func checkCommand(w account.World) *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check IMAGE|MASTER",
		Short: "Say whether a golden image has what it must have, and name what is missing",
		Long: `Compares the desktop that an image was made of (the trail knows which) with the
acceptance list: patches by Patch Manager's last scan, antivirus, programs with
their least versions by inventory and by asking the desktop itself, and the site's
own probes. A desktop (ws-...) or managed node (mi-..., i-...) can be checked before
an image is made of it. It changes nothing.

The list is the key acceptance of the settings file (tamachi config), or a file of
the same keys.

Exit code: 0 accepted; 1 something is missing, or failed; 2 wrong use.`,
		Example: `  tamachi image check wsi-0123456789
  tamachi image check ws-8xk2vm4d1 --list developers.yaml
  tamachi image check wsi-0123456789 --master ws-8xk2vm4d1 --json
  tamachi image check --policy`,
	}
	c.Flags().StringVar(&f.Master, "master", "", "desktop or managed node that the image was made of, where the trail does not say: ws-..., mi-..., i-...")
	c.Flags().StringVar(&f.List, "list", "", "file with the acceptance list (default that of the settings)")
	return f.Reads(w, c, duty.Duty{Policy: checkPolicy, Check: f.check, Run: func(ctx context.Context, lang report.Lang, out io.Writer) error {
		return f.run(ctx, w, lang, out, f.what)
	}})
}

// check reads what was given.
func (f *checkFlags) check(args []string) error {
	if len(args) != 1 || !thing.MatchString(args[0]) || f.Master != "" && (!thing.MatchString(f.Master) || strings.HasPrefix(f.Master, "wsi-")) {
		return errors.New("want an image, desktop or managed node, as in: tamachi image check wsi-0123456789")
	}
	f.what = args[0]
	return nil
}

var thing = regexp.MustCompile(`^(wsi|ws|mi|i)-[0-9a-z]{8,63}$`)

// checkPolicy is the IAM policy that the check needs, nothing more. SendCommand
// runs the probe, which reads only.
// Source: Service Authorization Reference.
func checkPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiImageCheck", Effect: "Allow", Resource: "*", Action: checkReads()})
}

// acceptance reads the list from its file, else from the settings.
func acceptance(getenv func(string) string, file string) (settings.Acceptance, error) {
	if file == "" {
		s, err := settings.Load(getenv)
		if err != nil {
			return settings.Acceptance{}, err
		}
		return s.Acceptance, nil
	}
	r, err := os.Open(file)
	if err != nil {
		return settings.Acceptance{}, err
	}
	defer r.Close()
	a, err := settings.ReadAcceptance(r)
	if err != nil {
		return settings.Acceptance{}, fmt.Errorf("%s: %w", file, err)
	}
	return *a, nil
}

func (f *checkFlags) run(ctx context.Context, w account.World, lang report.Lang, out io.Writer, what string) error {
	want, err := acceptance(w.Getenv, f.List)
	if err != nil {
		return duty.Misuse(err)
	}
	a, err := f.One(ctx)
	if err != nil {
		return err
	}
	c, err := Accept(ctx, w, a, lang, what, f.Master, want)
	if err != nil {
		return err
	}
	if err := f.Print(out, lang, c); err != nil {
		return err
	}
	if len(c.Missing()) > 0 {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// Accept looks at an image, or at what will be one: a desktop or managed node.
// master is what the image was made of, "" where the trail is to say it.
func Accept(ctx context.Context, w account.World, a *account.Account, lang report.Lang, what, master string, want settings.Acceptance) (*Check, error) {
	f := Facts{At: w.Clock.Now().UTC()}
	if strings.HasPrefix(what, "wsi-") {
		image, err := pictured(ctx, a, what)
		if err != nil {
			return nil, err
		}
		if image == nil {
			return nil, errors.New(text.NoImage.In(lang, "image", what))
		}
		f.Image, f.State, f.Made = what, string(image.State), aws.ToTime(image.Created).UTC()
		if master == "" {
			if master, err = origin(ctx, a.Trail, image); err != nil {
				return nil, err
			}
		}
		if master == "" {
			return nil, errors.New(text.NoOrigin.In(lang, "image", what))
		}
	}
	master = cmp.Or(master, what)
	there, err := f.node(ctx, a, master)
	switch {
	case err != nil:
		return nil, err
	case !there && strings.HasPrefix(master, "ws-"):
		return nil, errors.New(text.MasterGone.In(lang, "master", master, "image", what))
	case !there:
		return nil, errors.New(text.NoSuchNode.In(lang, "master", master))
	}
	if err := f.gather(ctx, a, want); err != nil {
		return nil, err
	}
	return judge(f, want), nil
}

func names(items []Item) string {
	var out []string
	for _, i := range items {
		out = append(out, i.Name)
	}
	return strings.Join(out, ", ")
}
