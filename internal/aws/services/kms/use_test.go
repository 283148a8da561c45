package kms_test

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	secp "github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	"tamachi/internal/aws/apitest"
)

func TestSymmetricEncryption(t *testing.T) {
	f, ctx := start(t), t.Context()
	k, other := f.symmetric(), f.symmetric()
	about := map[string]string{"tenant": "3", "use": "desk"}
	enc, err := f.Encrypt(ctx, &kms.EncryptInput{KeyId: k.KeyId, Plaintext: []byte("the plain text"), EncryptionContext: about})
	done(t, "encrypt", err)
	if *enc.KeyId != *k.Arn || bytes.Contains(enc.CiphertextBlob, []byte("plain")) {
		t.Errorf("want a ciphertext of %s, got %q of %s", *k.Arn, enc.CiphertextBlob, *enc.KeyId)
	}
	out, err := f.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob, EncryptionContext: about})
	done(t, "decrypt without a key id", err)
	if string(out.Plaintext) != "the plain text" || *out.KeyId != *k.Arn || out.EncryptionAlgorithm != types.EncryptionAlgorithmSpecSymmetricDefault {
		t.Errorf("want the plain text, got %q by %s", out.Plaintext, *out.KeyId)
	}
	damaged := bytes.Clone(enc.CiphertextBlob)
	damaged[len(damaged)-1] ^= 1
	foreign := bytes.Clone(enc.CiphertextBlob)
	foreign[5] ^= 1
	for what, tc := range map[string]struct {
		in   kms.DecryptInput
		code string
	}{
		"no context":               {kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob}, "InvalidCiphertextException"},
		"another context":          {kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob, EncryptionContext: map[string]string{"tenant": "4", "use": "desk"}}, "InvalidCiphertextException"},
		"a context in other case":  {kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob, EncryptionContext: map[string]string{"Tenant": "3", "use": "desk"}}, "InvalidCiphertextException"},
		"another key":              {kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob, EncryptionContext: about, KeyId: other.KeyId}, "IncorrectKeyException"},
		"a damaged ciphertext":     {kms.DecryptInput{CiphertextBlob: damaged, EncryptionContext: about}, "InvalidCiphertextException"},
		"a ciphertext of nobody":   {kms.DecryptInput{CiphertextBlob: foreign, EncryptionContext: about}, "AccessDeniedException"},
		"noise":                    {kms.DecryptInput{CiphertextBlob: []byte("noise")}, "InvalidCiphertextException"},
		"noise under a key":        {kms.DecryptInput{CiphertextBlob: []byte("noise"), KeyId: k.KeyId}, "InvalidCiphertextException"},
		"a key that is not there":  {kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob, KeyId: aws.String(unknownKey)}, "NotFoundException"},
		"an algorithm of RSA":      {kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob, KeyId: k.KeyId, EncryptionAlgorithm: types.EncryptionAlgorithmSpecRsaesOaepSha256}, "InvalidKeyUsageException"},
		"RSA without a key id":     {kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob, EncryptionAlgorithm: types.EncryptionAlgorithmSpecRsaesOaepSha256}, "ValidationException"},
		"a grant token of nobody":  {kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob, GrantTokens: []string{"x"}}, "InvalidGrantTokenException"},
		"a dry run":                {kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob, EncryptionContext: about, DryRun: aws.Bool(true)}, "DryRunOperationException"},
		"a dry run without a text": {kms.DecryptInput{KeyId: k.KeyId, DryRun: aws.Bool(true), DryRunModifiers: []types.DryRunModifierType{types.DryRunModifierTypeIgnoreCiphertext}}, "DryRunOperationException"},
		"no ciphertext":            {kms.DecryptInput{KeyId: k.KeyId}, "ValidationException"},
		"an attestation":           {kms.DecryptInput{CiphertextBlob: enc.CiphertextBlob, Recipient: &types.RecipientInfo{}}, "ValidationException"},
	} {
		_, err := f.Decrypt(ctx, &tc.in)
		apitest.Refused(t, what, err, tc.code, "")
	}
	for what, tc := range map[string]struct {
		in         kms.EncryptInput
		code, part string
	}{
		"a dry run":       {kms.EncryptInput{KeyId: k.KeyId, Plaintext: []byte("x"), DryRun: aws.Bool(true)}, "DryRunOperationException", "The request would have succeeded, but the DryRun option is set."},
		"too long a text": {kms.EncryptInput{KeyId: k.KeyId, Plaintext: make([]byte, 4097)}, "ValidationException", "less than or equal to 4096"},
		"RSA":             {kms.EncryptInput{KeyId: k.KeyId, Plaintext: []byte("x"), EncryptionAlgorithm: types.EncryptionAlgorithmSpecRsaesOaepSha1}, "InvalidKeyUsageException", "Algorithm RSAES_OAEP_SHA_1 is incompatible with key spec SYMMETRIC_DEFAULT."},
		"long a context":  {kms.EncryptInput{KeyId: k.KeyId, Plaintext: []byte("x"), EncryptionContext: map[string]string{"k": strings.Repeat("v", 8192)}}, "ValidationException", "8192"},
	} {
		_, err := f.Encrypt(ctx, &tc.in)
		apitest.Refused(t, what, err, tc.code, tc.part)
	}
	if _, err := f.Encrypt(ctx, &kms.EncryptInput{KeyId: k.KeyId, Plaintext: make([]byte, 4096)}); err != nil {
		t.Errorf("4,096 bytes: %v", err)
	}
}

