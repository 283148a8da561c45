package agent

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tamachi/internal/id"
)

// identity is who this node is: it is made once and outlives restarts. Keys
// are PKCS #8 in DER.
type identity struct {
	Node        string `json:",omitempty"` // mi-..., empty until registered
	Region      string
	Fingerprint string
	Key         []byte
	// NextKey is a key whose registration is under way: after a crash either
	// of the two may be the one that the plane knows.
	NextKey []byte `json:",omitempty"`

	path string
}

// openIdentity reads the identity of a folder, or makes key and fingerprint of
// a new one. They are on disk before the plane hears of them, so that a crash
// in the middle of the registration cannot use up the activation in vain.
func openIdentity(folder, region string, ids *id.Source) (*identity, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the agent's folder: %w", err)
	}
	path := filepath.Join(folder, "identity.json")
	var known identity
	err := readFile(path, &known)
	if err == nil {
		known.path = path
		_, err = known.privateKey()
		return &known, err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	made := &identity{Region: region, Fingerprint: ids.UUID(), Key: key, path: path}
	return made, made.save()
}

func (i *identity) save() error { return writeFile(i.path, i) }

func (i *identity) privateKey() (*rsa.PrivateKey, error) { return parseKey(i.Key) }

func newKey() ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make the node's key: %w", err)
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

func parseKey(der []byte) (*rsa.PrivateKey, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("read the node's key: %w", err)
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("read the node's key: %T is not RSA", key)
	}
	return private, nil
}

// publicKey returns what the plane is told of a key: base64 of the DER of its
// SubjectPublicKeyInfo.
func publicKey(der []byte) (string, error) {
	key, err := parseKey(der)
	if err != nil {
		return "", err
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return "", fmt.Errorf("write the node's public key: %w", err)
	}
	return base64.StdEncoding.EncodeToString(spki), nil
}
