package gate

import (
	"slices"
	"sync"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
)

// Strict is the name of the profile that throttles as AWS does.
const Strict = "aws-strict"

// class is a group of operations that share one quota of calls a second, per
// account and Region.
type class struct {
	name       string
	service    string
	operations []string // none means all
	rate       float64
}

// strictClasses are quotas that AWS documents and that a client of usual size
// meets. Sources: AWS General Reference, "AWS Systems Manager endpoints and
// quotas" and "AWS KMS endpoints and quotas"; IAM User Guide, "IAM and AWS STS
// quotas"; CloudTrail User Guide, "Quotas in AWS CloudTrail"; CloudWatch Logs
// User Guide, "CloudWatch Logs quotas". What is not listed is not throttled.
var strictClasses = []class{
	{"ssm get", "ssm", []string{"GetParameter", "GetParameters", "GetParametersByPath"}, 40},
	{"ssm put", "ssm", []string{"PutParameter"}, 3},
	{"cloudtrail lookup", "cloudtrail", []string{"LookupEvents"}, 2},
	{"sts", "sts", nil, 600},
	{"kms create", "kms", []string{"CreateKey"}, 5},
	{"logs groups", "logs", []string{"DescribeLogGroups"}, 10},
	{"logs streams", "logs", []string{"DescribeLogStreams"}, 25},
}

// throttle holds a bucket of tokens for each class, account and Region.
type throttle struct {
	classes []class
	clock   clock.Clock

	mu      sync.Mutex
	buckets map[bucketOf]*bucket // guarded by mu
}

type bucketOf struct{ account, region, class string }

type bucket struct {
	tokens float64
	at     time.Time
}

// takes tells whether a call may go on now. What services do, as themselves or
// for a caller, is not counted.
func (t *throttle) takes(call *api.Call) bool {
	if t == nil || call.Caller.Account == "" || call.Caller.Type == api.AWSService || len(call.Via) > 0 {
		return true
	}
	i := slices.IndexFunc(t.classes, func(c class) bool {
		return c.service == call.Service && (c.operations == nil || slices.Contains(c.operations, call.Operation))
	})
	if i < 0 {
		return true
	}
	c, now := t.classes[i], t.clock.Now()
	key := bucketOf{call.Account, call.Region, c.name}
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.buckets[key]
	if b == nil {
		b = &bucket{tokens: c.rate, at: now}
		t.buckets[key] = b
	}
	if gone := now.Sub(b.at).Seconds(); gone > 0 {
		b.tokens, b.at = min(c.rate, b.tokens+gone*c.rate), now
	}
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// throttled is AWS's answer to a call too many; clients wait and repeat it.
func throttled(r *row) error {
	code := "ThrottlingException"
	if r.service.Protocol == "query" {
		code = "Throttling"
	}
	return &smithy.GenericAPIError{Code: code, Message: "Rate exceeded"}
}
