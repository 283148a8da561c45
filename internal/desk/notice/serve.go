package notice

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/calendar"
	"tamachi/internal/desk/question"
	"tamachi/internal/desk/report"
)

func serveCommand(w account.World, ways Ways, takers question.Takers) *cobra.Command {
	var listen string
	c := &cobra.Command{
		Use: "serve", Short: "Take people's answers: by links in mails, by buttons in Slack", Args: cobra.NoArgs,
		Long: `Serves the pages to which the links in mails lead (answers.url of the settings
is its address as readers reach it), and answers POST /slack/actions, the
request URL for interactivity of a Slack app, whose requests are proved by the
signing secret (slack.secret-file). The calendar of maintenance is there too
(see tamachi calendar link). Meanwhile it sends what could not go before, and
the digest of the quiet hours once they are over. Put it behind a proxy that does
TLS. A plane serves the same, of who runs it, below /_tamachi/answers.`,
		RunE: func(c *cobra.Command, _ []string) error {
			out := c.OutOrStdout()
			var mu sync.Mutex
			log := func(s string) {
				mu.Lock()
				defer mu.Unlock()
				fmt.Fprintln(out, report.Plain(s))
			}
			door, err := OpenDoor(w, ways, takers, log)
			if err != nil {
				return failed(err)
			}
			g, ctx := errgroup.WithContext(c.Context())
			g.Go(func() error { Keep(ctx, w, ways, log); return nil })
			g.Go(func() error { return door.Serve(ctx, listen) })
			if err := g.Wait(); err != nil {
				return failed(err)
			}
			return nil
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:4580", "address")
	return c
}

// OpenDoor makes the door of the settings.
func OpenDoor(w account.World, ways Ways, takers question.Takers, log func(string)) (*Door, error) {
	d, err := Open(w, ways)
	if err != nil {
		return nil, err
	}
	key, err := question.OpenKey(d.Shelf, w.Rand)
	if err != nil {
		return nil, err
	}
	desk := &question.Desk{Folder: question.In(d.Shelf), Takers: takers, Clock: w.Clock, Log: log}
	door := &Door{
		Page: question.Page{Desk: desk, Key: key, Settings: d.Settings}.Ready(), Clicks: ways.Clicks,
		Feed: &calendar.Feed{Shelf: d.Shelf, Random: w.Rand, Settings: d.Settings, Log: log},
	}
	if file := d.Settings.Slack.SecretFile; file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("slack.secret-file of the settings: %w", err)
		}
		door.Secret = strings.TrimSpace(string(b))
	}
	if ways.Doors != nil {
		if door.Others, err = ways.Doors(w, d.Settings, d.Shelf, log); err != nil {
			return nil, err
		}
	}
	if door.Secret == "" && d.Settings.Answers.URL == "" && len(door.Others) == 0 {
		return nil, errNoDoor
	}
	return door, nil
}
