package documents

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateDocumentDefaultVersion makes another version the default.
func (s *Service) UpdateDocumentDefaultVersion(ctx context.Context, in *ssm.UpdateDocumentDefaultVersionInput) (*ssm.UpdateDocumentDefaultVersionOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	var v *version
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		d, err := own(tx, scope, *in.Name)
		if err != nil {
			return err
		}
		n, err := d.number(*in.DocumentVersion)
		if err != nil {
			return err
		}
		if v, err = numbered(tx, scope, d.Name, n); err != nil {
			return err
		}
		d.Default = n
		return documents.Put(tx, scope, d)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.UpdateDocumentDefaultVersionOutput{Description: &types.DocumentDefaultVersionDescription{
		Name: &v.Name, DefaultVersion: num(v.Number), DefaultVersionName: api.Optional(v.VersionName),
	}}, nil
}

func (s *Service) updateDocumentDefaultVersionChecks(ctx context.Context, in *ssm.UpdateDocumentDefaultVersionInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:UpdateDocumentDefaultVersion", *in.Name)
}
