package eventbridge_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/apitest"
)

func TestWhatCannotBeATarget(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, group := t.Context(), f.group("g")
	f.rule("r", `{"source":["x"]}`, "", types.Target{Arn: &group})
	templated := func(template string) func(*types.Target) {
		return func(t *types.Target) {
			t.InputTransformer = &types.InputTransformer{InputTemplate: &template, InputPathsMap: map[string]string{"a": "$.detail.a"}}
		}
	}
	for name, row := range map[string]struct {
		change func(t *types.Target)
		part   string // of the refusal; empty where it is a target
	}{
		"a variable with a path":    {templated(`"<a> in <aws.events.rule-name>"`), ""},
		"a text between angles":     {templated(`"<a> is < 3 and > 1, <b c>"`), ""},
		"a variable without a path": {templated(`"<b>"`), "Invalid InputTemplate for target one"},
		"an unknown one of AWS":     {templated(`<aws.events.rule>`), "Invalid InputTemplate for target one"},
		"a group of another Region": {func(t *types.Target) { t.Arn = aws.String(strings.Replace(group, "ap-northeast-1", "us-east-1", 1)) }, "in its Region"},
		"a document of nobody's account that is no document": {func(t *types.Target) {
			t.Arn = aws.String("arn:aws:sns:ap-northeast-1::t")
		}, "in the account"},
		"a role that is none": {func(t *types.Target) { t.RoleArn = aws.String("x") }, "Parameter x is not valid"},
	} {
		one := types.Target{Id: aws.String("one"), Arn: &group}
		row.change(&one)
		_, err := f.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("r"), Targets: []types.Target{one}})
		if row.part == "" {
			done(t, name, err)
			continue
		}
		apitest.Refused(t, name, err, "ValidationException", row.part)
	}
}

func TestNamesAreLookedAt(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx := t.Context()
	_, err := f.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: aws.String("a/b")})
	apitest.Refused(t, "a bus with a slash", err, "ValidationException", "a/b is not valid")
	_, err = f.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: aws.String("default")})
	apitest.Refused(t, "the default bus", err, "ResourceAlreadyExistsException", "default already exists")
	_, err = f.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("r"), EventPattern: aws.String(`{"source":["x"]}`), RoleArn: aws.String("x")})
	apitest.Refused(t, "a role that is none", err, "ValidationException", "Parameter x is not valid")
	long := entry("x", `{}`)
	long.DetailType = aws.String(strings.Repeat("\u00e9", 129))
	out := f.put(entry("x", `{}`), long)
	if out.FailedEntryCount != 1 || aws.ToString(out.Entries[1].ErrorCode) != "InvalidArgument" || out.Entries[0].EventId == nil {
		t.Errorf("got %+v", out.Entries)
	}
}
