package compliance

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const (
	maxCustomKinds = 10      // General Reference, "Systems Manager endpoints and quotas"
	maxSize        = 800_000 // of one resource's items in one type
)

// kindName is what a compliance type may be called.
var kindName = regexp.MustCompile(`^(Association|Patch|Custom:[A-Za-z0-9_-]\w+)$`)

// PutComplianceItems takes what is known of a resource in one type: all of it,
// or, PARTIAL, the items that it names. A hash that is stored means that
// nothing is new.
func (s *Service) PutComplianceItems(ctx context.Context, in *ssm.PutComplianceItemsInput) (*ssm.PutComplianceItemsOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	given, err := readItems(in)
	if err != nil {
		return nil, err
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		if ok, err := s.ports.Nodes.Exists(tx, scope, *in.ResourceId); err != nil || !ok {
			if err == nil {
				err = &types.InvalidResourceId{Message: new("The resource ID isn't valid: " + *in.ResourceId + " is no managed node of this account and Region.")}
			}
			return err
		}
		old, err := records.Get(tx, scope, records.Key(given))
		if missing(err) {
			if err := s.room(tx, scope, given.Kind); err != nil {
				return err
			}
			return records.Put(tx, scope, given)
		}
		if err != nil || (given.Hash != "" && old.Hash == given.Hash) {
			return err
		}
		if in.UploadType == types.ComplianceUploadTypePartial {
			return records.Put(tx, scope, old.with(given.scans(old)))
		}
		return records.Put(tx, scope, given.scans(old))
	})
	if err != nil {
		return nil, err
	}
	return &ssm.PutComplianceItemsOutput{}, nil
}

func readItems(in *ssm.PutComplianceItemsInput) (*record, error) {
	if *in.ResourceType != managedInstance {
		return nil, &types.InvalidResourceType{Message: new("The resource type isn't valid: " + *in.ResourceType + ". Valid is " + managedInstance + ".")}
	}
	if !kindName.MatchString(*in.ComplianceType) {
		return nil, invalid(*in.ComplianceType, "The compliance type isn't valid: Association, Patch or Custom: with a name.")
	}
	e := in.ExecutionSummary
	r := &record{
		Node: *in.ResourceId, Kind: *in.ComplianceType, Hash: aws.ToString(in.ItemContentHash),
		Last: execution{At: *e.ExecutionTime, ID: aws.ToString(e.ExecutionId), Type: aws.ToString(e.ExecutionType)},
	}
	seen := map[string]bool{}
	size := 0
	for _, one := range in.Items {
		i := item{
			ID: aws.ToString(one.Id), Title: aws.ToString(one.Title), Severity: string(one.Severity), Status: string(one.Status),
			Details: one.Details, By: r.Last,
		}
		if i.ID != "" && seen[i.ID] {
			return nil, invalid(r.Kind, "The item "+i.ID+" is there twice.")
		}
		seen[i.ID] = true
		size += len(i.ID) + len(i.Title)
		for k, v := range i.Details {
			size += len(k) + len(v)
		}
		r.Items = append(r.Items, i)
	}
	if size > maxSize {
		return nil, &types.TotalSizeLimitExceededException{Message: new("The size of compliance data has exceeded the total size limit for the resource.")}
	}
	slices.SortStableFunc(r.Items, func(a, b item) int { return strings.Compare(a.ID, b.ID) })
	return r, nil
}

func invalid(kind, why string) error {
	return &types.InvalidItemContentException{TypeName: &kind, Message: &why}
}

// room refuses one custom type too many.
func (s *Service) room(tx *store.Tx, scope store.Scope, kind string) error {
	if !strings.HasPrefix(kind, "Custom:") {
		return nil
	}
	all, err := records.List(tx, scope, store.Page{})
	if err != nil {
		return err
	}
	own := map[string]bool{kind: true}
	for _, r := range all {
		if strings.HasPrefix(r.Kind, "Custom:") {
			own[r.Kind] = true
		}
	}
	if len(own) > maxCustomKinds {
		return &types.ComplianceTypeCountLimitExceededException{Message: new("You specified too many custom compliance types. You can specify a maximum of 10 different types.")}
	}
	return nil
}

// with is the record after items were replaced or added.
func (r *record) with(given *record) *record {
	out := &record{Node: r.Node, Kind: r.Kind, Hash: given.Hash, Last: given.Last, Items: slices.Clone(given.Items)}
	for _, i := range r.Items {
		if !slices.ContainsFunc(given.Items, func(g item) bool { return g.ID == i.ID }) {
			out.Items = append(out.Items, i)
		}
	}
	slices.SortStableFunc(out.Items, func(a, b item) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func (s *Service) putComplianceItemsChecks(ctx context.Context, in *ssm.PutComplianceItemsInput) ([]api.Check, error) {
	checks := api.On("ssm:PutComplianceItems", nodeARN(store.In(api.CallFrom(ctx).Place()), *in.ResourceId))
	checks[0].Keys = map[string]string{api.KeyNode: *in.ResourceId}
	return checks, nil
}
