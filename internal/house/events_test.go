package house_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/apitest"
)

// TestEventsForAnotherAccountsBus sends an event from the management account to a
// bus of the second one: its policy lets it, and the event says who sent it.
func TestEventsForAnotherAccountsBus(t *testing.T) {
	c := incorporate(t)
	ctx, there := t.Context(), c.enter("ap-northeast-1")
	buses, logs := eventbridge.NewFromConfig(there), cloudwatchlogs.NewFromConfig(there)
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("all")}))
	bus, err := buses.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: aws.String("shared")})
	must(bus, err)
	must(buses.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("r"), EventBusName: aws.String("shared"), EventPattern: aws.String(`{"source":["office"]}`)}))
	must(buses.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("r"), EventBusName: aws.String("shared"), Targets: []types.Target{
		{Id: aws.String("1"), Arn: aws.String("arn:aws:logs:ap-northeast-1:" + c.second + ":log-group:all")},
	}}))
	send := func() error {
		out, err := eventbridge.NewFromConfig(c.Config()).PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{
			{EventBusName: bus.EventBusArn, Source: aws.String("office"), DetailType: aws.String("moved"), Detail: aws.String(`{}`)},
		}})
		if err == nil && out.FailedEntryCount > 0 {
			t.Errorf("got %+v", out.Entries)
		}
		return err
	}
	apitest.Refused(t, "a bus that is not shared", send(), "AccessDeniedException", "because no resource-based policy allows the events:PutEvents action")
	must(buses.PutPermission(ctx, &eventbridge.PutPermissionInput{
		EventBusName: aws.String("shared"), StatementId: aws.String("m"), Principal: aws.String(c.Access().Account), Action: aws.String("events:PutEvents"),
	}))
	must(nil, send())
	apitest.Eventually(t, "the event in the other account's log group", func() bool {
		got, err := logs.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("all")})
		return err == nil && len(got.Events) == 1 && strings.Contains(*got.Events[0].Message, `"account":"`+c.Access().Account+`"`)
	})
}
