package join

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// authority answers as a plane, with a certificate that nobody else made.
func authority(t *testing.T) (p Plane, ca []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"ssm.ap-northeast-1.ops.example.com"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	p = Plane{Region: "ap-northeast-1", Domain: "ops.example.com", Address: at.Addr(), Port: int(at.Port()), direct: true}
	return p, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// started is a process with an environment. It has answered: before, the kernel
// may show none.
func started(t *testing.T, env []string) (pid string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "cat")
	c.Env = env
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); _ = c.Wait() })
	if _, err := in.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(c.Process.Pid)
}

// A bundle in the agent's environment that lacks the plane's CA is found: with
// it the agent registers, and gets no credentials.
func TestABundleOfTheAgentsOwnIsTried(t *testing.T) {
	p, ca := authority(t)
	_, other := authority(t)
	dir := t.TempDir()
	for _, row := range []struct {
		name   string
		bundle []byte // nil is no file
		want   int    // findings
		ok     bool
		detail string
	}{
		{"with the plane's", append(other, ca...), 1, true, "the plane is in it"},
		{"without it", other, 1, false, "by which the plane is not believed"},
		{"no file", nil, 1, false, "no such file"},
		{"no setting", nil, 0, false, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			file := filepath.Join(dir, row.name)
			if row.bundle != nil {
				if err := os.WriteFile(file, row.bundle, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			env := []string{"LANG=C"}
			if row.want > 0 {
				env = append(env, "AWS_CA_BUNDLE="+file)
			}
			got := ownBundles(t.Context(), p, []string{started(t, env)})
			if len(got) != row.want || row.want > 0 && (got[0].OK != row.ok || !strings.Contains(got[0].Detail, row.detail)) {
				t.Errorf("want %d findings, OK %t and %q, got %+v", row.want, row.ok, row.detail, got)
			}
		})
	}
}
