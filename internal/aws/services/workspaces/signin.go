package workspaces

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// SAML is how people prove who they are with an identity provider.
type SAML struct {
	Status     string `json:",omitempty"`
	URL        string `json:",omitempty"` // of the identity provider
	RelayState string `json:",omitempty"` // name of the parameter
}

func (p *SAML) take(given *types.SamlProperties) {
	p.Status = cmp.Or(string(given.Status), p.Status)
	p.URL = cmp.Or(text(given.UserAccessUrl), p.URL)
	p.RelayState = cmp.Or(text(given.RelayStateParameterName), p.RelayState)
}

func (p *SAML) on() bool {
	return p.Status != "" && p.Status != string(types.SamlStatusEnumDisabled)
}

// describe shows the relay state's name that AWS takes when none was given (API
// reference, SamlProperties).
func (p *SAML) describe() *types.SamlProperties {
	out := &types.SamlProperties{Status: types.SamlStatusEnum(cmp.Or(p.Status, string(types.SamlStatusEnumDisabled))), UserAccessUrl: api.Optional(p.URL)}
	if p.URL != "" || p.RelayState != "" {
		out.RelayStateParameterName = new(cmp.Or(p.RelayState, "RelayState"))
	}
	return out
}

// Passage is whether something passes between a browser and a desktop, and how
// many characters of it at most; 0 is any number.
type Passage struct {
	Permission string
	Longest    int `json:",omitempty"`
}

func clipboard(a types.UserSettingActionEnum) bool {
	return a == types.UserSettingActionEnumClipboardCopyFromLocalDevice || a == types.UserSettingActionEnumClipboardCopyToLocalDevice
}

// streaming shows what was said of streams; nil is that nothing was.
func (s *Settings) streaming() *types.StreamingProperties {
	if len(s.Streaming) == 0 {
		return nil
	}
	out := &types.StreamingProperties{StreamingExperiencePreferredProtocol: types.StreamingExperiencePreferredProtocolEnumTcp}
	for _, action := range types.UserSettingActionEnum("").Values() {
		p, said := s.Streaming[string(action)]
		if !said {
			continue
		}
		u := types.UserSetting{Action: action, Permission: types.UserSettingPermissionEnum(p.Permission)}
		if p.Longest > 0 {
			u.MaximumLength = new(int32(p.Longest))
		}
		out.UserSettings = append(out.UserSettings, u)
	}
	slices.SortFunc(out.UserSettings, func(a, b types.UserSetting) int { return cmp.Compare(a.Action, b.Action) })
	return out
}

// SignsIn tells whether people of a directory may sign in by their password:
// desktops.ErrKeptOut says that they may not.
func (s *Service) SignsIn(ctx context.Context, account, region, directoryID string) error {
	d, err := s.registered(ctx, account, region, directoryID)
	if err != nil {
		return err
	}
	if p := d.Settings.SAML; p.Status == string(types.SamlStatusEnumEnabled) {
		return fmt.Errorf("%w: people of this directory sign in at %s", desktops.ErrKeptOut, p.URL)
	}
	return nil
}

// Passes tells what may pass between a browser and the desktops of a directory,
// by the API's names of the actions; what is missing may.
func (s *Service) Passes(ctx context.Context, account, region, directoryID string) (map[string]Passage, error) {
	d, err := s.registered(ctx, account, region, directoryID)
	if err != nil {
		return nil, err
	}
	return d.Settings.Streaming, nil
}

func (s *Service) registered(ctx context.Context, account, region, directoryID string) (d *Directory, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		d, err = directories.Get(tx, store.In(account, region), directoryID)
		if errors.Is(err, store.ErrNotFound) {
			return desktops.ErrNotFound
		}
		return err
	})
	return d, err
}
