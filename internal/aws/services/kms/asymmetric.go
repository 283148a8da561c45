package kms

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"fmt"
	"hash"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

var rsaBits = map[types.KeySpec]int{types.KeySpecRsa2048: 2048, types.KeySpecRsa3072: 3072, types.KeySpecRsa4096: 4096}

var curves = map[types.KeySpec]elliptic.Curve{
	types.KeySpecEccNistP256: elliptic.P256(), types.KeySpecEccNistP384: elliptic.P384(), types.KeySpecEccNistP521: elliptic.P521(),
}

var macBytes = map[types.KeySpec]int{
	types.KeySpecHmac224: 28, types.KeySpecHmac256: 32, types.KeySpecHmac384: 48, types.KeySpecHmac512: 64,
}

// makeSecret makes the material of a key spec: random bytes, or a private key
// in PKCS #8 with its public key.
func makeSecret(s types.KeySpec) (secret, public []byte, err error) {
	n := macBytes[s]
	if s == types.KeySpecSymmetricDefault {
		n = 32
	}
	if n > 0 {
		secret = make([]byte, n)
		_, _ = rand.Read(secret) // never fails (Go 1.24)
		return secret, nil, nil
	}
	return makePair(s)
}

// makePair makes a key pair: PKCS #8 and SubjectPublicKeyInfo, both in DER.
func makePair(s types.KeySpec) (private, public []byte, err error) {
	var key crypto.Signer
	switch {
	case s == types.KeySpecEccSecgP256k1:
		return makeSecp()
	case s == types.KeySpecEccNistEdwards25519:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case rsaBits[s] > 0:
		key, err = rsa.GenerateKey(rand.Reader, rsaBits[s])
	case curves[s] != nil:
		key, err = ecdsa.GenerateKey(curves[s], rand.Reader)
	default:
		return nil, nil, fmt.Errorf("make a key pair of %s", s)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("make a key pair of %s: %w", s, err)
	}
	if private, err = x509.MarshalPKCS8PrivateKey(key); err != nil {
		return nil, nil, err
	}
	public, err = x509.MarshalPKIXPublicKey(key.Public())
	return private, public, err
}

func privateKey[K any](secret []byte) (K, error) {
	var none K
	key, err := x509.ParsePKCS8PrivateKey(secret)
	if err != nil {
		return none, fmt.Errorf("read a private key: %w", err)
	}
	k, ok := key.(K)
	if !ok {
		return none, fmt.Errorf("a private key is a %T", key)
	}
	return k, nil
}

func publicKey[K any](public []byte) (K, error) {
	var none K
	key, err := x509.ParsePKIXPublicKey(public)
	if err != nil {
		return none, fmt.Errorf("read a public key: %w", err)
	}
	k, ok := key.(K)
	if !ok {
		return none, fmt.Errorf("a public key is a %T", key)
	}
	return k, nil
}

func oaepHash(a types.EncryptionAlgorithmSpec) hash.Hash {
	if a == types.EncryptionAlgorithmSpecRsaesOaepSha1 {
		return sha1.New()
	}
	return sha256.New()
}

// encryptRSA encrypts with a public key. The longest plaintext is that of RFC
// 8017, section 7.1.1.
func encryptRSA(k *Key, a types.EncryptionAlgorithmSpec, plain []byte) ([]byte, error) {
	pub, err := publicKey[*rsa.PublicKey](k.Public)
	if err != nil {
		return nil, err
	}
	h := oaepHash(a)
	if most := pub.Size() - 2*h.Size() - 2; len(plain) > most {
		return nil, invalid(fmt.Sprintf("Algorithm %s and key spec %s cannot encrypt data larger than %d bytes.", a, k.Spec, most))
	}
	return rsa.EncryptOAEP(h, rand.Reader, pub, plain, nil)
}

// decryptRSA tells by ok whether the ciphertext opens.
func decryptRSA(secret []byte, a types.EncryptionAlgorithmSpec, ciphertext []byte) (plain []byte, ok bool, err error) {
	key, err := privateKey[*rsa.PrivateKey](secret)
	if err != nil {
		return nil, false, err
	}
	plain, err = rsa.DecryptOAEP(oaepHash(a), nil, key, ciphertext, nil)
	return plain, err == nil, nil
}

