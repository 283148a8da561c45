package parameterstore

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetParameter returns one version of a parameter.
func (s *Service) GetParameter(ctx context.Context, in *ssm.GetParameterInput) (*ssm.GetParameterOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	if err := checkReference(*in.Name); err != nil {
		return nil, err
	}
	r := resolve(scope, *in.Name)
	var v *version
	err := s.st.View(ctx, func(tx *store.Tx) error {
		p, err := r.find(tx, scope, *in.Name)
		if err != nil {
			return err
		}
		v, err = p.at(tx, scope, r.selector)
		return err
	})
	if err != nil {
		return nil, err
	}
	value, err := s.reveal(ctx, scope, v, in.WithDecryption)
	if err != nil {
		return nil, err
	}
	out := v.show(scope, r.selector, value)
	return &ssm.GetParameterOutput{Parameter: &out}, nil
}

// checkReference refuses what cannot be a name (API reference, GetParameter).
func checkReference(written string) error {
	if strings.ContainsAny(strings.TrimSpace(written), " \t\r\n") {
		return invalid("Parameter name: can't contain spaces.")
	}
	return nil
}

func (s *Service) getParameterChecks(ctx context.Context, in *ssm.GetParameterInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:GetParameter", *in.Name)
}
