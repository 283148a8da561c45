package eventbridge_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/apitest"
)

// ownBus makes a bus and returns its ARN.
func (f *fixture) ownBus(name string) string {
	f.t.Helper()
	out, err := f.CreateEventBus(f.t.Context(), &eventbridge.CreateEventBusInput{Name: &name})
	done(f.t, "bus "+name, err)
	return *out.EventBusArn
}

// on makes a rule on a bus that fits all events of the source x.
func (f *fixture) on(bus string, targets ...types.Target) {
	f.t.Helper()
	in := &eventbridge.PutRuleInput{Name: aws.String("r"), EventBusName: &bus, EventPattern: aws.String(`{"source":["x"]}`)}
	_, err := f.PutRule(f.t.Context(), in)
	done(f.t, "rule on "+bus, err)
	_, err = f.PutTargets(f.t.Context(), &eventbridge.PutTargetsInput{Rule: in.Name, EventBusName: &bus, Targets: targets})
	done(f.t, "targets on "+bus, err)
}

func TestABusSendsEventsToAnotherAndNotToAThird(t *testing.T) {
	f := start(t, apitest.Options{})
	second, third, role := f.ownBus("second"), f.ownBus("third"), f.role("sender", "events:PutEvents", "*")
	first, two, three := f.group("first"), f.group("two"), f.group("three")
	f.on("default", types.Target{Id: aws.String("a"), Arn: &first}, types.Target{Id: aws.String("b"), Arn: &second, RoleArn: &role})
	f.on("second", types.Target{Id: aws.String("a"), Arn: &third, RoleArn: &role}, types.Target{Id: aws.String("b"), Arn: &two})
	f.on("third", types.Target{Id: aws.String("a"), Arn: &three})
	f.put(entry("x", `{"n":1}`))
	if sent, came := f.logged("first", 1), f.logged("two", 1); !slices.Equal(sent, came) {
		t.Errorf("want the event as it was, got %s and %s", sent, came)
	}
	own := entry("x", `{"n":2}`)
	own.EventBusName = aws.String("second") // its own may go on, and comes after what may not
	id := f.put(own).Entries[0].EventId
	f.logged("two", 2)
	apitest.Eventually(t, "only the bus's own event on the third", func() bool {
		got := f.lines("three")
		return len(got) == 1 && slices.ContainsFunc(f.lines("two"), func(l string) bool { return l == got[0] })
	})
	if id == nil {
		t.Error("the event was refused")
	}
}

func TestWhoMayNotPutEventsOnABusPassesNone(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, name := t.Context(), aws.String("second")
	second, role, group := f.ownBus("second"), f.role("sender", "events:PutEvents", "*"), f.group("two")
	f.on("default", types.Target{Id: aws.String("b"), Arn: &second, RoleArn: &role})
	f.on("second", types.Target{Id: aws.String("b"), Arn: &group, InputPath: aws.String("$.detail.n")})
	_, err := f.PutPermission(ctx, &eventbridge.PutPermissionInput{EventBusName: name, Policy: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Sid":"no","Effect":"Deny","Principal":"*","Action":"events:PutEvents","Resource":"` + second + `","Condition":{"StringEquals":{"events:detail-type":"Secret"}}}]}`)})
	done(t, "policy of the bus", err)
	secret := entry("x", `{"n":1}`)
	secret.DetailType = aws.String("Secret")
	f.put(secret, entry("x", `{"n":2}`))
	if got := f.logged("two", 1); !slices.Equal(got, []string{"2"}) {
		t.Errorf("want what the bus takes alone, got %q", got)
	}
	_, err = iam.NewFromConfig(f.plane.Config()).PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String("sender"), PolicyName: aws.String("sender"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"*"}]}`),
	})
	done(t, "policy of the role", err)
	own := entry("x", `{"n":4}`)
	own.EventBusName = name
	f.put(entry("x", `{"n":3}`))
	f.put(own)
	f.logged("two", 2)
	done(t, "upkeep", f.plane.Upkeep(ctx))
	if got := f.lines("two"); !slices.Equal(got, []string{"2", "4"}) {
		t.Errorf("want what was put there alone, got %q", got)
	}
}

func TestABusIsATargetWithARoleAndNoInput(t *testing.T) {
	f := start(t, apitest.Options{})
	second, role := f.ownBus("second"), f.role("sender", "events:PutEvents", "*")
	group := f.group("g")
	f.on("default", types.Target{Id: aws.String("one"), Arn: &group})
	for part, target := range map[string]types.Target{
		"RoleArn is required for target " + second:      {Arn: &second},
		"Input, InputPath and InputTransformer are not": {Arn: &second, RoleArn: &role, InputPath: aws.String("$.detail")},
		"RunCommandParameters is not supported":         {Arn: &second, RoleArn: &role, RunCommandParameters: &types.RunCommandParameters{RunCommandTargets: []types.RunCommandTarget{{Key: aws.String("tag:a"), Values: []string{"b"}}}}},
		"HttpParameters is not supported":               {Arn: &second, RoleArn: &role, HttpParameters: &types.HttpParameters{}},
	} {
		target.Id = aws.String("one")
		_, err := f.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: aws.String("r"), Targets: []types.Target{target}})
		apitest.Refused(t, part, err, "ValidationException", part)
	}
}
