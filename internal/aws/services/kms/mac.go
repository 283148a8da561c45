package kms

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

var macHash = map[types.MacAlgorithmSpec]func() hash.Hash{
	types.MacAlgorithmSpecHmacSha224: sha256.New224, types.MacAlgorithmSpecHmacSha256: sha256.New,
	types.MacAlgorithmSpecHmacSha384: sha512.New384, types.MacAlgorithmSpecHmacSha512: sha512.New,
}

// mac is the HMAC of a message (RFC 2104).
func mac(secret []byte, a types.MacAlgorithmSpec, message []byte) []byte {
	h := hmac.New(macHash[a], secret)
	h.Write(message)
	return h.Sum(nil)
}

// macs refuses an algorithm that the key has not.
func macs(k *Key, a types.MacAlgorithmSpec) error {
	if !slices.Contains(k.mac(), a) {
		return wrongAlgorithm(string(a), k.Spec)
	}
	return nil
}
