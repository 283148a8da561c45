package maintenance

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

func TestNights(t *testing.T) {
	tokyo := Zone("ap-northeast-1", time.UTC)
	rows := []struct {
		name, day string
		mode      Mode
		want      string
	}{
		{"a Sunday, always on", "2026-11-22", AlwaysOn, "2026-11-21T15:00:00Z 4h0m0s"},
		{"a Monday, always on", "2026-11-23", AlwaysOn, ""},
		{"the third Monday of November", "2026-11-16", AutoStop, "2026-11-15T15:00:00Z 5h0m0s"},
		{"the day before it", "2026-11-15", AutoStop, ""},
		{"two weeks after it, less a day", "2026-11-29", AutoStop, "2026-11-28T15:00:00Z 5h0m0s"},
		{"two weeks after it", "2026-11-30", AutoStop, ""},
		{"the first of a month, of the last one's weeks", "2026-03-01", AutoStop, "2026-02-28T15:00:00Z 5h0m0s"},
		{"the second of that month", "2026-03-02", AutoStop, ""},
	}
	for _, r := range rows {
		day, err := time.ParseInLocation(time.DateOnly, r.day, tokyo)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if from, to, ok := Night(r.mode, day); ok {
			got = from.UTC().Format(time.RFC3339) + " " + to.Sub(from).String()
		}
		if got != r.want {
			t.Errorf("%s: want %q, got %q", r.name, r.want, got)
		}
	}
	berlin := Zone("eu-central-1", time.UTC)
	from, to, _ := Night(AlwaysOn, time.Date(2026, 10, 25, 0, 0, 0, 0, berlin)) // summer time ends at 03:00
	if to.Sub(from) != 5*time.Hour {
		t.Errorf("want it until four by the clock, an hour longer; got %s", to.Sub(from))
	}
	if Zone("xx-nowhere-1", berlin) != berlin {
		t.Error("want another zone for an unknown Region")
	}
}

// windows answers pages of a call.
type windows struct {
	pages []*ssm.DescribeMaintenanceWindowsOutput
	asked int
}

func (w *windows) DescribeMaintenanceWindows(_ context.Context, in *ssm.DescribeMaintenanceWindowsInput, _ ...func(*ssm.Options)) (*ssm.DescribeMaintenanceWindowsOutput, error) {
	if w.asked == len(w.pages) {
		return nil, errors.New("no answer")
	}
	w.asked++
	return w.pages[w.asked-1], nil
}

func TestNextReadsEveryPage(t *testing.T) {
	of := func(id, at string, enabled bool) types.MaintenanceWindowIdentity {
		return types.MaintenanceWindowIdentity{WindowId: &id, Name: aws.String("name of " + id), Enabled: enabled, Duration: aws.Int32(3), NextExecutionTime: &at}
	}
	api := &windows{pages: []*ssm.DescribeMaintenanceWindowsOutput{
		{NextToken: aws.String("more"), WindowIdentities: []types.MaintenanceWindowIdentity{of("mw-1", "2026-11-24T02:00+09:00", true), of("mw-2", "2026-11-24T02:00Z", false)}},
		{WindowIdentities: []types.MaintenanceWindowIdentity{of("mw-3", "2026-11-25T02:00:00Z", true), of("mw-4", "soon", true)}},
	}}
	got, err := Next(t.Context(), api)
	if err != nil || len(got) != 2 || got[0].Name != "name of mw-1" || !got[0].From.Equal(time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)) || got[1].To.Sub(got[1].From) != 3*time.Hour {
		t.Errorf("want mw-1 and mw-3, got %+v, %v", got, err)
	}
	if _, err := Next(t.Context(), api); err == nil {
		t.Error("want the call's error")
	}
}
