package kms

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// use is a request to compute with a key.
type use struct {
	key       string
	tokens    []string
	usage     types.KeyUsageType
	operation string
	dry       *bool
	recipient *types.RecipientInfo
	// fits, if not nil, refuses what the key cannot do.
	fits func(*Key) error
}

// begin finds the key and opens its current material. The request is right in
// every way when it returns without error.
func (s *Service) begin(ctx context.Context, u use) (k *Key, secret []byte, err error) {
	if err := noRecipient(u.recipient); err != nil {
		return nil, nil, err
	}
	if err := s.tokens(u.tokens); err != nil {
		return nil, nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if k, err = find(tx, api.CallFrom(ctx), u.key); err != nil {
			return err
		}
		if err := k.usableFor(u.usage, u.operation); err != nil {
			return err
		}
		if u.fits != nil {
			if err := u.fits(k); err != nil {
				return err
			}
		}
		secret, err = s.current(tx, k)
		return err
	})
	if err == nil {
		err = dryRun(u.dry)
	}
	return k, secret, err
}

// encrypts refuses an algorithm that the key has not, and an encryption context
// where there can be none.
func encrypts(k *Key, a types.EncryptionAlgorithmSpec, context map[string]string) error {
	if !slices.Contains(k.encryption(), a) {
		return wrongAlgorithm(string(a), k.Spec)
	}
	if len(context) > 0 && !k.symmetric() {
		return invalid("You cannot specify an EncryptionContext with an asymmetric KMS key.")
	}
	return checkContext(context)
}

// maxContext is the longest encryption context in bytes (Developer Guide,
// "Encryption context"): that of its serialized form.
const maxContext = 8192

func checkContext(context map[string]string) error {
	n := 0
	for key, value := range context {
		n += len(key) + len(value)
	}
	if n > maxContext {
		return invalid("The encryption context is longer than 8192 bytes.")
	}
	return nil
}

// algorithm is that of a request; symmetric when it names none.
func algorithm(given types.EncryptionAlgorithmSpec) types.EncryptionAlgorithmSpec {
	if given == "" {
		return types.EncryptionAlgorithmSpecSymmetricDefault
	}
	return given
}

// seal encrypts under a key, whatever its kind.
func (k *Key) seal(secret []byte, a types.EncryptionAlgorithmSpec, plain []byte, context map[string]string) ([]byte, error) {
	if k.symmetric() {
		return encrypt(secret, k.Material, plain, context)
	}
	return encryptRSA(k, a, plain)
}
