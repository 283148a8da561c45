package parameterstore

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// GetParameterHistory returns the versions of a parameter, the oldest first.
func (s *Service) GetParameterHistory(ctx context.Context, in *ssm.GetParameterHistoryInput) (*ssm.GetParameterHistoryOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	if err := checkReference(*in.Name); err != nil {
		return nil, err
	}
	after, limit, err := paging.Place("GetParameterHistory", in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	r := resolve(scope, *in.Name)
	var p *parameter
	var page []*version
	err = s.st.View(ctx, func(tx *store.Tx) error {
		if p, err = r.find(tx, scope, *in.Name); err != nil {
			return err
		}
		from, _ := number(after)
		page, err = versions.List(tx, scope, store.Page{
			Min: versionKey(p.Name, from+1), Max: p.Name + ";", Limit: limit + 1,
		})
		if err == nil && len(page) <= limit && p.Version > from {
			page = append(page, &p.version)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ssm.GetParameterHistoryOutput{Parameters: []types.ParameterHistory{}}
	if len(page) > limit {
		page = page[:limit]
		out.NextToken = new(api.Token("GetParameterHistory", strconv.FormatInt(page[limit-1].Version, 10)))
	}
	for _, v := range page {
		value, err := s.reveal(ctx, scope, v, in.WithDecryption)
		if err != nil {
			return nil, err
		}
		out.Parameters = append(out.Parameters, v.past(value, p.labelsOf(v.Version)))
	}
	return out, nil
}

// past is a version as GetParameterHistory answers it.
func (v *version) past(value string, labels []string) types.ParameterHistory {
	if labels == nil {
		labels = []string{}
	}
	return types.ParameterHistory{
		Name: &v.Name, Type: types.ParameterType(v.Type), KeyId: api.Optional(v.KeyID), LastModifiedDate: &v.Modified,
		LastModifiedUser: &v.User, Description: api.Optional(v.Description), Value: &value, AllowedPattern: api.Optional(v.Pattern),
		Version: v.Version, Labels: labels, Tier: types.ParameterTier(v.Tier), Policies: showPolicies(v.Policies), DataType: &v.DataType,
	}
}

func (s *Service) getParameterHistoryChecks(ctx context.Context, in *ssm.GetParameterHistoryInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:GetParameterHistory", *in.Name)
}
