package eventbridge_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

type fixture struct {
	*eventbridge.Client
	t     *testing.T
	plane *apitest.Plane
}

func start(t *testing.T, o apitest.Options) *fixture {
	t.Helper()
	p := apitest.Start(t, o)
	return &fixture{eventbridge.NewFromConfig(p.Config()), t, p}
}

func done(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func (f *fixture) logs() *cloudwatchlogs.Client {
	return cloudwatchlogs.NewFromConfig(f.plane.Config())
}

// group makes a log group and returns its ARN.
func (f *fixture) group(name string) string {
	f.t.Helper()
	_, err := f.logs().CreateLogGroup(f.t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name})
	done(f.t, "log group", err)
	return "arn:aws:logs:" + f.plane.Config().Region + ":" + f.plane.Access().Account + ":log-group:" + name
}

// rule makes a rule with a target and returns its ARN.
func (f *fixture) rule(name, pattern, schedule string, t types.Target) string {
	f.t.Helper()
	in := &eventbridge.PutRuleInput{Name: &name}
	if pattern != "" {
		in.EventPattern = &pattern
	}
	if schedule != "" {
		in.ScheduleExpression = &schedule
	}
	out, err := f.PutRule(f.t.Context(), in)
	done(f.t, "put the rule "+name, err)
	t.Id = aws.String("one")
	put, err := f.PutTargets(f.t.Context(), &eventbridge.PutTargetsInput{Rule: &name, Targets: []types.Target{t}})
	done(f.t, "put targets of "+name, err)
	if put.FailedEntryCount != 0 {
		f.t.Fatalf("targets of %s: %v", name, put.FailedEntries)
	}
	return *out.RuleArn
}

// lines are the messages of a log group.
func (f *fixture) lines(group string) (out []string) {
	f.t.Helper()
	got, err := f.logs().FilterLogEvents(f.t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &group})
	done(f.t, "filter", err)
	for _, e := range got.Events {
		out = append(out, *e.Message)
	}
	return out
}

// logged waits for so many messages in a log group.
func (f *fixture) logged(group string, n int) []string {
	f.t.Helper()
	apitest.Eventually(f.t, "events in "+group, func() bool { return len(f.lines(group)) >= n })
	return f.lines(group)
}

func (f *fixture) put(entries ...types.PutEventsRequestEntry) *eventbridge.PutEventsOutput {
	f.t.Helper()
	out, err := f.PutEvents(f.t.Context(), &eventbridge.PutEventsInput{Entries: entries})
	done(f.t, "put events", err)
	return out
}

func entry(source, detail string) types.PutEventsRequestEntry {
	return types.PutEventsRequestEntry{Source: &source, DetailType: aws.String("Test"), Detail: &detail, Resources: []string{"r"}}
}

func TestAnEventReachesTheTargetsOfTheRulesThatItFits(t *testing.T) {
	f := start(t, apitest.Options{})
	all, some := f.group("all"), f.group("some")
	f.rule("all", `{"source":[{"prefix":"my."}]}`, "", types.Target{Arn: &all})
	f.rule("some", `{"detail":{"n":[{"numeric":[">",3]}]}}`, "", types.Target{Arn: &some, InputTransformer: &types.InputTransformer{
		InputPathsMap: map[string]string{"n": "$.detail.n"}, InputTemplate: aws.String(`"n is <n> by <aws.events.rule-name>"`),
	}})
	out := f.put(entry("my.app", `{"n":5}`), entry("my.app", `{"n":`), entry("aws.ssm", `{}`), types.PutEventsRequestEntry{Source: aws.String("x")}, entry("my.app", `{"n":1}`))
	var codes []string
	for _, e := range out.Entries {
		codes = append(codes, aws.ToString(e.ErrorCode))
	}
	if want := []string{"", "MalformedDetail", "NotAuthorizedForSourceException", "InvalidArgument", ""}; !slices.Equal(codes, want) || out.FailedEntryCount != 3 {
		t.Errorf("want %q, got %q", want, codes)
	}
	for _, line := range f.logged("all", 2) {
		var e struct {
			Version, ID, Source, Account, Region, Time string
			DetailType                                 string `json:"detail-type"`
			Resources                                  []string
			Detail                                     struct{ N int }
		}
		done(t, "event", json.Unmarshal([]byte(line), &e))
		if e.Version != "0" || e.ID == "" || e.Source != "my.app" || e.DetailType != "Test" || e.Account != f.plane.Access().Account || len(e.Resources) != 1 || e.Detail.N == 0 {
			t.Errorf("logged %s", line)
		}
	}
	if got := f.logged("some", 1); !slices.Equal(got, []string{`"n is 5 by some"`}) {
		t.Errorf("logged %q", got)
	}
	_, err := f.PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{}})
	apitest.Refused(t, "no events", err, "ValidationException", "entries")
}

