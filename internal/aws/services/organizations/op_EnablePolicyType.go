package organizations

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// EnablePolicyType lets policies of a type act; AWS's own, which allows everything, is attached everywhere.
func (s *Service) EnablePolicyType(ctx context.Context, in *organizations.EnablePolicyTypeInput) (*organizations.EnablePolicyTypeOutput, error) {
	out := &organizations.EnablePolicyTypeOutput{}
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		if err := o.wantRoot(*in.RootId); err != nil {
			return err
		}
		kind := string(in.PolicyType)
		if err := o.acceptType(in.PolicyType); err != nil {
			return err
		}
		if slices.Contains(o.PolicyTypes, kind) {
			return &types.PolicyTypeAlreadyEnabledException{Message: aws.String("The specified policy type is already enabled.")}
		}
		o.PolicyTypes = append(o.PolicyTypes, kind)
		all, err := targets(tx, o)
		if err != nil {
			return err
		}
		for _, target := range all {
			if err := attach(tx, o, target, full(kind)); err != nil {
				return err
			}
		}
		out.Root = o.rootShown()
		return known.Put(tx, store.Scope{}, o)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) enablePolicyTypeChecks(ctx context.Context, in *organizations.EnablePolicyTypeInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "EnablePolicyType", *in.RootId)
	return withKey(checks, err, "organizations:PolicyType", string(in.PolicyType))
}
