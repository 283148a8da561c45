package guard

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/desk/report"
)

// cabinet holds resources with policies: name or ARN -> statements; "" is one
// without a policy, "?" one whose policy may not be read.
type cabinet map[string]string

func (s cabinet) text(name string) (*string, error) {
	switch statements, there := s[name]; {
	case statements == "?":
		return nil, &smithy.GenericAPIError{Code: "AccessDenied", Message: "not you"}
	case statements == "" || !there:
		return nil, &smithy.GenericAPIError{Code: "NoSuchBucketPolicy"}
	default:
		return aws.String(`{"Version":"2012-10-17","Statement":[` + statements + `]}`), nil
	}
}

func (s cabinet) GetBucketPolicy(_ context.Context, in *s3.GetBucketPolicyInput, _ ...func(*s3.Options)) (*s3.GetBucketPolicyOutput, error) {
	text, err := s.text(*in.Bucket)
	return &s3.GetBucketPolicyOutput{Policy: text}, err
}

func (s cabinet) GetKeyPolicy(_ context.Context, in *kms.GetKeyPolicyInput, _ ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error) {
	text, err := s.text(*in.KeyId)
	return &kms.GetKeyPolicyOutput{Policy: text}, err
}

func (s cabinet) GetTopicAttributes(_ context.Context, in *sns.GetTopicAttributesInput, _ ...func(*sns.Options)) (*sns.GetTopicAttributesOutput, error) {
	text, err := s.text(*in.TopicArn)
	return &sns.GetTopicAttributesOutput{Attributes: map[string]string{"Policy": aws.ToString(text)}}, err
}

func (s cabinet) DescribeEventBus(_ context.Context, in *eventbridge.DescribeEventBusInput, _ ...func(*eventbridge.Options)) (*eventbridge.DescribeEventBusOutput, error) {
	text, err := s.text(*in.Name)
	return &eventbridge.DescribeEventBusOutput{Policy: text}, err
}

func (s cabinet) ListBuckets(context.Context, *s3.ListBucketsInput, ...func(*s3.Options)) (*s3.ListBucketsOutput, error) {
	return &s3.ListBucketsOutput{Buckets: []s3types.Bucket{{Name: aws.String("open")}, {Name: aws.String("plain")}}}, nil
}

func (s cabinet) ListKeys(context.Context, *kms.ListKeysInput, ...func(*kms.Options)) (*kms.ListKeysOutput, error) {
	return &kms.ListKeysOutput{Keys: []kmstypes.KeyListEntry{{KeyArn: aws.String(ownKey)}}}, nil
}

func (s cabinet) ListTopics(context.Context, *sns.ListTopicsInput, ...func(*sns.Options)) (*sns.ListTopicsOutput, error) {
	return &sns.ListTopicsOutput{Topics: []snstypes.Topic{{TopicArn: aws.String(secretTopic)}}}, nil
}

func (s cabinet) ListEventBuses(context.Context, *eventbridge.ListEventBusesInput, ...func(*eventbridge.Options)) (*eventbridge.ListEventBusesOutput, error) {
	return &eventbridge.ListEventBusesOutput{EventBuses: []eventtypes.EventBus{}}, &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "no buses"}
}

const (
	arnOfUsers  = "arn:aws:iam::111122223333:user/"
	deployRole  = "arn:aws:iam::111122223333:role/team/deploy"
	ownKey      = "arn:aws:kms:eu-west-1:111122223333:key/11111111-1111-4111-8111-111111111111"
	rootKey     = "arn:aws:kms:eu-west-1:111122223333:key/22222222-1111-4111-8111-111111111111"
	secretTopic = "arn:aws:sns:eu-west-1:111122223333:secret"
)

