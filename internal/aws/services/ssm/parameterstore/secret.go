package parameterstore

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/store"
)

// defaultKey is the AWS managed key that encrypts where a caller names none.
const defaultKey = "alias/aws/ssm"

// secret is an encrypted value. One of the advanced tier is encrypted by a data
// key of its own, for a key of KMS takes 4,096 bytes only. Source: KMS Developer
// Guide, "How AWS Systems Manager Parameter Store uses AWS KMS".
type secret struct {
	Sealed  []byte `json:",omitempty"`
	DataKey []byte `json:",omitempty"` // encrypted; empty when the key encrypted the value itself
}

// text is a secret as a caller sees it who asks for no decryption.
func (v *secret) text() string {
	return base64.StdEncoding.EncodeToString(append(append([]byte{}, v.DataKey...), v.Sealed...))
}

// about is the encryption context.
func about(arn string) map[string]string { return map[string]string{"PARAMETER_ARN": arn} }

// seal encrypts a value in the caller's name.
func (s *Service) seal(ctx context.Context, scope store.Scope, name, key, tier, value string) (secret, error) {
	if s.ports.Keys == nil {
		return secret{}, &types.InvalidKeyId{Message: new("There are no keys here yet: SecureString can't be used.")}
	}
	arn := arnOf(scope, name)
	if tier != tierAdvanced {
		blob, err := s.ports.Keys.Encrypt(ctx, key, []byte(value), about(arn))
		return secret{Sealed: blob}, keyError(err)
	}
	plain, blob, err := s.ports.Keys.DataKey(ctx, key, about(arn))
	if err != nil {
		return secret{}, keyError(err)
	}
	aead, err := newAEAD(plain)
	if err != nil {
		return secret{}, fmt.Errorf("seal a parameter: %w", err)
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return secret{Sealed: aead.Seal(nonce, nonce, []byte(value), []byte(arn)), DataKey: blob}, nil
}

// reveal is what a caller may see of a version's value.
func (s *Service) reveal(ctx context.Context, scope store.Scope, v *version, decrypt *bool) (string, error) {
	if v.Type != typeSecure {
		return v.Value, nil
	}
	if decrypt == nil || !*decrypt {
		return v.text(), nil
	}
	if s.ports.Keys == nil {
		return "", &types.InvalidKeyId{Message: new("There are no keys here: the parameter can't be decrypted.")}
	}
	arn := arnOf(scope, v.Name)
	if len(v.DataKey) == 0 {
		plain, err := s.ports.Keys.Decrypt(ctx, v.Sealed, about(arn))
		return string(plain), keyError(err)
	}
	key, err := s.ports.Keys.Decrypt(ctx, v.DataKey, about(arn))
	if err != nil {
		return "", keyError(err)
	}
	aead, err := newAEAD(key)
	if err != nil || len(v.Sealed) < aead.NonceSize() {
		return "", fmt.Errorf("open parameter %s: not what was sealed: %w", v.Name, err)
	}
	nonce, sealed := v.Sealed[:aead.NonceSize()], v.Sealed[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, sealed, []byte(arn))
	if err != nil {
		return "", fmt.Errorf("open parameter %s: %w", v.Name, err)
	}
	return string(plain), nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// keyError turns what the room of keys answers into what Parameter Store does:
// a denial stays one, anything else is the fault of the key.
func keyError(err error) error {
	var fault smithy.APIError
	if !errors.As(err, &fault) {
		return err
	}
	if fault.ErrorFault() == smithy.FaultServer {
		return err
	}
	if strings.HasPrefix(fault.ErrorCode(), "AccessDenied") {
		return &smithy.GenericAPIError{Code: "AccessDeniedException", Message: fault.ErrorMessage()}
	}
	return &types.InvalidKeyId{Message: new(fmt.Sprintf("%s (Service: AWSKMS; Error Code: %s)", fault.ErrorMessage(), fault.ErrorCode()))}
}
