package tamachi

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
)

// DescribeDesktopUsageInput names a month of UTC (2026-11), and a desktop if one
// is meant.
type DescribeDesktopUsageInput struct {
	Month       *string
	WorkspaceId *string
	MaxResults  *int32
	NextToken   *string
}

// DescribeDesktopUsageOutput is what desktops used in the month, in the order of
// their ids. A page may be shorter than was asked for.
type DescribeDesktopUsageOutput struct {
	Usage     []DesktopUsage
	NextToken *string
}

// DesktopUsage is what one desktop used. MonthlyDays are the days for which the
// fee of ALWAYS_ON is due, HourlyDays those of the smaller fee of the other
// modes; HourlyUse is the time that is paid by the hour.
type DesktopUsage struct {
	Month, WorkspaceId, DirectoryId, UserName, BundleId *string
	ComputeTypeName                                     *string
	RootVolumeSizeGib, UserVolumeSizeGib                *int32
	RunningSeconds                                      *int64
	HourlyUse                                           []HourlyUse
	MonthlyFrom, HourlyFrom                             *time.Time
	MonthlyDays, HourlyDays, DaysInMonth                *int32
	InProgress                                          *bool
}

// HourlyUse is running time under a compute type.
type HourlyUse struct {
	ComputeTypeName *string
	Seconds         *int64
}

// DescribeDesktopUsage reads the meter. AWS shows this in its bill only.
func (s *Service) DescribeDesktopUsage(ctx context.Context, in *DescribeDesktopUsageInput) (*DescribeDesktopUsageOutput, error) {
	call := api.CallFrom(ctx)
	month, err := time.Parse("2006-01", *in.Month)
	if err != nil {
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "Month must be a month, as in 2026-11."}
	}
	place, err := placeOf("DescribeDesktopUsage", in.NextToken)
	if err != nil {
		return nil, err
	}
	found, next, err := s.ports.Records.Usage(ctx, call.Account, call.Region, month, value(in.WorkspaceId), place, limitOf(in.MaxResults))
	if err != nil {
		return nil, fmt.Errorf("read the meter of %s: %w", *in.Month, err)
	}
	if in.WorkspaceId != nil && len(found) == 0 {
		return nil, &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "There was no such desktop in this month."}
	}
	out := &DescribeDesktopUsageOutput{Usage: []DesktopUsage{}}
	for _, u := range found {
		out.Usage = append(out.Usage, showUsage(u, month))
	}
	if next != "" {
		out.NextToken = new(api.Token("DescribeDesktopUsage", next))
	}
	return out, nil
}

// Who may describe desktops may know how long they ran.
func (s *Service) describeDesktopUsageChecks(context.Context, *DescribeDesktopUsageInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaces"), nil
}

func showUsage(u desktops.MonthOfUse, month time.Time) DesktopUsage {
	monthly, hourly, days := u.Fees(month)
	out := DesktopUsage{
		Month: &u.Month, WorkspaceId: &u.Desktop, DirectoryId: &u.DirectoryID, UserName: &u.UserName, BundleId: &u.BundleID, ComputeTypeName: &u.Compute,
		RootVolumeSizeGib: new(int32(u.RootGiB)), UserVolumeSizeGib: new(int32(u.UserGiB)), RunningSeconds: seconds(u.Running),
		HourlyUse: []HourlyUse{}, MonthlyFrom: instant(u.MonthlyFrom), HourlyFrom: instant(u.HourlyFrom),
		MonthlyDays: new(int32(monthly)), HourlyDays: new(int32(hourly)), DaysInMonth: new(int32(days)), InProgress: &u.Open,
	}
	for _, c := range slices.Sorted(maps.Keys(u.Hourly)) {
		out.HourlyUse = append(out.HourlyUse, HourlyUse{ComputeTypeName: &c, Seconds: seconds(u.Hourly[c])})
	}
	return out
}

func seconds(d time.Duration) *int64 { return new(int64(d / time.Second)) }
