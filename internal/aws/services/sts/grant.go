package sts

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// tokenLength is that of a session token. It is opaque: what it stands for is
// kept here, and AWS says that its length may change.
const tokenLength = 256

// grant makes temporary credentials for who the caller becomes. use, when not
// nil, runs in the same transaction.
func (s *Service) grant(ctx context.Context, who api.Caller, lasts time.Duration, use func(*store.Tx) error) (*types.Credentials, error) {
	call := api.CallFrom(ctx)
	who.AccessKeyID = "ASIA" + s.ids.Upper(16)
	who.Session.Issued = call.Time.Truncate(time.Second)
	c := &credential{
		AccessKeyID: who.AccessKeyID, Secret: s.ids.Secret(40), SessionToken: s.ids.Secret(tokenLength),
		// Seconds only: that is what the answer carries.
		Created: call.Time, Expires: call.Time.Add(lasts).Truncate(time.Second), Caller: who,
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if use != nil {
			if err := use(tx); err != nil {
				return err
			}
		}
		return credentials.Put(tx, store.Scope{}, c)
	})
	if err != nil {
		return nil, fmt.Errorf("make a session for %s: %w", who.ARN, err)
	}
	return &types.Credentials{
		AccessKeyId: aws.String(c.AccessKeyID), SecretAccessKey: aws.String(c.Secret),
		SessionToken: aws.String(c.SessionToken), Expiration: aws.Time(c.Expires),
	}, nil
}

// lasting is how long a session of a user lasts: root's never more than an
// hour. Source: AWS STS API Reference, GetSessionToken, DurationSeconds.
func lasting(c *api.Caller, seconds *int32) time.Duration {
	lasts := 12 * time.Hour
	if seconds != nil {
		lasts = time.Duration(*seconds) * time.Second
	}
	if c.Type == api.Root {
		return min(lasts, time.Hour)
	}
	return lasts
}

// longTermOnly refuses who has a session already. Source: IAM User Guide,
// "Compare AWS STS credentials".
func longTermOnly(call *api.Call) error {
	c := &call.Caller
	if c.Session == nil && (c.Type == api.IAMUser || c.Type == api.Root) {
		return nil
	}
	return accessDenied("Cannot call %s with session credentials", call.Operation)
}

func accessDenied(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "AccessDenied", Message: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationError", Message: fmt.Sprintf(format, args...)}
}

func invalidValue(message string) error {
	return &smithy.GenericAPIError{Code: "InvalidParameterValue", Message: message}
}
