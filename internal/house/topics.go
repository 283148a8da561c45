package house

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/http"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"tamachi/internal/aws/services/sns"
	"tamachi/internal/notify"
	"tamachi/internal/store"
	"tamachi/internal/webhook"
)

// openTopics makes the ports of the room of topics.
func (h *House) openTopics() sns.Ports {
	h.outside = &outside{topicKey: topicKey{h: h}, Client: h.client()}
	return sns.Ports{Signer: h.outside, Web: endpoints{h.outside.Client}, Mail: topicMail{h}}
}

// outside is what the house shows to endpoints outside: who it is, and its
// requests.
type outside struct {
	topicKey
	*webhook.Client
}

// client makes the one for endpoints. It trusts our own authority beside those
// of the system, and does not go to the plane itself.
func (h *House) client() *webhook.Client {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	roots.AppendCertsFromPEM(h.ca.PEM())
	return webhook.New(webhook.Options{Roots: roots, Own: h.own})
}

// topicKey is the key that messages of topics are signed with, and its
// certificate. They are made when first a message is signed, and kept in the
// data folder; those of a lab end with it.
type topicKey struct {
	h *House

	mu   sync.Mutex // guards what follows
	key  *rsa.PrivateKey
	cert []byte // PEM
	name string
}

var _ sns.Signer = (*topicKey)(nil)

const (
	certificatePath = "/_tamachi/sns/"
	topicKeyFile    = "topics.pem"
	topicKeyBits    = 2048
	topicKeyLife    = 20 * 365 * 24 * time.Hour
)

// Sign is the signature of a digest.
func (k *topicKey) Sign(hash crypto.Hash, digest []byte) ([]byte, error) {
	if err := k.open(); err != nil {
		return nil, err
	}
	return rsa.SignPKCS1v15(rand.Reader, k.key, hash, digest)
}

// CertificateURL is where the certificate is read. A message was signed before.
func (k *topicKey) CertificateURL(region string) string {
	return k.ServiceURL(region) + certificatePath + k.name
}

// ServiceURL is the address of the room in a Region.
func (k *topicKey) ServiceURL(region string) string {
	u := url.URL{Scheme: "https", Host: "sns." + region + "." + k.h.o.Config.Domain}
	if at, err := url.Parse(k.h.HTTPS()); err == nil && at.Port() != "" && at.Port() != "443" {
		u.Host = net.JoinHostPort(u.Host, at.Port())
	}
	return u.String()
}

// open reads the key and its certificate, or makes them.
func (k *topicKey) open() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.key != nil {
		return nil
	}
	path := filepath.Join(k.h.o.Config.Data, "keys", topicKeyFile)
	var text []byte
	err := fs.ErrNotExist
	if !k.h.o.Config.Lab {
		text, err = os.ReadFile(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		if text, err = k.make(); err == nil && !k.h.o.Config.Lab {
			err = replace(path, string(text))
		}
	}
	if err != nil {
		return fmt.Errorf("key of topics: %w", err)
	}
	return k.read(text)
}

func (k *topicKey) read(text []byte) error {
	secret, rest := pem.Decode(text)
	cert, _ := pem.Decode(rest)
	if secret == nil || cert == nil {
		return fmt.Errorf("%s holds no key and certificate", topicKeyFile)
	}
	key, err := x509.ParsePKCS1PrivateKey(secret.Bytes)
	if err != nil {
		return fmt.Errorf("read %s: %w", topicKeyFile, err)
	}
	sum := sha256.Sum256(cert.Bytes)
	k.key, k.cert = key, pem.EncodeToMemory(cert)
	k.name = "SimpleNotificationService-" + hex.EncodeToString(sum[:16]) + ".pem"
	return nil
}

func (k *topicKey) make() ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, topicKeyBits)
	if err != nil {
		return nil, err
	}
	now := k.h.o.Clock.Now()
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(k.h.o.IDs.Bytes(16)), Subject: pkix.Name{CommonName: "sns." + k.h.o.Config.Domain},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(topicKeyLife), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return append(
		pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})...,
	), nil
}

// serveCertificate answers with the certificate of the key of topics.
func (h *House) serveCertificate(w http.ResponseWriter, r *http.Request) {
	if err := h.outside.open(); err != nil || r.PathValue("name") != h.outside.name {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	_, _ = w.Write(h.outside.cert)
}

// endpoints sends what topics and rules have for endpoints outside.
type endpoints struct{ *webhook.Client }

var _ sns.Web = endpoints{}

// Check says why a URL is none that can be posted to.
func (endpoints) Check(text string) error { return webhook.Check(text) }

// Post sends a body by POST.
func (e endpoints) Post(ctx context.Context, to string, header map[string]string, body []byte, most time.Duration) (int, error) {
	status, _, err := e.Do(ctx, http.MethodPost, to, header, body, most)
	return status, err
}

// own tells whether the plane answers at an address: its port, on any address
// of this machine.
func (h *House) own(at netip.AddrPort) bool {
	listens, err := netip.ParseAddrPort(h.listener.Addr().String())
	if err != nil || listens.Port() != at.Port() {
		return false
	}
	if at.Addr().IsLoopback() || at.Addr().IsUnspecified() {
		return true
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return true // rather not
	}
	for _, a := range addresses {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Unmap() == at.Addr() {
			return true
		}
	}
	return false
}

// topicMail gives mails of topics to the engine of notices.
type topicMail struct{ h *House }

var _ sns.Mail = topicMail{}

// Sender is the address that they come from.
func (m topicMail) Sender() string { return "no-reply@sns." + m.h.o.Config.Domain }

// Check says why an address is none.
func (topicMail) Check(address string) error {
	_, err := mail.ParseAddress(address)
	return err
}

// Post takes a mail over.
func (m topicMail) Post(tx *store.Tx, l sns.Letter) error {
	return m.h.notices.Post(tx, notify.Notice{ID: l.ID, From: l.From, To: l.To, Subject: l.Subject, Text: l.Text, At: l.At})
}