func TestReEncrypt(t *testing.T) {
	f, ctx := start(t), t.Context()
	from, to := f.symmetric(), f.key(types.KeySpecRsa2048, types.KeyUsageTypeEncryptDecrypt)
	about := map[string]string{"a": "b"}
	enc, err := f.Encrypt(ctx, &kms.EncryptInput{KeyId: from.KeyId, Plaintext: []byte("moved"), EncryptionContext: about})
	done(t, "encrypt", err)
	re, err := f.ReEncrypt(ctx, &kms.ReEncryptInput{
		CiphertextBlob: enc.CiphertextBlob, SourceEncryptionContext: about, DestinationKeyId: to.KeyId,
		DestinationEncryptionAlgorithm: types.EncryptionAlgorithmSpecRsaesOaepSha256,
	})
	done(t, "to RSA", err)
	if *re.SourceKeyId != *from.Arn || *re.KeyId != *to.Arn {
		t.Errorf("want from %s to %s, got %s and %s", *from.Arn, *to.Arn, *re.SourceKeyId, *re.KeyId)
	}
	back, err := f.ReEncrypt(ctx, &kms.ReEncryptInput{
		CiphertextBlob: re.CiphertextBlob, SourceKeyId: to.KeyId, SourceEncryptionAlgorithm: types.EncryptionAlgorithmSpecRsaesOaepSha256,
		DestinationKeyId: from.KeyId,
	})
	done(t, "and back", err)
	out, err := f.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: back.CiphertextBlob})
	if err != nil || string(out.Plaintext) != "moved" {
		t.Errorf("want what was moved, got %v, %v", out, err)
	}
	_, err = f.ReEncrypt(ctx, &kms.ReEncryptInput{CiphertextBlob: enc.CiphertextBlob, DestinationKeyId: from.KeyId})
	apitest.Refused(t, "without the context", err, "InvalidCiphertextException", "")
	_, err = f.ReEncrypt(ctx, &kms.ReEncryptInput{CiphertextBlob: enc.CiphertextBlob, SourceEncryptionContext: about, DestinationKeyId: from.KeyId, DryRun: aws.Bool(true)})
	apitest.Refused(t, "a dry run", err, "DryRunOperationException", "")
}

