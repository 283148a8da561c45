package kms_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/apitest"
)

func TestImportedMaterial(t *testing.T) {
	f, ctx := start(t), t.Context()
	out, err := f.CreateKey(ctx, &kms.CreateKeyInput{Origin: types.OriginTypeExternal})
	done(t, "create", err)
	k := out.KeyMetadata
	if k.KeyState != types.KeyStatePendingImport || k.Enabled {
		t.Errorf("want a key that waits, got %s", k.KeyState)
	}
	encrypt := func() ([]byte, error) {
		out, err := f.Encrypt(ctx, &kms.EncryptInput{KeyId: k.KeyId, Plaintext: []byte("x")})
		if err != nil {
			return nil, err
		}
		return out.CiphertextBlob, nil
	}
	_, err = encrypt()
	apitest.Refused(t, "before the import", err, "KMSInvalidStateException", "is pending import.")

	params, err := f.GetParametersForImport(ctx, &kms.GetParametersForImportInput{
		KeyId: k.KeyId, WrappingAlgorithm: types.AlgorithmSpecRsaesOaepSha256, WrappingKeySpec: types.WrappingKeySpecRsa2048,
	})
	done(t, "parameters", err)
	key, err := x509.ParsePKIXPublicKey(params.PublicKey)
	done(t, "wrapping key", err)
	bring := func(secret []byte, change func(*kms.ImportKeyMaterialInput)) (string, error) {
		t.Helper()
		wrapped, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, key.(*rsa.PublicKey), secret, nil)
		done(t, "wrap", err)
		in := &kms.ImportKeyMaterialInput{
			KeyId: k.KeyId, ImportToken: params.ImportToken, EncryptedKeyMaterial: wrapped,
			ExpirationModel: types.ExpirationModelTypeKeyMaterialDoesNotExpire,
		}
		if change != nil {
			change(in)
		}
		out, err := f.ImportKeyMaterial(ctx, in)
		if err != nil {
			return "", err
		}
		return *out.KeyMaterialId, nil
	}
	one, two := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	for what, tc := range map[string]struct {
		secret []byte
		change func(*kms.ImportKeyMaterialInput)
		code   string
	}{
		"short material":        {one[:16], nil, "IncorrectKeyMaterialException"},
		"a token of nobody":     {one, func(in *kms.ImportKeyMaterialInput) { in.ImportToken = []byte("x") }, "InvalidImportTokenException"},
		"noise":                 {one, func(in *kms.ImportKeyMaterialInput) { in.EncryptedKeyMaterial = []byte("x") }, "InvalidCiphertextException"},
		"a key of another kind": {one, func(in *kms.ImportKeyMaterialInput) { in.KeyId = f.symmetric().KeyId }, "UnsupportedOperationException"},
		"no date": {one, func(in *kms.ImportKeyMaterialInput) {
			in.ExpirationModel = types.ExpirationModelTypeKeyMaterialExpires
		}, "ValidationException"},
		"a date that is over": {one, func(in *kms.ImportKeyMaterialInput) {
			in.ExpirationModel, in.ValidTo = "", aws.Time(time.Now().Add(-time.Hour))
		}, "ValidationException"},
		"material that it never had": {one, func(in *kms.ImportKeyMaterialInput) { in.ImportType = types.ImportTypeExistingKeyMaterial }, "IncorrectKeyMaterialException"},
	} {
		_, err := bring(tc.secret, tc.change)
		apitest.Refused(t, what, err, tc.code, "")
	}
	first, err := bring(one, nil)
	done(t, "import", err)
	blob, err := encrypt()
	done(t, "after the import", err)

	gone, err := f.DeleteImportedKeyMaterial(ctx, &kms.DeleteImportedKeyMaterialInput{KeyId: k.KeyId})
	done(t, "delete", err)
	if *gone.KeyMaterialId != first {
		t.Errorf("want %s deleted, got %s", first, *gone.KeyMaterialId)
	}
	_, err = f.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: blob})
	apitest.Refused(t, "without its material", err, "KMSInvalidStateException", "is pending import.")
	_, err = bring(two, nil)
	apitest.Refused(t, "other material in its place", err, "IncorrectKeyMaterialException", "")
	again, err := bring(one, nil)
	if err != nil || again != first {
		t.Errorf("want %s again, got %s, %v", first, again, err)
	}
	if out, err := f.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: blob}); err != nil || string(out.Plaintext) != "x" {
		t.Errorf("want what was encrypted before, got %v, %v", out, err)
	}

	_, err = f.RotateKeyOnDemand(ctx, &kms.RotateKeyOnDemandInput{KeyId: k.KeyId})
	apitest.Refused(t, "nothing to rotate to", err, "KMSInvalidStateException", "import new key material first")
	second, err := bring(two, func(in *kms.ImportKeyMaterialInput) { in.ImportType = types.ImportTypeNewKeyMaterial })
	done(t, "import what to rotate to", err)
	_, err = f.RotateKeyOnDemand(ctx, &kms.RotateKeyOnDemandInput{KeyId: k.KeyId})
	done(t, "rotate", err)
	d, err := f.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: k.KeyId})
	done(t, "describe", err)
	if *d.KeyMetadata.CurrentKeyMaterialId != second || d.KeyMetadata.ExpirationModel != types.ExpirationModelTypeKeyMaterialDoesNotExpire {
		t.Errorf("want the second material, got %+v", d.KeyMetadata)
	}
	if out, err := f.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: blob}); err != nil || string(out.Plaintext) != "x" {
		t.Errorf("want what the first material encrypted, got %v, %v", out, err)
	}
	_, err = f.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: k.KeyId})
	apitest.Refused(t, "rotation by time", err, "UnsupportedOperationException", "")
	_, err = f.GetParametersForImport(ctx, &kms.GetParametersForImportInput{
		KeyId: k.KeyId, WrappingAlgorithm: types.AlgorithmSpecRsaesPkcs1V15, WrappingKeySpec: types.WrappingKeySpecRsa2048,
	})
	apitest.Refused(t, "PKCS #1", err, "UnsupportedOperationException", "")
	_, err = f.DeleteImportedKeyMaterial(ctx, &kms.DeleteImportedKeyMaterialInput{KeyId: f.symmetric().KeyId})
	apitest.Refused(t, "a key with material of its own", err, "UnsupportedOperationException", "")
}
