package guard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"

	"tamachi/internal/desk/account"
	"tamachi/internal/policy"
)

// Rules reads the policies of resources, by the calls that give them. Trust
// policies of roles come with the account.
type Rules struct {
	Buckets interface {
		GetBucketPolicy(context.Context, *s3.GetBucketPolicyInput, ...func(*s3.Options)) (*s3.GetBucketPolicyOutput, error)
	}
	Keys interface {
		GetKeyPolicy(context.Context, *kms.GetKeyPolicyInput, ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error)
	}
	Topics interface {
		GetTopicAttributes(context.Context, *sns.GetTopicAttributesInput, ...func(*sns.Options)) (*sns.GetTopicAttributesOutput, error)
	}
	Buses interface {
		DescribeEventBus(context.Context, *eventbridge.DescribeEventBusInput, ...func(*eventbridge.Options)) (*eventbridge.DescribeEventBusOutput, error)
	}
}

// rulesOf are those of an account.
func rulesOf(a *account.Account) Rules {
	return Rules{Buckets: a.Objects, Keys: a.Keys, Topics: a.Topics, Buses: a.Buses}
}

// ruleActions are what reading them needs.
var ruleActions = []string{"events:DescribeEventBus", "kms:GetKeyPolicy", "s3:GetBucketPolicy", "sns:GetTopicAttributes"}

// rule is the policy of a resource.
type rule struct {
	set    *policy.Set // nil: the resource has none
	must   bool        // it must allow, within the account too
	unread error       // why it is not known
}

// errOtherKind reports a kind of resource that may have a policy which is not
// read here.
var errOtherKind = errors.New("policies of this kind of resource are not read")

// withPolicies are services whose resources may have policies, besides those
// that are read. Source: IAM User Guide, "AWS services that work with IAM",
// column "Resource-based policies".
var withPolicies = []string{
	"aoss", "apigateway", "backup", "bedrock", "codeartifact", "codebuild", "dynamodb", "ecr", "elasticfilesystem", "es", "execute-api", "glacier", "glue",
	"iot", "kafka", "kinesis", "lambda", "logs", "mediastore", "network-firewall", "ram", "redshift-serverless", "s3-object-lambda", "s3-outposts",
	"s3express", "s3tables", "s3vectors", "schemas", "secretsmanager", "serverlessrepo", "ses", "signer", "sqs", "vpc-lattice",
}

// subject is the resource whose policy is about a resource: of an object, its
// bucket. It is empty for what has none.
func subject(resource string) (arn.ARN, string) {
	a, err := arn.Parse(resource)
	if err != nil || strings.ContainsAny(resource, "*?") && a.Service != "s3" {
		return a, ""
	}
	switch a.Service {
	case "s3":
		bucket, _, _ := strings.Cut(a.Resource, "/")
		if bucket == "" || strings.ContainsAny(bucket, "*?") || a.AccountID != "" {
			return a, ""
		}
		a.Resource = bucket
	case "kms":
		if !strings.HasPrefix(a.Resource, "key/") {
			return a, ""
		}
	case "sns":
		if strings.Contains(a.Resource, ":") { // a subscription
			return a, ""
		}
	case "events":
		if !strings.HasPrefix(a.Resource, "event-bus/") {
			return a, ""
		}
	default:
		if !slices.Contains(withPolicies, a.Service) {
			return a, ""
		}
	}
	return a, a.String()
}

// Learn reads the policies of resources. One that cannot be read is noted with
// the reason.
func (e *Estate) Learn(ctx context.Context, from Rules, resources ...string) {
	for _, resource := range resources {
		a, name := subject(resource)
		if _, known := e.rules[name]; name == "" || known {
			continue
		}
		text, action, err := from.read(ctx, a)
		switch {
		case err != nil && action != "":
			e.rules[name] = rule{unread: account.Explain(action, err)}
		case err != nil:
			e.rules[name] = rule{unread: fmt.Errorf("%s: %w", a.Service, err)}
		case text == "":
			e.rules[name] = rule{}
		default:
			d, err := policy.ParseResource(text)
			if err != nil {
				d = policy.Unreadable(text, "it cannot be read")
			}
			e.rules[name] = rule{set: policy.NewSet(policy.Policy{Name: "policy of " + name, Document: d}), must: a.Service == "kms"}
		}
	}
}

// read is the text of a resource's policy, empty for one without; action is
// that of the call.
func (r Rules) read(ctx context.Context, a arn.ARN) (text, action string, err error) {
	switch a.Service {
	case "s3":
		out, err := r.Buckets.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &a.Resource})
		if fault, ok := errors.AsType[smithy.APIError](err); ok && fault.ErrorCode() == "NoSuchBucketPolicy" {
			return "", "", nil
		}
		if err != nil {
			return "", "s3:GetBucketPolicy", err
		}
		return aws.ToString(out.Policy), "", nil
	case "kms":
		id := a.String()
		out, err := r.Keys.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &id}, func(o *kms.Options) { o.Region = a.Region })
		if err != nil {
			return "", "kms:GetKeyPolicy", err
		}
		return aws.ToString(out.Policy), "", nil
	case "sns":
		id := a.String()
		out, err := r.Topics.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &id}, func(o *sns.Options) { o.Region = a.Region })
		if err != nil {
			return "", "sns:GetTopicAttributes", err
		}
		return out.Attributes["Policy"], "", nil
	case "events":
		name := strings.TrimPrefix(a.Resource, "event-bus/")
		out, err := r.Buses.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: &name}, func(o *eventbridge.Options) { o.Region = a.Region })
		if err != nil {
			return "", "events:DescribeEventBus", err
		}
		return aws.ToString(out.Policy), "", nil
	}
	return "", "", errOtherKind
}

// ruleOf finds the policy of a resource that a call of an action meets.
func (e *Estate) ruleOf(action, resource string) rule {
	service, _, _ := strings.Cut(action, ":")
	if strings.EqualFold(service, "sts") {
		for _, h := range e.Holders {
			if h.Trust != nil && h.Name() == resource {
				return rule{set: h.Trust, must: true}
			}
		}
		return rule{}
	}
	a, name := subject(resource)
	if name == "" || !strings.EqualFold(a.Service, service) {
		return rule{}
	}
	return e.rules[name]
}

// Unlearnt says of which resources the policy is not known, and why.
func (e *Estate) Unlearnt() map[string]error {
	out := map[string]error{}
	for name, r := range e.rules {
		if r.unread != nil {
			out[name] = r.unread
		}
	}
	return out
}

// request is what somebody asks, and all policies that hold it.
func (e *Estate) request(h *Holder, action, resource string, keys policy.Context) (*policy.Request, *policy.Policies) {
	r := &policy.Request{Action: action, Resource: resource, Owner: e.Account, Who: h.Who, Keys: keys, OwnerManages: e.Manages}
	r.Who.Manages = e.Manages
	own := e.ruleOf(action, resource)
	r.Ruled = own.must
	p := &policy.Policies{Identity: h.Identity, Boundary: h.Boundary, SCPs: e.SCPs, RCPs: e.RCPs, Resource: own.set}
	if a, err := arn.Parse(resource); err == nil && len(a.AccountID) == 12 && a.AccountID != e.Account {
		r.Owner, r.OwnerManages, p.RCPs = a.AccountID, false, nil // what stands above another's resources is not known here
	}
	return r, p
}
