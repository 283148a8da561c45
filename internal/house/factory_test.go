package house_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/apitest"
)

// result is what CreateAccountResult says, in the trail and to rules.
type result struct {
	Detail *result // of the event
	Type   string  `json:"eventType"`
	Name   string  `json:"eventName"`
	What   struct {
		Status struct{ State, AccountID, FailureReason string } `json:"createAccountStatus"`
	} `json:"serviceEventDetails"`
}

// TestANewAccountGetsItsBaseline lays the baseline of new accounts as an account
// factory does: a rule hears of the account, and who it tells goes in by the role
// that the account was made with. The trail has the same event.
func TestANewAccountGetsItsBaseline(t *testing.T) {
	c := incorporate(t)
	ctx, cfg := t.Context(), c.Config()
	cfg.Region = "us-east-1" // where AWS's organizations tell
	rules, logs := eventbridge.NewFromConfig(cfg), cloudwatchlogs.NewFromConfig(cfg)
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("factory")}))
	must(rules.PutRule(ctx, &eventbridge.PutRuleInput{
		Name:         aws.String("new"),
		EventPattern: aws.String(`{"source":["aws.organizations"],"detail-type":["AWS Service Event via CloudTrail"],"detail":{"eventName":["CreateAccountResult"]}}`),
	}))
	must(rules.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("new"), Targets: []types.Target{
		{Id: aws.String("1"), Arn: aws.String("arn:aws:logs:us-east-1:" + c.Access().Account + ":log-group:factory")},
	}}))
	made := c.Account("third", "third@example.com")
	failed, err := organizations.NewFromConfig(cfg).CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: aws.String("again"), Email: aws.String("third@example.com")})
	must(failed, err)
	if got := c.Made(failed.CreateAccountStatus.Id); got.FailureReason != orgtypes.CreateAccountFailureReasonEmailAlreadyExists {
		t.Errorf("got %+v", got)
	}
	told := map[string]result{}
	apitest.Eventually(t, "both results", func() bool {
		got, err := logs.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("factory")})
		must(got, err)
		for _, e := range got.Events {
			var r result
			must(nil, json.Unmarshal([]byte(*e.Message), &r))
			told[r.Detail.What.Status.State] = *r.Detail
		}
		return len(told) == 2
	})
	one, other := told["SUCCEEDED"], told["FAILED"]
	if one.Type != "AwsServiceEvent" || one.What.Status.AccountID != made || other.What.Status.FailureReason != "EMAIL_ALREADY_EXISTS" {
		t.Errorf("got %+v", told)
	}
	c.second = made // the way in, by what the event says
	must(iam.NewFromConfig(c.enter("us-east-1")).CreateAccountAlias(ctx, &iam.CreateAccountAliasInput{AccountAlias: aws.String("third-of-the-company")}))

	found, err := cloudtrail.NewFromConfig(cfg).LookupEvents(ctx, &cloudtrail.LookupEventsInput{
		LookupAttributes: []trailtypes.LookupAttribute{{AttributeKey: trailtypes.LookupAttributeKeyEventName, AttributeValue: aws.String("CreateAccountResult")}},
	})
	must(found, err)
	if len(found.Events) != 3 || !strings.Contains(*found.Events[0].CloudTrailEvent, `"invokedBy":"AWS Internal"`) {
		t.Errorf("want three results in the trail, got %+v", found.Events)
	}
}
