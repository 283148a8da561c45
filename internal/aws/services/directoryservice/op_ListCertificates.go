package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
)

// ListCertificates lists the certificates of a directory, the first registered
// first.
func (s *Service) ListCertificates(ctx context.Context, in *ds.ListCertificatesInput) (*ds.ListCertificatesOutput, error) {
	r, err := s.inspect(ctx, *in.DirectoryId)
	if err != nil {
		return nil, err
	}
	place := "ListCertificates " + r.ID
	after, err := startOf(api.CallFrom(ctx), place, in.NextToken)
	if err != nil {
		return nil, err
	}
	rest := r.Certificates
	for i, c := range r.Certificates {
		if c.ID == after {
			rest = r.Certificates[i+1:]
		}
	}
	limit := mostCertificates
	if in.Limit != nil {
		limit = int(*in.Limit)
	}
	out := &ds.ListCertificatesOutput{CertificatesInfo: []types.CertificateInfo{}}
	if len(rest) > limit {
		rest = rest[:limit]
		out.NextToken = new(api.Token(place, rest[limit-1].ID))
	}
	for _, c := range rest {
		out.CertificatesInfo = append(out.CertificatesInfo, types.CertificateInfo{
			CertificateId: &c.ID, CommonName: &c.CommonName, ExpiryDateTime: &c.Expires,
			State: types.CertificateStateRegistered, Type: types.CertificateTypeClientLdaps,
		})
	}
	return out, nil
}

func (s *Service) listCertificatesChecks(ctx context.Context, in *ds.ListCertificatesInput) ([]api.Check, error) {
	return s.on(ctx, "ds:ListCertificates", *in.DirectoryId)
}
