package directoryservice

import (
	"strings"
	"testing"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/directory/sambatest"
)

// TestAConnectorAsksByLDAPS once that was tried; its stage then hangs on whether
// the authority vouches for the directory's servers.
func TestAConnectorAsksByLDAPS(t *testing.T) {
	r := newRoom(t)
	d := r.customer(t)
	_, text := sambatest.Certificate(t)
	id := r.connect(t, "Sesame-7")
	register := &ds.RegisterCertificateInput{DirectoryId: &id, CertificateData: new(string(text))}
	_, err := r.RegisterCertificate(in(t, home), register)
	wantCode(t, err, "DirectoryUnavailableException", "Requested")
	r.upkeep(t)
	if _, err := r.RegisterCertificate(in(t, home), register); err != nil {
		t.Fatal(err)
	}
	status := func(want types.LDAPSStatus, words string) {
		t.Helper()
		r.upkeep(t)
		got, err := r.DescribeLDAPSSettings(in(t, home), &ds.DescribeLDAPSSettingsInput{DirectoryId: &id})
		if err != nil {
			t.Fatal(err)
		}
		if info := got.LDAPSSettingsInfo[0]; info.LDAPSStatus != want || words != "" && !strings.Contains(*info.LDAPSStatusReason, words) {
			t.Errorf("want %s, got %+v", want, info)
		}
	}
	enable := func() {
		t.Helper()
		if _, err := r.EnableLDAPS(in(t, home), &ds.EnableLDAPSInput{DirectoryId: &id, Type: types.LDAPSTypeClient}); err != nil {
			t.Fatal(err)
		}
	}
	enable()
	status(types.LDAPSStatusEnableFailed, "no authority vouches")
	r.stage(t, id, types.DirectoryStageActive, "")
	d.Authority = string(text)
	enable()
	status(types.LDAPSStatusEnabled, "")
	d.Authority = "another"
	r.clk.Advance(betweenProbes)
	r.upkeep(t)
	r.stage(t, id, types.DirectoryStageImpaired, "no authority vouches")
	if _, err := r.DisableLDAPS(in(t, home), &ds.DisableLDAPSInput{DirectoryId: &id, Type: types.LDAPSTypeClient}); err != nil {
		t.Fatal(err)
	}
	r.clk.Advance(betweenProbes)
	r.upkeep(t)
	r.stage(t, id, types.DirectoryStageActive, "")
}

func TestNoMoreCertificatesThanADirectoryMayHave(t *testing.T) {
	r := newRoom(t)
	r.customer(t)
	id := r.connect(t, "Sesame-7")
	r.upkeep(t)
	for i := range mostCertificates + 1 {
		_, text := sambatest.Certificate(t)
		_, err := r.RegisterCertificate(in(t, home), &ds.RegisterCertificateInput{DirectoryId: &id, CertificateData: new(string(text))})
		if i < mostCertificates && err != nil {
			t.Fatal(err)
		}
		if i == mostCertificates {
			wantCode(t, err, "CertificateLimitExceededException", "limit of 5")
		}
	}
	_, err := r.RegisterCertificate(in(t, home), &ds.RegisterCertificateInput{DirectoryId: &id, CertificateData: new("x"), Type: types.CertificateTypeClientCertAuth})
	wantCode(t, err, "UnsupportedOperationException", "")
}