func TestWhatHappensInThePlaneIsTold(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, group := t.Context(), f.group("told")
	f.rule("told", `{"source":["aws.cloudwatch","aws.ssm"]}`, "", types.Target{Arn: aws.String(group + ":*"), InputPath: aws.String("$.detail-type")})
	metrics, client := cloudwatch.NewFromConfig(f.plane.Config()), ssm.NewFromConfig(f.plane.Config())
	_, err := metrics.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("a"), Namespace: aws.String("N"), MetricName: aws.String("M"), Statistic: cwtypes.StatisticAverage, Period: aws.Int32(3600),
		EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold,
	})
	done(t, "alarm", err)
	_, err = metrics.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("a"), StateValue: cwtypes.StateValueAlarm, StateReason: aws.String("test")})
	done(t, "state", err)
	sent, err := client.SendCommand(ctx, &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"true"}}, InstanceIds: []string{f.plane.Node(nil)},
	})
	done(t, "send", err)
	_, err = client.CancelCommand(ctx, &ssm.CancelCommandInput{CommandId: sent.Command.CommandId})
	done(t, "cancel", err)
	_, err = client.PutParameter(ctx, &ssm.PutParameterInput{Name: aws.String("p"), Value: aws.String("v"), Type: ssmtypes.ParameterTypeString})
	done(t, "parameter", err)
	_, err = client.DeleteParameter(ctx, &ssm.DeleteParameterInput{Name: aws.String("p")})
	done(t, "delete", err)
	got := f.logged("told", 5)
	slices.Sort(got)
	want := []string{`"CloudWatch Alarm State Change"`, `"EC2 Command Invocation Status-change Notification"`, `"EC2 Command Status-change Notification"`, `"Parameter Store Change"`}
	if !slices.Equal(slices.Compact(got), want) {
		t.Errorf("want %q, got %q", want, got)
	}
}

func TestARuleRunsADocument(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, region := t.Context(), f.plane.Config().Region
	people := iam.NewFromConfig(f.plane.Config())
	role, err := people.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName:                 aws.String("rules"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	done(t, "role", err)
	_, err = people.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String("rules"), PolicyName: aws.String("send"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:SendCommand","Resource":"*"}]}`),
	})
	done(t, "policy", err)
	node := f.plane.Node(map[string]string{"floor": "3"})
	f.rule("run", `{"detail-type":["Test"]}`, "", types.Target{
		Arn: aws.String("arn:aws:ssm:" + region + "::document/AWS-RunShellScript"), RoleArn: role.Role.Arn,
		Input:                aws.String(`{"commands":["echo hello"]}`),
		RunCommandParameters: &types.RunCommandParameters{RunCommandTargets: []types.RunCommandTarget{{Key: aws.String("tag:floor"), Values: []string{"3"}}}},
	})
	f.put(entry("my.app", `{}`))
	client := ssm.NewFromConfig(f.plane.Config())
	apitest.Eventually(t, "the command", func() bool {
		out, err := client.ListCommandInvocations(ctx, &ssm.ListCommandInvocationsInput{InstanceId: &node})
		done(t, "list", err)
		return len(out.CommandInvocations) == 1 && *out.CommandInvocations[0].DocumentName == "AWS-RunShellScript"
	})
	_, err = f.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("run"), Targets: []types.Target{
		{Id: aws.String("x"), Arn: aws.String("arn:aws:ssm:" + region + ":" + f.plane.Access().Account + ":document/d")},
	}})
	apitest.Refused(t, "a document without a role", err, "ValidationException", "RoleArn is required")
}

