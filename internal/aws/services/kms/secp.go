package kms

import (
	"encoding/asn1"
	"errors"
	"fmt"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
)

// The curve secp256k1 is in no package of the standard library. Its keys are
// written as other EC keys are: RFC 5480 (public), RFC 5915 in RFC 5958
// (private), curve 1.3.132.0.10 of SEC 2.

var (
	oidEC   = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidSecp = asn1.ObjectIdentifier{1, 3, 132, 0, 10}
)

type secpAlgorithm struct{ Algorithm, Curve asn1.ObjectIdentifier }

type secpPublic struct {
	Algorithm secpAlgorithm
	Point     asn1.BitString
}

type secpPrivate struct {
	Version   int
	Algorithm secpAlgorithm
	Key       []byte // of ecPrivate
}

type ecPrivate struct {
	Version int
	Key     []byte
	Point   asn1.BitString `asn1:"optional,explicit,tag:1"`
}

func makeSecp() (private, public []byte, err error) {
	key, err := secp256k1.GeneratePrivateKey()
	if err != nil {
		return nil, nil, fmt.Errorf("make a key pair of secp256k1: %w", err)
	}
	raw := key.PubKey().SerializeUncompressed()
	point := asn1.BitString{Bytes: raw, BitLength: 8 * len(raw)}
	inner, err := asn1.Marshal(ecPrivate{Version: 1, Key: key.Serialize(), Point: point})
	if err != nil {
		return nil, nil, err
	}
	algorithm := secpAlgorithm{oidEC, oidSecp}
	if private, err = asn1.Marshal(secpPrivate{Algorithm: algorithm, Key: inner}); err != nil {
		return nil, nil, err
	}
	public, err = asn1.Marshal(secpPublic{algorithm, point})
	return private, public, err
}

var errSecp = errors.New("read a key of secp256k1")

func signSecp(secret, sum []byte) ([]byte, error) {
	var outer secpPrivate
	var inner ecPrivate
	if rest, err := asn1.Unmarshal(secret, &outer); err != nil || len(rest) > 0 || !outer.Algorithm.Curve.Equal(oidSecp) {
		return nil, errSecp
	}
	if _, err := asn1.Unmarshal(outer.Key, &inner); err != nil || len(inner.Key) != secp256k1.PrivKeyBytesLen {
		return nil, errSecp
	}
	return ecdsa.Sign(secp256k1.PrivKeyFromBytes(inner.Key), sum).Serialize(), nil
}

func verifySecp(public, sum, signature []byte) (bool, error) {
	var p secpPublic
	if _, err := asn1.Unmarshal(public, &p); err != nil {
		return false, errSecp
	}
	key, err := secp256k1.ParsePubKey(p.Point.Bytes)
	if err != nil {
		return false, fmt.Errorf("%w: %w", errSecp, err)
	}
	s, err := ecdsa.ParseDERSignature(signature)
	if err != nil {
		return false, nil //nolint:nilerr // what is no signature is not valid
	}
	return s.Verify(sum, key), nil
}
