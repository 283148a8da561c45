package maintenance

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/desk/account"
)

// Windows reads maintenance windows of Systems Manager.
type Windows interface {
	DescribeMaintenanceWindows(context.Context, *ssm.DescribeMaintenanceWindowsInput, ...func(*ssm.Options)) (*ssm.DescribeMaintenanceWindowsOutput, error)
}

var _ Windows = (*ssm.Client)(nil)

// Window is when a maintenance window of Systems Manager is open next.
type Window struct {
	ID, Name string
	From, To time.Time
}

// Next reads the windows that are enabled and will open. Its error is an
// *account.Problem.
func Next(ctx context.Context, api Windows) ([]Window, error) {
	var all []Window
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.DescribeMaintenanceWindows(ctx, &ssm.DescribeMaintenanceWindowsInput{
			NextToken: token, Filters: []types.MaintenanceWindowFilter{{Key: aws.String("Enabled"), Values: []string{"true"}}},
		})
		if err != nil {
			return nil, err
		}
		for _, w := range out.WindowIdentities {
			at, ok := executionTime(aws.ToString(w.NextExecutionTime))
			if !ok || !w.Enabled {
				continue
			}
			all = append(all, Window{
				ID: aws.ToString(w.WindowId), Name: cmp.Or(aws.ToString(w.Name), aws.ToString(w.WindowId)),
				From: at, To: at.Add(time.Duration(aws.ToInt32(w.Duration)) * time.Hour),
			})
		}
		return out.NextToken, nil
	})
	if err != nil {
		return nil, account.Explain("ssm:DescribeMaintenanceWindows", err)
	}
	return all, nil
}

// executionTime reads NextExecutionTime, of ISO 8601 in its extended form, with
// or without seconds.
func executionTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.000Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
