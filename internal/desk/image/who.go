package image

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
)

func whoCommand(w account.World) *cobra.Command {
	var f duty.Options
	c := &cobra.Command{
		Use:   "who [IMAGE]",
		Short: "List who is on which image",
		Long: `A desktop does not tell its image; its bundle does. Where a bundle got another image,
its desktops are on it once they were made or rebuilt after that, which the trail
knows for 90 days. It changes nothing.

Exit code: 0 everybody is on the image of their bundle; 1 somebody is on an earlier
one, or it failed; 2 wrong use.`,
		Example: "  tamachi image who\n  tamachi image who wsi-0123456789 --json\n  tamachi image who --policy",
	}
	var images []string
	return f.Reads(w, c, duty.Duty{
		Policy: whoPolicy,
		Check: func(args []string) error {
			if images = args; len(args) > 1 || len(args) == 1 && !strings.HasPrefix(args[0], "wsi-") {
				return errors.New("want one image, as in: tamachi image who wsi-0123456789")
			}
			return nil
		},
		Run: func(ctx context.Context, lang report.Lang, out io.Writer) error {
			a, err := f.One(ctx)
			if err != nil {
				return err
			}
			seats, err := Who(ctx, a, w.Clock.Now(), images...)
			if err != nil {
				return err
			}
			s := &sheet{seats}
			if err := f.Print(out, lang, s); err != nil {
				return err
			}
			if slices.ContainsFunc(s.Seats, func(s Seat) bool { return s.Standing != Current }) {
				return &report.Exit{Code: report.Found}
			}
			return nil
		},
	})
}

// whoPolicy is the IAM policy that the list needs, nothing more.
// Source: Service Authorization Reference.
func whoPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiImageWho", Effect: "Allow", Resource: "*", Action: []string{
		"cloudtrail:LookupEvents", "workspaces:DescribeWorkspaceBundles", "workspaces:DescribeWorkspaces",
	}})
}

// sheet is the list.
type sheet struct {
	Seats []Seat `json:"desktops"`
}

// Who tells which image each desktop is on; images are those that are asked about,
// none is all.
func Who(ctx context.Context, a *account.Account, now time.Time, images ...string) ([]Seat, error) {
	all, err := account.AllDesktops(ctx, a.Desktops, nil)
	if err != nil {
		return nil, err
	}
	seats, err := place(ctx, a, now, all)
	if err != nil {
		return nil, err
	}
	if len(images) > 0 {
		seats = slices.DeleteFunc(seats, func(s Seat) bool { return !slices.Contains(images, s.Image) })
	}
	slices.SortStableFunc(seats, func(x, y Seat) int {
		return cmp.Or(cmp.Compare(x.Image, y.Image), cmp.Compare(x.Standing, y.Standing), cmp.Compare(x.User, y.User))
	})
	return seats, nil
}

var standings = map[Standing]report.Message{Current: text.OnIt, Earlier: text.Behind, Unclear: text.NotKnown}

// Write prints the list for a person, with the sum of each image first.
func (s *sheet) Write(w io.Writer, lang report.Lang) error {
	sums := report.Table{Header: []string{text.ColumnImage.In(lang), text.ColumnStanding.In(lang), text.ColumnDesktops.In(lang)}}
	rows := report.Table{Header: []string{text.ColumnUser.In(lang), text.ColumnDesktop.In(lang), text.ColumnBundle.In(lang), text.ColumnImage.In(lang), text.ColumnStanding.In(lang)}}
	type key struct{ image, standing string }
	n := map[key]int{}
	var order []key
	for _, seat := range s.Seats {
		k := key{seat.Image, standings[seat.Standing].In(lang)}
		if n[k] == 0 {
			order = append(order, k)
		}
		n[k]++
		rows.Rows = append(rows.Rows, []string{seat.User, seat.Desktop, seat.Bundle, seat.Image, k.standing})
	}
	if len(order) == 0 {
		_, err := fmt.Fprintln(w, text.Nobody.In(lang))
		return err
	}
	for _, k := range order {
		sums.Rows = append(sums.Rows, []string{k.image, k.standing, fmt.Sprint(n[k])})
	}
	if err := sums.Write(w, ""); err != nil {
		return err
	}
	fmt.Fprintln(w)
	return rows.Write(w, "")
}
