package guard

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/aws/reference"
	"tamachi/internal/desk/account"
	"tamachi/internal/policy"
)

// Lists lists the resources of an account and Region whose policies are read.
type Lists struct {
	Buckets interface {
		ListBuckets(context.Context, *s3.ListBucketsInput, ...func(*s3.Options)) (*s3.ListBucketsOutput, error)
	}
	Keys interface {
		ListKeys(context.Context, *kms.ListKeysInput, ...func(*kms.Options)) (*kms.ListKeysOutput, error)
	}
	Topics interface {
		ListTopics(context.Context, *sns.ListTopicsInput, ...func(*sns.Options)) (*sns.ListTopicsOutput, error)
	}
	Buses interface {
		ListEventBuses(context.Context, *eventbridge.ListEventBusesInput, ...func(*eventbridge.Options)) (*eventbridge.ListEventBusesOutput, error)
	}
}

// listActions are what listing them needs.
var listActions = []string{"events:ListEventBuses", "kms:ListKeys", "s3:ListAllMyBuckets", "sns:ListTopics"}

// LearnAll reads the policies of all buckets, keys, topics and event buses. A
// kind that cannot be listed is noted with the reason.
func (e *Estate) LearnAll(ctx context.Context, lists Lists, from Rules) {
	for _, kind := range []struct {
		name, action string
		page         func(ctx context.Context, token *string) (arns []string, next *string, err error)
	}{
		{"s3", "s3:ListAllMyBuckets", lists.buckets},
		{"kms", "kms:ListKeys", lists.keys},
		{"sns", "sns:ListTopics", lists.topics},
		{"events", "events:ListEventBuses", lists.buses},
	} {
		var all []string
		err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
			some, next, err := kind.page(ctx, token)
			all = append(all, some...)
			return next, err
		})
		if err != nil {
			e.rules[kind.name+":*"] = rule{unread: account.Explain(kind.action, err)}
		}
		e.Learn(ctx, from, all...)
	}
}

func (l Lists) buckets(ctx context.Context, token *string) (arns []string, next *string, err error) {
	out, err := l.Buckets.ListBuckets(ctx, &s3.ListBucketsInput{ContinuationToken: token})
	if err != nil {
		return nil, nil, err
	}
	for _, b := range out.Buckets {
		arns = append(arns, "arn:aws:s3:::"+aws.ToString(b.Name))
	}
	return arns, out.ContinuationToken, nil
}

func (l Lists) keys(ctx context.Context, token *string) (arns []string, next *string, err error) {
	out, err := l.Keys.ListKeys(ctx, &kms.ListKeysInput{Marker: token})
	if err != nil {
		return nil, nil, err
	}
	for _, k := range out.Keys {
		arns = append(arns, aws.ToString(k.KeyArn))
	}
	return arns, out.NextMarker, nil
}

func (l Lists) topics(ctx context.Context, token *string) (arns []string, next *string, err error) {
	out, err := l.Topics.ListTopics(ctx, &sns.ListTopicsInput{NextToken: token})
	if err != nil {
		return nil, nil, err
	}
	for _, t := range out.Topics {
		arns = append(arns, aws.ToString(t.TopicArn))
	}
	return arns, out.NextToken, nil
}

func (l Lists) buses(ctx context.Context, token *string) (arns []string, next *string, err error) {
	out, err := l.Buses.ListEventBuses(ctx, &eventbridge.ListEventBusesInput{NextToken: token})
	if err != nil {
		return nil, nil, err
	}
	for _, b := range out.EventBuses {
		arns = append(arns, aws.ToString(b.Arn))
	}
	return arns, out.NextToken, nil
}

// ResourceRight is what the policy of a resource changes for a user or role.
type ResourceRight struct {
	Resource string `json:"resource"`
	// Yes and Depends are the actions that the policy itself allows; of a role, that
	// it may be assumed.
	Yes     []string `json:"yes,omitempty"`
	Depends []string `json:"depends,omitempty"`
	// Denied are those that it denies, or a key's does not allow, although all other
	// policies do.
	Denied []string `json:"denied,omitempty"`
}

// ruled are the types of resources that a policy which is read is about: itself,
// or what lies below it.
var ruled = map[string]string{"s3:bucket": "", "s3:object": "/*", "kms:key": "", "sns:topic": "", "events:event-bus": ""}

// CanByResources tells what the policies of resources change for a user or role,
// of one service or of all: those of the resources that were learnt, and the
// trust policies of roles.
func (e *Estate) CanByResources(h *Holder, service string) ([]ResourceRight, error) {
	all, err := reference.Load()
	if err != nil {
		return nil, err
	}
	var out []ResourceRight
	for _, name := range slices.Sorted(maps.Keys(e.rules)) {
		a, known := subject(name)
		if e.rules[name].set == nil || known == "" || service != "" && service != a.Service {
			continue
		}
		r := ResourceRight{Resource: name}
		for _, action := range slices.Sorted(maps.Keys(all[a.Service].Actions)) {
			for _, kind := range all[a.Service].Actions[action].Resources {
				if below, is := ruled[a.Service+":"+kind]; is {
					e.byResource(h, a.Service+":"+action, name+below, &r)
					break
				}
			}
		}
		if len(r.Yes)+len(r.Depends)+len(r.Denied) > 0 {
			out = append(out, r)
		}
	}
	if service != "" && service != "sts" {
		return out, nil
	}
	for _, role := range e.Holders {
		if role.Trust == nil || role == h {
			continue
		}
		r := ResourceRight{Resource: role.Name()}
		const assume = "sts:AssumeRole"
		switch d := policy.Decide(e.request(h, assume, role.Name(), standing{h, e})); {
		case d.Allowed():
			r.Yes = []string{assume}
		case d.Unknown != "":
			r.Depends = []string{assume}
		default:
			continue
		}
		out = append(out, r)
	}
	return out, nil
}

// byResource enters what a resource's policy makes of one action.
func (e *Estate) byResource(h *Holder, action, resource string, out *ResourceRight) {
	r, p := e.request(h, action, resource, standing{h, e})
	with := policy.Decide(r, p)
	alone := *p
	alone.Identity = policy.NewSet()
	byItself := policy.Decide(r, &alone)
	without := *p
	without.Resource = nil
	unruled := *r
	unruled.Ruled = false
	switch {
	case with.Allowed() && byItself.Allowed():
		out.Yes = append(out.Yes, action)
	case byItself.Unknown != "":
		out.Depends = append(out.Depends, action)
	case !with.Allowed() && with.By == policy.ResourceBased && policy.Decide(&unruled, &without).Allowed():
		out.Denied = append(out.Denied, action)
	}
}
