// Package kms is the room of keys: it makes, keeps, rotates and deletes them,
// and encrypts, signs and authenticates with them by the cryptography of Go's
// standard library. Key material is in the store in sealed form only (package
// seal); the master key is outside the database.
//
// A symmetric ciphertext names its key material and is bound to its encryption
// context: AES-256-GCM under a key that HKDF-SHA-256 derives from the material
// for this one message. The blobs are ours; AWS's blobs do not open here, nor
// ours there.
//
// Where it differs from AWS: a grant acts at once, so a grant token is never
// needed, though one that is none is refused. A grant to an account works for
// the account's root only. Multi-Region keys, custom and external key stores,
// ML-DSA keys and attestation documents (Recipient) are refused as unsupported;
// material can be imported into symmetric keys only.
// AWS managed keys exist for ssm, s3 and workspaces and are made when they are
// first used. The material that a rotation by time makes has no event of its
// own in the trail.
//
// Sources: AWS KMS API Reference; AWS KMS Developer Guide, "Key states of KMS
// keys", "Grants in AWS KMS", "Rotate AWS KMS keys", "AWS KMS cryptography
// essentials"; Service Authorization Reference, "AWS Key Management Service".
package kms
