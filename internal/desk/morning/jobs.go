package morning

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/desk/account"
)

// Jobs reads what is running.
type Jobs interface {
	ListCommands(context.Context, *ssm.ListCommandsInput, ...func(*ssm.Options)) (*ssm.ListCommandsOutput, error)
	DescribeAutomationExecutions(context.Context, *ssm.DescribeAutomationExecutionsInput, ...func(*ssm.Options)) (*ssm.DescribeAutomationExecutionsOutput, error)
}

var _ Jobs = (*ssm.Client)(nil)

// Job is a command or an automation that has not ended.
type Job struct {
	ID       string    `json:"id"`
	Document string    `json:"document"`
	Since    time.Time `json:"since"`
	Targets  int       `json:"targets,omitempty"` // of a command
	Done     int       `json:"done,omitempty"`
	By       string    `json:"by,omitempty"` // of an automation
}

// running reads the jobs that have not ended, the oldest first. What could not be
// answered is beside them; an endpoint that knows no automation runs none.
func running(ctx context.Context, api Jobs) (all []Job, unanswered []Unanswered, err error) {
	miss := func(action string, err error) error {
		p := account.Explain(action, err)
		if p.Ends() && p.Kind != account.BadCredentials {
			return p
		}
		if p.Kind != account.Unknown {
			unanswered = append(unanswered, Unanswered{p})
		}
		return nil
	}
	for _, status := range []string{"InProgress", "Pending"} {
		err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
			out, err := api.ListCommands(ctx, &ssm.ListCommandsInput{
				NextToken: token, Filters: []types.CommandFilter{{Key: types.CommandFilterKeyStatus, Value: &status}},
			})
			if err != nil {
				return nil, err
			}
			for _, c := range out.Commands {
				all = append(all, Job{
					ID: aws.ToString(c.CommandId), Document: aws.ToString(c.DocumentName), Since: aws.ToTime(c.RequestedDateTime),
					Targets: int(c.TargetCount), Done: int(c.CompletedCount),
				})
			}
			return out.NextToken, nil
		})
		if err != nil {
			if err := miss("ssm:ListCommands", err); err != nil {
				return nil, nil, err
			}
			break
		}
	}
	err = account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.DescribeAutomationExecutions(ctx, &ssm.DescribeAutomationExecutionsInput{
			NextToken: token, Filters: []types.AutomationExecutionFilter{{Key: types.AutomationExecutionFilterKeyExecutionStatus, Values: []string{"InProgress", "Waiting", "Pending"}}},
		})
		if err != nil {
			return nil, err
		}
		for _, e := range out.AutomationExecutionMetadataList {
			all = append(all, Job{
				ID: aws.ToString(e.AutomationExecutionId), Document: aws.ToString(e.DocumentName), Since: aws.ToTime(e.ExecutionStartTime), By: aws.ToString(e.ExecutedBy),
			})
		}
		return out.NextToken, nil
	})
	if err != nil {
		if err := miss("ssm:DescribeAutomationExecutions", err); err != nil {
			return nil, nil, err
		}
	}
	slices.SortFunc(all, func(a, b Job) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID)) })
	return all, unanswered, nil
}

func (g *page) jobs(all []Job) {
	if len(all) == 0 {
		g.line("", g.say(text.NoJobs))
		return
	}
	g.line("", g.say(text.Jobs, "n", len(all)))
	for _, j := range all[:min(len(all), most)] {
		if j.Targets > 0 {
			g.line(j.Document, g.say(text.Command, "time", g.clock(j.Since), "done", j.Done, "of", j.Targets, "id", j.ID))
		} else {
			g.line(j.Document, g.say(text.Automation, "time", g.clock(j.Since), "id", j.ID))
		}
	}
	if more := len(all) - most; more > 0 {
		g.line("", "  "+g.say(text.AndMore, "n", more))
	}
}