func TestARuleComesByTheClock(t *testing.T) {
	clk := clock.NewFrozen(time.Now())
	f := start(t, apitest.Options{Clock: clk})
	group := f.group("clock")
	name := f.rule("hourly", "", "rate(5 minutes)", types.Target{Arn: &group, InputPath: aws.String("$.resources[0]")})
	if got := f.lines("clock"); len(got) != 0 {
		t.Errorf("too early: %q", got)
	}
	for n := range 2 {
		clk.Advance(6 * time.Minute)
		f.Client = eventbridge.NewFromConfig(f.plane.Config())
		apitest.Eventually(t, "the event of the schedule", func() bool {
			done(t, "upkeep", f.plane.Upkeep(t.Context()))
			return len(f.lines("clock")) == n+1
		})
	}
	if got := f.lines("clock"); got[0] != `"`+name+`"` {
		t.Errorf("logged %q", got)
	}
}

func TestRulesAreChangedAndDeleted(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, group, name := t.Context(), f.group("g"), aws.String("r")
	whole := f.rule("r", `{"a":["b"]}`, "", types.Target{Arn: &group})
	_, err := f.PutRule(ctx, &eventbridge.PutRuleInput{Name: name, EventPattern: aws.String(`{"a":["c"]}`), Description: aws.String("other")})
	done(t, "change", err)
	_, err = f.DisableRule(ctx, &eventbridge.DisableRuleInput{Name: name})
	done(t, "disable", err)
	got, err := f.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: name})
	done(t, "describe", err)
	if *got.EventPattern != `{"a":["c"]}` || *got.Description != "other" || got.State != types.RuleStateDisabled || *got.Arn != whole || *got.EventBusName != "default" {
		t.Errorf("got %+v", got)
	}
	f.put(types.PutEventsRequestEntry{Source: aws.String("x"), DetailType: aws.String("x"), Detail: aws.String(`{}`)})
	_, err = f.EnableRule(ctx, &eventbridge.EnableRuleInput{Name: name})
	done(t, "enable", err)
	list, err := f.ListRules(ctx, &eventbridge.ListRulesInput{NamePrefix: aws.String("r"), Limit: aws.Int32(1)})
	done(t, "list", err)
	if len(list.Rules) != 1 || list.Rules[0].State != types.RuleStateEnabled || list.NextToken != nil {
		t.Errorf("rules %v", list.Rules)
	}
	names, err := f.ListRuleNamesByTarget(ctx, &eventbridge.ListRuleNamesByTargetInput{TargetArn: &group})
	done(t, "list by target", err)
	targets, err := f.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: name})
	done(t, "list targets", err)
	if !slices.Equal(names.RuleNames, []string{"r"}) || len(targets.Targets) != 1 || *targets.Targets[0].Arn != group {
		t.Errorf("names %v, targets %v", names.RuleNames, targets.Targets)
	}
	f.tags(whole)
	_, err = f.DeleteRule(ctx, &eventbridge.DeleteRuleInput{Name: name})
	apitest.Refused(t, "delete it with targets", err, "ValidationException", "has targets")
	removed, err := f.RemoveTargets(ctx, &eventbridge.RemoveTargetsInput{Rule: name, Ids: []string{"one", "two"}})
	done(t, "remove", err)
	if removed.FailedEntryCount != 1 || *removed.FailedEntries[0].TargetId != "two" {
		t.Errorf("failed %v", removed.FailedEntries)
	}
	_, err = f.DeleteRule(ctx, &eventbridge.DeleteRuleInput{Name: name})
	done(t, "delete", err)
	for what, try := range map[string]func() error{
		"describe": func() error { _, err := f.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: name}); return err },
		"enable":   func() error { _, err := f.EnableRule(ctx, &eventbridge.EnableRuleInput{Name: name}); return err },
		"disable":  func() error { _, err := f.DisableRule(ctx, &eventbridge.DisableRuleInput{Name: name}); return err },
		"targets": func() error {
			_, err := f.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: name})
			return err
		},
		"put targets": func() error {
			_, err := f.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: name, Targets: []types.Target{{Id: name, Arn: &group}}})
			return err
		},
		"remove": func() error {
			_, err := f.RemoveTargets(ctx, &eventbridge.RemoveTargetsInput{Rule: name, Ids: []string{"a"}})
			return err
		},
		"tag": func() error {
			_, err := f.TagResource(ctx, &eventbridge.TagResourceInput{ResourceARN: &whole, Tags: []types.Tag{{Key: name, Value: name}}})
			return err
		},
		"untag": func() error {
			_, err := f.UntagResource(ctx, &eventbridge.UntagResourceInput{ResourceARN: &whole, TagKeys: []string{"a"}})
			return err
		},
		"tags": func() error {
			_, err := f.ListTagsForResource(ctx, &eventbridge.ListTagsForResourceInput{ResourceARN: &whole})
			return err
		},
	} {
		apitest.Refused(t, what, try(), "ResourceNotFoundException", "does not exist")
	}
}

