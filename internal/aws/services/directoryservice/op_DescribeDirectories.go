package directoryservice

import (
	"context"
	"errors"
	"slices"
	"strings"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// mostDirectories is a page without a Limit.
const mostDirectories = 100

// DescribeDirectories shows the directories of the account in the Region, or
// those of them that are named.
func (s *Service) DescribeDirectories(ctx context.Context, in *ds.DescribeDirectoriesInput) (*ds.DescribeDirectoriesOutput, error) {
	call := api.CallFrom(ctx)
	if call.Present("DirectoryIds") && len(in.DirectoryIds) == 0 {
		return nil, badParameter(call, "DirectoryIds must not be an empty list.")
	}
	after, err := startOf(call, "DescribeDirectories", in.NextToken)
	if err != nil {
		return nil, err
	}
	limit := mostDirectories
	if in.Limit != nil && *in.Limit > 0 {
		limit = min(int(*in.Limit), mostDirectories)
	}
	var found []*record
	err = s.st.View(ctx, func(tx *store.Tx) error {
		var err error
		found, err = wanted(tx, call, in.DirectoryIds, after, limit+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ds.DescribeDirectoriesOutput{DirectoryDescriptions: []types.DirectoryDescription{}}
	if len(found) > limit {
		found = found[:limit]
		token := api.Token("DescribeDirectories", found[limit-1].ID)
		out.NextToken = &token
	}
	for _, r := range found {
		out.DirectoryDescriptions = append(out.DirectoryDescriptions, r.description())
	}
	return out, nil
}

// startOf is the place in a list at which a page begins.
func startOf(call *api.Call, list string, token *string) (string, error) {
	if token == nil {
		return "", nil
	}
	after, ok := api.After(list, *token)
	if !ok {
		return "", &types.InvalidNextTokenException{
			Message: say("Invalid value passed for the NextToken parameter"), RequestId: &call.RequestID,
		}
	}
	return after, nil
}

// wanted returns up to limit directories behind a place in the order of ids.
func wanted(tx *store.Tx, call *api.Call, ids []string, after string, limit int) ([]*record, error) {
	if ids == nil {
		return directories.List(tx, store.In(call.Place()), store.Page{After: after, Limit: limit})
	}
	var out []*record
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		r, err := find(tx, store.In(call.Place()), id)
		if errors.Is(err, directory.ErrNoDirectory) {
			return nil, missing(call, id)
		}
		if err != nil {
			return nil, err
		}
		if strings.Compare(id, after) > 0 && len(out) < limit {
			out = append(out, r)
		}
	}
	return out, nil
}

// description is a directory on the wire. A directory without an alias has its
// id for one.
func (r *record) description() types.DirectoryDescription {
	d := types.DirectoryDescription{
		DirectoryId: &r.ID, Name: &r.Name, ShortName: &r.ShortName, Alias: new(r.alias()),
		Description: given(r.Description), Size: types.DirectorySize(r.Size),
		Type: r.kind(), Edition: types.DirectoryEdition(r.Edition), NetworkType: types.NetworkTypeIpv4Only,
		Stage: types.DirectoryStage(r.Stage), StageReason: given(r.StageReason), StageLastUpdatedDateTime: &r.StageSince, LaunchTime: &r.Created,
	}
	if r.VPCID != "" {
		d.VpcSettings = &types.DirectoryVpcSettingsDescription{VpcId: &r.VPCID, SubnetIds: r.SubnetIDs, AvailabilityZones: r.Zones}
	}
	if r.Connect != nil {
		r.Connect.describe(r, &d)
	}
	if r.Radius != nil {
		r.Radius.describe(&d)
	}
	return d
}

// given is nil for what was never given.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *Service) describeDirectoriesChecks(context.Context, *ds.DescribeDirectoriesInput) ([]api.Check, error) {
	return api.OnAny("ds:DescribeDirectories"), nil
}
