package cloudtrail

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeTrails describes the trails that the Region shows, or those that are
// named. A name that is none is left out, as on AWS.
func (s *Service) DescribeTrails(ctx context.Context, in *cloudtrail.DescribeTrailsInput) (*cloudtrail.DescribeTrailsOutput, error) {
	call := api.CallFrom(ctx)
	var refs []reference
	for _, name := range in.TrailNameList {
		ref, err := refer(call, name)
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	var list []*trail
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = visible(tx, call.Account, call.Region)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("describe trails: %w", err)
	}
	out := &cloudtrail.DescribeTrailsOutput{TrailList: []types.Trail{}}
	for _, t := range list {
		shadow := t.Region != call.Region
		meant := len(refs) == 0 || slices.ContainsFunc(refs, func(r reference) bool { return r.means(t) })
		if !meant || shadow && in.IncludeShadowTrails != nil && !*in.IncludeShadowTrails {
			continue
		}
		out.TrailList = append(out.TrailList, t.shown())
	}
	return out, nil
}

func (s *Service) describeTrailsChecks(context.Context, *cloudtrail.DescribeTrailsInput) ([]api.Check, error) {
	return api.OnAny("cloudtrail:DescribeTrails"), nil
}

func (r reference) means(t *trail) bool {
	if r.byARN {
		return r.account == t.Account && r.region == t.Region && r.name == t.Name
	}
	return r.name == t.Name
}