// tags tags a rule in both ways.
func (f *fixture) tags(whole string) {
	f.t.Helper()
	ctx := f.t.Context()
	_, err := f.TagResource(ctx, &eventbridge.TagResourceInput{ResourceARN: &whole, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}})
	done(f.t, "tag", err)
	_, err = f.UntagResource(ctx, &eventbridge.UntagResourceInput{ResourceARN: &whole, TagKeys: []string{"a"}})
	done(f.t, "untag", err)
	out, err := tagging.NewFromConfig(f.plane.Config()).TagResources(ctx, &tagging.TagResourcesInput{ResourceARNList: []string{whole}, Tags: map[string]string{"c": "3"}})
	if done(f.t, "tag by the Tag Editor", err); len(out.FailedResourcesMap) > 0 {
		f.t.Errorf("the Tag Editor could not: %v", out.FailedResourcesMap)
	}
	got, err := f.ListTagsForResource(ctx, &eventbridge.ListTagsForResourceInput{ResourceARN: &whole})
	done(f.t, "list tags", err)
	if len(got.Tags) != 2 || *got.Tags[0].Key != "b" || *got.Tags[1].Key != "c" {
		f.t.Errorf("tags %v", got.Tags)
	}
}

func TestBusesOfOnesOwn(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, own, group := t.Context(), aws.String("own"), f.group("g")
	_, err := f.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: own, Description: aws.String("ours")})
	done(t, "create", err)
	_, err = f.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: own})
	apitest.Refused(t, "create it twice", err, "ResourceAlreadyExistsException", "own already exists")
	_, err = f.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("r"), EventBusName: own, ScheduleExpression: aws.String("rate(1 hour)")})
	apitest.Refused(t, "a schedule there", err, "ValidationException", "only on the default event bus")
	_, err = f.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("r"), EventBusName: own, EventPattern: aws.String(`{"source":["x"]}`)})
	done(t, "rule", err)
	_, err = f.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("r"), EventBusName: own, Targets: []types.Target{{Id: own, Arn: &group, InputPath: aws.String("$.source")}}})
	done(t, "targets", err)
	e := entry("x", "{}")
	f.put(e) // on the default bus
	e.EventBusName = own
	f.put(e)
	f.logged("g", 1)
	_, err = f.PutPermission(ctx, &eventbridge.PutPermissionInput{EventBusName: own, StatementId: aws.String("s"), Principal: aws.String("444455556666"), Action: aws.String("events:PutEvents")})
	done(t, "permit", err)
	shown, err := f.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: own})
	done(t, "describe", err)
	if !strings.Contains(aws.ToString(shown.Policy), "444455556666") || *shown.Description != "ours" {
		t.Errorf("got %+v", shown)
	}
	_, err = f.RemovePermission(ctx, &eventbridge.RemovePermissionInput{EventBusName: own, StatementId: aws.String("x")})
	apitest.Refused(t, "take back what nobody gave", err, "ResourceNotFoundException", "Statement")
	_, err = f.RemovePermission(ctx, &eventbridge.RemovePermissionInput{EventBusName: own, StatementId: aws.String("s")})
	done(t, "forbid", err)
	list, err := f.ListEventBuses(ctx, &eventbridge.ListEventBusesInput{})
	done(t, "list", err)
	if len(list.EventBuses) != 2 || *list.EventBuses[1].Name != "own" || list.EventBuses[1].Policy != nil {
		t.Errorf("buses %v", list.EventBuses)
	}
	_, err = f.DeleteEventBus(ctx, &eventbridge.DeleteEventBusInput{Name: own})
	apitest.Refused(t, "delete it with rules", err, "ValidationException", "has rules")
	_, err = f.RemoveTargets(ctx, &eventbridge.RemoveTargetsInput{Rule: aws.String("r"), EventBusName: own, Ids: []string{"own"}})
	done(t, "remove", err)
	_, err = f.DeleteRule(ctx, &eventbridge.DeleteRuleInput{Name: aws.String("r"), EventBusName: own})
	done(t, "delete the rule", err)
	_, err = f.DeleteEventBus(ctx, &eventbridge.DeleteEventBusInput{Name: own})
	done(t, "delete", err)
	for what, try := range map[string]func() error{
		"describe": func() error {
			_, err := f.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: own})
			return err
		},
		"rules": func() error { _, err := f.ListRules(ctx, &eventbridge.ListRulesInput{EventBusName: own}); return err },
		"names": func() error {
			_, err := f.ListRuleNamesByTarget(ctx, &eventbridge.ListRuleNamesByTargetInput{EventBusName: own, TargetArn: &group})
			return err
		},
		"delete": func() error {
			_, err := f.DeleteRule(ctx, &eventbridge.DeleteRuleInput{EventBusName: own, Name: own})
			return err
		},
		"put a rule": func() error {
			_, err := f.PutRule(ctx, &eventbridge.PutRuleInput{EventBusName: own, Name: own, EventPattern: aws.String(`{"a":["b"]}`)})
			return err
		},
		"permit": func() error {
			_, err := f.PutPermission(ctx, &eventbridge.PutPermissionInput{EventBusName: own, StatementId: own, Principal: aws.String("*"), Action: aws.String("events:PutEvents")})
			return err
		},
	} {
		apitest.Refused(t, what, try(), "ResourceNotFoundException", "own")
	}
	_, err = f.ListEventBuses(ctx, &eventbridge.ListEventBusesInput{NextToken: own})
	apitest.Refused(t, "list by no token", err, "ValidationException", "Token")
}

