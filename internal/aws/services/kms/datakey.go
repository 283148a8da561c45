package kms

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// dataKey is a request for a data key.
type dataKey struct {
	use     use
	context map[string]string
	spec    types.DataKeySpec
	bytes   *int32
}

// bytesWanted is how long the data key is to be.
func (d *dataKey) length() (int, error) {
	switch {
	case d.spec != "" && d.bytes != nil:
		return 0, invalid("Please specify either number of bytes or key spec.")
	case d.spec == types.DataKeySpecAes128:
		return 16, nil
	case d.spec == types.DataKeySpecAes256:
		return 32, nil
	case d.bytes == nil:
		return 0, invalid("Please specify either number of bytes or key spec.")
	}
	return int(*d.bytes), nil
}

// makeDataKey makes a data key and its ciphertext.
func (s *Service) makeDataKey(ctx context.Context, d dataKey) (k *Key, plain, blob []byte, err error) {
	n, err := d.length()
	if err != nil {
		return nil, nil, nil, err
	}
	k, secret, err := s.begin(ctx, d.symmetric())
	if err != nil {
		return nil, nil, nil, err
	}
	plain = make([]byte, n)
	_, _ = rand.Read(plain) // never fails (Go 1.24)
	blob, err = encrypt(secret, k.Material, plain, d.context)
	return k, plain, blob, err
}

// symmetric completes the use: data keys come from symmetric keys only.
func (d *dataKey) symmetric() use {
	u := d.use
	u.usage = types.KeyUsageTypeEncryptDecrypt
	u.fits = func(k *Key) error {
		if !k.symmetric() {
			return &types.InvalidKeyUsageException{Message: new(k.ARN() + " key spec is " + string(k.Spec) + " which is not valid for " + u.operation + ".")}
		}
		return checkContext(d.context)
	}
	return u
}

// makeDataPair makes a key pair whose private key is encrypted.
func (s *Service) makeDataPair(ctx context.Context, d dataKey, pair types.DataKeyPairSpec) (k *Key, private, public, blob []byte, err error) {
	name := types.KeySpec(pair)
	if len(specs[name].signing) == 0 {
		return nil, nil, nil, nil, unsupported("KeyPairSpec " + string(pair) + " is not supported in this Region.")
	}
	k, secret, err := s.begin(ctx, d.symmetric())
	if err != nil {
		return nil, nil, nil, nil, err
	}
	if private, public, err = makePair(name); err != nil {
		return nil, nil, nil, nil, err
	}
	blob, err = encrypt(secret, k.Material, private, d.context)
	return k, private, public, blob, err
}
