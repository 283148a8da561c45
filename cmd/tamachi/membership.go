package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

func membershipCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{Use: "membership", Short: "Let people into groups of a directory until a time"}
	c.AddCommand(membershipAdd(cfg), membershipList(cfg))
	return family(c)
}

func membershipAdd(cfg config.Config) *cobra.Command {
	var until string
	c := &cobra.Command{
		Use:   "add DIRECTORY GROUP MEMBER --until TIME",
		Short: "Make somebody member of a group until a time, when the plane ends it",
		Long: "Makes the membership in your name, and ends it at the time as ds.amazonaws.com; both are in the trail.\n" +
			"The time is 2026-12-01T18:00:00+09:00, or how long from now: 72h. Called again it moves the end.",
		Example: "  tamachi membership add d-0123456789 Wallpaper-Free takeda.hanako --until 72h",
		Args:    want(3, "a directory, a group and a member, as in: tamachi membership add d-0123456789 Wallpaper-Free takeda.hanako --until 72h"),
		RunE: func(c *cobra.Command, args []string) error {
			end, err := readEnd(until, time.Now())
			if err != nil {
				return &exit{exitUsage, err}
			}
			var out struct{ Until float64 }
			in := map[string]any{"DirectoryId": args[0], "GroupName": args[1], "MemberName": args[2], "Until": float64(end.UnixMilli()) / 1000}
			if err := askPlane(c.Context(), cfg, "AddTemporaryGroupMember", in, &out); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s is in %s until %s\n", args[2], args[1], moment(out.Until))
			return nil
		},
	}
	c.Flags().StringVar(&until, "until", "", "when it ends")
	dataFlag(c, &cfg)
	return c
}

// readEnd reads a time, or how long from now.
func readEnd(text string, now time.Time) (time.Time, error) {
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(d), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("--until %q is neither a time nor a duration, as in 2026-12-01T18:00:00+09:00 or 72h", text)
	}
	return t, nil
}

func moment(seconds float64) string {
	return time.UnixMilli(int64(seconds * 1000)).Format(time.RFC3339)
}

func membershipList(cfg config.Config) *cobra.Command {
	c := &cobra.Command{
		Use:     "list DIRECTORY",
		Short:   "List the memberships that have an end",
		Example: "  tamachi membership list d-0123456789",
		Args:    oneArgument("the id of a directory, d-..."),
		RunE: func(c *cobra.Command, args []string) error {
			type member struct {
				GroupName, MemberName, RequestedBy string
				Until                              float64
			}
			all, err := askAll[member](c.Context(), cfg, "ListTemporaryGroupMembers", "Members", map[string]any{"DirectoryId": args[0]})
			for _, m := range all {
				fmt.Fprintf(c.OutOrStdout(), "%s in %s until %s, asked for by %s\n", m.MemberName, m.GroupName, moment(m.Until), m.RequestedBy)
			}
			return err
		},
	}
	dataFlag(c, &cfg)
	return c
}
