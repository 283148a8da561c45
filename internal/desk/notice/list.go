package notice

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// Entry is a post that has not gone everywhere.
type Entry struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	State string    `json:"state"` // waits: for the morning; owed: tried again; refused; given up
	Place string    `json:"place,omitempty"`
	What  [2]string `json:"what,omitzero"`
	Why   string    `json:"why,omitempty"`
}

// recently is how long it is listed that a post never got somewhere.
const recently = 7 * 24 * time.Hour

// Standing lists what waits, what is owed, and what was refused or given up of late.
func (d *Desk) Standing() ([]Entry, error) {
	l, err := d.look()
	if err != nil {
		return nil, err
	}
	out := []Entry{}
	for _, state := range []string{owed, waits} {
		for _, s := range l.open(state) {
			out = append(out, Entry{ID: s.post.ID, At: s.at, State: state, What: s.post.What})
		}
	}
	since := d.Clock.Now().Add(-recently)
	for _, k := range l.lost {
		if k.At.Before(since) {
			continue
		}
		e := Entry{ID: k.ID, At: k.At, State: k.State, Place: k.Place, Why: k.Note}
		if s := l.posts[k.ID]; s != nil {
			e.What = s.post.What
		}
		out = append(out, e)
	}
	return out, nil
}

func listCommand(w account.World, ways Ways) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List what has not gone out: for the morning, to be tried again, refused, given up", Args: cobra.NoArgs,
		Long: "Exit code: 0; 1 where something could not be sent, or was refused or given up in the last 7 days.",
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := Open(w, ways)
			if err != nil {
				return failed(err)
			}
			all, err := d.Standing()
			if err != nil {
				return failed(err)
			}
			if asJSON {
				enc := json.NewEncoder(c.OutOrStdout())
				enc.SetIndent("", "  ")
				err = enc.Encode(all)
			} else {
				err = table(c, report.Language(w.Getenv), w.Location, all)
			}
			if err != nil {
				return failed(err)
			}
			for _, e := range all {
				if e.State != waits {
					return &report.Exit{Code: report.Found}
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the same as JSON")
	return c
}

func table(c *cobra.Command, l report.Lang, zone *time.Location, all []Entry) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(c.OutOrStdout(), text.AllSent.In(l))
		return err
	}
	states := map[string]report.Message{waits: text.Waits, owed: text.Owed, lost: text.Lost, given: text.Given}
	t := report.Table{Header: []string{text.ColumnAt.In(l), text.ColumnState.In(l), text.ColumnPlace.In(l), text.ColumnWhat.In(l)}}
	for _, e := range all {
		what := e.What[0]
		if l == report.Japanese {
			what = e.What[1]
		}
		if e.Why != "" {
			what += " (" + e.Why + ")"
		}
		t.Rows = append(t.Rows, []string{e.At.In(zone).Format("2006-01-02 15:04"), states[e.State].In(l), e.Place, report.Plain(what)})
	}
	return t.Write(c.OutOrStdout(), "")
}
