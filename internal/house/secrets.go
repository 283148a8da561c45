package house

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/services/ssm/parameterstore"
)

// secrets encrypts Parameter Store's values with the room of keys, as the
// caller may use it: through the gate, by way of Systems Manager.
type secrets struct{ h *House }

var _ parameterstore.Keys = secrets{}

// Encrypt encrypts under a key.
func (s secrets) Encrypt(ctx context.Context, key string, plain []byte, about map[string]string) ([]byte, error) {
	out, err := forward[kms.EncryptOutput](ctx, s.h, "Encrypt", &kms.EncryptInput{KeyId: &key, Plaintext: plain, EncryptionContext: about})
	if err != nil {
		return nil, err
	}
	return out.CiphertextBlob, nil
}

// DataKey makes a key of 32 bytes.
func (s secrets) DataKey(ctx context.Context, key string, about map[string]string) (plain, blob []byte, err error) {
	out, err := forward[kms.GenerateDataKeyOutput](ctx, s.h, "GenerateDataKey", &kms.GenerateDataKeyInput{
		KeyId: &key, KeySpec: types.DataKeySpecAes256, EncryptionContext: about,
	})
	if err != nil {
		return nil, nil, err
	}
	return out.Plaintext, out.CiphertextBlob, nil
}

// Decrypt is the reverse of both.
func (s secrets) Decrypt(ctx context.Context, blob []byte, about map[string]string) ([]byte, error) {
	out, err := forward[kms.DecryptOutput](ctx, s.h, "Decrypt", &kms.DecryptInput{CiphertextBlob: blob, EncryptionContext: about})
	if err != nil {
		return nil, err
	}
	return out.Plaintext, nil
}

// forward calls the room of keys in the name of the caller of ctx.
func forward[O any](ctx context.Context, h *House, operation string, in any) (*O, error) {
	out, err := h.gate.Via(ssmPrincipal).Do(ctx, "kms", operation, in)
	if err != nil {
		return nil, err
	}
	o, ok := out.(*O)
	if !ok {
		return nil, fmt.Errorf("%s answered a %T", operation, out)
	}
	return o, nil
}
