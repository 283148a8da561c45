package sts

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// GetFederationToken makes a named session with the rights of a session
// policy; without one the session may do nothing but ask who it is.
func (s *Service) GetFederationToken(ctx context.Context, in *sts.GetFederationTokenInput) (*sts.GetFederationTokenOutput, error) {
	call := api.CallFrom(ctx)
	if call.Caller.Type != api.IAMUser {
		return nil, &smithy.GenericAPIError{Code: "AccessDenied", Message: "Cannot call GetFederationToken with session credentials"}
	}
	if err := supported(in); err != nil {
		return nil, err
	}
	lasts := 12 * time.Hour // AWS STS API Reference: the default of DurationSeconds
	if in.DurationSeconds != nil {
		lasts = time.Duration(*in.DurationSeconds) * time.Second
	}
	c := s.federated(call, *in.Name, aws.ToString(in.Policy), lasts)
	err := s.store.Update(ctx, func(tx *store.Tx) error { return credentials.Put(tx, store.Scope{}, c) })
	if err != nil {
		return nil, fmt.Errorf("make a session for %s: %w", *in.Name, err)
	}
	return &sts.GetFederationTokenOutput{
		Credentials: &types.Credentials{
			AccessKeyId: aws.String(c.AccessKeyID), SecretAccessKey: aws.String(c.Secret),
			SessionToken: aws.String(c.SessionToken), Expiration: aws.Time(c.Expires),
		},
		FederatedUser: &types.FederatedUser{Arn: aws.String(c.Caller.ARN), FederatedUserId: aws.String(c.Caller.UserID)},
	}, nil
}

func (s *Service) getFederationTokenChecks(ctx context.Context, in *sts.GetFederationTokenInput) ([]api.Check, error) {
	return api.On("sts:GetFederationToken", federatedARN(api.CallFrom(ctx).Account, *in.Name)), nil
}

func supported(in *sts.GetFederationTokenInput) error {
	if len(in.PolicyArns) > 0 || len(in.Tags) > 0 {
		return &smithy.GenericAPIError{Code: "ValidationError", Message: "This plane evaluates an inline session policy only: PolicyArns and Tags are not available"}
	}
	if in.Policy == nil {
		return nil
	}
	if _, err := policy.Parse(*in.Policy); err != nil {
		return &types.MalformedPolicyDocumentException{Message: aws.String(err.Error())}
	}
	return nil
}

func (s *Service) federated(call *api.Call, name, sessionPolicy string, lasts time.Duration) *credential {
	key := "ASIA" + s.ids.Upper(16)
	// Seconds only: that is what the answer carries.
	expires := call.Time.Add(lasts).Truncate(time.Second)
	return &credential{
		AccessKeyID: key, Secret: s.ids.Secret(40), SessionToken: s.ids.Secret(256),
		Created: call.Time, Expires: expires,
		Caller: api.Caller{
			Type: api.FederatedUser, Account: call.Account, Name: name, AccessKeyID: key,
			ARN: federatedARN(call.Account, name).String(), UserID: call.Account + ":" + name,
			Session: session(call, sessionPolicy),
		},
	}
}

// session is what the credentials say beyond their name.
func session(call *api.Call, policy string) *api.Session {
	s := &api.Session{
		Issued: call.Time, IssuerType: call.Caller.Type, IssuerARN: call.Caller.ARN,
		IssuerID: call.Caller.UserID, IssuerName: call.Caller.Name,
	}
	if policy != "" {
		s.Policies = []string{policy}
	}
	return s
}

func federatedARN(account, name string) arn.ARN {
	return arn.New("sts", "", account, "federated-user/"+name)
}
