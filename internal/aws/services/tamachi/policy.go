package tamachi

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// deskPolicy is a policy for the desktops of some people of a directory.
type deskPolicy struct {
	ID          string              `json:"id"`
	DirectoryID string              `json:"directoryId"`
	Name        string              `json:"name"`
	Scope       string              `json:"scope"`
	Target      string              `json:"target,omitempty"`
	Priority    int                 `json:"priority"`
	Disabled    bool                `json:"disabled,omitempty"`
	Settings    map[string][]string `json:"settings"`
	Created     time.Time           `json:"created"`
	Updated     time.Time           `json:"updated"`
}

// policies are found by their ids; their names are for people and need not
// differ.
var policies = store.Table[deskPolicy]{
	Name:  "tamachi.policies",
	Reach: store.Regional,
	Key:   func(p *deskPolicy) string { return p.ID },
	Indexes: map[string]func(*deskPolicy) string{
		"directory": func(p *deskPolicy) string { return p.DirectoryID },
	},
}

// mostPolicies is how many policies a directory may have.
const mostPolicies = 500

// DesktopPolicySettings are what a policy sets; what is not given it leaves to
// others.
type DesktopPolicySettings struct {
	AllowedSoftware                                        []string
	ClipboardIn, ClipboardOut, Microphone, Printing, Sound *string
	LogonScript, Wallpaper                                 *string
}

// DesktopPolicy is a policy as it is shown.
type DesktopPolicy struct {
	PolicyId, DirectoryId, Name, Scope, Target *string
	Priority                                   *int32
	Enabled                                    *bool
	Settings                                   *DesktopPolicySettings
	CreatedAt, UpdatedAt                       *time.Time
}

// stored are the settings by name.
func (s *DesktopPolicySettings) stored() map[string][]string {
	out := map[string][]string{}
	for name, v := range map[string]*string{
		desktops.SettingClipboardIn: s.ClipboardIn, desktops.SettingClipboardOut: s.ClipboardOut, desktops.SettingPrinting: s.Printing, desktops.SettingSound: s.Sound,
		desktops.SettingLogonScript: s.LogonScript, desktops.SettingMicrophone: s.Microphone, desktops.SettingWallpaper: s.Wallpaper,
	} {
		if v != nil {
			out[name] = []string{*v}
		}
	}
	if s.AllowedSoftware != nil {
		out[desktops.SettingSoftware] = s.AllowedSoftware
	}
	return out
}

// shown is a policy on the wire.
func (p *deskPolicy) shown() DesktopPolicy {
	one := func(name string) *string {
		if v := p.Settings[name]; len(v) > 0 {
			return &v[0]
		}
		return nil
	}
	return DesktopPolicy{
		PolicyId: &p.ID, DirectoryId: &p.DirectoryID, Name: &p.Name, Scope: &p.Scope, Target: known(p.Target),
		Priority: new(int32(p.Priority)), Enabled: new(!p.Disabled), CreatedAt: &p.Created, UpdatedAt: &p.Updated,
		Settings: &DesktopPolicySettings{
			AllowedSoftware: p.Settings[desktops.SettingSoftware],
			ClipboardIn:     one(desktops.SettingClipboardIn), ClipboardOut: one(desktops.SettingClipboardOut), Microphone: one(desktops.SettingMicrophone),
			Printing: one(desktops.SettingPrinting), Sound: one(desktops.SettingSound), LogonScript: one(desktops.SettingLogonScript), Wallpaper: one(desktops.SettingWallpaper),
		},
	}
}

func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// policy is a policy as it is decided by.
func (p *deskPolicy) policy() desktops.Policy {
	return desktops.Policy{
		ID: p.ID, Name: p.Name, Scope: desktops.PolicyScope(p.Scope), Target: p.Target, Priority: p.Priority, Disabled: p.Disabled, Settings: p.Settings,
	}
}

