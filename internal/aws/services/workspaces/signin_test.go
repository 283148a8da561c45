package workspaces_test

import (
	"errors"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
)

// TestSigningInOverASocket changes how people of a directory sign in, and what
// passes to their browsers.
func TestSigningInOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	w.done(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: &w.directory}))
	saml := func(p *types.SamlProperties, gone ...types.DeletableSamlProperty) (any, error) {
		return w.ModifySamlProperties(ctx, &sdk.ModifySamlPropertiesInput{ResourceId: &w.directory, SamlProperties: p, PropertiesToDelete: gone})
	}
	w.no("InvalidParameterValuesException")(saml(&types.SamlProperties{Status: types.SamlStatusEnumEnabled}))
	w.done(saml(&types.SamlProperties{Status: types.SamlStatusEnumEnabledWithDirectoryLoginFallback, UserAccessUrl: new("https://idp.example.com/start")}))
	w.no("InvalidParameterValuesException")(saml(nil, types.DeletableSamlPropertySamlPropertiesUserAccessUrl))
	if p := w.described().SamlProperties; p.Status != types.SamlStatusEnumEnabledWithDirectoryLoginFallback || *p.UserAccessUrl != "https://idp.example.com/start" || *p.RelayStateParameterName != "RelayState" {
		t.Errorf("SAML: %+v", p)
	}
	w.done(saml(&types.SamlProperties{Status: types.SamlStatusEnumDisabled}, types.DeletableSamlPropertySamlPropertiesUserAccessUrl))
	if p := w.described().SamlProperties; p.Status != types.SamlStatusEnumDisabled || p.UserAccessUrl != nil {
		t.Errorf("SAML: %+v", p)
	}

	authority := "arn:aws:acm-pca:ap-northeast-1:111122223333:certificate-authority/one"
	certificates := func(p *types.CertificateBasedAuthProperties, gone ...types.DeletableCertificateBasedAuthProperty) (any, error) {
		return w.ModifyCertificateBasedAuthProperties(ctx, &sdk.ModifyCertificateBasedAuthPropertiesInput{ResourceId: &w.directory, CertificateBasedAuthProperties: p, PropertiesToDelete: gone})
	}
	w.no("OperationNotSupportedException")(certificates(&types.CertificateBasedAuthProperties{Status: types.CertificateBasedAuthStatusEnumEnabled, CertificateAuthorityArn: &authority}))
	w.done(certificates(&types.CertificateBasedAuthProperties{CertificateAuthorityArn: &authority}))
	if p := w.described().CertificateBasedAuthProperties; p.Status != types.CertificateBasedAuthStatusEnumDisabled || *p.CertificateAuthorityArn != authority {
		t.Errorf("certificates: %+v", p)
	}
	w.done(certificates(nil, types.DeletableCertificateBasedAuthPropertyCertificateBasedAuthPropertiesCertificateAuthorityArn))
	if p := w.described().CertificateBasedAuthProperties; p.CertificateAuthorityArn != nil {
		t.Errorf("certificates: %+v", p)
	}
	w.streamsOverTheSocket()

	none, err := w.DescribeAccountModifications(ctx, &sdk.DescribeAccountModificationsInput{})
	w.done(none, err)
	if len(none.AccountModifications) != 0 {
		t.Errorf("modifications: %+v", none.AccountModifications)
	}
	w.no("AccessDeniedException")(w.stranger().DescribeAccountModifications(ctx, &sdk.DescribeAccountModificationsInput{}))
}

