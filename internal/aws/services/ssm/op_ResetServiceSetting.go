package ssm

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ResetServiceSetting gives a setting its default value back.
func (s *Service) ResetServiceSetting(ctx context.Context, in *ssm.ResetServiceSettingInput) (*ssm.ResetServiceSettingOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	id, err := knownSetting(scope, *in.SettingId)
	if err != nil {
		return nil, err
	}
	out := &ssm.ResetServiceSettingOutput{}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		err := settings.Delete(tx, scope, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		out.ServiceSetting, err = showSetting(tx, scope, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) resetServiceSettingChecks(ctx context.Context, in *ssm.ResetServiceSettingInput) ([]api.Check, error) {
	return settingCheck(api.CallFrom(ctx), "ssm:ResetServiceSetting", *in.SettingId), nil
}
