package workspaces

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ModifyStreamingProperties says what may pass between a browser and the
// desktops of a directory.
func (s *Service) ModifyStreamingProperties(ctx context.Context, in *workspaces.ModifyStreamingPropertiesInput) (*workspaces.ModifyStreamingPropertiesOutput, error) {
	p := in.StreamingProperties
	if p == nil {
		return nil, invalid("The StreamingProperties parameter is required.")
	}
	if err := checkStreaming(p); err != nil {
		return nil, err
	}
	err := s.changeDirectory(ctx, in.ResourceId, func(_ *store.Tx, d *Directory) error {
		for _, u := range p.UserSettings {
			if d.Settings.Streaming == nil {
				d.Settings.Streaming = map[string]Passage{}
			}
			one := Passage{Permission: string(u.Permission)}
			if u.MaximumLength != nil {
				one.Longest = int(*u.MaximumLength)
			}
			d.Settings.Streaming[string(u.Action)] = one
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &workspaces.ModifyStreamingPropertiesOutput{}, nil
}

// checkStreaming refuses what a stream to a browser cannot have.
func checkStreaming(p *types.StreamingProperties) error {
	if p.StreamingExperiencePreferredProtocol == types.StreamingExperiencePreferredProtocolEnumUdp {
		return unsupported("Streaming over UDP")
	}
	if g := p.GlobalAccelerator; g != nil && g.Mode != types.AGAModeForDirectoryEnumDisabled {
		return unsupported("Global Accelerator")
	}
	for _, c := range p.StorageConnectors {
		if c.Status == types.StorageConnectorStatusEnumEnabled {
			return unsupported("A storage connector")
		}
	}
	seen := map[types.UserSettingActionEnum]bool{}
	for _, u := range p.UserSettings {
		if seen[u.Action] {
			return invalid(fmt.Sprintf("The action %s is specified more than once.", u.Action))
		}
		seen[u.Action] = true
		if u.Action == types.UserSettingActionEnumSmartCard && u.Permission == types.UserSettingPermissionEnumEnabled {
			return unsupported("A smart card")
		}
		if u.MaximumLength != nil && (!clipboard(u.Action) || u.Permission == types.UserSettingPermissionEnumDisabled) {
			return invalid("MaximumLength can be specified only for a clipboard action that is enabled.")
		}
	}
	return nil
}

func (s *Service) modifyStreamingPropertiesChecks(ctx context.Context, in *workspaces.ModifyStreamingPropertiesInput) ([]api.Check, error) {
	return s.onDirectory(ctx, "workspaces:ModifyStreamingProperties", in.ResourceId)
}
