package managednodes

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/tag"
	"tamachi/internal/store"
)

// CreateActivation makes an activation code and id, by which machines register
// as managed nodes.
func (s *Service) CreateActivation(ctx context.Context, in *ssm.CreateActivationInput) (*ssm.CreateActivationOutput, error) {
	call := api.CallFrom(ctx)
	expires, err := expiry(in.ExpirationDate, call.Time)
	if err != nil {
		return nil, err
	}
	tags, err := tag.Read(in.Tags, func(why string) error { return &types.InvalidParameters{Message: &why} })
	if err != nil {
		return nil, err
	}
	if _, err := s.role(ctx, store.In(call.Place()), *in.IamRole); err != nil {
		return nil, err
	}
	code := s.ids.Lower(20)
	a := &activation{
		ID: s.ids.UUID(), CodeHash: hashCode(code), Role: *in.IamRole, Limit: 1,
		Created: call.Time, Expires: expires, Tags: tags,
	}
	if in.DefaultInstanceName != nil {
		a.Name = *in.DefaultInstanceName
	}
	for _, m := range in.RegistrationMetadata { // AWS keeps it for its own use and shows it nowhere
		if a.Metadata == nil {
			a.Metadata = map[string]string{}
		}
		a.Metadata[*m.Key] = *m.Value
	}
	if in.Description != nil {
		a.Description = *in.Description
	}
	if in.RegistrationLimit != nil {
		a.Limit = *in.RegistrationLimit
	}
	// Only the service that makes desktops may say which desktop a node is:
	// anyone else's tag of this name is a tag and no more.
	if call.Caller.Type == api.AWSService && call.Caller.Service == "workspaces.amazonaws.com" {
		a.WorkspaceID = tags["WorkspaceId"]
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error { return activations.Put(tx, store.In(call.Place()), a) })
	if err != nil {
		return nil, err
	}
	return &ssm.CreateActivationOutput{ActivationId: &a.ID, ActivationCode: &code}, nil
}

func expiry(wanted *time.Time, now time.Time) (time.Time, error) {
	if wanted == nil {
		return now.Add(activationLife), nil
	}
	if !wanted.After(now) || wanted.After(now.Add(longestActivation)) {
		return time.Time{}, &types.InvalidParameters{Message: text("ExpirationDate must be in the future, up to 30 days from now.")}
	}
	return wanted.UTC(), nil
}

func (s *Service) createActivationChecks(ctx context.Context, in *ssm.CreateActivationInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	checks := api.OnAny("ssm:CreateActivation")
	checks = append(checks, passCheck(call.Account, *in.IamRole))
	if len(in.Tags) > 0 {
		checks = append(checks, api.OnAny("ssm:AddTagsToResource")...)
	}
	return checks, nil
}
