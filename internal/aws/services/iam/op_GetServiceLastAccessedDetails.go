package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
)

// GetServiceLastAccessedDetails shows a report, service by service.
func (s *Service) GetServiceLastAccessedDetails(ctx context.Context, in *iam.GetServiceLastAccessedDetailsInput) (*iam.GetServiceLastAccessedDetailsOutput, error) {
	r, err := s.findReport(ctx, *in.JobId)
	if err != nil {
		return nil, err
	}
	found, page, err := pageFrom(r.Services, asked{"GetServiceLastAccessedDetails", in.Marker, in.MaxItems}, func(a accessedByName) string { return a.Namespace })
	if err != nil {
		return nil, err
	}
	out := &iam.GetServiceLastAccessedDetailsOutput{
		JobStatus: r.State, JobType: r.Granularity, JobCreationDate: &r.Created, JobCompletionDate: r.completed(), Error: r.failure(),
		ServicesLastAccessed: []types.ServiceLastAccessed{}, IsTruncated: page.truncated, Marker: page.marker,
	}
	for i := range found {
		out.ServicesLastAccessed = append(out.ServicesLastAccessed, found[i].shown(r))
	}
	return out, nil
}

// shown is a service as the report shows it: the newest use, and those of its
// actions.
func (a *accessedByName) shown(r *accessReport) types.ServiceLastAccessed {
	out := types.ServiceLastAccessed{ServiceName: new(serviceNames[a.Namespace]), ServiceNamespace: &a.Namespace}
	if len(a.Uses) > 0 {
		last := &a.Uses[0]
		out.LastAuthenticated, out.LastAuthenticatedRegion, out.LastAuthenticatedEntity = &last.At, &last.Region, &r.Entities[last.Entity].ARN
		out.TotalAuthenticatedEntities = new(int32(len(a.Uses)))
	}
	for i := range a.Actions {
		t := &a.Actions[i]
		out.TrackedActionsLastAccessed = append(out.TrackedActionsLastAccessed, types.TrackedActionLastAccessed{
			ActionName: &t.Name, LastAccessedTime: &t.Use.At, LastAccessedRegion: &t.Use.Region, LastAccessedEntity: &r.Entities[t.Use.Entity].ARN,
		})
	}
	return out
}

func (s *Service) getServiceLastAccessedDetailsChecks(ctx context.Context, in *iam.GetServiceLastAccessedDetailsInput) ([]api.Check, error) {
	return api.OnAny("iam:GetServiceLastAccessedDetails"), nil
}
