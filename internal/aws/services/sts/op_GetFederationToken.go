package sts

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

// GetFederationToken makes a named session with what the user's policies and
// the session policies both allow; without one the session may do nothing but
// ask who it is.
func (s *Service) GetFederationToken(ctx context.Context, in *sts.GetFederationTokenInput) (*sts.GetFederationTokenOutput, error) {
	call := api.CallFrom(ctx)
	p, err := s.pass(ctx, call.Account, in.Policy, in.PolicyArns, in.Tags)
	if err != nil {
		return nil, err
	}
	who := api.Caller{
		Type: api.FederatedUser, Account: call.Account, Name: *in.Name,
		ARN: federatedARN(call.Account, *in.Name).String(), UserID: call.Account + ":" + *in.Name,
		Session: &api.Session{
			IssuerType: call.Caller.Type, IssuerARN: call.Caller.ARN, IssuerID: call.Caller.UserID, IssuerName: call.Caller.Name,
			Policies: p.texts, PolicyARNs: p.arns, Tags: p.tags,
		},
	}
	c, err := s.grant(ctx, who, lasting(&call.Caller, in.DurationSeconds), nil)
	if err != nil {
		return nil, err
	}
	return &sts.GetFederationTokenOutput{
		Credentials:   c,
		FederatedUser: &types.FederatedUser{Arn: aws.String(who.ARN), FederatedUserId: aws.String(who.UserID)},
	}, nil
}

func (s *Service) getFederationTokenChecks(ctx context.Context, in *sts.GetFederationTokenInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	if err := longTermOnly(call); err != nil {
		return nil, err
	}
	c := newCheck("sts:GetFederationToken", federatedARN(call.Account, *in.Name).String())
	requestKeys(&c, in.Tags)
	checks := []api.Check{c}
	if len(in.Tags) > 0 {
		c.Action = "sts:TagSession"
		c.Sets["sts:TransitiveTagKeys"] = nil
		checks = append(slices.Clip(checks), c)
	}
	return checks, nil
}

func federatedARN(account, name string) arn.ARN {
	return arn.New("sts", "", account, "federated-user/"+name)
}
