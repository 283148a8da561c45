package iam

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GenerateCredentialReport makes the account's report, unless there is one that
// is younger than four hours. It is ready when the call is answered.
func (s *Service) GenerateCredentialReport(ctx context.Context, in *iam.GenerateCredentialReportInput) (*iam.GenerateCredentialReportOutput, error) {
	call := api.CallFrom(ctx)
	out := &iam.GenerateCredentialReportOutput{State: types.ReportStateTypeComplete}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		have, err := reports.Get(tx, store.Scope{Account: call.Account}, reportKey)
		if err == nil && have.fresh(call.Time) {
			return nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		content, err := s.writeReport(tx, store.Scope{Account: call.Account})
		if err != nil {
			return err
		}
		return reports.Put(tx, store.Scope{Account: call.Account}, &credentialReport{Made: moment(call), Content: content})
	})
	return out, err
}

func (s *Service) generateCredentialReportChecks(ctx context.Context, in *iam.GenerateCredentialReportInput) ([]api.Check, error) {
	return api.OnAny("iam:GenerateCredentialReport"), nil
}
