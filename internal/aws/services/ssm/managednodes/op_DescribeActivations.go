package managednodes

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// DescribeActivations lists activations, expired ones included.
func (s *Service) DescribeActivations(ctx context.Context, in *ssm.DescribeActivationsInput) (*ssm.DescribeActivationsOutput, error) {
	call := api.CallFrom(ctx)
	after, limit, err := paging.Place("DescribeActivations", in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeActivationsOutput{ActivationList: []types.Activation{}}
	var last string
	more := false
	err = s.st.View(ctx, func(tx *store.Tx) error {
		more, err = scan(tx, &activations, store.In(call.Place()), after, func(a *activation) bool {
			if !fits(a, in.Filters) {
				return true
			}
			if len(out.ActivationList) == limit {
				return false
			}
			out.ActivationList = append(out.ActivationList, a.describe(call.Time))
			last = a.ID
			return true
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	if more {
		out.NextToken = text(api.Token("DescribeActivations", last))
	}
	return out, nil
}

func fits(a *activation, filters []types.DescribeActivationsFilter) bool {
	for _, f := range filters {
		value := map[types.DescribeActivationsFilterKeys]string{
			types.DescribeActivationsFilterKeysActivationIds:       a.ID,
			types.DescribeActivationsFilterKeysDefaultInstanceName: a.Name,
			types.DescribeActivationsFilterKeysIamRole:             a.Role,
		}[f.FilterKey]
		if !slices.Contains(f.FilterValues, value) {
			return false
		}
	}
	return true
}

func (a *activation) describe(now time.Time) types.Activation {
	out := types.Activation{
		ActivationId: &a.ID, CreatedDate: &a.Created, ExpirationDate: &a.Expires, Expired: !now.Before(a.Expires),
		IamRole: &a.Role, RegistrationLimit: &a.Limit, RegistrationsCount: &a.Used,
		DefaultInstanceName: api.Optional(a.Name), Description: api.Optional(a.Description),
	}
	for k, v := range a.Tags {
		out.Tags = append(out.Tags, types.Tag{Key: &k, Value: &v})
	}
	slices.SortFunc(out.Tags, func(a, b types.Tag) int { return compare(*a.Key, *b.Key) })
	return out
}

func (s *Service) describeActivationsChecks(context.Context, *ssm.DescribeActivationsInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeActivations"), nil
}
