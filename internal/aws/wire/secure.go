package wire

import (
	"crypto/tls"
	"net/http"
	"strings"

	"tamachi/internal/aws/api"
)

// secured says how a request came over TLS, as a trail record names it; nil for
// one that did not.
// Source: CloudTrail User Guide, "CloudTrail record contents", tlsDetails.
func secured(r *http.Request) *api.TLS {
	if r.TLS == nil {
		return nil
	}
	return &api.TLS{
		Version: strings.Replace(tls.VersionName(r.TLS.Version), "TLS ", "TLSv", 1),
		Cipher:  tls.CipherSuiteName(r.TLS.CipherSuite),
		Host:    r.Host,
	}
}
