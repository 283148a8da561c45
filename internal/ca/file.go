package ca

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// path is the file that holds certificate and key together, so that one
// without the other cannot exist.
func (a *Authority) path() string { return filepath.Join(a.o.Folder, "ca.pem") }

// load reads the authority, making it first when there is none.
func (a *Authority) load() (*x509.Certificate, *ecdsa.PrivateKey, error) {
	if a.o.Folder == "" {
		text, err := a.generate()
		if err != nil {
			return nil, nil, fmt.Errorf("make certificate authority: %w", err)
		}
		return decode(text)
	}
	text, err := a.read()
	if errors.Is(err, fs.ErrNotExist) {
		if err = a.create(); err == nil {
			text, err = a.read()
		}
	}
	if err != nil {
		return nil, nil, err
	}
	cert, key, err := decode(text)
	if err != nil {
		return nil, nil, fmt.Errorf("read certificate authority %s: %w", a.path(), err)
	}
	return cert, key, nil
}

func (a *Authority) read() ([]byte, error) {
	info, err := os.Stat(a.path())
	if err != nil {
		return nil, fmt.Errorf("read certificate authority: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("the certificate authority's key in %s can be read by others (mode %o); if nobody did, run: chmod 600 %s",
			a.path(), info.Mode().Perm(), a.path())
	}
	text, err := os.ReadFile(a.path())
	if err != nil {
		return nil, fmt.Errorf("read certificate authority: %w", err)
	}
	return text, nil
}

// create makes the authority. It appears whole or not at all, and never
// replaces one that another process made meanwhile.
func (a *Authority) create() error {
	text, err := a.generate()
	if err != nil {
		return fmt.Errorf("make certificate authority: %w", err)
	}
	temp, err := os.CreateTemp(a.o.Folder, ".ca-*") // mode 0600
	if err != nil {
		return fmt.Errorf("make certificate authority: %w", err)
	}
	defer os.Remove(temp.Name()) //nolint:errcheck // a leftover does no harm
	_, err = temp.Write(text)
	if err == nil {
		err = temp.Sync()
	}
	if cerr := temp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Link(temp.Name(), a.path())
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make certificate authority: %w", err)
	}
	return syncFolder(a.o.Folder)
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("make certificate authority: %w", err)
	}
	err = folder.Sync()
	if cerr := folder.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("make certificate authority: %w", err)
	}
	return nil
}

// generate makes the authority's key and certificate as PEM.
func (a *Authority) generate() ([]byte, error) {
	if !wellFormed(a.o.Domain) {
		return nil, fmt.Errorf("%q is no domain", a.o.Domain)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := a.o.Clock.Now()
	template := &x509.Certificate{
		SerialNumber:                a.serial(),
		Subject:                     pkix.Name{CommonName: "Tamachi private CA " + a.o.DataID},
		NotBefore:                   now.Add(-backdating),
		NotAfter:                    now.Add(lifetime),
		KeyUsage:                    x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid:       true,
		IsCA:                        true,
		MaxPathLenZero:              true,
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         []string{a.o.Domain, "localhost"},
		PermittedIPRanges:           permittedRanges(),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	text.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	text.Write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	return text.Bytes(), nil
}

func encodeCert(cert *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
}

func decode(text []byte) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	first, rest := pem.Decode(text)
	if first == nil || first.Type != "CERTIFICATE" {
		return nil, nil, errors.New("want a certificate, then its private key")
	}
	second, _ := pem.Decode(rest)
	if second == nil || second.Type != "PRIVATE KEY" {
		return nil, nil, errors.New("want a private key after the certificate")
	}
	cert, err := x509.ParseCertificate(first.Bytes)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(second.Bytes)
	if err != nil {
		return nil, nil, err
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || !key.PublicKey.Equal(cert.PublicKey) {
		return nil, nil, errors.New("the key is not the certificate's")
	}
	if !cert.IsCA || len(cert.PermittedDNSDomains) == 0 {
		return nil, nil, errors.New("the certificate is not one of an authority that we made")
	}
	return cert, key, nil
}
