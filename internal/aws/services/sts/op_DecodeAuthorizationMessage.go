package sts

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"tamachi/internal/aws/api"
)

// DecodeAuthorizationMessage tells why a call of the account was denied, from
// the message that the denial carried.
func (s *Service) DecodeAuthorizationMessage(ctx context.Context, in *sts.DecodeAuthorizationMessageInput) (*sts.DecodeAuthorizationMessageOutput, error) {
	message, ok := s.ports.Messages.Open(api.CallFrom(ctx).Account, *in.EncodedMessage)
	if !ok {
		return nil, &types.InvalidAuthorizationMessageException{Message: aws.String("Message is not valid")}
	}
	return &sts.DecodeAuthorizationMessageOutput{DecodedMessage: aws.String(string(message))}, nil
}

func (s *Service) decodeAuthorizationMessageChecks(context.Context, *sts.DecodeAuthorizationMessageInput) ([]api.Check, error) {
	return []api.Check{newCheck("sts:DecodeAuthorizationMessage", "*")}, nil
}