func TestDataKeys(t *testing.T) {
	f, ctx := start(t), t.Context()
	k := f.symmetric()
	about := map[string]string{"a": "b"}
	out, err := f.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: k.KeyId, KeySpec: types.DataKeySpecAes128, EncryptionContext: about})
	done(t, "data key", err)
	if len(out.Plaintext) != 16 || *out.KeyMaterialId != *k.CurrentKeyMaterialId {
		t.Errorf("want 16 bytes, got %d", len(out.Plaintext))
	}
	dec, err := f.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: out.CiphertextBlob, EncryptionContext: about})
	if err != nil || !bytes.Equal(dec.Plaintext, out.Plaintext) {
		t.Errorf("want the data key again, got %v", err)
	}
	blind, err := f.GenerateDataKeyWithoutPlaintext(ctx, &kms.GenerateDataKeyWithoutPlaintextInput{KeyId: k.KeyId, NumberOfBytes: aws.Int32(1024)})
	done(t, "data key without plain text", err)
	if dec, err = f.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: blind.CiphertextBlob}); err != nil || len(dec.Plaintext) != 1024 {
		t.Errorf("want 1,024 bytes, got %v", err)
	}
	_, err = f.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: k.KeyId})
	apitest.Refused(t, "no length", err, "ValidationException", "Please specify either number of bytes or key spec.")
	_, err = f.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: k.KeyId, NumberOfBytes: aws.Int32(8), KeySpec: types.DataKeySpecAes256})
	apitest.Refused(t, "two lengths", err, "ValidationException", "Please specify either number of bytes or key spec.")
	pair := f.key(types.KeySpecRsa2048, types.KeyUsageTypeEncryptDecrypt)
	_, err = f.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: pair.KeyId, KeySpec: types.DataKeySpecAes256})
	apitest.Refused(t, "a data key of RSA", err, "InvalidKeyUsageException", "")
	r, err := f.GenerateRandom(ctx, &kms.GenerateRandomInput{NumberOfBytes: aws.Int32(100)})
	if err != nil || len(r.Plaintext) != 100 || bytes.Equal(r.Plaintext, make([]byte, 100)) {
		t.Errorf("want 100 random bytes, got %v, %v", r, err)
	}
	_, err = f.GenerateRandom(ctx, &kms.GenerateRandomInput{})
	apitest.Refused(t, "no length", err, "ValidationException", "")
	_, err = f.GenerateRandom(ctx, &kms.GenerateRandomInput{NumberOfBytes: aws.Int32(1), CustomKeyStoreId: aws.String("cks-1")})
	apitest.Refused(t, "a custom key store", err, "CustomKeyStoreNotFoundException", "")
}

func TestDataKeyPairs(t *testing.T) {
	f, ctx := start(t), t.Context()
	k := f.symmetric()
	for _, spec := range []types.DataKeyPairSpec{
		types.DataKeyPairSpecRsa2048, types.DataKeyPairSpecEccNistP256, types.DataKeyPairSpecEccNistP384,
		types.DataKeyPairSpecEccNistP521, types.DataKeyPairSpecEccNistEdwards25519,
	} {
		out, err := f.GenerateDataKeyPair(ctx, &kms.GenerateDataKeyPairInput{KeyId: k.KeyId, KeyPairSpec: spec})
		done(t, string(spec), err)
		private, err := x509.ParsePKCS8PrivateKey(out.PrivateKeyPlaintext)
		done(t, string(spec), err)
		public, err := x509.ParsePKIXPublicKey(out.PublicKey)
		done(t, string(spec), err)
		if own := private.(crypto.Signer).Public().(interface{ Equal(crypto.PublicKey) bool }); !own.Equal(public) {
			t.Errorf("%s: the public key is not that of the private key", spec)
		}
		dec, err := f.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: out.PrivateKeyCiphertextBlob})
		if err != nil || !bytes.Equal(dec.Plaintext, out.PrivateKeyPlaintext) {
			t.Errorf("%s: want the private key again, got %v", spec, err)
		}
	}
	blind, err := f.GenerateDataKeyPairWithoutPlaintext(ctx, &kms.GenerateDataKeyPairWithoutPlaintextInput{KeyId: k.KeyId, KeyPairSpec: types.DataKeyPairSpecEccSecgP256k1})
	done(t, "secp256k1", err)
	if dec, err := f.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: blind.PrivateKeyCiphertextBlob}); err != nil || len(dec.Plaintext) < 32 {
		t.Errorf("want the private key, got %v", err)
	}
	_, err = f.GenerateDataKeyPair(ctx, &kms.GenerateDataKeyPairInput{KeyId: k.KeyId, KeyPairSpec: types.DataKeyPairSpecSm2})
	apitest.Refused(t, "SM2", err, "UnsupportedOperationException", "")
}

