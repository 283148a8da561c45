package parameterstore

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// DescribeParameters lists what is known of parameters besides their values.
func (s *Service) DescribeParameters(ctx context.Context, in *ssm.DescribeParametersInput) (*ssm.DescribeParametersOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place("DescribeParameters", in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	filters, err := describeFilters(in)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeParametersOutput{Parameters: []types.ParameterMetadata{}}
	if in.Shared != nil && *in.Shared {
		return out, nil // nobody can share a parameter here, so nothing is shared
	}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		return candidates(tx, scope, filters, after, func(p *parameter) (bool, error) {
			if !fit(p, filters) {
				return true, nil
			}
			if n := len(out.Parameters); n == limit {
				out.NextToken = new(api.Token("DescribeParameters", *out.Parameters[n-1].Name))
				return false, nil
			}
			out.Parameters = append(out.Parameters, p.describe(scope))
			return true, nil
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// describeFilters reads the filters of either form.
func describeFilters(in *ssm.DescribeParametersInput) ([]filter, error) {
	if len(in.Filters) > 0 && len(in.ParameterFilters) > 0 {
		return nil, invalid("You can use either Filters or ParameterFilters in a single request.")
	}
	given := in.ParameterFilters
	for _, f := range in.Filters { // the old form: a name's beginning, else the whole value
		option := equals
		if f.Key == types.ParametersFilterKeyName {
			option = beginsWith
		}
		given = append(given, types.ParameterStringFilter{Key: new(string(f.Key)), Option: &option, Values: f.Values})
	}
	return readFilters(given, describeKeys, true)
}

// candidates walks over as few parameters as the filters on names allow.
func candidates(tx *store.Tx, scope store.Scope, filters []filter, after string, show func(*parameter) (bool, error)) error {
	for _, f := range filters {
		switch {
		case f.key == "Name" && f.option == equals:
			return each(tx, scope, f.values, after, show)
		case f.key == "Name" && f.option == beginsWith && len(f.values) == 1:
			return walk(tx, scope, beginning(f.values[0]), after, show)
		}
	}
	return walk(tx, scope, span{}, after, show)
}

// each shows the parameters with these names that come after one.
func each(tx *store.Tx, scope store.Scope, names []string, after string, show func(*parameter) (bool, error)) error {
	names = slices.Clone(names)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if name <= after {
			continue
		}
		p, err := parameters.Get(tx, scope, name)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if on, err := show(p); err != nil || !on {
			return err
		}
	}
	return nil
}

func (p *parameter) describe(scope store.Scope) types.ParameterMetadata {
	return types.ParameterMetadata{
		Name: &p.Name, ARN: new(arnOf(scope, p.Name)), Type: types.ParameterType(p.Type), KeyId: api.Optional(p.KeyID),
		LastModifiedDate: &p.Modified, LastModifiedUser: &p.User, Description: api.Optional(p.Description),
		AllowedPattern: api.Optional(p.Pattern), Version: p.Version, Tier: types.ParameterTier(p.Tier),
		Policies: showPolicies(p.Policies), DataType: &p.DataType,
	}
}

func (s *Service) describeParametersChecks(context.Context, *ssm.DescribeParametersInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeParameters"), nil
}
