package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

// desktopUse is what DescribeDesktopUsage answers of a desktop.
type desktopUse struct {
	WorkspaceID string `json:"WorkspaceId"`
	UserName    string `json:"UserName"`
	BundleID    string `json:"BundleId"`
	Compute     string `json:"ComputeTypeName"`
	RootGiB     int    `json:"RootVolumeSizeGib"`
	UserGiB     int    `json:"UserVolumeSizeGib"`
	Running     int64  `json:"RunningSeconds"`
	Hourly      []struct {
		Compute string `json:"ComputeTypeName"`
		Seconds int64
	} `json:"HourlyUse"`
	MonthlyDays int
	HourlyDays  int
	DaysInMonth int
	InProgress  bool
}

func desktopHoursCommand(cfg config.Config) *cobra.Command {
	var asJSON bool
	var desktop string
	c := &cobra.Command{
		Use:   "hours [MONTH]",
		Short: "Print how long desktops ran in a month (UTC; this one if none is given)",
		Long: "Prints for each desktop the hours it ran, those of them that are paid by the hour, and for how many\n" +
			"days of the month the fee of ALWAYS_ON, or the smaller one of AUTO_STOP, is due.",
		Example: "  tamachi desktop hours 2026-11\n  tamachi desktop hours --desktop ws-0123456789 --json",
		RunE: func(c *cobra.Command, args []string) error {
			month := time.Now().UTC().Format("2006-01")
			if len(args) == 1 {
				month = args[0]
			}
			if _, err := time.Parse("2006-01", month); err != nil || len(args) > 1 {
				return &exit{exitUsage, errors.New("want a month, as in: tamachi desktop hours 2026-11")}
			}
			all, err := askHours(c.Context(), cfg, month, desktop)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), all)
			}
			return showHours(c.OutOrStdout(), all)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().StringVar(&desktop, "desktop", "", "one desktop (ws-...) instead of all")
	dataFlag(c, &cfg)
	return c
}

func askHours(ctx context.Context, cfg config.Config, month, desktop string) ([]desktopUse, error) {
	in := map[string]any{"Month": month, "MaxResults": 1000}
	if desktop != "" {
		in["WorkspaceId"] = desktop
	}
	all := []desktopUse{}
	for {
		var page struct {
			Usage     []desktopUse
			NextToken string
		}
		if err := askPlane(ctx, cfg, "DescribeDesktopUsage", in, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Usage...)
		if page.NextToken == "" {
			return all, nil
		}
		in["NextToken"] = page.NextToken
	}
}

func showHours(w io.Writer, all []desktopUse) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "DESKTOP\tUSER\tCOMPUTE\tVOLUMES\tHOURS\tBY THE HOUR\tALWAYS_ON DAYS\tAUTO_STOP DAYS")
	for _, u := range all {
		var hourly int64
		for _, h := range u.Hourly {
			hourly += h.Seconds
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d+%d GB\t%.2f\t%.2f\t%d of %d\t%d of %d\n", u.WorkspaceID, u.UserName, u.Compute, u.RootGiB, u.UserGiB,
			float64(u.Running)/3600, float64(hourly)/3600, u.MonthlyDays, u.DaysInMonth, u.HourlyDays, u.DaysInMonth)
	}
	return t.Flush()
}
