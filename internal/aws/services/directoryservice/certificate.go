package directoryservice

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// certificate is one of an authority that vouches for a directory's servers.
type certificate struct {
	ID         string    `json:"id"`
	PEM        string    `json:"pem"`
	CommonName string    `json:"commonName"`
	Expires    time.Time `json:"expires"`
	Registered time.Time `json:"registered"`
}

// mostCertificates is how many a directory may have. Source: AWS Directory
// Service Administration Guide, "AWS Managed Microsoft AD quotas".
const mostCertificates = 5

// readCertificate takes the one certificate that a text holds.
func readCertificate(call *api.Call, text string) (*x509.Certificate, error) {
	bad := func(format string, args ...any) error {
		return &types.InvalidCertificateException{Message: say(format, args...), RequestId: &call.RequestID}
	}
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" || len(bytes.TrimSpace(rest)) > 0 {
		return nil, bad("The certificate PEM that was provided has incorrect encoding.")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, bad("The certificate PEM that was provided has incorrect encoding.")
	}
	if !call.Time.Before(c.NotAfter) {
		return nil, bad("The certificate expired on %s.", c.NotAfter.Format(time.DateOnly))
	}
	return c, nil
}

// certificate returns a certificate of a directory, nil if there is none of that id.
func (r *record) certificate(id string) *certificate {
	i := slices.IndexFunc(r.Certificates, func(c certificate) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return &r.Certificates[i]
}

func noCertificate(call *api.Call, id string) error {
	return &types.CertificateDoesNotExistException{Message: say("The certificate %s does not exist.", id), RequestId: &call.RequestID}
}

// secured refuses a kind of directory whose LDAP traffic AWS does not let
// customers secure: Simple AD.
func secured(call *api.Call, r *record) error {
	if r.kind() == types.DirectoryTypeSimpleAd {
		return &types.UnsupportedOperationException{Message: say("LDAPS operations are not supported for this Directory Type."), RequestId: &call.RequestID}
	}
	return nil
}

// inspect reads a directory whose LDAP traffic can be secured.
func (s *Service) inspect(ctx context.Context, directoryID string) (r *record, err error) {
	call := api.CallFrom(ctx)
	r, err = s.directory(ctx, store.In(call.Place()), directoryID)
	if err != nil {
		return nil, notThere(call, directoryID, err)
	}
	return r, secured(call, r)
}

// changeSecurity changes such a directory, if it is there by now, in one
// update.
func (s *Service) changeSecurity(ctx context.Context, directoryID string, change func(*record) error) error {
	call := api.CallFrom(ctx)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, store.In(call.Place()), directoryID)
		if err != nil {
			return err
		}
		if err := secured(call, r); err != nil {
			return err
		}
		if r.Stage != string(types.DirectoryStageActive) && r.Stage != string(types.DirectoryStageImpaired) {
			return &types.DirectoryUnavailableException{Message: say("The directory %s is in the stage %s.", r.ID, r.Stage), RequestId: &call.RequestID}
		}
		if err := change(r); err != nil {
			return err
		}
		return directories.Put(tx, store.In(call.Place()), r)
	})
	if errors.Is(err, directory.ErrNoDirectory) {
		return notThere(call, directoryID, err)
	}
	return err
}

// authorities are the certificates that are asked of, as one text each.
func (r *record) authorities() (out []string) {
	for _, c := range r.Certificates {
		out = append(out, c.PEM)
	}
	return out
}

// same tells whether two texts are of one certificate.
func same(a, b string) bool {
	return strings.Join(strings.Fields(a), "") == strings.Join(strings.Fields(b), "")
}
