package parameterstore

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteParameter deletes a parameter with all its versions.
func (s *Service) DeleteParameter(ctx context.Context, in *ssm.DeleteParameterInput) (*ssm.DeleteParameterOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	name, err := plain(in.Name)
	if err != nil {
		return nil, err
	}
	c := s.claim(scope)
	err = c.end(s.st.Update(ctx, func(tx *store.Tx) error {
		if err := c.begin(tx); err != nil {
			return err
		}
		p, err := find(tx, scope, name)
		if err != nil {
			return err
		}
		c.remove(p.Tier)
		if err := s.tell(tx, scope, p, "Delete"); err != nil {
			return err
		}
		return p.erase(tx, scope)
	}))
	if err != nil {
		return nil, err
	}
	return &ssm.DeleteParameterOutput{}, nil
}

func (s *Service) deleteParameterChecks(ctx context.Context, in *ssm.DeleteParameterInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:DeleteParameter", *in.Name)
}
