package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

// desktopSession is one line of the list.
type desktopSession struct {
	SessionID string  `json:"SessionId"`
	Kind      string  `json:"Kind"`
	Status    string  `json:"Status"`
	Workspace string  `json:"WorkspaceId,omitempty"`
	Directory string  `json:"DirectoryId,omitempty"`
	User      string  `json:"UserName,omitempty"`
	Principal string  `json:"PrincipalArn,omitempty"`
	Address   string  `json:"ClientIpAddress,omitempty"`
	Platform  string  `json:"ClientPlatform,omitempty"`
	Browser   string  `json:"ClientBrowser,omitempty"`
	Start     float64 `json:"StartTime"`
	End       float64 `json:"EndTime,omitempty"`
	Seconds   *int64  `json:"DurationSeconds,omitempty"`
	LaunchMS  int64   `json:"LaunchMillis,omitempty"`
	Reason    string  `json:"Reason,omitempty"`
	EndedBy   string  `json:"EndedBy,omitempty"`
	UserAgent string  `json:"UserAgent,omitempty"`
}

func sessionsCommand(cfg config.Config) *cobra.Command {
	var desktop, user, status string
	var since time.Duration
	var asJSON bool
	c := &cobra.Command{
		Use:   "sessions",
		Short: "List who looked at desktops, from where and how long, and who was turned away",
		Long: "Lists display sessions, refused tries and refused sign-ins, the newest first. The call (ListDesktopSessions,\n" +
			"authorized as workspaces:DescribeWorkspacesConnectionStatus) is in the trail.",
		Example: "  tamachi desktop sessions --status OPEN\n  tamachi desktop sessions --user fujita.kouhei --since 720h --json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			in := map[string]any{"From": float64(time.Now().Add(-since).Unix()), "WorkspaceId": desktop, "UserName": user, "Status": status}
			all, err := askAll[desktopSession](c.Context(), cfg, "ListDesktopSessions", "Sessions", in)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), all)
			}
			return showSessions(c.OutOrStdout(), all)
		},
	}
	c.Flags().StringVar(&desktop, "desktop", "", "of one desktop (ws-...)")
	c.Flags().StringVar(&user, "user", "", "of one user")
	c.Flags().StringVar(&status, "status", "", "OPEN, ENDED or FAILED")
	c.Flags().DurationVar(&since, "since", 7*24*time.Hour, "begun at most so long ago")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	dataFlag(c, &cfg)
	return c
}

func showSessions(w io.Writer, all []desktopSession) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SESSION\tBEGAN\tLASTED\tSTATUS\tUSER\tDESKTOP\tFROM\tCLIENT\tREASON")
	for _, s := range all {
		lasted := "-"
		if s.Seconds != nil {
			lasted = (time.Duration(*s.Seconds) * time.Second).String()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.SessionID, time.UnixMilli(int64(s.Start*1000)).Local().Format(time.DateTime),
			lasted, s.Status, dash(s.User), dash(s.Workspace), dash(s.Address), dash(s.Platform+" "+s.Browser), dash(s.Reason))
	}
	return t.Flush()
}

func dash(text string) string {
	if text == "" || text == " " {
		return "-"
	}
	return text
}

func endSessionCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{
		Use:   "end SESSION-ID",
		Short: "End an open display session; the desktop goes on",
		Long: "Ends a display session within seconds: its page says that an administrator did, and its browser must be let in anew.\n" +
			"The call (EndDesktopSession, authorized as workspaces:StopWorkspaces on the desktop) is in the trail.",
		Example: "  tamachi desktop end se-0123456789abcdef0",
		Args:    oneID("session", "tamachi desktop end se-0123456789abcdef0"),
		RunE: func(c *cobra.Command, args []string) error {
			return askPlane(c.Context(), cfg, "EndDesktopSession", map[string]string{"SessionId": args[0]}, &struct{}{})
		},
	}
	dataFlag(c, &cfg)
	return c
}
