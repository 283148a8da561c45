package cloudtrail

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"

	"tamachi/internal/store"
)

// signingKey is a key pair that signs the digest files of a Region.
type signingKey struct {
	Region      string
	Fingerprint string    // of the public key
	Public      []byte    // PKCS #1, DER
	Sealed      []byte    // the private key, PKCS #1, DER
	From, To    time.Time // of what it signs
}

// signingKeys are those of all accounts: a Region has one at a time.
var signingKeys = store.Table[signingKey]{
	Name:    "cloudtrail.keys",
	Reach:   store.Plane,
	Key:     func(k *signingKey) string { return k.Region + "/" + k.Fingerprint },
	Indexes: map[string]func(*signingKey) string{"Region": func(k *signingKey) string { return k.Region }},
}

const (
	keyBits = 2048
	// keyLasts is how long a pair signs. A digest that is delivered late is
	// signed with a pair that was valid at its time.
	keyLasts = 365 * 24 * time.Hour
)

func (k *signingKey) purpose() string {
	return "cloudtrail digest key " + k.Region + " " + k.Fingerprint
}

// private opens the private key.
func (s *Service) private(k *signingKey) (*rsa.PrivateKey, error) {
	der, err := s.ports.Box.Open(k.purpose(), k.Sealed)
	if err != nil {
		return nil, fmt.Errorf("open the key that signs digests in %s: %w", k.Region, err)
	}
	return x509.ParsePKCS1PrivateKey(der)
}

func (s *Service) newKey(region string, from time.Time) (*signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	public := x509.MarshalPKCS1PublicKey(&private.PublicKey)
	sum := sha256.Sum256(public)
	k := &signingKey{
		Region: region, Fingerprint: hex.EncodeToString(sum[:16]), Public: public, From: from, To: from.Add(keyLasts),
	}
	k.Sealed, err = s.ports.Box.Seal(k.purpose(), x509.MarshalPKCS1PrivateKey(private))
	return k, err
}

// Reseal seals anew what an older data key of the box sealed. House calls it
// when the master key changed.
func (s *Service) Reseal(ctx context.Context) error {
	if len(s.ports.Box.Old()) == 0 {
		return nil
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		list, err := signingKeys.List(tx, store.Scope{}, store.Page{})
		if err != nil {
			return err
		}
		for _, k := range list {
			der, err := s.ports.Box.Open(k.purpose(), k.Sealed)
			if err != nil {
				return fmt.Errorf("seal the key of %s anew: %w", k.Region, err)
			}
			if k.Sealed, err = s.ports.Box.Seal(k.purpose(), der); err != nil {
				return err
			}
			if err := signingKeys.Put(tx, store.Scope{}, k); err != nil {
				return err
			}
		}
		return nil
	})
}

// keyFor returns the pair that signs a digest of a time in a Region, and makes
// it when there is none.
func (s *Service) keyFor(ctx context.Context, region string, from, to time.Time) (*signingKey, error) {
	var found *signingKey
	look := func(tx *store.Tx) error {
		list, err := signingKeys.By(tx, store.Scope{}, "Region", region, store.Page{})
		for _, k := range list {
			if !k.From.After(from) && !k.To.Before(to) {
				found = k
			}
		}
		return err
	}
	if err := s.store.View(ctx, look); err != nil || found != nil {
		return found, err
	}
	made, err := s.newKey(region, from)
	if err != nil {
		return nil, fmt.Errorf("make the key of %s: %w", region, err)
	}
	return made, s.store.Update(ctx, func(tx *store.Tx) error { return signingKeys.Put(tx, store.Scope{}, made) })
}
