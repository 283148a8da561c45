package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
)

// DescribeCertificate shows a certificate of a directory.
func (s *Service) DescribeCertificate(ctx context.Context, in *ds.DescribeCertificateInput) (*ds.DescribeCertificateOutput, error) {
	r, err := s.inspect(ctx, *in.DirectoryId)
	if err != nil {
		return nil, err
	}
	c := r.certificate(*in.CertificateId)
	if c == nil {
		return nil, noCertificate(api.CallFrom(ctx), *in.CertificateId)
	}
	return &ds.DescribeCertificateOutput{Certificate: &types.Certificate{
		CertificateId: &c.ID, CommonName: &c.CommonName, ExpiryDateTime: &c.Expires, RegisteredDateTime: &c.Registered,
		State: types.CertificateStateRegistered, Type: types.CertificateTypeClientLdaps,
	}}, nil
}

func (s *Service) describeCertificateChecks(ctx context.Context, in *ds.DescribeCertificateInput) ([]api.Check, error) {
	return s.on(ctx, "ds:DescribeCertificate", *in.DirectoryId)
}
