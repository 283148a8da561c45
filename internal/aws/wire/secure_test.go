package wire

import (
	"crypto/tls"
	"net/http/httptest"
	"testing"

	"tamachi/internal/aws/api"
)

func TestTheTrailLearnsHowACallWasSecured(t *testing.T) {
	r := httptest.NewRequest("POST", "http://ssm.localhost/", nil)
	if got := secured(r); got != nil {
		t.Errorf("plain HTTP: want nothing, got %+v", got)
	}
	r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, CipherSuite: tls.TLS_AES_128_GCM_SHA256}
	want := api.TLS{Version: "TLSv1.3", Cipher: "TLS_AES_128_GCM_SHA256", Host: "ssm.localhost"}
	if got := secured(r); got == nil || *got != want {
		t.Errorf("want %+v, got %+v", want, got)
	}
}