var everyRule = cabinet{
	"open": `{"Sid":"Ann","Effect":"Allow","Principal":{"AWS":"` + arnOfUsers + `ann"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::open/*"},` +
		`{"Sid":"NotHere","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::open/locked/*"}`,
	"plain":     "",
	ownKey:      `{"Sid":"Bob","Effect":"Allow","Principal":{"AWS":"` + arnOfUsers + `bob"},"Action":"kms:*","Resource":"*"}`,
	rootKey:     `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}`,
	secretTopic: "?",
	"office":    `{"Sid":"Cho","Effect":"Allow","Principal":{"AWS":"` + arnOfUsers + `cho"},"Action":"events:PutEvents","Resource":"*"}`,
}

// estateWith is the account below an organization, with a trust policy of its
// role.
func estateWith(t *testing.T, org tree) (*Estate, Rules) {
	t.Helper()
	b := ofTheAccount()
	for i := range b.pages[1].RoleDetailList {
		b.pages[1].RoleDetailList[i].AssumeRolePolicyDocument = encoded(`{"Sid":"Ann","Effect":"Allow","Principal":{"AWS":"` + arnOfUsers + `ann"},"Action":"sts:AssumeRole"}`)
	}
	for i, u := range b.pages[0].UserDetailList { // dan is an administrator of objects
		if strings.HasSuffix(*u.Arn, "/dan") {
			b.pages[0].UserDetailList[i].UserPolicyList = append(u.UserPolicyList, iamtypes.PolicyDetail{
				PolicyName: aws.String("objects"), PolicyDocument: encoded(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`),
			})
		}
	}
	e, err := readEstate(t.Context(), "111122223333", b, org)
	if err != nil || e.Unread != nil && org.err == nil {
		t.Fatal(err, e.Unread)
	}
	return e, Rules{everyRule, everyRule, everyRule, everyRule}
}

func TestPoliciesOfResourcesCount(t *testing.T) {
	alone := tree{err: &types.AWSOrganizationsNotInUseException{}}
	below := func(statement string) tree {
		return tree{attached: map[string]string{"r-1": everything, "ou-1": everything, "111122223333": everything, "rcp ou-1": `{"Version":"2012-10-17","Statement":[` + statement + `]}`}}
	}
	for name, row := range map[string]struct {
		org              tree
		action, resource string
		want             string // who may, and by what
	}{
		"a bucket that lets one in":       {alone, "s3:GetObject", "arn:aws:s3:::open/x", "ann yes policy of arn:aws:s3:::open: Ann, dan yes objects: #1, deploy no "},
		"a bucket that shuts all out":     {alone, "s3:GetObject", "arn:aws:s3:::open/locked/x", "ann no policy of arn:aws:s3:::open: NotHere, dan no policy of arn:aws:s3:::open: NotHere"},
		"a bucket without a policy":       {alone, "s3:GetObject", "arn:aws:s3:::plain/x", "ann no , dan yes objects: #1"},
		"a key of one user":               {alone, "kms:Decrypt", ownKey, "bob yes policy of " + ownKey + ": Bob, dan no "},
		"a key that leaves it to IAM":     {alone, "kms:Decrypt", rootKey, "bob no , dan yes own: #1;policy of " + rootKey + ": #1"},
		"an event bus":                    {alone, "events:PutEvents", "arn:aws:events:eu-west-1:111122223333:event-bus/office", "cho yes policy of arn:aws:events:eu-west-1:111122223333:event-bus/office: Cho, ann no "},
		"a role that trusts one":          {alone, "sts:AssumeRole", deployRole, "ann yes trust policy: Ann, bob no "},
		"the role itself is not its rule": {alone, "iam:GetRole", deployRole, "ann no , deploy no "},
		"below an RCP that denies": {
			below(`{"Sid":"NoKeys","Effect":"Deny","Principal":"*","Action":"kms:Decrypt","Resource":"*"}`), "kms:Decrypt", rootKey,
			"dan no of rcp ou-1: NoKeys",
		},
		"below an RCP that spares the organization": {
			below(`{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1234567890"}}}`), "kms:Decrypt", rootKey,
			"dan yes own: #1;of r-1: #1;of ou-1: #1;of 111122223333: #1;policy of " + rootKey + ": #1",
		},
		"RCPs do not hold this service": {
			below(`{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}`), "ssm:GetParameter", "*", "ann yes own: #1;of r-1: #1;of ou-1: #1;of 111122223333: #1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			e, from := estateWith(t, row.org)
			e.Learn(t.Context(), from, row.resource)
			got := map[string]Ability{}
			for _, a := range e.WhoCan(row.action, row.resource) {
				got[a.Principal[strings.LastIndexByte(a.Principal, '/')+1:]] = a
			}
			for want := range strings.SplitSeq(row.want, ", ") {
				who, rest, _ := strings.Cut(want, " ")
				may, by, _ := strings.Cut(rest, " ")
				a := got[who]
				wanted := strings.Split(by, ";")
				if by == "" {
					wanted = nil
				}
				if string(a.May) != may || len(a.By) != len(wanted) {
					t.Errorf("%s: got %+v, want %s by %q", who, a, may, wanted)
					continue
				}
				for _, one := range wanted {
					if !strings.Contains(strings.Join(a.By, ";"), one) {
						t.Errorf("%s: got %q, want %q among them", who, a.By, one)
					}
				}
			}
		})
	}
}

func TestPoliciesThatAreNotReadAreSaid(t *testing.T) {
	const queue = "arn:aws:sqs:eu-west-1:111122223333:jobs"
	e, from := estateWith(t, tree{err: &types.AWSOrganizationsNotInUseException{}})
	e.Learn(t.Context(), from, secretTopic, queue, "*", "arn:aws:ssm:eu-west-1:111122223333:parameter/x", "arn:aws:s3:::open")
	if got := e.Unlearnt(); len(got) != 2 || !errors.Is(got[queue], errOtherKind) || !strings.Contains(got[secretTopic].Error(), "sns:GetTopicAttributes") {
		t.Errorf("got %v", got)
	}
	for _, l := range []report.Lang{report.English, report.Japanese} {
		var out bytes.Buffer
		if err := e.writeUnread(&out, l); err != nil || !strings.Contains(out.String(), queue) || !strings.Contains(out.String(), secretTopic) {
			t.Errorf("%s: got %v\n%s", l, err, out.String())
		}
	}
	if got := e.told(map[string]any{})["notRead"].(map[string]string); len(got) != 2 {
		t.Errorf("as JSON: got %v", got)
	}
}

func TestWhatResourcesAllowAPrincipal(t *testing.T) {
	e, from := estateWith(t, tree{err: &types.AWSOrganizationsNotInUseException{}})
	e.LearnAll(t.Context(), Lists{everyRule, everyRule, everyRule, everyRule}, from)
	if got := e.Unlearnt(); len(got) != 2 || got["events:*"] == nil || got[secretTopic] == nil {
		t.Errorf("not read: got %v", got)
	}
	of := func(name, service string) []ResourceRight {
		h, err := e.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		list, err := e.CanByResources(h, service)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if diff := cmp.Diff([]ResourceRight{{Resource: deployRole, Yes: []string{"sts:AssumeRole"}}}, of("ann", "sts")); diff != "" {
		t.Error(diff)
	}
	if got := of("bob", ""); len(got) != 1 || got[0].Resource != ownKey || len(got[0].Yes) < 40 {
		t.Errorf("bob: got %+v", got)
	}
	if got := of("dan", "kms"); len(got) != 1 || got[0].Resource != ownKey || len(got[0].Denied) < 40 || len(got[0].Yes) > 0 { // who may use all keys, but not that of bob
		t.Errorf("dan: got %+v", got)
	}
	var out bytes.Buffer
	if err := writeByResources(&out, report.English, of("bob", "")); err != nil || !strings.Contains(out.String(), ownKey) {
		t.Errorf("got %v\n%s", err, out.String())
	}
}