func signingHash(a types.SigningAlgorithmSpec) crypto.Hash {
	switch {
	case strings.HasSuffix(string(a), "384"):
		return crypto.SHA384
	case strings.HasSuffix(string(a), "512"):
		return crypto.SHA512
	}
	return crypto.SHA256
}

// digest is what is signed of a message: its hash, or itself when it is one
// already. Ed25519 hashes by itself.
func digest(a types.SigningAlgorithmSpec, kind types.MessageType, message []byte) ([]byte, error) {
	h := signingHash(a)
	switch {
	case kind == types.MessageTypeExternalMu:
		return nil, invalid("MessageType EXTERNAL_MU is not valid for signing algorithm " + string(a) + ".")
	case a == types.SigningAlgorithmSpecEd25519Sha512 && kind == types.MessageTypeDigest:
		return nil, invalid("Signing algorithm ED25519_SHA_512 requires MessageType RAW.")
	case a == types.SigningAlgorithmSpecEd25519PhSha512 && kind != types.MessageTypeDigest:
		return nil, invalid("Signing algorithm ED25519_PH_SHA_512 requires MessageType DIGEST.")
	case kind == types.MessageTypeDigest && len(message) != h.Size():
		return nil, invalid("Digest is invalid length for algorithm " + string(a) + ".")
	case a == types.SigningAlgorithmSpecEd25519Sha512:
		return message, nil
	case a == types.SigningAlgorithmSpecEd25519PhSha512: // hashed once more (API reference, Sign: MessageType)
		sum := sha512.Sum512(message)
		return sum[:], nil
	case kind == types.MessageTypeDigest:
		return message, nil
	}
	w := h.New()
	w.Write(message)
	return w.Sum(nil), nil
}

func edOptions(a types.SigningAlgorithmSpec) *ed25519.Options {
	if a == types.SigningAlgorithmSpecEd25519PhSha512 {
		return &ed25519.Options{Hash: crypto.SHA512}
	}
	return &ed25519.Options{}
}

// sign signs a digest with the private key of a key.
func sign(k *Key, secret []byte, a types.SigningAlgorithmSpec, sum []byte) ([]byte, error) {
	if k.Spec == types.KeySpecEccSecgP256k1 {
		return signSecp(secret, sum)
	}
	key, err := privateKey[crypto.Signer](secret)
	if err != nil {
		return nil, err
	}
	var o crypto.SignerOpts = signingHash(a)
	switch {
	case strings.HasPrefix(string(a), "RSASSA_PSS"):
		o = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: signingHash(a)}
	case k.Spec == types.KeySpecEccNistEdwards25519:
		o = edOptions(a)
	}
	return key.Sign(rand.Reader, sum, o)
}

// verifies tells whether a signature is that of a digest.
func verifies(k *Key, a types.SigningAlgorithmSpec, sum, signature []byte) (bool, error) {
	if k.Spec == types.KeySpecEccSecgP256k1 {
		return verifySecp(k.Public, sum, signature)
	}
	key, err := publicKey[any](k.Public)
	if err != nil {
		return false, err
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		h := signingHash(a)
		if strings.HasPrefix(string(a), "RSASSA_PSS") {
			return rsa.VerifyPSS(key, h, sum, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil, nil
		}
		return rsa.VerifyPKCS1v15(key, h, sum, signature) == nil, nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, sum, signature), nil
	case ed25519.PublicKey:
		return ed25519.VerifyWithOptions(key, sum, signature, edOptions(a)) == nil, nil
	}
	return false, fmt.Errorf("a public key is a %T", key)
}

// agree computes the shared secret of ECDH: the x coordinate (NIST SP 800-56A,
// section 5.7.1.2). peer is a SubjectPublicKeyInfo.
func agree(secret, peer []byte) ([]byte, error) {
	key, err := privateKey[*ecdsa.PrivateKey](secret)
	if err != nil {
		return nil, err
	}
	own, err := key.ECDH()
	if err != nil {
		return nil, err
	}
	other, err := peerKey(peer)
	if err != nil || other.Curve() != own.Curve() {
		return nil, invalid("The public key is not a DER-encoded X.509 public key on the curve of the KMS key.")
	}
	return own.ECDH(other)
}

func peerKey(der []byte) (*ecdh.PublicKey, error) {
	key, err := publicKey[*ecdsa.PublicKey](der)
	if err != nil {
		return nil, err
	}
	return key.ECDH()
}