func TestRSAEncryption(t *testing.T) {
	f, ctx := start(t), t.Context()
	k := f.key(types.KeySpecRsa2048, types.KeyUsageTypeEncryptDecrypt)
	pub, err := f.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: k.KeyId})
	done(t, "public key", err)
	parsed, err := x509.ParsePKIXPublicKey(pub.PublicKey)
	done(t, "public key", err)
	for a, most := range map[types.EncryptionAlgorithmSpec]int{
		types.EncryptionAlgorithmSpecRsaesOaepSha1: 214, types.EncryptionAlgorithmSpecRsaesOaepSha256: 190,
	} {
		enc, err := f.Encrypt(ctx, &kms.EncryptInput{KeyId: k.KeyId, Plaintext: make([]byte, most), EncryptionAlgorithm: a})
		done(t, string(a), err)
		dec, err := f.Decrypt(ctx, &kms.DecryptInput{KeyId: k.KeyId, CiphertextBlob: enc.CiphertextBlob, EncryptionAlgorithm: a})
		if err != nil || len(dec.Plaintext) != most {
			t.Errorf("%s: want %d bytes again, got %v", a, most, err)
		}
		_, err = f.Encrypt(ctx, &kms.EncryptInput{KeyId: k.KeyId, Plaintext: make([]byte, most+1), EncryptionAlgorithm: a})
		apitest.Refused(t, "a byte too many", err, "ValidationException", "cannot encrypt data larger than")
	}
	outside, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, parsed.(*rsa.PublicKey), []byte("from outside"), nil)
	done(t, "encrypt outside", err)
	dec, err := f.Decrypt(ctx, &kms.DecryptInput{KeyId: k.KeyId, CiphertextBlob: outside, EncryptionAlgorithm: types.EncryptionAlgorithmSpecRsaesOaepSha256})
	if err != nil || string(dec.Plaintext) != "from outside" {
		t.Errorf("want what was encrypted outside, got %v, %v", dec, err)
	}
	_, err = f.Decrypt(ctx, &kms.DecryptInput{KeyId: k.KeyId, CiphertextBlob: outside, EncryptionAlgorithm: types.EncryptionAlgorithmSpecRsaesOaepSha1})
	apitest.Refused(t, "by another algorithm", err, "InvalidCiphertextException", "")
	_, err = f.Sign(ctx, &kms.SignInput{KeyId: k.KeyId, Message: []byte("x"), SigningAlgorithm: types.SigningAlgorithmSpecRsassaPssSha256})
	apitest.Refused(t, "sign with it", err, "InvalidKeyUsageException", " key usage is ENCRYPT_DECRYPT which is not valid for Sign.")
	_, err = f.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: f.symmetric().KeyId})
	apitest.Refused(t, "the public key of a symmetric key", err, "UnsupportedOperationException", "")
}

// valid checks a signature with the standard library, or, for secp256k1, with
// the library of that curve.
func valid(t *testing.T, public []byte, a types.SigningAlgorithmSpec, message, signature []byte) bool {
	t.Helper()
	h := crypto.SHA256
	switch {
	case strings.HasSuffix(string(a), "384"):
		h = crypto.SHA384
	case strings.HasSuffix(string(a), "512"):
		h = crypto.SHA512
	}
	w := h.New()
	w.Write(message)
	sum := w.Sum(nil)
	key, err := x509.ParsePKIXPublicKey(public)
	if err != nil { // secp256k1: the point is at the end of the SubjectPublicKeyInfo
		point, err := secp256k1.ParsePubKey(public[len(public)-65:])
		done(t, "public key", err)
		s, err := secp.ParseDERSignature(signature)
		return err == nil && s.Verify(sum, point)
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		if strings.Contains(string(a), "PSS") {
			return rsa.VerifyPSS(key, h, sum, signature, &rsa.PSSOptions{SaltLength: h.Size()}) == nil
		}
		return rsa.VerifyPKCS1v15(key, h, sum, signature) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, sum, signature)
	case ed25519.PublicKey:
		return ed25519.Verify(key, message, signature)
	}
	return false
}

func TestSignatures(t *testing.T) {
	f, ctx := start(t), t.Context()
	message := []byte("what is signed")
	for _, spec := range []types.KeySpec{
		types.KeySpecRsa2048, types.KeySpecEccNistP256, types.KeySpecEccNistP384, types.KeySpecEccNistP521,
		types.KeySpecEccSecgP256k1, types.KeySpecEccNistEdwards25519,
	} {
		k := f.key(spec, types.KeyUsageTypeSignVerify)
		pub, err := f.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: k.KeyId})
		done(t, string(spec), err)
		if len(k.SigningAlgorithms) == 0 || len(pub.SigningAlgorithms) != len(k.SigningAlgorithms) {
			t.Errorf("%s: want the algorithms in both answers, got %v and %v", spec, k.SigningAlgorithms, pub.SigningAlgorithms)
		}
		for _, a := range k.SigningAlgorithms {
			if a == types.SigningAlgorithmSpecEd25519PhSha512 {
				continue // takes digests only: TestEd25519Prehashed
			}
			out, err := f.Sign(ctx, &kms.SignInput{KeyId: k.KeyId, Message: message, SigningAlgorithm: a})
			done(t, string(spec)+" "+string(a), err)
			if !valid(t, pub.PublicKey, a, message, out.Signature) {
				t.Errorf("%s %s: the signature is not valid outside", spec, a)
			}
			v, err := f.Verify(ctx, &kms.VerifyInput{KeyId: k.KeyId, Message: message, Signature: out.Signature, SigningAlgorithm: a})
			if err != nil || !v.SignatureValid {
				t.Errorf("%s %s: want valid, got %v", spec, a, err)
			}
			out.Signature[len(out.Signature)/2] ^= 1
			_, err = f.Verify(ctx, &kms.VerifyInput{KeyId: k.KeyId, Message: message, Signature: out.Signature, SigningAlgorithm: a})
			apitest.Refused(t, string(a)+" damaged", err, "KMSInvalidSignatureException", "")
		}
	}
}