// sound checks what the model cannot: that the target fits the scope, and that
// a policy sets something.
func (p *deskPolicy) sound() error {
	whole := p.Scope == string(desktops.ScopeDirectory)
	switch {
	case whole && p.Target != "":
		return invalidPolicy("A policy of the scope DIRECTORY has no Target.")
	case !whole && p.Target == "":
		return invalidPolicy("A policy of the scope " + p.Scope + " needs a Target.")
	case p.Scope == string(desktops.ScopeOU) && !strings.Contains(p.Target, "="):
		return invalidPolicy("The Target of a policy of the scope OU is a distinguished name, as in OU=Sales,DC=corp,DC=example,DC=com.")
	case len(p.Settings) == 0:
		return invalidPolicy("A policy sets something.")
	}
	return nil
}

func invalidPolicy(why string) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: why}
}

// findPolicy returns a policy, or answers that there is none.
func findPolicy(tx *store.Tx, sc store.Scope, id string) (*deskPolicy, error) {
	p, err := policies.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The policy " + id + " cannot be found."}
	}
	return p, err
}

// policiesOf returns all policies of a directory.
func policiesOf(tx *store.Tx, sc store.Scope, directoryID string) ([]*deskPolicy, error) {
	return policies.By(tx, sc, "directory", directoryID, store.Page{})
}

// decide returns a directory's policies and a person as they see them.
func (s *Service) decide(ctx context.Context, sc store.Scope, directoryID, user string) ([]desktops.Policy, desktops.Subject, error) {
	who, err := s.ports.Subjects.Subject(ctx, sc.Account, sc.Region, directoryID, user)
	if err != nil {
		return nil, who, err
	}
	var all []desktops.Policy
	err = s.st.View(ctx, func(tx *store.Tx) error {
		found, err := policiesOf(tx, sc, directoryID)
		all = make([]desktops.Policy, 0, len(found))
		for _, p := range found {
			all = append(all, p.policy())
		}
		return err
	})
	return all, who, err
}

// Rules are what policies let a person do in their sessions; without one,
// everything. Who asks is webaccess, when a session begins.
func (s *Service) Rules(ctx context.Context, account, region, directoryID, user string) (desktops.Rules, error) {
	all, who, err := s.decide(ctx, store.In(account, region), directoryID, user)
	if err != nil {
		return desktops.Rules{}, fmt.Errorf("decide what %s may do: %w", user, err)
	}
	return desktops.RulesOf(desktops.Resultant(all, who)), nil
}

// Guise is what policies make of a person's desktop, with the groups that they
// are in.
func (s *Service) Guise(ctx context.Context, account, region, directoryID, user string) (desktops.Guise, error) {
	all, who, err := s.decide(ctx, store.In(account, region), directoryID, user)
	if err != nil {
		return desktops.Guise{}, fmt.Errorf("decide how the desktop of %s is: %w", user, err)
	}
	return desktops.GuiseOf(desktops.Resultant(all, who), who), nil
}

// onDirectory is the check of an action on a directory of WorkSpaces: AWS has no
// actions of our names.
func onDirectory(call *api.Call, action, directoryID string) []api.Check {
	return api.On(action, arn.New("workspaces", call.Region, call.Account, "directory/"+directoryID))
}

// onPolicy is that check for the directory of a policy. One that is not there
// is of no directory.
func (s *Service) onPolicy(ctx context.Context, action, id string) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	of := "*"
	err := s.st.View(ctx, func(tx *store.Tx) error {
		p, err := policies.Get(tx, store.In(call.Place()), id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			of = p.DirectoryID
		}
		return err
	})
	return onDirectory(call, action, of), err
}

// noSubject says that a person or a directory is not there.
func noSubject(err error, directoryID, user string) error {
	switch {
	case errors.Is(err, directory.ErrNoUser):
		return &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The user " + user + " cannot be found in the directory " + directoryID + "."}
	case errors.Is(err, directory.ErrNoDirectory):
		return &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The directory " + directoryID + " cannot be found."}
	}
	return err
}
