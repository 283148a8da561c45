package house

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudtrail"
	"tamachi/internal/aws/services/cloudwatch"
	"tamachi/internal/aws/services/eventbridge"
	"tamachi/internal/aws/services/organizations"
	"tamachi/internal/aws/services/ssm/parameterstore"
	"tamachi/internal/aws/services/ssm/runcommand"
	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/store"
	"tamachi/internal/webhook"
)

// eventsPrincipal is EventBridge's host name.
const eventsPrincipal = "events.amazonaws.com"

// happenings gives rooms that are made before it the room of events.
type happenings struct{ h *House }

var (
	_ cloudwatch.Events = happenings{}
	_ runcommand.Events = happenings{}
	_ workspaces.Events = happenings{}
	_ tamachi.Events    = happenings{}

	_ parameterstore.Events = happenings{}
)

// Listening tells whether a rule may want events of a scope.
func (e happenings) Listening(tx *store.Tx, sc store.Scope) (bool, error) {
	return e.h.rooms.bridge.Listening(tx, sc)
}

// Emit takes an event over.
func (e happenings) Emit(tx *store.Tx, sc store.Scope, o api.Occurrence) error {
	return e.h.rooms.bridge.Emit(tx, sc, o)
}

// accountEvents tells of what the service of accounts did by itself: to the
// trail, and to rules as CloudTrail tells them. Source: EventBridge User Guide,
// "AWS service events delivered via CloudTrail".
type accountEvents struct{ h *House }

var _ organizations.Events = accountEvents{}

// Tell writes an event and hands it on.
func (a accountEvents) Tell(tx *store.Tx, e *api.Event) error {
	source, _, _ := strings.Cut(e.Source, ".")
	return errors.Join(a.h.rooms.trail.Write(tx, e), a.h.rooms.bridge.Emit(tx, store.In(e.Account, e.Region), api.Occurrence{
		Source: "aws." + source, DetailType: "AWS Service Event via CloudTrail", At: e.Time, Detail: cloudtrail.Text(e),
	}))
}

// ruleTargets hands events to targets through the gate: in the name of the
// target's role, or of the service for the rule, so that the target's own policy
// decides.
type ruleTargets struct{ h *House }

var _ eventbridge.Targets = ruleTargets{}

// Deliver hands an event to a target.
func (t ruleTargets) Deliver(ctx context.Context, d eventbridge.Delivery) error {
	to, err := arn.Parse(d.Target)
	if err != nil {
		return errors.Join(eventbridge.ErrForGood, err)
	}
	var failure error
	switch {
	case to.Service == "sns":
		failure = t.do(ctx, d, to.Region, "sns", "Publish", &sns.PublishInput{TopicArn: &d.Target, Message: &d.Input})
	case to.Service == "logs":
		failure = t.log(ctx, d, to)
	case to.Service == "ssm" && strings.HasPrefix(to.Resource, definition):
		failure = t.automation(ctx, d, to)
	case to.Service == "ssm":
		failure = t.command(ctx, d, to)
	default:
		failure = fmt.Errorf("%w: %s", eventbridge.ErrForGood, d.Target)
	}
	fault, ok := errors.AsType[smithy.APIError](failure)
	if ok && fault.ErrorCode() != "InternalFailure" && !strings.Contains(fault.ErrorCode(), "Throttl") {
		return fmt.Errorf("%w: %s: %s", eventbridge.ErrForGood, fault.ErrorCode(), fault.ErrorMessage())
	}
	return failure
}

// May asks whether the role of a delivery may do what its target asks for.
func (t ruleTargets) May(ctx context.Context, d eventbridge.Delivery, c api.Check) error {
	role, err := t.h.gate.As(eventsPrincipal).For(d.Rule).Assume(ctx, d.Account, d.Region, d.Role, "EventBridge")
	if err == nil {
		err = role.May(ctx, c)
	}
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		return fmt.Errorf("%w: %s: %s", eventbridge.ErrForGood, fault.ErrorCode(), fault.ErrorMessage())
	}
	return err
}

// ruleWeb sends events to endpoints outside.
type ruleWeb struct{ *outside }

var _ eventbridge.Web = ruleWeb{}

