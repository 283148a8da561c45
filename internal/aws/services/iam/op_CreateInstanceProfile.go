package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateInstanceProfile makes an instance profile without a role.
func (s *Service) CreateInstanceProfile(ctx context.Context, in *iam.CreateInstanceProfileInput) (*iam.CreateInstanceProfileOutput, error) {
	call := api.CallFrom(ctx)
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	p := &profile{ID: "AIPA" + s.ids.Upper(17), Name: *in.InstanceProfileName, Path: pathOr(in.Path), Tags: tags, Created: moment(call)}
	var out *types.InstanceProfile
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if err := freeProfileName(tx, store.Scope{Account: call.Account}, p.Name); err != nil {
			return err
		}
		if out, err = p.shown(tx, store.Scope{Account: call.Account}); err != nil {
			return err
		}
		return profiles.Put(tx, store.Scope{Account: call.Account}, p)
	})
	if err != nil {
		return nil, err
	}
	if len(tags) > 0 {
		out.Tags = tagList(tags)
	}
	return &iam.CreateInstanceProfileOutput{InstanceProfile: out}, nil
}

func (s *Service) createInstanceProfileChecks(ctx context.Context, in *iam.CreateInstanceProfileInput) ([]api.Check, error) {
	c := api.Check{Action: "iam:CreateInstanceProfile", Resource: entityARN(api.CallFrom(ctx).Account, "instance-profile", pathOr(in.Path), *in.InstanceProfileName)}
	return creating(c, "iam:TagInstanceProfile", in.Tags), nil
}

// freeProfileName refuses a name that an instance profile has, in any case, and
// one profile too many.
func freeProfileName(tx *store.Tx, sc store.Scope, name string) error {
	_, err := profiles.Get(tx, sc, strings.ToLower(name))
	if err == nil {
		return alreadyExists("Instance Profile %s already exists.", name)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return within(tx, sc, &profiles, "InstanceProfilesPerAccount", maxProfiles)
}