func TestWhatCannotBeARule(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, name := t.Context(), aws.String("r")
	_, err := f.PutRule(ctx, &eventbridge.PutRuleInput{Name: name})
	apitest.Refused(t, "neither pattern nor schedule", err, "ValidationException", "must be specified")
	_, err = f.PutRule(ctx, &eventbridge.PutRuleInput{Name: name, EventPattern: aws.String(`{"a":"b"}`)})
	apitest.Refused(t, "no pattern", err, "InvalidEventPatternException", "Event pattern is not valid. Reason: ")
	_, err = f.PutRule(ctx, &eventbridge.PutRuleInput{Name: name, ScheduleExpression: aws.String("at(2030-01-01T00:00:00)")})
	apitest.Refused(t, "a schedule of once", err, "ValidationException", "ScheduleExpression")
	_, err = f.PutRule(ctx, &eventbridge.PutRuleInput{Name: name, EventPattern: aws.String(`{"a":["b"]}`)})
	done(t, "a rule", err)
	account, region := f.plane.Access().Account, f.plane.Config().Region
	for _, c := range []struct {
		name string
		of   types.Target
		part string
	}{
		{"a service that is not here", types.Target{Arn: aws.String("arn:aws:lambda:" + region + ":" + account + ":function:f")}, "no targets of the service lambda"},
		{"another account", types.Target{Arn: aws.String("arn:aws:sns:" + region + ":444455556666:t")}, "in the account of its rule"},
		{"no ARN", types.Target{Arn: aws.String("topic")}, "not in correct format"},
		{"two inputs", types.Target{Arn: aws.String("arn:aws:sns:" + region + ":" + account + ":t"), Input: aws.String("{}"), InputPath: aws.String("$")}, "Only one of"},
		{"no path", types.Target{Arn: aws.String("arn:aws:sns:" + region + ":" + account + ":t"), InputPath: aws.String("detail")}, "Invalid InputPath"},
	} {
		c.of.Id = name
		_, err := f.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: name, Targets: []types.Target{c.of}})
		apitest.Refused(t, c.name, err, "ValidationException", c.part)
	}
	event := aws.String(`{"id":"1","account":"1","source":"x","time":"t","region":"r","resources":[],"detail-type":"d"}`)
	out, err := f.TestEventPattern(ctx, &eventbridge.TestEventPatternInput{EventPattern: aws.String(`{"source":[{"anything-but":"y"}]}`), Event: event})
	if done(t, "test", err); !out.Result {
		t.Error("the event does not fit")
	}
	_, err = f.TestEventPattern(ctx, &eventbridge.TestEventPatternInput{EventPattern: aws.String(`[]`), Event: event})
	apitest.Refused(t, "test no pattern", err, "InvalidEventPatternException", "Filter is not an object")
}