// Do sends a request. The plane itself is no endpoint.
func (w ruleWeb) Do(ctx context.Context, method, to string, header map[string]string, body []byte, most time.Duration) (int, []byte, error) {
	status, answer, err := w.Client.Do(ctx, method, to, header, body, most)
	if errors.Is(err, webhook.ErrOwn) {
		err = fmt.Errorf("%w: %w", eventbridge.ErrForGood, err)
	}
	return status, answer, err
}

// do makes one call for a rule.
func (t ruleTargets) do(ctx context.Context, d eventbridge.Delivery, region, service, operation string, in any) error {
	as := t.h.gate.As(eventsPrincipal).For(d.Rule)
	if d.Role == "" {
		_, err := as.Do(ctx, d.Account, region, service, operation, in)
		return err
	}
	role, err := as.Assume(ctx, d.Account, region, d.Role, "EventBridge")
	if err == nil {
		_, err = role.Do(ctx, service, operation, in)
	}
	return err
}

// log writes an event into a stream of its own, as AWS does.
func (t ruleTargets) log(ctx context.Context, d eventbridge.Delivery, to arn.ARN) error {
	group := strings.TrimSuffix(strings.TrimPrefix(to.Resource, "log-group:"), ":*")
	line := logtypes.InputLogEvent{Timestamp: new(t.h.o.Clock.Now().UnixMilli()), Message: &d.Input}
	var own struct { // what an input transformer makes for log groups
		Timestamp json.Number `json:"timestamp"`
		Message   *string     `json:"message"`
	}
	if err := json.Unmarshal([]byte(d.Input), &own); err == nil && own.Message != nil {
		line.Message = own.Message
		if at, err := own.Timestamp.Int64(); err == nil {
			line.Timestamp = &at
		}
	}
	logs := t.h.gate.As(eventsPrincipal).For(d.Rule)
	_, err := logs.Do(ctx, d.Account, to.Region, "logs", "CreateLogStream", &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: &d.ID})
	if fault, ok := errors.AsType[smithy.APIError](err); ok && fault.ErrorCode() == "ResourceAlreadyExistsException" {
		err = nil // this is another attempt
	}
	if err != nil {
		return err
	}
	_, err = logs.Do(ctx, d.Account, to.Region, "logs", "PutLogEvents", &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: &group, LogStreamName: &d.ID, LogEvents: []logtypes.InputLogEvent{line},
	})
	return err
}

// command runs a document with the input as its parameters.
func (t ruleTargets) command(ctx context.Context, d eventbridge.Delivery, to arn.ARN) error {
	name := strings.TrimPrefix(to.Resource, "document/")
	in := &ssm.SendCommandInput{DocumentName: &name}
	if err := json.Unmarshal([]byte(d.Input), &in.Parameters); err != nil {
		in.Parameters = nil // an event is no set of parameters
	}
	for _, n := range d.Nodes {
		if n.Key == "InstanceIds" {
			in.InstanceIds = append(in.InstanceIds, n.Values...)
			continue
		}
		in.Targets = append(in.Targets, ssmtypes.Target{Key: &n.Key, Values: n.Values})
	}
	return t.do(ctx, d, to.Region, "ssm", "SendCommand", in)
}

// definition begins what is after the account in the ARN of a runbook.
const definition = "automation-definition/"

// automation starts a runbook with the input as its parameters.
func (t ruleTargets) automation(ctx context.Context, d eventbridge.Delivery, to arn.ARN) error {
	name, version, _ := strings.Cut(strings.TrimPrefix(to.Resource, definition), ":")
	in := &ssm.StartAutomationExecutionInput{DocumentName: &name}
	if version != "" {
		in.DocumentVersion = &version
	}
	var given map[string]any
	if err := json.Unmarshal([]byte(d.Input), &given); err != nil {
		given = nil // an event is no set of parameters
	}
	if len(given) > 0 { // else there are none: the API takes no empty set
		in.Parameters = map[string][]string{}
	}
	for name, v := range given {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, e := range list {
			text, ok := e.(string)
			if !ok {
				return fmt.Errorf("%w: the input is no set of parameters: %s is no text", eventbridge.ErrForGood, name)
			}
			in.Parameters[name] = append(in.Parameters[name], text)
		}
	}
	return t.do(ctx, d, to.Region, "ssm", "StartAutomationExecution", in)
}
