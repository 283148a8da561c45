package parameterstore

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteParameters deletes up to ten parameters, and says which there were.
func (s *Service) DeleteParameters(ctx context.Context, in *ssm.DeleteParametersInput) (*ssm.DeleteParametersOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	var names []string
	for _, written := range in.Names {
		name, err := plain(&written)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var out *ssm.DeleteParametersOutput
	c := s.claim(scope)
	err := c.end(s.st.Update(ctx, func(tx *store.Tx) error {
		out = &ssm.DeleteParametersOutput{DeletedParameters: []string{}, InvalidParameters: []string{}}
		if err := c.begin(tx); err != nil {
			return err
		}
		for _, name := range names {
			p, err := find(tx, scope, name)
			if unknown(err) {
				out.InvalidParameters = append(out.InvalidParameters, name)
				continue
			}
			if err != nil {
				return err
			}
			c.remove(p.Tier)
			if err := s.tell(tx, scope, p, "Delete"); err != nil {
				return err
			}
			if err := p.erase(tx, scope); err != nil {
				return err
			}
			out.DeletedParameters = append(out.DeletedParameters, name)
		}
		return nil
	}))
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) deleteParametersChecks(ctx context.Context, in *ssm.DeleteParametersInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:DeleteParameters", in.Names...)
}
