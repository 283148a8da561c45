package apitest

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/gate"
	"tamachi/internal/clock"
)

// Service plays an AWS service that the plane does not have, CloudFormation
// say, in the three ways in which one calls others.
type Service struct {
	p    *Plane
	host string
}

// Service returns a service by its host name.
func (p *Plane) Service(host string) Service { return Service{p, host} }

// Forward calls with the forward access session of a user, with a long-term
// key, who asked the service from an address: in the user's name, as the user
// may.
func (s Service) Forward(user aws.Config, address, service, operation string, in any) (any, error) {
	s.p.t.Helper()
	out, err := sts.NewFromConfig(user).GetCallerIdentity(s.p.t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		s.p.t.Fatalf("who asks the service: %v", err)
	}
	arn := aws.ToString(out.Arn)
	ctx := api.WithCall(s.p.t.Context(), &api.Call{
		Caller: api.Caller{
			Type: api.IAMUser, Account: *out.Account, ARN: arn, UserID: *out.UserId, Name: arn[strings.LastIndexByte(arn, '/')+1:],
		},
		Account: *out.Account, Region: user.Region, SourceIP: address, Time: s.p.time(), Secure: true,
	})
	return s.p.Gate().Via(s.host).Do(ctx, service, operation, in)
}

// Assume returns the service with a session of a role: a service role that was
// handed to it, or its service-linked role.
func (s Service) Assume(ctx context.Context, account, region, roleARN string) (*gate.Assumed, error) {
	return s.p.Gate().As(s.host).Assume(ctx, account, region, roleARN, "played")
}

// time is the plane's.
func (p *Plane) time() time.Time {
	if p.clock == nil {
		return clock.Real{}.Now()
	}
	return p.clock.Now()
}
