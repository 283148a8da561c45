package directoryservice

import (
	"context"
	"slices"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
)

// RegisterCertificate keeps the certificate of an authority that vouches for the
// directory's servers. It counts at once.
func (s *Service) RegisterCertificate(ctx context.Context, in *ds.RegisterCertificateInput) (*ds.RegisterCertificateOutput, error) {
	call := api.CallFrom(ctx)
	if in.Type == types.CertificateTypeClientCertAuth || in.ClientCertAuthSettings != nil {
		return nil, &types.UnsupportedOperationException{Message: say("Client certificate authentication is not supported here."), RequestId: &call.RequestID}
	}
	read, err := readCertificate(call, *in.CertificateData)
	if err != nil {
		return nil, err
	}
	c := certificate{
		ID: "c-" + s.ids.Hex(10), PEM: *in.CertificateData, CommonName: read.Subject.CommonName,
		Expires: read.NotAfter, Registered: call.Time,
	}
	err = s.changeSecurity(ctx, *in.DirectoryId, func(r *record) error {
		if slices.ContainsFunc(r.Certificates, func(had certificate) bool { return same(had.PEM, c.PEM) }) {
			return &types.CertificateAlreadyExistsException{Message: say("The certificate has already been registered into the system."), RequestId: &call.RequestID}
		}
		if len(r.Certificates) >= mostCertificates {
			return &types.CertificateLimitExceededException{
				Message: say("The certificate could not be added because the certificate limit of %d has been reached.", mostCertificates), RequestId: &call.RequestID,
			}
		}
		r.Certificates = append(r.Certificates, c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ds.RegisterCertificateOutput{CertificateId: &c.ID}, nil
}

func (s *Service) registerCertificateChecks(ctx context.Context, in *ds.RegisterCertificateInput) ([]api.Check, error) {
	return s.on(ctx, "ds:RegisterCertificate", *in.DirectoryId)
}
