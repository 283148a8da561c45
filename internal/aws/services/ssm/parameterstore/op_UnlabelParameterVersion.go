package parameterstore

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UnlabelParameterVersion takes labels from a version.
func (s *Service) UnlabelParameterVersion(ctx context.Context, in *ssm.UnlabelParameterVersionInput) (*ssm.UnlabelParameterVersionOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	name, err := plain(in.Name)
	if err != nil {
		return nil, err
	}
	out := &ssm.UnlabelParameterVersionOutput{}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		p, err := find(tx, scope, name)
		if err != nil {
			return err
		}
		if _, err := p.numbered(tx, scope, *in.ParameterVersion); err != nil {
			return err
		}
		out.RemovedLabels, out.InvalidLabels = p.unlabel(*in.ParameterVersion, in.Labels)
		if len(out.RemovedLabels) == 0 {
			return nil
		}
		return parameters.Put(tx, scope, p)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) unlabelParameterVersionChecks(ctx context.Context, in *ssm.UnlabelParameterVersionInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:UnlabelParameterVersion", *in.Name)
}