func (w wired) streamsOverTheSocket() {
	w.t.Helper()
	in, out := types.UserSettingActionEnumClipboardCopyFromLocalDevice, types.UserSettingActionEnumClipboardCopyToLocalDevice
	stream := func(p types.StreamingProperties) (any, error) {
		return w.ModifyStreamingProperties(w.t.Context(), &sdk.ModifyStreamingPropertiesInput{ResourceId: &w.directory, StreamingProperties: &p})
	}
	user := func(all ...types.UserSetting) types.StreamingProperties {
		return types.StreamingProperties{UserSettings: all}
	}
	no, yes := types.UserSettingPermissionEnumDisabled, types.UserSettingPermissionEnumEnabled
	w.done(stream(user(types.UserSetting{Action: out, Permission: no}, types.UserSetting{Action: in, Permission: yes, MaximumLength: new(int32(200))})))
	got := w.described().StreamingProperties
	if got == nil || len(got.UserSettings) != 2 || got.UserSettings[0].Action != in || *got.UserSettings[0].MaximumLength != 200 || got.UserSettings[1].Permission != no {
		w.t.Errorf("streams: %+v", got)
	}
	for why, p := range map[string]types.StreamingProperties{
		"an action twice":                user(types.UserSetting{Action: in, Permission: yes}, types.UserSetting{Action: in, Permission: no}),
		"a length of what may not pass":  user(types.UserSetting{Action: in, Permission: no, MaximumLength: new(int32(1))}),
		"a length of what is no writing": user(types.UserSetting{Action: types.UserSettingActionEnumPrintingToLocalDevice, Permission: yes, MaximumLength: new(int32(1))}),
	} {
		w.t.Log(why)
		w.no("InvalidParameterValuesException")(stream(p))
	}
	for why, p := range map[string]types.StreamingProperties{
		"a smart card":       user(types.UserSetting{Action: types.UserSettingActionEnumSmartCard, Permission: yes}),
		"streams over UDP":   {StreamingExperiencePreferredProtocol: types.StreamingExperiencePreferredProtocolEnumUdp},
		"Global Accelerator": {GlobalAccelerator: &types.GlobalAcceleratorForDirectory{Mode: types.AGAModeForDirectoryEnumEnabledAuto}},
		"a home folder":      {StorageConnectors: []types.StorageConnector{{ConnectorType: types.StorageConnectorTypeEnumHomeFolder, Status: types.StorageConnectorStatusEnumEnabled}}},
	} {
		w.t.Log(why)
		w.no("OperationNotSupportedException")(stream(p))
	}
}

// TestSAMLKeepsPasswordsOut lets nobody in by password where an identity provider
// is the only way.
func TestSAMLKeepsPasswordsOut(t *testing.T) {
	p := open(t)
	p.register()
	for _, row := range []struct {
		status types.SamlStatusEnum
		want   error
	}{
		{types.SamlStatusEnumEnabledWithDirectoryLoginFallback, nil},
		{types.SamlStatusEnumEnabled, desktops.ErrKeptOut},
		{types.SamlStatusEnumDisabled, nil},
	} {
		must[sdk.ModifySamlPropertiesOutput](p, "ModifySamlProperties", &sdk.ModifySamlPropertiesInput{
			ResourceId: new(corp), SamlProperties: &types.SamlProperties{Status: row.status, UserAccessUrl: new("https://idp.example.com/start")},
		})
		if err := p.room.SignsIn(t.Context(), account, region, corp); !errors.Is(err, row.want) {
			t.Errorf("%s: want %v, got %v", row.status, row.want, err)
		}
	}
	must[sdk.ModifyStreamingPropertiesOutput](p, "ModifyStreamingProperties", &sdk.ModifyStreamingPropertiesInput{ResourceId: new(corp), StreamingProperties: &types.StreamingProperties{
		UserSettings: []types.UserSetting{{Action: types.UserSettingActionEnumPrintingToLocalDevice, Permission: types.UserSettingPermissionEnumDisabled}},
	}})
	passes, err := p.room.Passes(t.Context(), account, region, corp)
	if err != nil || passes["PRINTING_TO_LOCAL_DEVICE"].Permission != "DISABLED" {
		t.Errorf("what passes: %+v, %v", passes, err)
	}
}
