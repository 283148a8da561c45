package inventory

import (
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// source is a resource data sync of the type SyncFromSource: the Regions whose
// nodes are listed together. It copies nothing: they are read where they are.
type source struct {
	Name              string
	Regions           []string
	Created, Modified time.Time
}

var sources = store.Table[source]{
	Name: "ssm.inventorysources", Reach: store.Regional,
	Key: func(s *source) string { return s.Name },
}

// singleAccount is the source type of one account in several Regions.
const singleAccount = "SingleAccountMultiRegions"

var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$`)

// checkSource refuses what no sync of this plane can cover.
func checkSource(in *types.ResourceDataSyncSource) error {
	switch {
	case in == nil:
		return invalidSync("SyncSource is required for a sync of the type " + fromSource + ".")
	case aws.ToString(in.SourceType) != singleAccount || in.AwsOrganizationsSource != nil:
		return invalidSync("The source type must be " + singleAccount + ": this plane doesn't gather the nodes of an organization's accounts.")
	case in.IncludeFutureRegions || in.EnableAllOpsDataSources:
		return invalidSync("IncludeFutureRegions and EnableAllOpsDataSources can't be set: no Regions come online here, and there is no OpsData.")
	case len(in.SourceRegions) == 0:
		return invalidSync("SourceRegions must name a Region.")
	}
	for _, r := range in.SourceRegions {
		if !regionName.MatchString(r) {
			return invalidSync("The Region isn't valid: " + r + ".")
		}
	}
	return nil
}

// sourceRegions are the Regions that a request names, each once.
func sourceRegions(in *types.ResourceDataSyncSource) []string {
	return slices.Compact(slices.Sorted(slices.Values(in.SourceRegions)))
}

// Regions are those that the sync of a name covers; ok is false when there is
// no such sync of the type SyncFromSource.
func (s *Service) Regions(tx *store.Tx, scope store.Scope, sync string) (regions []string, ok bool, err error) {
	r, err := sources.Get(tx, scope, sync)
	if missing(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return r.Regions, true, nil
}

func (r *source) describe() types.ResourceDataSyncItem {
	return types.ResourceDataSyncItem{
		SyncName: &r.Name, SyncType: aws.String(fromSource), SyncCreatedTime: &r.Created, SyncLastModifiedTime: &r.Modified,
		SyncSource: &types.ResourceDataSyncSourceWithState{SourceType: aws.String(singleAccount), SourceRegions: r.Regions},
		LastStatus: types.LastResourceDataSyncStatusSuccessful,
	}
}

// fresh wants that an account may have one more sync, of this name. Source:
// ResourceDataSyncCountExceededException, API Reference.
func fresh(tx *store.Tx, scope store.Scope, name string) error {
	all, err := syncs.List(tx, scope, store.Page{})
	if err != nil {
		return err
	}
	from, err := sources.List(tx, scope, store.Page{})
	if err != nil {
		return err
	}
	same := slices.ContainsFunc(all, func(r *resourceSync) bool { return r.Name == name }) ||
		slices.ContainsFunc(from, func(r *source) bool { return r.Name == name })
	switch {
	case same:
		return &types.ResourceDataSyncAlreadyExistsException{SyncName: &name}
	case len(all)+len(from) >= maxSyncs:
		return &types.ResourceDataSyncCountExceededException{Message: new("You have exceeded the allowed maximum sync configurations.")}
	}
	return nil
}
