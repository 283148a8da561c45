package directoryservice_test

import (
	"os"
	"strings"
	"testing"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/directory/sambatest"
)

// TestLDAPSOverTheWire: the plane's own directory is asked with TLS once its
// authority is registered, and cannot be with another's.
func TestLDAPSOverTheWire(t *testing.T) {
	plane := apitest.Start(t, apitest.Options{})
	c := ds.NewFromConfig(plane.Config())
	ctx := t.Context()
	ours, err := os.ReadFile(plane.Access().CAFile)
	if err != nil {
		t.Fatal(err)
	}
	_, stranger := sambatest.Certificate(t)
	made, err := c.CreateMicrosoftAD(ctx, &ds.CreateMicrosoftADInput{
		Name: new("corp.example.com"), Password: new("Sesame-opens-1"),
		VpcSettings: standing(t, plane),
	})
	if err != nil {
		t.Fatal(err)
	}
	simple, err := c.CreateDirectory(ctx, &ds.CreateDirectoryInput{Name: new("corp.example.com"), Password: new("Sesame-1"), Size: types.DirectorySizeSmall})
	if err != nil {
		t.Fatal(err)
	}
	id := made.DirectoryId
	register := func(text []byte, code string) *string {
		t.Helper()
		out, err := c.RegisterCertificate(ctx, &ds.RegisterCertificateInput{DirectoryId: id, CertificateData: new(string(text))})
		if code != "" {
			wantFault(t, err, code)
			return nil
		}
		if err != nil {
			t.Fatal(err)
		}
		return out.CertificateId
	}
	enable := func(code string) {
		t.Helper()
		_, err := c.EnableLDAPS(ctx, &ds.EnableLDAPSInput{DirectoryId: id, Type: types.LDAPSTypeClient})
		if code != "" {
			wantFault(t, err, code)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	disable := func(code string) {
		t.Helper()
		_, err := c.DisableLDAPS(ctx, &ds.DisableLDAPSInput{DirectoryId: id, Type: types.LDAPSTypeClient})
		if code != "" {
			wantFault(t, err, code)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	status := func(want types.LDAPSStatus, words string) {
		t.Helper()
		if err := plane.Upkeep(ctx); err != nil {
			t.Fatal(err)
		}
		out, err := c.DescribeLDAPSSettings(ctx, &ds.DescribeLDAPSSettingsInput{DirectoryId: id})
		if err != nil {
			t.Fatal(err)
		}
		got, why := out.LDAPSSettingsInfo[0], ""
		if got.LDAPSStatusReason != nil {
			why = *got.LDAPSStatusReason
		}
		if len(out.LDAPSSettingsInfo) != 1 || got.LDAPSStatus != want || !strings.Contains(why, words) || (words == "") != (why == "") {
			t.Errorf("want %s because of %q, got %s because of %q", want, words, got.LDAPSStatus, why)
		}
	}
	drop := func(certificate *string, code string) {
		t.Helper()
		_, err := c.DeregisterCertificate(ctx, &ds.DeregisterCertificateInput{DirectoryId: id, CertificateId: certificate})
		if code != "" {
			wantFault(t, err, code)
		} else if err != nil {
			t.Fatal(err)
		}
	}

	status(types.LDAPSStatusDisabled, "")
	disable("InvalidLDAPSStatusException")
	enable("NoAvailableCertificateException")
	register([]byte("no certificate"), "InvalidCertificateException")
	register(append(append([]byte(nil), ours...), stranger...), "InvalidCertificateException")
	other := register(stranger, "")
	enable("")
	status(types.LDAPSStatusEnableFailed, "certificate")
	own := register(ours, "")
	register(ours, "CertificateAlreadyExistsException")
	enable("")
	status(types.LDAPSStatusEnabled, "")
	enable("InvalidLDAPSStatusException")

	first, err := c.ListCertificates(ctx, &ds.ListCertificatesInput{DirectoryId: id, Limit: new(int32(1))})
	if err != nil || len(first.CertificatesInfo) != 1 || *first.CertificatesInfo[0].CertificateId != *other || first.NextToken == nil {
		t.Fatalf("want the first of two, got %+v, %v", first, err)
	}
	second, err := c.ListCertificates(ctx, &ds.ListCertificatesInput{DirectoryId: id, NextToken: first.NextToken})
	if err != nil || len(second.CertificatesInfo) != 1 || *second.CertificatesInfo[0].CertificateId != *own || second.NextToken != nil {
		t.Fatalf("want the second and last, got %+v, %v", second, err)
	}
	_, err = c.ListCertificates(ctx, &ds.ListCertificatesInput{DirectoryId: id, NextToken: new("x")})
	wantFault(t, err, "InvalidNextTokenException")
	shown, err := c.DescribeCertificate(ctx, &ds.DescribeCertificateInput{DirectoryId: id, CertificateId: own})
	if err != nil || !strings.Contains(*shown.Certificate.CommonName, "Tamachi") || shown.Certificate.State != types.CertificateStateRegistered {
		t.Errorf("want the plane's authority, got %+v, %v", shown, err)
	}

	drop(other, "")
	drop(other, "CertificateDoesNotExistException")
	drop(own, "CertificateInUseException")
	_, err = c.DescribeCertificate(ctx, &ds.DescribeCertificateInput{DirectoryId: id, CertificateId: other})
	wantFault(t, err, "CertificateDoesNotExistException")
	disable("")
	status(types.LDAPSStatusDisabled, "")
	drop(own, "")
	_, err = c.DescribeLDAPSSettings(ctx, &ds.DescribeLDAPSSettingsInput{DirectoryId: simple.DirectoryId})
	wantFault(t, err, "UnsupportedOperationException")
	_, err = c.DescribeLDAPSSettings(ctx, &ds.DescribeLDAPSSettingsInput{DirectoryId: new("d-ffffffffff")})
	wantFault(t, err, "DirectoryDoesNotExistException")
}
