package ssm

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateServiceSetting changes a setting of the account in the Region.
func (s *Service) UpdateServiceSetting(ctx context.Context, in *ssm.UpdateServiceSettingInput) (*ssm.UpdateServiceSettingOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	id, err := knownSetting(scope, *in.SettingId)
	if err != nil {
		return nil, err
	}
	if !takes(id, *in.SettingValue) {
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "The setting " + id + " takes one of the values " + strings.Join(settingValues[id], ", ") + "."}
	}
	made := &setting{ID: id, Value: *in.SettingValue, Modified: call.Time.UTC().Truncate(time.Millisecond), User: call.Caller.ARN}
	err = s.st.Update(ctx, func(tx *store.Tx) error { return settings.Put(tx, scope, made) })
	if err != nil {
		return nil, err
	}
	return &ssm.UpdateServiceSettingOutput{}, nil
}

func (s *Service) updateServiceSettingChecks(ctx context.Context, in *ssm.UpdateServiceSettingInput) ([]api.Check, error) {
	return settingCheck(api.CallFrom(ctx), "ssm:UpdateServiceSetting", *in.SettingId), nil
}
