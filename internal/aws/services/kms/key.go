package kms

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/arn"
	"tamachi/internal/store"
)

// Key is a KMS key without its material.
type Key struct {
	ID          string
	Account     string
	Region      string
	Created     time.Time
	Description string `json:",omitempty"`
	Spec        types.KeySpec
	Usage       types.KeyUsageType
	Origin      types.OriginType
	Manager     types.KeyManagerType
	Policy      string
	Tags        map[string]string `json:",omitempty"`
	// Disabled is what DisableKey says; a key that was scheduled for deletion
	// is disabled when the deletion is cancelled.
	Disabled bool      `json:",omitempty"`
	Deletion time.Time `json:",omitzero"`
	Window   int32     `json:",omitempty"` // days until Deletion, as asked for
	Material string    `json:",omitempty"` // id of the current material; empty while an import is pending
	Missing  bool      `json:",omitempty"` // imported material was deleted or has expired
	Pending  string    `json:",omitempty"` // id of material that was imported to rotate to
	Public   []byte    `json:",omitempty"` // SubjectPublicKeyInfo of an asymmetric key
	Expires  time.Time `json:",omitzero"`  // of imported material
	// Rotation by time: the period in days, 0 when it is off.
	Period  int32     `json:",omitempty"`
	Rotates time.Time `json:",omitzero"`  // when it is next due
	Rotated int       `json:",omitempty"` // rotations on demand
	Due     string    `json:",omitempty"` // key of its entry in the table of what is due
}

var keys = store.Table[Key]{Name: "kms.keys", Reach: store.Regional, Key: func(k *Key) string { return k.ID }}

func (k *Key) scope() store.Scope { return store.In(k.Account, k.Region) }

// ARN names the key.
func (k *Key) ARN() string { return keyARN(k.scope(), k.ID) }

func keyARN(sc store.Scope, id string) string {
	return arn.New("kms", sc.Region, sc.Account, "key/"+id).String()
}

// State is the key's state as DescribeKey shows it.
// Source: AWS KMS Developer Guide, "Key states of KMS keys".
func (k *Key) State() types.KeyState {
	switch {
	case !k.Deletion.IsZero():
		return types.KeyStatePendingDeletion
	case k.Material == "" || k.Missing:
		return types.KeyStatePendingImport
	case k.Disabled:
		return types.KeyStateDisabled
	}
	return types.KeyStateEnabled
}

// kept refuses what cannot be done to a key that is going to be deleted.
func (k *Key) kept() error {
	if k.State() == types.KeyStatePendingDeletion {
		return invalidState(k.ARN(), "pending deletion")
	}
	return nil
}

// ready refuses what needs a key with material that is not going to be deleted.
func (k *Key) ready() error {
	if err := k.kept(); err != nil {
		return err
	}
	if k.State() == types.KeyStatePendingImport {
		return invalidState(k.ARN(), "pending import")
	}
	return nil
}

// usable refuses the use of a key that is not enabled.
func (k *Key) usable() error {
	if err := k.ready(); err != nil {
		return err
	}
	if k.Disabled {
		return disabled(k.ARN())
	}
	return nil
}

// usableFor also refuses an operation that the key is not for.
func (k *Key) usableFor(usage types.KeyUsageType, operation string) error {
	if err := k.usable(); err != nil {
		return err
	}
	if k.Usage != usage {
		return wrongUsage(k.ARN(), k.Usage, operation)
	}
	return nil
}

// managedByAccount refuses changes of an AWS managed key by its account.
func (k *Key) managedByAccount(operation string) error {
	if k.Manager == types.KeyManagerTypeAws {
		return unsupportedFor(operation, k)
	}
	return nil
}

func unsupportedFor(operation string, k *Key) error {
	return unsupported(fmt.Sprintf("%s is not supported for key %s: it is %s of origin %s with key spec %s.",
		operation, k.ARN(), managerText[k.Manager], k.Origin, k.Spec))
}

var managerText = map[types.KeyManagerType]string{
	types.KeyManagerTypeAws: "an AWS managed key", types.KeyManagerTypeCustomer: "a customer managed key",
}

// schedule says that the key is to be deleted.
func (k *Key) schedule(now time.Time, days int32) {
	k.Deletion, k.Window = now.AddDate(0, 0, int(days)), days
}

// reprieve takes the deletion back; the key is disabled then.
func (k *Key) reprieve() {
	k.Deletion, k.Window, k.Disabled = time.Time{}, 0, true
}

// metadata is the key as the API shows it.
func (k *Key) metadata() *types.KeyMetadata {
	m := &types.KeyMetadata{
		AWSAccountId: &k.Account, KeyId: &k.ID, Arn: new(k.ARN()), CreationDate: &k.Created,
		Enabled: k.State() == types.KeyStateEnabled, Description: &k.Description, KeyUsage: k.Usage, KeyState: k.State(),
		Origin: k.Origin, KeyManager: k.Manager, KeySpec: k.Spec, CustomerMasterKeySpec: types.CustomerMasterKeySpec(k.Spec), //nolint:staticcheck // older clients read it
		EncryptionAlgorithms: k.encryption(), SigningAlgorithms: k.signing(), MacAlgorithms: k.mac(),
		KeyAgreementAlgorithms: k.agreement(), MultiRegion: new(false),
	}
	if !k.Deletion.IsZero() {
		m.DeletionDate = &k.Deletion
	}
	if k.Origin == types.OriginTypeExternal && k.Material != "" && !k.Missing {
		m.ExpirationModel = types.ExpirationModelTypeKeyMaterialDoesNotExpire
		if !k.Expires.IsZero() {
			m.ExpirationModel, m.ValidTo = types.ExpirationModelTypeKeyMaterialExpires, &k.Expires
		}
	}
	if k.symmetric() && k.Material != "" {
		m.CurrentKeyMaterialId = &k.Material
	}
	return m
}
