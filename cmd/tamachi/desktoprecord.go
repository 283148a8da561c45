package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

// desktopRecording is one line of the list.
type desktopRecording struct {
	RecordingID string  `json:"RecordingId"`
	Workspace   string  `json:"WorkspaceId"`
	User        string  `json:"UserName,omitempty"`
	Status      string  `json:"Status"`
	StartedBy   string  `json:"StartedBy"`
	Reason      string  `json:"Reason"`
	Start       float64 `json:"StartTime"`
	Seconds     int64   `json:"DurationSeconds"`
	Bytes       int64   `json:"SizeBytes,omitempty"`
	EndReason   string  `json:"EndReason,omitempty"`
	RetainUntil float64 `json:"RetainUntil"`
	DeletedBy   string  `json:"DeletedBy,omitempty"`
}

func recordingCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{
		Use:   "recording",
		Short: "Record a desktop's screen, visibly for its user; list, play, export and delete recordings",
		Long: "Recordings are made under rights of their own (tamachi:RecordDesktop, ListDesktopRecordings, PlayDesktopRecording,\n" +
			"ExportDesktopRecording, DeleteDesktopRecording on the WorkSpace). The desktop's user is told who records while it\n" +
			"lasts, and each call is in the trail.",
		Args: cobra.NoArgs,
	}
	c.AddCommand(recordStart(cfg), recordList(cfg))
	for _, v := range []struct{ verb, operation, short string }{
		{"stop", "StopDesktopRecording", "End a recording; it is kept"},
		{"play", "PlayDesktopRecording", "Print a single-use address (60 s) that plays a recording in the browser"},
		{"export", "ExportDesktopRecording", "Print a single-use address (60 s) of a recording as one file that any browser plays"},
		{"delete", "DeleteDesktopRecording", "Delete a recording; that it was stays known"},
	} {
		c.AddCommand(recordVerb(cfg, v.verb, v.operation, v.short))
	}
	return c
}

func recordStart(cfg config.Config) *cobra.Command {
	var reason string
	var lasts time.Duration
	var days int
	c := &cobra.Command{
		Use:     "start WORKSPACE-ID",
		Short:   "Begin a recording",
		Example: "  tamachi desktop recording start ws-0123456789 --reason 'case 4711' --for 30m --keep-days 90",
		Args:    oneID("WorkSpace", "tamachi desktop recording start ws-0123456789 --reason 'case 4711'"),
		RunE: func(c *cobra.Command, args []string) error {
			in := map[string]any{"WorkspaceId": args[0], "Reason": reason, "DurationMinutes": int(lasts.Minutes()), "RetentionDays": days}
			var out struct{ Recording desktopRecording }
			if err := askPlane(c.Context(), cfg, "StartDesktopRecording", in, &out); err != nil {
				return err
			}
			_, err := fmt.Fprintln(c.OutOrStdout(), out.Recording.RecordingID)
			return err
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why: kept with the recording, and in the trail")
	c.Flags().DurationVar(&lasts, "for", time.Hour, "after which it ends by itself, 12 hours at most")
	c.Flags().IntVar(&days, "keep-days", 30, "after which it is deleted")
	_ = c.MarkFlagRequired("reason") // the flag is there
	dataFlag(c, &cfg)
	return c
}

func recordVerb(cfg config.Config, verb, operation, short string) *cobra.Command {
	example := "tamachi desktop recording " + verb + " rec-0123456789abcdef0"
	c := &cobra.Command{
		Use: verb + " RECORDING-ID", Short: short, Example: "  " + example, Args: oneID("recording", example),
		RunE: func(c *cobra.Command, args []string) error {
			var out struct {
				URL string `json:"Url"`
			}
			if err := askPlane(c.Context(), cfg, operation, map[string]string{"RecordingId": args[0]}, &out); err != nil || out.URL == "" {
				return err
			}
			_, err := fmt.Fprintln(c.OutOrStdout(), out.URL)
			return err
		},
	}
	dataFlag(c, &cfg)
	return c
}

// oneID wants one argument.
func oneID(of, example string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return &exit{exitUsage, errors.New("want one " + of + " id, as in: " + example)}
		}
		return nil
	}
}

func recordList(cfg config.Config) *cobra.Command {
	var desktop, status string
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List recordings, also deleted ones", Args: cobra.NoArgs,
		Example: "  tamachi desktop recording list --status RECORDING",
		RunE: func(c *cobra.Command, _ []string) error {
			all, err := askAll[desktopRecording](c.Context(), cfg, "ListDesktopRecordings", "Recordings", map[string]any{"WorkspaceId": desktop, "Status": status})
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), all)
			}
			return showRecordings(c.OutOrStdout(), all)
		},
	}
	c.Flags().StringVar(&desktop, "desktop", "", "of one desktop (ws-...)")
	c.Flags().StringVar(&status, "status", "", "RECORDING, ENDED, DELETING or DELETED")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	dataFlag(c, &cfg)
	return c
}

func showRecordings(w io.Writer, all []desktopRecording) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "RECORDING\tBEGAN\tLASTED\tSTATUS\tDESKTOP\tUSER\tBY\tKIB\tREASON")
	for _, r := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", r.RecordingID, time.UnixMilli(int64(r.Start*1000)).Local().Format(time.DateTime),
			time.Duration(r.Seconds)*time.Second, r.Status, r.Workspace, dash(r.User), r.StartedBy, r.Bytes>>10, r.Reason)
	}
	return t.Flush()
}
