package kms

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/seal"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

const (
	account = "111122223333"
	region  = "ap-northeast-1"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// log is a trail that a test reads.
type log struct{ events []*api.Event }

func (l *log) Write(_ *store.Tx, e *api.Event) error {
	l.events = append(l.events, e)
	return nil
}

func (l *log) want(t *testing.T, events ...string) {
	t.Helper()
	got := []string{}
	for _, e := range l.events {
		got = append(got, e.Name+" "+string(e.Details))
		if e.Account != account || e.Region != region || e.Source != "kms.amazonaws.com" || len(e.Resources) != 1 {
			t.Errorf("got %+v", e)
		}
	}
	if !slices.Equal(got, events) {
		t.Errorf("want %v in the trail, got %v", events, got)
	}
}

// bench is a room whose clock a test moves.
type bench struct {
	*Service
	t   *testing.T
	clk *clock.Frozen
	log *log
	ctx context.Context //nolint:containedctx // of one test
}

func open(t *testing.T, box *seal.Box) *bench {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	clk, l := clock.NewFrozen(noon), &log{}
	caller := api.Caller{Type: api.IAMUser, Account: account, ARN: "arn:aws:iam::111122223333:user/administrator"}
	return &bench{
		New(st, id.Seeded(7), clk, box, Ports{Trail: l}), t, clk, l,
		api.WithCall(t.Context(), &api.Call{Caller: caller, Account: account, Region: region, Time: noon}),
	}
}

func (b *bench) key(in *kms.CreateKeyInput) *types.KeyMetadata {
	b.t.Helper()
	out, err := b.CreateKey(b.ctx, in)
	if err != nil {
		b.t.Fatal(err)
	}
	return out.KeyMetadata
}

func (b *bench) encrypt(key *string, text string) []byte {
	b.t.Helper()
	out, err := b.Encrypt(b.ctx, &kms.EncryptInput{KeyId: key, Plaintext: []byte(text)})
	if err != nil {
		b.t.Fatal(err)
	}
	return out.CiphertextBlob
}

func (b *bench) decrypts(blob []byte, want string) {
	b.t.Helper()
	out, err := b.Decrypt(b.ctx, &kms.DecryptInput{CiphertextBlob: blob})
	if err != nil || string(out.Plaintext) != want {
		b.t.Errorf("want %q, got %v, %v", want, out, err)
	}
}

// upkeep does what is due and wants the next time.
func (b *bench) upkeep(what string, want time.Time) {
	b.t.Helper()
	next, err := b.Upkeep(b.t.Context())
	if err != nil || !next.Equal(want) {
		b.t.Errorf("%s: want to be called next at %v, got %v, %v", what, want, next, err)
	}
}

func (b *bench) rotations(key *string) []types.RotationsListEntry {
	b.t.Helper()
	out, err := b.ListKeyRotations(b.ctx, &kms.ListKeyRotationsInput{KeyId: key})
	if err != nil {
		b.t.Fatal(err)
	}
	return out.Rotations
}

// count is how many records the room holds.
func (b *bench) count() (n int) {
	b.t.Helper()
	err := b.store.View(b.t.Context(), func(tx *store.Tx) error {
		ks, err := keys.Everywhere(tx, "", "")
		ms, merr := materials.Everywhere(tx, "", "")
		as, aerr := aliases.Everywhere(tx, "", "")
		gs, gerr := grants.Everywhere(tx, "", "")
		ds, derr := due.Everywhere(tx, "", "")
		n = len(ks) + len(ms) + len(as) + len(gs) + len(ds)
		return errors.Join(err, merr, aerr, gerr, derr)
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestScheduledKeysAreDeleted(t *testing.T) {
	b := open(t, seal.Memory())
	b.upkeep("nothing is due", time.Time{})
	k := b.key(&kms.CreateKeyInput{})
	blob := b.encrypt(k.KeyId, "lost")
	for _, err := range []error{
		second(b.CreateAlias(b.ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/x"), TargetKeyId: k.KeyId})),
		second(b.RotateKeyOnDemand(b.ctx, &kms.RotateKeyOnDemandInput{KeyId: k.KeyId})),
		second(b.CreateGrant(b.ctx, &kms.CreateGrantInput{KeyId: k.KeyId, GranteePrincipal: aws.String("arn:aws:iam::111122223333:role/r"), Operations: []types.GrantOperation{types.GrantOperationDecrypt}})),
		second(b.EnableKeyRotation(b.ctx, &kms.EnableKeyRotationInput{KeyId: k.KeyId})),
		second(b.ScheduleKeyDeletion(b.ctx, &kms.ScheduleKeyDeletionInput{KeyId: k.KeyId, PendingWindowInDays: aws.Int32(10)})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b.upkeep("the window has begun", noon.Add(10*day))
	b.clk.Advance(10*day - time.Second)
	b.upkeep("a second before", noon.Add(10*day))
	if _, err := b.DescribeKey(b.ctx, &kms.DescribeKeyInput{KeyId: k.KeyId}); err != nil {
		t.Errorf("the key must still be there: %v", err)
	}
	b.clk.Advance(time.Second)
	b.upkeep("the window is over", time.Time{})
	b.log.want(t, `RotateKey {"rotationType":"ON_DEMAND","keyId":"`+*k.KeyId+`"}`, `DeleteKey {"keyId":"`+*k.KeyId+`"}`)
	if n := b.count(); n != 0 {
		t.Errorf("want nothing left of the key, got %d records", n)
	}
	_, err := b.Decrypt(b.ctx, &kms.DecryptInput{CiphertextBlob: blob})
	if err == nil {
		t.Error("want no key to decrypt with")
	}
}

func second[T any](_ T, err error) error { return err }

func TestKeysRotateByTime(t *testing.T) {
	b := open(t, seal.Memory())
	k := b.key(&kms.CreateKeyInput{})
	if _, err := b.EnableKeyRotation(b.ctx, &kms.EnableKeyRotationInput{KeyId: k.KeyId, RotationPeriodInDays: aws.Int32(100)}); err != nil {
		t.Fatal(err)
	}
	first := b.encrypt(k.KeyId, "first")
	b.upkeep("enabled", noon.Add(100*day))
	b.clk.Advance(100 * day)
	b.upkeep("due", noon.Add(200*day))
	second := b.encrypt(k.KeyId, "second")
	if got := b.rotations(k.KeyId); len(got) != 1 || got[0].RotationType != types.RotationTypeAutomatic || !got[0].RotationDate.Equal(noon.Add(100*day)) {
		t.Errorf("want one rotation by time, got %+v", got)
	}
	if _, err := b.DisableKey(b.ctx, &kms.DisableKeyInput{KeyId: k.KeyId}); err != nil {
		t.Fatal(err)
	}
	b.clk.Advance(250 * day)
	b.upkeep("a disabled key does not rotate", time.Time{})
	if got := b.rotations(k.KeyId); len(got) != 1 {
		t.Errorf("want one rotation still, got %d", len(got))
	}
	if _, err := b.EnableKey(b.ctx, &kms.EnableKeyInput{KeyId: k.KeyId}); err != nil {
		t.Fatal(err)
	}
	b.upkeep("enabled again, it makes up for one", noon.Add(400*day))
	if got := b.rotations(k.KeyId); len(got) != 2 {
		t.Errorf("want two rotations, got %d", len(got))
	}
	b.decrypts(first, "first")
	b.decrypts(second, "second")
	by := `RotateKey {"rotationType":"AUTOMATIC","keyId":"` + *k.KeyId + `"}`
	b.log.want(t, by, by)
}

func TestRotationOnDemandHasAQuota(t *testing.T) {
	b := open(t, seal.Memory())
	k := b.key(&kms.CreateKeyInput{})
	for i := range 25 {
		if _, err := b.RotateKeyOnDemand(b.ctx, &kms.RotateKeyOnDemandInput{KeyId: k.KeyId}); err != nil {
			t.Fatalf("rotation %d: %v", i+1, err)
		}
	}
	_, err := b.RotateKeyOnDemand(b.ctx, &kms.RotateKeyOnDemandInput{KeyId: k.KeyId})
	if _, ok := errors.AsType[*types.LimitExceededException](err); !ok {
		t.Errorf("want LimitExceededException, got %v", err)
	}
}

// A change of the master key seals everything anew; what the old one could open
// is gone.
func TestReseal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	box, err := seal.Open(seal.Options{Folder: dir})
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, box)
	blobs := map[string][]byte{}
	for range resealed/20 + 1 {
		k := b.key(&kms.CreateKeyInput{})
		blobs[*k.KeyId] = b.encrypt(k.KeyId, *k.KeyId)
	}
	if err := box.Renew([]byte("correct horse battery")); err != nil {
		t.Fatal(err)
	}
	old := box.Old()
	for range 2 { // the second finds nothing to do
		if err := b.Reseal(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	err = b.store.View(t.Context(), func(tx *store.Tx) error {
		left, err := materials.By(tx, store.Scope{}, "generation", old[0], store.Page{})
		if len(left) > 0 {
			t.Errorf("%d materials are sealed by the old data key", len(left))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := box.Forget(); err != nil {
		t.Fatal(err)
	}
	for id, blob := range blobs {
		b.decrypts(blob, id)
	}
	b.box = seal.Memory()
	if err := b.Reseal(t.Context()); !errors.Is(err, errRing) {
		t.Errorf("with the keys of another folder: want errRing, got %v", err)
	}
}

// A material opens for its own key only, even for who can write the store.
func TestMaterialIsBoundToItsKey(t *testing.T) {
	b := open(t, seal.Memory())
	one, two := b.key(&kms.CreateKeyInput{}), b.key(&kms.CreateKeyInput{})
	err := b.store.Update(t.Context(), func(tx *store.Tx) error {
		from, err := materials.Get(tx, store.Scope{}, *one.CurrentKeyMaterialId)
		if err != nil {
			return err
		}
		to, err := materials.Get(tx, store.Scope{}, *two.CurrentKeyMaterialId)
		if err != nil {
			return err
		}
		to.Sealed = from.Sealed
		return materials.Put(tx, store.Scope{}, to)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Encrypt(b.ctx, &kms.EncryptInput{KeyId: two.KeyId, Plaintext: []byte("x")}); !errors.Is(err, seal.ErrSealed) {
		t.Errorf("want ErrSealed, got %v", err)
	}
}

func TestStoredForms(t *testing.T) {
	storetest.Golden(t, &keys, &Key{
		ID: "12345678-90ab-cdef-1234-567890abcdef", Account: account, Region: region, Created: noon, Description: "d",
		Spec: types.KeySpecRsa2048, Usage: types.KeyUsageTypeSignVerify, Origin: types.OriginTypeExternal,
		Manager: types.KeyManagerTypeCustomer, Policy: "{}", Tags: map[string]string{"k": "v"}, Disabled: true,
		Deletion: noon.Add(day), Window: 7, Material: "aa", Missing: true, Pending: "bb", Public: []byte{1}, Expires: noon.Add(2 * day),
		Period: 365, Rotates: noon.Add(3 * day), Rotated: 2, Due: "x",
	})
	storetest.Golden(t, &materials, &material{
		ID: "aa", Account: account, Region: region, Key: "12345678-90ab-cdef-1234-567890abcdef",
		Sealed: append([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, make([]byte, 60)...), Made: noon, Rotated: noon, Kind: types.RotationTypeOnDemand,
		Description: "d", Expires: noon, Imported: true,
	})
	storetest.Golden(t, &aliases, &Alias{Name: "alias/x", Key: "k", Created: noon, Updated: noon})
	storetest.Golden(t, &grants, &Grant{
		ID: "ff", Key: "k", Account: account, Name: "n", Grantee: "g", Retiring: "r", Issuer: "i",
		Operations: []types.GrantOperation{types.GrantOperationDecrypt}, Equals: map[string]string{"a": "b"},
		Subset: map[string]string{"c": "d"}, Created: noon,
	})
	storetest.Golden(t, &due, &moment{At: noon.Format(sortable), Account: account, Region: region, Key: "k"})
}

// Imported material expires; the key waits for it again.
func TestImportedMaterialExpires(t *testing.T) {
	b := open(t, seal.Memory())
	k := b.key(&kms.CreateKeyInput{Origin: types.OriginTypeExternal})
	params, err := b.GetParametersForImport(b.ctx, &kms.GetParametersForImportInput{
		KeyId: k.KeyId, WrappingAlgorithm: types.AlgorithmSpecRsaesOaepSha1, WrappingKeySpec: types.WrappingKeySpecRsa2048,
	})
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := encryptRSA(&Key{Public: params.PublicKey}, types.EncryptionAlgorithmSpecRsaesOaepSha1, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	bring := func() error {
		_, err := b.ImportKeyMaterial(b.ctx, &kms.ImportKeyMaterialInput{
			KeyId: k.KeyId, ImportToken: params.ImportToken, EncryptedKeyMaterial: wrapped, ValidTo: aws.Time(b.clk.Now().Add(day)),
		})
		return err
	}
	if err := bring(); err != nil {
		t.Fatal(err)
	}
	blob := b.encrypt(k.KeyId, "x")
	b.upkeep("imported", noon.Add(day))
	b.clk.Advance(day)
	b.upkeep("expired", time.Time{})
	b.log.want(t, `DeleteExpiredKeyMaterial {"keyId":"`+*k.KeyId+`"}`)
	_, err = b.Decrypt(b.ctx, &kms.DecryptInput{CiphertextBlob: blob})
	if _, ok := errors.AsType[*types.KMSInvalidStateException](err); !ok {
		t.Errorf("want KMSInvalidStateException, got %v", err)
	}
	if err := bring(); err != nil {
		t.Errorf("the token is good for a day to the second: %v", err)
	}
	b.decrypts(blob, "x")
	b.clk.Advance(time.Second)
	if _, ok := errors.AsType[*types.ExpiredImportTokenException](bring()); !ok {
		t.Error("want ExpiredImportTokenException a second later")
	}
}
