package organizations

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DisablePolicyType ends the hold of all policies of a type and detaches them; attaching them again is up to the caller.
func (s *Service) DisablePolicyType(ctx context.Context, in *organizations.DisablePolicyTypeInput) (*organizations.DisablePolicyTypeOutput, error) {
	out := &organizations.DisablePolicyTypeOutput{}
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		if err := o.wantRoot(*in.RootId); err != nil {
			return err
		}
		kind := string(in.PolicyType)
		if err := o.wantEnabled(kind); err != nil {
			return err
		}
		o.PolicyTypes = slices.DeleteFunc(o.PolicyTypes, func(k string) bool { return k == kind })
		bound, err := attachments.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
		if err != nil {
			return err
		}
		for _, a := range bound {
			if a.Type != kind {
				continue
			}
			if err := attachments.Delete(tx, store.Scope{}, attachments.Key(a)); err != nil {
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

func (s *Service) disablePolicyTypeChecks(ctx context.Context, in *organizations.DisablePolicyTypeInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "DisablePolicyType", *in.RootId)
	return withKey(checks, err, "organizations:PolicyType", string(in.PolicyType))
}
