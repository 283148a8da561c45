package gate

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// Assumed is an AWS service with the session of a role that it assumed: a
// service role that a customer handed over, or its service-linked role. Its
// calls are those of the role: no policy of the customer's user travels with
// them, aws:ViaAWSService is false, and the address is the service's. SCPs hold
// a service role; they do not hold a service-linked one. Source: IAM User Guide,
// "AWS services that work with IAM" and "AWS global condition context keys".
type Assumed struct {
	gate   *Gate
	host   string
	caller api.Caller
	region string
}

// Assume makes a session of a role of an account, as the service: the trust
// policy of the role must allow it.
func (p Principal) Assume(ctx context.Context, account, region, roleARN, session string) (*Assumed, error) {
	answer, err := p.Do(detached(ctx), account, region, "sts", "AssumeRole", &sts.AssumeRoleInput{RoleArn: &roleARN, RoleSessionName: &session})
	if err != nil {
		return nil, err
	}
	out, ok := answer.(*sts.AssumeRoleOutput)
	if !ok {
		return nil, fmt.Errorf("assume %s: the answer is a %T", roleARN, answer)
	}
	id, _, _ := strings.Cut(aws.ToString(out.AssumedRoleUser.AssumedRoleId), ":")
	return &Assumed{gate: p.gate, host: p.host, region: region, caller: api.Caller{
		Type: api.AssumedRole, Account: account, Name: session, ARN: aws.ToString(out.AssumedRoleUser.Arn),
		UserID: aws.ToString(out.AssumedRoleUser.AssumedRoleId), AccessKeyID: aws.ToString(out.Credentials.AccessKeyId),
		Session: &api.Session{
			Issued: p.gate.clock.Now(), IssuerType: api.Role, IssuerARN: roleARN, IssuerID: id,
			IssuerName: roleARN[strings.LastIndex(roleARN, "/")+1:],
		},
	}}, nil
}

// May asks whether the role may do what no operation does, such as sending to an
// API destination; the error is the denial.
func (a *Assumed) May(ctx context.Context, c api.Check) error {
	call := &api.Call{Caller: a.caller, Account: a.caller.Account, Region: a.region, SourceIP: a.host, UserAgent: a.host, SentBy: a.host, Time: a.gate.clock.Now()}
	allowed, err := a.gate.Allowed(api.WithCall(ctx, call), []api.Check{c})
	if err != nil {
		return err
	}
	if !allowed[0] {
		return &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "User: " + a.caller.ARN + " is not authorized to perform: " + c.Action + " on resource: " + c.Resource}
	}
	return nil
}

// Do calls one operation in the role's account and the session's Region. in is
// a pointer to the row's input; the output is a pointer to the row's output.
func (a *Assumed) Do(ctx context.Context, service, operation string, in any) (any, error) {
	return a.Send(ctx, Request{ID: a.gate.ids.UUID(), Service: service, Operation: operation, In: in})
}

// Send is Do for a request with an id of its own.
func (a *Assumed) Send(ctx context.Context, r Request) (any, error) {
	call := r.call(a.gate, a.caller, a.region, a.host)
	call.SentBy = a.host
	return a.gate.Do(detached(ctx), call, r.In)
}
