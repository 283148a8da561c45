package iam

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetCredentialReport shows the report that GenerateCredentialReport made.
func (s *Service) GetCredentialReport(ctx context.Context, in *iam.GetCredentialReportInput) (*iam.GetCredentialReportOutput, error) {
	call := api.CallFrom(ctx)
	var r *credentialReport
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		r, err = reports.Get(tx, store.Scope{Account: call.Account}, reportKey)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, &types.CredentialReportNotPresentException{Message: new("No report exists. Call GenerateCredentialReport to generate one.")}
	}
	if err != nil {
		return nil, err
	}
	if !r.fresh(call.Time) {
		return nil, &types.CredentialReportExpiredException{Message: new("The report has expired. Call GenerateCredentialReport to generate a new one.")}
	}
	return &iam.GetCredentialReportOutput{Content: r.Content, GeneratedTime: &r.Made, ReportFormat: types.ReportFormatTypeTextCsv}, nil
}

func (s *Service) getCredentialReportChecks(ctx context.Context, in *iam.GetCredentialReportInput) ([]api.Check, error) {
	return api.OnAny("iam:GetCredentialReport"), nil
}
