package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GenerateServiceLastAccessedDetails asks for a report of when a user, group,
// role or managed policy was last used to reach the services that it grants.
func (s *Service) GenerateServiceLastAccessedDetails(ctx context.Context, in *iam.GenerateServiceLastAccessedDetailsInput) (*iam.GenerateServiceLastAccessedDetailsOutput, error) {
	call := api.CallFrom(ctx)
	r := &accessReport{
		ID: s.ids.TimeUUID(call.Time), Account: call.Account, Asker: asker(&call.Caller), Subject: *in.Arn,
		Granularity: types.AccessAdvisorUsageGranularityTypeServiceLevel, State: types.JobStatusTypeInProgress, Created: call.Time.UTC().Truncate(time.Second),
	}
	if in.Granularity != "" {
		r.Granularity = in.Granularity
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := s.findSubject(tx, store.Scope{Account: call.Account}, *in.Arn); err != nil {
			return err
		}
		return accessReports.Put(tx, store.Scope{}, r)
	})
	if err != nil {
		return nil, err
	}
	return &iam.GenerateServiceLastAccessedDetailsOutput{JobId: &r.ID}, nil
}

func (s *Service) generateServiceLastAccessedDetailsChecks(ctx context.Context, in *iam.GenerateServiceLastAccessedDetailsInput) ([]api.Check, error) {
	if isPolicyARN(*in.Arn) {
		return []api.Check{{Action: "iam:GenerateServiceLastAccessedDetails", Resource: *in.Arn}}, nil
	}
	return checkSource(ctx, "iam:GenerateServiceLastAccessedDetails", *in.Arn), nil
}
