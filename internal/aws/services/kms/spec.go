package kms

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// spec is what a key of a KeySpec can do.
type spec struct {
	usages     []types.KeyUsageType // the first one holds when none is given and it is the only one
	encryption []types.EncryptionAlgorithmSpec
	signing    []types.SigningAlgorithmSpec
	mac        []types.MacAlgorithmSpec
	agreement  []types.KeyAgreementAlgorithmSpec
}

var rsaSpec = spec{
	usages:     []types.KeyUsageType{types.KeyUsageTypeEncryptDecrypt, types.KeyUsageTypeSignVerify},
	encryption: []types.EncryptionAlgorithmSpec{types.EncryptionAlgorithmSpecRsaesOaepSha1, types.EncryptionAlgorithmSpecRsaesOaepSha256},
	signing: []types.SigningAlgorithmSpec{
		types.SigningAlgorithmSpecRsassaPkcs1V15Sha256, types.SigningAlgorithmSpecRsassaPkcs1V15Sha384,
		types.SigningAlgorithmSpecRsassaPkcs1V15Sha512, types.SigningAlgorithmSpecRsassaPssSha256,
		types.SigningAlgorithmSpecRsassaPssSha384, types.SigningAlgorithmSpecRsassaPssSha512,
	},
}

func nistSpec(sign types.SigningAlgorithmSpec) spec {
	return spec{
		usages:    []types.KeyUsageType{types.KeyUsageTypeSignVerify, types.KeyUsageTypeKeyAgreement},
		signing:   []types.SigningAlgorithmSpec{sign},
		agreement: []types.KeyAgreementAlgorithmSpec{types.KeyAgreementAlgorithmSpecEcdh},
	}
}

func signSpec(algorithms ...types.SigningAlgorithmSpec) spec {
	return spec{usages: []types.KeyUsageType{types.KeyUsageTypeSignVerify}, signing: algorithms}
}

func macSpec(mac types.MacAlgorithmSpec) spec {
	return spec{usages: []types.KeyUsageType{types.KeyUsageTypeGenerateVerifyMac}, mac: []types.MacAlgorithmSpec{mac}}
}

// specs are the key specs that are offered.
// Source: AWS KMS Developer Guide, "Key spec reference".
var specs = map[types.KeySpec]spec{
	types.KeySpecSymmetricDefault: {
		usages:     []types.KeyUsageType{types.KeyUsageTypeEncryptDecrypt},
		encryption: []types.EncryptionAlgorithmSpec{types.EncryptionAlgorithmSpecSymmetricDefault},
	},
	types.KeySpecRsa2048:             rsaSpec,
	types.KeySpecRsa3072:             rsaSpec,
	types.KeySpecRsa4096:             rsaSpec,
	types.KeySpecEccNistP256:         nistSpec(types.SigningAlgorithmSpecEcdsaSha256),
	types.KeySpecEccNistP384:         nistSpec(types.SigningAlgorithmSpecEcdsaSha384),
	types.KeySpecEccNistP521:         nistSpec(types.SigningAlgorithmSpecEcdsaSha512),
	types.KeySpecEccSecgP256k1:       signSpec(types.SigningAlgorithmSpecEcdsaSha256),
	types.KeySpecEccNistEdwards25519: signSpec(types.SigningAlgorithmSpecEd25519Sha512, types.SigningAlgorithmSpecEd25519PhSha512),
	types.KeySpecHmac224:             macSpec(types.MacAlgorithmSpecHmacSha224),
	types.KeySpecHmac256:             macSpec(types.MacAlgorithmSpecHmacSha256),
	types.KeySpecHmac384:             macSpec(types.MacAlgorithmSpecHmacSha384),
	types.KeySpecHmac512:             macSpec(types.MacAlgorithmSpecHmacSha512),
}

// usageOf settles what a new key is for.
func usageOf(name types.KeySpec, wanted types.KeyUsageType) (types.KeyUsageType, error) {
	s, ok := specs[name]
	if !ok {
		return "", unsupported("KeySpec " + string(name) + " is not supported in this Region.")
	}
	if wanted == "" {
		if name != types.KeySpecSymmetricDefault {
			return "", invalid("You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.")
		}
		return types.KeyUsageTypeEncryptDecrypt, nil
	}
	if !slices.Contains(s.usages, wanted) {
		return "", invalid("KeyUsage " + string(wanted) + " is not compatible with KeySpec " + string(name))
	}
	return wanted, nil
}

func (k *Key) encryption() []types.EncryptionAlgorithmSpec {
	if k.Usage != types.KeyUsageTypeEncryptDecrypt {
		return nil
	}
	return specs[k.Spec].encryption
}

func (k *Key) signing() []types.SigningAlgorithmSpec {
	if k.Usage != types.KeyUsageTypeSignVerify {
		return nil
	}
	return specs[k.Spec].signing
}

func (k *Key) mac() []types.MacAlgorithmSpec {
	return specs[k.Spec].mac
}

func (k *Key) agreement() []types.KeyAgreementAlgorithmSpec {
	if k.Usage != types.KeyUsageTypeKeyAgreement {
		return nil
	}
	return specs[k.Spec].agreement
}

func (k *Key) symmetric() bool { return k.Spec == types.KeySpecSymmetricDefault }
