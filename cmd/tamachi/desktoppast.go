package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

// desktopLife and desktopEvent are what DescribeDesktopHistory answers.
type desktopLife struct {
	WorkspaceID  string  `json:"WorkspaceId"`
	DirectoryID  string  `json:"DirectoryId"`
	UserName     string  `json:"UserName"`
	ComputerName string  `json:"ComputerName"`
	BundleID     string  `json:"BundleId"`
	State        string  `json:"State"`
	CreatedAt    float64 `json:"CreatedAt"`
	TerminatedAt float64 `json:"TerminatedAt,omitempty"`
}

type desktopEvent struct {
	WorkspaceID string  `json:"WorkspaceId"`
	At          float64 `json:"At"`
	State       string  `json:"State"`
	By          string  `json:"By,omitempty"`
	RequestID   string  `json:"RequestId,omitempty"`
	Code        string  `json:"ErrorCode,omitempty"`
	Message     string  `json:"ErrorMessage,omitempty"`
	Mode        string  `json:"RunningMode"`
	Compute     string  `json:"ComputeTypeName"`
	RootGiB     int     `json:"RootVolumeSizeGib"`
	UserGiB     int     `json:"UserVolumeSizeGib"`
}

type desktopPast struct {
	Desktops []desktopLife
	Events   []desktopEvent
}

func desktopHistoryCommand(cfg config.Config) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "history WORKSPACE-ID|USER",
		Short: "Tell what happened to a desktop, also when it was terminated",
		Long: "Prints a desktop's states, errors and changes with the time and who asked for them.\n" +
			"For a user it lists the desktops that the user has and had, and tells of the only one.\n" +
			"AWS forgets a WorkSpace that was terminated; this history is the plane's own.",
		Example: "  tamachi desktop history ws-0123456789\n  tamachi desktop history fujita.kouhei",
		Args:    want(1, "a WorkSpace id or a user name, as in: tamachi desktop history ws-0123456789"),
		RunE: func(c *cobra.Command, args []string) error {
			past, err := askPast(c.Context(), cfg, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), past)
			}
			return showPast(c.OutOrStdout(), past)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	dataFlag(c, &cfg)
	return c
}

// askPast reads all pages.
func askPast(ctx context.Context, cfg config.Config, name string) (desktopPast, error) {
	in := map[string]any{"UserName": name, "MaxResults": 1000}
	if strings.HasPrefix(name, "ws-") {
		in = map[string]any{"WorkspaceId": name, "MaxResults": 1000}
	}
	past := desktopPast{Events: []desktopEvent{}}
	for {
		var page struct {
			desktopPast
			NextToken string
		}
		if err := askPlane(ctx, cfg, "DescribeDesktopHistory", in, &page); err != nil {
			return past, err
		}
		past.Desktops, past.Events = page.Desktops, append(past.Events, page.Events...)
		if page.NextToken == "" {
			return past, nil
		}
		in["NextToken"] = page.NextToken
	}
}

func showPast(w io.Writer, past desktopPast) error {
	for _, d := range past.Desktops {
		fmt.Fprintf(w, "%s  %s  %s  %s  created %s", d.WorkspaceID, d.State, d.UserName, d.BundleID, clockTime(d.CreatedAt))
		if d.TerminatedAt > 0 {
			fmt.Fprintf(w, "  terminated %s", clockTime(d.TerminatedAt))
		}
		fmt.Fprintln(w)
	}
	if len(past.Desktops) > 1 {
		_, err := fmt.Fprintln(w, "more than one: ask by WorkSpace id for what happened")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	last := desktopEvent{}
	for _, e := range past.Events {
		by := e.By
		if by == "" {
			by = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", clockTime(e.At), e.State, by, e.tells(last))
		last = e
	}
	return t.Flush()
}

// tells says what is new beside the state.
func (e desktopEvent) tells(last desktopEvent) string {
	var words []string
	if e.Mode != last.Mode {
		words = append(words, e.Mode)
	}
	if e.Compute != last.Compute {
		words = append(words, e.Compute)
	}
	if e.RootGiB != last.RootGiB || e.UserGiB != last.UserGiB {
		words = append(words, fmt.Sprintf("%d+%d GB", e.RootGiB, e.UserGiB))
	}
	if e.Code != "" {
		words = append(words, e.Code+": "+e.Message)
	}
	return strings.Join(words, ", ")
}

// clockTime writes the time of an answer, UTC.
func clockTime(epoch float64) string {
	return time.UnixMilli(int64(epoch * 1000)).UTC().Format("2006-01-02 15:04:05Z")
}
