package incus

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"tamachi/internal/desktops"
)

// certificate makes a certificate that signs itself, and its key, in PEM.
func certificate(t *testing.T) (cert, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{SerialNumber: big.NewInt(1)}, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: text})
}

// far is a server by TLS that tells whether it was shown our certificate, and
// the folder of keys for it.
func far(t *testing.T) (address, keys string) {
	t.Helper()
	theirs, theirKey := certificate(t)
	ours, ourKey := certificate(t)
	pair, err := tls.X509KeyPair(theirs, theirKey)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(ours)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		auth := "untrusted"
		if shown := r.TLS.PeerCertificates; len(shown) == 1 && bytes.Equal(shown[0].Raw, block.Bytes) {
			auth = "trusted"
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"type": "sync", "metadata": map[string]string{"auth": auth}})
	}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequestClientCert}
	s.StartTLS()
	t.Cleanup(s.Close)
	keys = t.TempDir()
	for name, text := range map[string][]byte{clientCertificate: ours, clientKey: ourKey, serverCertificate: theirs} {
		if err := os.WriteFile(filepath.Join(keys, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s.URL, keys
}

func auth(ctx context.Context, o Options) (string, error) {
	s, err := dial(o)
	if err != nil {
		return "", err
	}
	defer s.http.CloseIdleConnections()
	var about struct {
		Auth string `json:"auth"`
	}
	return about.Auth, s.get(ctx, "/1.0", nil, &about)
}

func TestAServerElsewhereIsKnownByItsCertificate(t *testing.T) {
	address, keys := far(t)
	if got, err := auth(t.Context(), Options{Server: address, Keys: keys}); err != nil || got != "trusted" {
		t.Fatalf("want us trusted by our certificate, got %q, %v", got, err)
	}
	another, _ := certificate(t)
	if err := os.WriteFile(filepath.Join(keys, serverCertificate), another, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := auth(t.Context(), Options{Server: address, Keys: keys}); !errors.Is(err, errOtherServer) {
		t.Errorf("a server of another certificate: want it refused, got %q, %v", got, err)
	}
}

func TestAKeyThatOthersCanReadIsRefused(t *testing.T) {
	address, keys := far(t)
	if err := os.Chmod(filepath.Join(keys, clientKey), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := auth(t.Context(), Options{Server: address, Keys: keys}); err == nil {
		t.Errorf("want the key refused, got %q", got)
	}
}

func TestServersAreNamedByFormsThatWeKnow(t *testing.T) {
	for _, server := range []string{"", "http://host:8443", "https://", "https://host:8443/path", "host:8443"} {
		if _, err := dial(Options{Server: server}); err == nil {
			t.Errorf("server %q: want it refused", server)
		}
	}
}

func TestRefusalsMeanWhatTheVocabularyHas(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       error
	}{
		{"what is not there", `{"type":"error","error":"Instance not found","error_code":404}`, desktops.ErrNotFound},
		{"a full pool", `{"type":"error","error":"write /x: no space left on device","error_code":500}`, desktops.ErrNoSpace},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := read(bytes.NewReader([]byte(c.text))); !errors.Is(err, c.want) {
				t.Errorf("want %v, got %v", c.want, err)
			}
		})
	}
}

func FuzzEvent(f *testing.F) {
	for _, text := range []string{
		`{"type":"lifecycle","metadata":{"action":"instance-ready","source":"/1.0/instances/ws-aaaaaaaa1?project=tamachi-0123ab"}}`,
		`{"type":"operation","metadata":{"id":"0c2a","status_code":200,"resources":null}}`, `{"type":"lifecycle","metadata":null}`, `[]`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := parseEvent(text)
		if err != nil && (e != event{} || !errors.Is(err, errNoEvent)) {
			t.Errorf("want no event with an error that says so, got %+v, %v", e, err)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	for _, text := range []string{
		`{"type":"sync","metadata":{}}`, `{"type":"async","metadata":{"id":"0c2a","status_code":103}}`, `{"type":"error","error":"no","error_code":404}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := read(bytes.NewReader(text))
		if (a == nil) != (err != nil) {
			t.Fatalf("want an answer or an error, got %+v, %v", a, err)
		}
		if err != nil {
			return
		}
		if op, err := a.operation(); err == nil && op.ID == "" {
			t.Error("want an operation that has an id")
		}
	})
}
