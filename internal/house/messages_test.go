package house_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/apitest"
)

// TestADenialOfEC2SaysWhyToWhoMayReadIt decodes the message that a denied call
// carried.
func TestADenialOfEC2SaysWhyToWhoMayReadIt(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	ctx, admin, name := t.Context(), iam.NewFromConfig(p.Config()), aws.String("ann")
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(admin.CreateUser(ctx, &iam.CreateUserInput{UserName: name}))
	must(admin.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: name, PolicyName: aws.String("own"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[
	  {"Effect":"Allow","Action":"*","Resource":"*"},
	  {"Sid":"Tokyo","Effect":"Deny","Action":"ec2:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"mars-1"}}}]}`)}))
	key, err := admin.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name})
	must(key, err)
	ann := p.Config()
	ann.Credentials = credentials.NewStaticCredentialsProvider(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "")
	_, err = ec2.NewFromConfig(ann).DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	refused, ok := errors.AsType[smithy.APIError](err)
	if !ok || refused.ErrorCode() != "UnauthorizedOperation" {
		t.Fatalf("want a denial, got %v", err)
	}
	words, text, found := strings.Cut(refused.ErrorMessage(), ". Encoded authorization failure message: ")
	if !found || !strings.HasSuffix(words, "is not authorized to perform: ec2:DescribeVpcs with an explicit deny in an identity-based policy") {
		t.Fatalf("got %q", refused.ErrorMessage())
	}

	out, err := sts.NewFromConfig(p.Config()).DecodeAuthorizationMessage(ctx, &sts.DecodeAuthorizationMessageInput{EncodedMessage: &text})
	must(out, err)
	var got struct {
		Allowed, ExplicitDeny bool
		MatchedStatements     struct {
			Items []struct {
				StatementID, Effect string
				Conditions          struct{ Items []struct{ Key string } }
			}
		}
		Context struct {
			Principal  struct{ Name, ARN string }
			Action     string
			Conditions struct {
				Items []struct {
					Key    string
					Values struct{ Items []struct{ Value string } }
				}
			}
		}
		Diagnosis struct {
			Changes []struct{ PolicyType, Policy, StatementID string }
		}
	}
	must(nil, json.Unmarshal([]byte(*out.DecodedMessage), &got))
	if got.Allowed || !got.ExplicitDeny || got.Context.Action != "ec2:DescribeVpcs" || got.Context.Principal.Name != "ann" ||
		len(got.MatchedStatements.Items) != 1 || got.MatchedStatements.Items[0].StatementID != "Tokyo" || got.MatchedStatements.Items[0].Effect != "DENY" ||
		len(got.Context.Conditions.Items) == 0 || len(got.Diagnosis.Changes) != 1 || got.Diagnosis.Changes[0].Policy != "own" || got.Diagnosis.Changes[0].PolicyType != "identity-based policy" {
		t.Errorf("got %s", *out.DecodedMessage)
	}
	middle, other := len(text)/2, "A" // the last character may hold bits that count for nothing
	if text[middle] == 'A' {
		other = "B"
	}
	for what, message := range map[string]string{"no message": "nothing", "a changed message": text[:middle] + other + text[middle+1:]} {
		_, err := sts.NewFromConfig(p.Config()).DecodeAuthorizationMessage(ctx, &sts.DecodeAuthorizationMessageInput{EncodedMessage: &message})
		apitest.Refused(t, what, err, "InvalidAuthorizationMessageException", "")
	}
}
