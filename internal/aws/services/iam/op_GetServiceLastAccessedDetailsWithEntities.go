package iam

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
)

// GetServiceLastAccessedDetailsWithEntities shows who could have used the
// policies of a report for a service, the most recent first.
func (s *Service) GetServiceLastAccessedDetailsWithEntities(ctx context.Context, in *iam.GetServiceLastAccessedDetailsWithEntitiesInput) (*iam.GetServiceLastAccessedDetailsWithEntitiesOutput, error) {
	r, err := s.findReport(ctx, *in.JobId)
	if err != nil {
		return nil, err
	}
	if serviceNames[*in.ServiceNamespace] == "" {
		return nil, invalidInput("Invalid service namespace: %s", *in.ServiceNamespace)
	}
	out := &iam.GetServiceLastAccessedDetailsWithEntitiesOutput{
		JobStatus: r.State, JobCreationDate: &r.Created, JobCompletionDate: r.completed(), Error: r.failure(), EntityDetailsList: []types.EntityDetails{},
	}
	all := r.entitiesFor(*in.ServiceNamespace)
	found, page, err := pageFrom(all, asked{"GetServiceLastAccessedDetailsWithEntities", in.Marker, in.MaxItems}, func(e rankedEntity) string { return fmt.Sprintf("%08d", e.rank) })
	for _, e := range found {
		out.EntityDetailsList = append(out.EntityDetailsList, e.shown)
	}
	out.IsTruncated, out.Marker = page.truncated, page.marker
	return out, err
}

// rankedEntity is an entity with its place in the list.
type rankedEntity struct {
	rank  int
	shown types.EntityDetails
}

// entitiesFor lists the entities of a service that the report grants: those that
// used it, then the others.
func (r *accessReport) entitiesFor(namespace string) []rankedEntity {
	i := slices.IndexFunc(r.Services, func(a accessedByName) bool { return a.Namespace == namespace })
	if i < 0 {
		return nil
	}
	out := make([]rankedEntity, 0, len(r.Entities))
	used := map[int]bool{}
	for _, use := range r.Services[i].Uses {
		used[use.Entity] = true
		d := r.Entities[use.Entity].shown()
		d.LastAuthenticated = new(use.At)
		out = append(out, rankedEntity{len(out), d})
	}
	for j := range r.Entities {
		if !used[j] {
			out = append(out, rankedEntity{len(out), r.Entities[j].shown()})
		}
	}
	return out
}

func (e *accessEntity) shown() types.EntityDetails {
	return types.EntityDetails{EntityInfo: &types.EntityInfo{
		Arn: &e.ARN, Id: &e.ID, Name: &e.Name, Path: &e.Path, Type: types.PolicyOwnerEntityType(strings.ToUpper(e.Kind)),
	}}
}

func (s *Service) getServiceLastAccessedDetailsWithEntitiesChecks(ctx context.Context, in *iam.GetServiceLastAccessedDetailsWithEntitiesInput) ([]api.Check, error) {
	return api.OnAny("iam:GetServiceLastAccessedDetailsWithEntities"), nil
}
