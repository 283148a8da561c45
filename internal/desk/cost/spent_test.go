package cost

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/price"
)

// TestSpent adds up a month of desktops that tell their system, that do not, and
// that are gone. The prices are the test's own: 30 a month, or 6 and 0.25 an hour.
func TestSpent(t *testing.T) {
	cell := func(mode, unit, amount string) price.Cell {
		return price.Cell{Compute: "STANDARD", OS: "Windows", Mode: mode, Unit: unit, Price: amount, Source: "a test", Date: "2026-11-22"}
	}
	table := &price.Table{Region: "ap-northeast-1", Currency: "USD", Cells: []price.Cell{
		cell(price.AlwaysOn, price.Month, "30"), cell(price.AutoStop, price.Month, "6"), cell(price.AutoStop, price.Hour, "0.25"),
	}}
	desktop := func(id string, mode types.RunningMode, os types.OperatingSystemName) types.Workspace {
		return types.Workspace{WorkspaceId: aws.String(id), WorkspaceProperties: &types.WorkspaceProperties{RunningMode: mode, ComputeTypeName: types.ComputeStandard, OperatingSystemName: os}}
	}
	there := []types.Workspace{
		desktop("ws-on", types.RunningModeAlwaysOn, types.OperatingSystemNameWindows11),
		desktop("ws-stops", types.RunningModeAutoStop, ""), desktop("ws-hand", types.RunningModeManual, ""),
	}
	used := []Used{
		{ID: "ws-on", Running: 100 * time.Hour, Use: price.Use{Compute: "STANDARD", MonthlyDays: 30, DaysInMonth: 30}},
		{ID: "ws-stops", Running: 10 * time.Hour, Use: price.Use{Compute: "STANDARD", HourlyDays: 30, DaysInMonth: 30, HourlySeconds: map[string]int64{"STANDARD": 36000}}},
		{ID: "ws-gone", Running: 4 * time.Hour, Use: price.Use{Compute: "POWER", HourlyDays: 30, DaysInMonth: 30, HourlySeconds: map[string]int64{"POWER": 7200}}},
	}
	for _, row := range []struct {
		name, os, sum, on, stops string
		table                    *price.Table
		untold, missing, evens   int
	}{
		{"without prices there are hours only", "Windows", "", "", "", nil, 0, 0, 0},
		{"nobody says what system the others run", "", "30.00", "30.00", "", table, 2, 0, 1},
		{"they are counted as it was said", "windows", "38.50", "30.00", "8.50", table, 0, 2, 2},
		{"a system without prices costs nothing that is known", "RHEL", "30.00", "30.00", "", table, 0, 4, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := Spend(there, used, row.os, row.table)
			got := []string{}
			for _, c := range []*Fee{{Cost: s.Cost}, &s.Fees[0], &s.Fees[1]} {
				if c.Cost == nil {
					got = append(got, "")
					continue
				}
				got = append(got, c.Cost.FloatString(2))
			}
			if want := []string{row.sum, row.on, row.stops}; strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("want costs %q, got %q", want, got)
			}
			if s.Untold != row.untold || len(s.Missing) != row.missing || len(s.Evens) != row.evens {
				t.Errorf("want %d untold, %d missing, %d kinds, got %+v", row.untold, row.missing, row.evens, s)
			}
			if s.Running != 114*time.Hour || s.Fees[0].Running != 102*time.Hour || s.Fees[1].Running != 12*time.Hour || len(s.Fees) != 3 || s.Fees[2].Desktops != 1 {
				t.Errorf("got hours %+v", s.Fees)
			}
			if one := Spend(there[:1], used[:1], row.os, row.table); row.table != nil && one.Fees[1].Cost.FloatString(2) != "0.00" {
				t.Errorf("want no cost of AUTO_STOP where all is known, got %v", one.Fees[1].Cost)
			}
			for _, e := range s.Evens {
				if e.Hours.FloatString(1) != "96.0" {
					t.Errorf("want (30 - 6) / 0.25 = 96 hours, got %s", e.Hours)
				}
			}
		})
	}
}
