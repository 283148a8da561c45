package parameterstore

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// selected is a version and how the caller asked for it.
type selected struct {
	*version
	selector string
}

// GetParameters returns versions of up to ten parameters, and the names that
// mean none.
func (s *Service) GetParameters(ctx context.Context, in *ssm.GetParametersInput) (*ssm.GetParametersOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	for _, name := range in.Names {
		if err := checkReference(name); err != nil {
			return nil, err
		}
	}
	out := &ssm.GetParametersOutput{Parameters: []types.Parameter{}, InvalidParameters: []string{}}
	var found []selected
	err := s.st.View(ctx, func(tx *store.Tx) error {
		for _, name := range in.Names {
			r := resolve(scope, name)
			v, err := r.version(tx, scope, name)
			switch {
			case unknown(err):
				out.InvalidParameters = append(out.InvalidParameters, name)
			case err != nil:
				return err
			default:
				found = append(found, selected{v, r.selector})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// "The results ... are listed in alphabetical order in query responses."
	slices.SortStableFunc(found, func(a, b selected) int { return strings.Compare(a.Name, b.Name) })
	for _, v := range found {
		value, err := s.reveal(ctx, scope, v.version, in.WithDecryption)
		if err != nil {
			return nil, err
		}
		out.Parameters = append(out.Parameters, v.show(scope, v.selector, value))
	}
	return out, nil
}

func (r reference) version(tx *store.Tx, scope store.Scope, written string) (*version, error) {
	p, err := r.find(tx, scope, written)
	if err != nil {
		return nil, err
	}
	return p.at(tx, scope, r.selector)
}

// unknown tells whether an error says that there is no such parameter or
// version.
func unknown(err error) bool {
	var name *types.ParameterNotFound
	var v *types.ParameterVersionNotFound
	return errors.As(err, &name) || errors.As(err, &v)
}

func (s *Service) getParametersChecks(ctx context.Context, in *ssm.GetParametersInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:GetParameters", in.Names...)
}