func TestDigests(t *testing.T) {
	f, ctx := start(t), t.Context()
	k := f.key(types.KeySpecEccNistP384, types.KeyUsageTypeSignVerify)
	message := []byte("what is signed")
	sum := sha512.Sum384(message)
	out, err := f.Sign(ctx, &kms.SignInput{KeyId: k.KeyId, Message: sum[:], MessageType: types.MessageTypeDigest, SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha384})
	done(t, "sign a digest", err)
	if _, err := f.Verify(ctx, &kms.VerifyInput{KeyId: k.KeyId, Message: message, Signature: out.Signature, SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha384}); err != nil {
		t.Errorf("the signature of a digest is that of its message: %v", err)
	}
	for what, tc := range map[string]struct {
		in         kms.SignInput
		code, part string
	}{
		"a digest of another length": {kms.SignInput{KeyId: k.KeyId, Message: sum[:32], MessageType: types.MessageTypeDigest, SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha384}, "ValidationException", "Digest is invalid length for algorithm ECDSA_SHA_384."},
		"another algorithm":          {kms.SignInput{KeyId: k.KeyId, Message: message, SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha256}, "InvalidKeyUsageException", "Algorithm ECDSA_SHA_256 is incompatible with key spec ECC_NIST_P384."},
		"a message of ML-DSA":        {kms.SignInput{KeyId: k.KeyId, Message: message, MessageType: types.MessageTypeExternalMu, SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha384}, "ValidationException", "EXTERNAL_MU"},
		"too long a message":         {kms.SignInput{KeyId: k.KeyId, Message: make([]byte, 4097), SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha384}, "ValidationException", "4096"},
		"a dry run":                  {kms.SignInput{KeyId: k.KeyId, Message: message, SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha384, DryRun: aws.Bool(true)}, "DryRunOperationException", ""},
	} {
		_, err := f.Sign(ctx, &tc.in)
		apitest.Refused(t, what, err, tc.code, tc.part)
	}
}

func TestEd25519Prehashed(t *testing.T) {
	f, ctx := start(t), t.Context()
	k := f.key(types.KeySpecEccNistEdwards25519, types.KeyUsageTypeSignVerify)
	digest := sha512.Sum512([]byte("what is signed"))
	out, err := f.Sign(ctx, &kms.SignInput{KeyId: k.KeyId, Message: digest[:], MessageType: types.MessageTypeDigest, SigningAlgorithm: types.SigningAlgorithmSpecEd25519PhSha512})
	done(t, "sign", err)
	pub, err := f.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: k.KeyId})
	done(t, "public key", err)
	key, err := x509.ParsePKIXPublicKey(pub.PublicKey)
	done(t, "public key", err)
	twice := sha512.Sum512(digest[:])
	if err := ed25519.VerifyWithOptions(key.(ed25519.PublicKey), twice[:], out.Signature, &ed25519.Options{Hash: crypto.SHA512}); err != nil {
		t.Errorf("the signature is not valid outside: %v", err)
	}
	_, err = f.Sign(ctx, &kms.SignInput{KeyId: k.KeyId, Message: digest[:], SigningAlgorithm: types.SigningAlgorithmSpecEd25519PhSha512})
	apitest.Refused(t, "a raw message", err, "ValidationException", "requires MessageType DIGEST")
	_, err = f.Sign(ctx, &kms.SignInput{KeyId: k.KeyId, Message: digest[:], MessageType: types.MessageTypeDigest, SigningAlgorithm: types.SigningAlgorithmSpecEd25519Sha512})
	apitest.Refused(t, "a digest", err, "ValidationException", "requires MessageType RAW")
}

