package directoryservice

import (
	"context"
	"slices"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
)

// DeregisterCertificate forgets a certificate. While LDAPS is enabled, or being so,
// the last one stays.
func (s *Service) DeregisterCertificate(ctx context.Context, in *ds.DeregisterCertificateInput) (*ds.DeregisterCertificateOutput, error) {
	call := api.CallFrom(ctx)
	err := s.changeSecurity(ctx, *in.DirectoryId, func(r *record) error {
		if r.certificate(*in.CertificateId) == nil {
			return noCertificate(call, *in.CertificateId)
		}
		status := r.ldapsStatus()
		if len(r.Certificates) == 1 && (status == types.LDAPSStatusEnabled || status == types.LDAPSStatusEnabling) {
			return &types.CertificateInUseException{
				Message:   say("The certificate is being used for the LDAP security connection and cannot be removed without disabling LDAP security."),
				RequestId: &call.RequestID,
			}
		}
		r.Certificates = slices.DeleteFunc(slices.Clone(r.Certificates), func(c certificate) bool { return c.ID == *in.CertificateId })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ds.DeregisterCertificateOutput{}, nil
}

func (s *Service) deregisterCertificateChecks(ctx context.Context, in *ds.DeregisterCertificateInput) ([]api.Check, error) {
	return s.on(ctx, "ds:DeregisterCertificate", *in.DirectoryId)
}
