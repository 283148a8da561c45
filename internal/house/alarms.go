package house

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/services/cloudwatch"
)

// alarmsPrincipal is whom alarms act as. Source: CloudWatch User Guide, "Using
// Amazon CloudWatch alarms": the policy of a topic names it.
const alarmsPrincipal = "cloudwatch.amazonaws.com"

// alarmActions carries out what alarms ask of other services: messages to
// topics, which their policies must allow. The others are refused, and the
// alarm's history says so.
type alarmActions struct{ h *House }

var _ cloudwatch.Actions = alarmActions{}

// Act publishes a message, or says why not.
func (a alarmActions) Act(ctx context.Context, asked cloudwatch.Action) error {
	to, err := arn.Parse(asked.ARN)
	if err != nil {
		return fmt.Errorf("%s is no resource", asked.ARN)
	}
	if to.Service != "sns" {
		return fmt.Errorf("the service %s does not carry out actions of alarms in this plane", to.Service)
	}
	_, err = a.h.gate.As(alarmsPrincipal).For(asked.Alarm).Do(ctx, asked.Account, to.Region, "sns", "Publish", &sns.PublishInput{
		TopicArn: &asked.ARN, Subject: &asked.Subject, Message: &asked.Message,
	})
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		return fmt.Errorf("%s: %s", fault.ErrorCode(), fault.ErrorMessage())
	}
	return err
}