func TestMacs(t *testing.T) {
	f, ctx := start(t), t.Context()
	sizes := map[types.KeySpec]int{types.KeySpecHmac224: 28, types.KeySpecHmac256: 32, types.KeySpecHmac384: 48, types.KeySpecHmac512: 64}
	for spec, size := range sizes {
		k := f.key(spec, types.KeyUsageTypeGenerateVerifyMac)
		a := k.MacAlgorithms[0]
		out, err := f.GenerateMac(ctx, &kms.GenerateMacInput{KeyId: k.KeyId, Message: []byte("m"), MacAlgorithm: a})
		done(t, string(spec), err)
		if len(out.Mac) != size {
			t.Errorf("%s: want %d bytes, got %d", spec, size, len(out.Mac))
		}
		v, err := f.VerifyMac(ctx, &kms.VerifyMacInput{KeyId: k.KeyId, Message: []byte("m"), Mac: out.Mac, MacAlgorithm: a})
		if err != nil || !v.MacValid {
			t.Errorf("%s: want valid, got %v", spec, err)
		}
		_, err = f.VerifyMac(ctx, &kms.VerifyMacInput{KeyId: k.KeyId, Message: []byte("n"), Mac: out.Mac, MacAlgorithm: a})
		apitest.Refused(t, string(spec)+" of another message", err, "KMSInvalidMacException", "")
	}
	k := f.key(types.KeySpecHmac256, types.KeyUsageTypeGenerateVerifyMac)
	_, err := f.GenerateMac(ctx, &kms.GenerateMacInput{KeyId: k.KeyId, Message: []byte("m"), MacAlgorithm: types.MacAlgorithmSpecHmacSha512})
	apitest.Refused(t, "another algorithm", err, "InvalidKeyUsageException", "Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256.")
}

func TestKeyAgreement(t *testing.T) {
	f, ctx := start(t), t.Context()
	curves := map[types.KeySpec]elliptic.Curve{
		types.KeySpecEccNistP256: elliptic.P256(), types.KeySpecEccNistP384: elliptic.P384(), types.KeySpecEccNistP521: elliptic.P521(),
	}
	for spec, curve := range curves {
		k := f.key(spec, types.KeyUsageTypeKeyAgreement)
		bob, err := ecdsa.GenerateKey(curve, rand.Reader)
		done(t, "bob", err)
		peer, err := x509.MarshalPKIXPublicKey(bob.Public())
		done(t, "bob", err)
		out, err := f.DeriveSharedSecret(ctx, &kms.DeriveSharedSecretInput{KeyId: k.KeyId, KeyAgreementAlgorithm: types.KeyAgreementAlgorithmSpecEcdh, PublicKey: peer})
		done(t, string(spec), err)
		pub, err := f.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: k.KeyId})
		done(t, string(spec), err)
		alice, err := x509.ParsePKIXPublicKey(pub.PublicKey)
		done(t, string(spec), err)
		if want := shared(t, bob, alice.(*ecdsa.PublicKey)); !bytes.Equal(out.SharedSecret, want) {
			t.Errorf("%s: the secrets differ", spec)
		}
	}
	k := f.key(types.KeySpecEccNistP256, types.KeyUsageTypeKeyAgreement)
	far, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	done(t, "far", err)
	peer, err := x509.MarshalPKIXPublicKey(far.Public())
	done(t, "far", err)
	for what, public := range map[string][]byte{"another curve": peer, "noise": []byte("noise")} {
		_, err := f.DeriveSharedSecret(ctx, &kms.DeriveSharedSecretInput{KeyId: k.KeyId, KeyAgreementAlgorithm: types.KeyAgreementAlgorithmSpecEcdh, PublicKey: public})
		apitest.Refused(t, what, err, "ValidationException", "public key")
	}
}

func shared(t *testing.T, own *ecdsa.PrivateKey, other *ecdsa.PublicKey) []byte {
	t.Helper()
	var private *ecdh.PrivateKey
	private, err := own.ECDH()
	done(t, "ECDH", err)
	public, err := other.ECDH()
	done(t, "ECDH", err)
	secret, err := private.ECDH(public)
	done(t, "ECDH", err)
	return secret
}
