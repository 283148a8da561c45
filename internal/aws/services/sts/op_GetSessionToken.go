package sts

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/api"
)

// GetSessionToken makes a session of the calling user, with a second factor
// when the call has one.
func (s *Service) GetSessionToken(ctx context.Context, in *sts.GetSessionTokenInput) (*sts.GetSessionTokenOutput, error) {
	who := api.CallFrom(ctx).Caller
	second := factor{in.SerialNumber, in.TokenCode}
	who.Session = &api.Session{MFA: second.given()}
	c, err := s.grant(ctx, who, lasting(&who, in.DurationSeconds), second.use(ctx, s.ports.MFA))
	if err != nil {
		return nil, err
	}
	return &sts.GetSessionTokenOutput{Credentials: c}, nil
}

// getSessionTokenChecks asks for no permission: a user needs none (AWS STS API
// Reference, GetSessionToken), only a long-term key and a good code.
func (s *Service) getSessionTokenChecks(ctx context.Context, in *sts.GetSessionTokenInput) ([]api.Check, error) {
	if err := longTermOnly(api.CallFrom(ctx)); err != nil {
		return nil, err
	}
	if err := (factor{in.SerialNumber, in.TokenCode}).check(ctx, s.ports.MFA); err != nil {
		return nil, err
	}
	return []api.Check{{Action: "sts:GetSessionToken", Resource: "*", Granted: true}}, nil
}
