package ssm

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetServiceSetting returns a setting of the account in the Region.
func (s *Service) GetServiceSetting(ctx context.Context, in *ssm.GetServiceSettingInput) (*ssm.GetServiceSettingOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	id, err := knownSetting(scope, *in.SettingId)
	if err != nil {
		return nil, err
	}
	out := &ssm.GetServiceSettingOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.ServiceSetting, err = showSetting(tx, scope, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) getServiceSettingChecks(ctx context.Context, in *ssm.GetServiceSettingInput) ([]api.Check, error) {
	return settingCheck(api.CallFrom(ctx), "ssm:GetServiceSetting", *in.SettingId), nil
}
