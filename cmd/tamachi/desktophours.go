package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
	"tamachi/internal/desk/price"
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
	Cost        string   `json:",omitempty"` // dollars, of what has a price
	NoPrice     []string `json:",omitempty"` // what has none
}

// readPrices reads the table; no file is no table.
func readPrices(file, system string) (*price.Table, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the prices: %w", err)
	}
	defer f.Close()
	t, err := price.Load(f)
	if err != nil {
		return nil, err
	}
	if system == "" || !slices.ContainsFunc(t.Systems(), func(s string) bool { return strings.EqualFold(s, system) }) {
		return nil, fmt.Errorf("--os %q: want one of the file's: %s", system, strings.Join(t.Systems(), ", "))
	}
	return t, nil
}

// charge says what the use costs by a table, if there is one.
func (u *desktopUse) charge(t *price.Table, system string) {
	if t == nil {
		return
	}
	use := price.Use{
		Compute: u.Compute, RootGiB: u.RootGiB, UserGiB: u.UserGiB, MonthlyDays: u.MonthlyDays, HourlyDays: u.HourlyDays, DaysInMonth: u.DaysInMonth,
		HourlySeconds: map[string]int64{},
	}
	for _, h := range u.Hourly {
		use.HourlySeconds[h.Compute] += h.Seconds
	}
	c := t.Of(use, system)
	u.Cost, u.NoPrice = c.Total.FloatString(2), c.Missing
}

func desktopHoursCommand(cfg config.Config) *cobra.Command {
	var asJSON bool
	var desktop, prices, system string
	c := &cobra.Command{
		Use:   "hours [MONTH]",
		Short: "Print how long desktops ran in a month (UTC; this one if none is given)",
		Long: "Prints for each desktop the hours it ran, those of them that are paid by the hour, and for how many\n" +
			"days of the month the fee of ALWAYS_ON, or the smaller one of AUTO_STOP, is due.\n" +
			"With --prices it adds what that would cost on AWS: a price table, or a Region's file of AWS's price list\n" +
			"for AmazonWorkSpaces (AWS Billing User Guide, \"Getting price list files manually\"). No price is built in.",
		Example: "  tamachi desktop hours 2026-11\n  tamachi desktop hours --desktop ws-0123456789 --json\n" +
			"  tamachi desktop hours 2026-11 --prices ap-northeast-1.json --os Windows",
		RunE: func(c *cobra.Command, args []string) error {
			month := time.Now().UTC().Format("2006-01")
			if len(args) == 1 {
				month = args[0]
			}
			if _, err := time.Parse("2006-01", month); err != nil || len(args) > 1 {
				return &exit{exitUsage, errors.New("want a month, as in: tamachi desktop hours 2026-11")}
			}
			table, err := readPrices(prices, system)
			if err != nil {
				return &exit{exitUsage, err}
			}
			all, err := askHours(c.Context(), cfg, month, desktop)
			if err != nil {
				return err
			}
			for i := range all {
				all[i].charge(table, system)
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), all)
			}
			return showHours(c.OutOrStdout(), all, table)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().StringVar(&desktop, "desktop", "", "one desktop (ws-...) instead of all")
	c.Flags().StringVar(&prices, "prices", "", "file of prices: adds what the use would cost on AWS")
	c.Flags().StringVar(&system, "os", "", "operating system whose prices hold, as the file writes it")
	dataFlag(c, &cfg)
	return c
}

func askHours(ctx context.Context, cfg config.Config, month, desktop string) ([]desktopUse, error) {
	return askAll[desktopUse](ctx, cfg, "DescribeDesktopUsage", "Usage", map[string]any{"Month": month, "MaxResults": 1000, "WorkspaceId": desktop})
}

func showHours(w io.Writer, all []desktopUse, prices *price.Table) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "DESKTOP\tUSER\tCOMPUTE\tVOLUMES\tHOURS\tBY THE HOUR\tALWAYS_ON DAYS\tAUTO_STOP DAYS")
	if prices != nil {
		fmt.Fprint(t, "\t"+prices.Currency)
	}
	fmt.Fprintln(t)
	for _, u := range all {
		var hourly int64
		for _, h := range u.Hourly {
			hourly += h.Seconds
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d+%d GB\t%.2f\t%.2f\t%d of %d\t%d of %d", u.WorkspaceID, u.UserName, u.Compute, u.RootGiB, u.UserGiB,
			float64(u.Running)/3600, float64(hourly)/3600, u.MonthlyDays, u.DaysInMonth, u.HourlyDays, u.DaysInMonth)
		if prices != nil {
			fmt.Fprint(t, "\t"+u.Cost)
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil || prices == nil {
		return err
	}
	return showSources(w, all, prices)
}

// showSources says whose prices these are, and what has none.
func showSources(w io.Writer, all []desktopUse, prices *price.Table) error {
	missing := map[string]bool{}
	for _, u := range all {
		for _, m := range u.NoPrice {
			missing[m] = true
		}
	}
	for _, m := range slices.Sorted(maps.Keys(missing)) {
		fmt.Fprintln(w, "no price, and not in the sums:", m)
	}
	for _, s := range prices.Sources() {
		if _, err := fmt.Fprintf(w, "prices of %s: %s\n", prices.Region, s); err != nil {
			return err
		}
	}
	return nil
}
