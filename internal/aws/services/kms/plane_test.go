package kms_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/apitest"
)

// fixture is a plane and its administrator's client.
type fixture struct {
	*kms.Client
	t     testing.TB
	plane *apitest.Plane
}

func start(t testing.TB) *fixture {
	t.Helper()
	p := apitest.Start(t, apitest.Options{})
	return &fixture{kms.NewFromConfig(p.Config()), t, p}
}

// key makes a key and returns its metadata.
func (f *fixture) key(spec types.KeySpec, usage types.KeyUsageType) *types.KeyMetadata {
	f.t.Helper()
	out, err := f.CreateKey(f.t.Context(), &kms.CreateKeyInput{KeySpec: spec, KeyUsage: usage})
	if err != nil {
		f.t.Fatalf("create a key of %s: %v", spec, err)
	}
	return out.KeyMetadata
}

func (f *fixture) symmetric() *types.KeyMetadata {
	f.t.Helper()
	return f.key("", "")
}

// session is a client of a federated user of the administrator under a policy.
func (f *fixture) session(name, policy string) *kms.Client {
	f.t.Helper()
	out, err := sts.NewFromConfig(f.plane.Config()).GetFederationToken(f.t.Context(), &sts.GetFederationTokenInput{Name: &name, Policy: &policy})
	if err != nil {
		f.t.Fatal(err)
	}
	c := f.plane.Config()
	c.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	return kms.NewFromConfig(c)
}

func done(t testing.TB, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

const unknownKey = "12345678-90ab-cdef-1234-567890abcdef"

func TestLifeOfAKey(t *testing.T) {
	f, ctx := start(t), t.Context()
	out, err := f.CreateKey(ctx, &kms.CreateKeyInput{
		Description: aws.String("first"), Tags: []types.Tag{{TagKey: aws.String("team"), TagValue: aws.String("sales")}},
	})
	done(t, "create", err)
	id, name := out.KeyMetadata.KeyId, *out.KeyMetadata.Arn
	look := func(what string, state types.KeyState) *types.KeyMetadata {
		t.Helper()
		got, err := f.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: id})
		done(t, what, err)
		if m := got.KeyMetadata; m.KeyState != state || m.Enabled != (state == types.KeyStateEnabled) || *m.Arn != name {
			t.Fatalf("%s: want %s, got %s, enabled %v, %s", what, state, m.KeyState, m.Enabled, *m.Arn)
		}
		return got.KeyMetadata
	}
	encrypt := func() error {
		_, err := f.Encrypt(ctx, &kms.EncryptInput{KeyId: id, Plaintext: []byte("x")})
		return err
	}
	if m := look("created", types.KeyStateEnabled); *m.Description != "first" || m.KeyManager != types.KeyManagerTypeCustomer || *m.MultiRegion {
		t.Errorf("want the key as it was made, got %+v", m)
	}
	_, err = f.UpdateKeyDescription(ctx, &kms.UpdateKeyDescriptionInput{KeyId: id, Description: aws.String("second")})
	done(t, "describe anew", err)
	if m := look("described", types.KeyStateEnabled); *m.Description != "second" {
		t.Errorf("want the second description, got %q", *m.Description)
	}
	_, err = f.DisableKey(ctx, &kms.DisableKeyInput{KeyId: id})
	done(t, "disable", err)
	look("disabled", types.KeyStateDisabled)
	apitest.Refused(t, "a disabled key", encrypt(), "DisabledException", name+" is disabled.")
	_, err = f.EnableKey(ctx, &kms.EnableKeyInput{KeyId: id})
	done(t, "enable", err)
	look("enabled", types.KeyStateEnabled)
	done(t, "an enabled key", encrypt())
	_, err = f.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: id, PendingWindowInDays: aws.Int32(6)})
	apitest.Refused(t, "a window of 6 days", err, "ValidationException", "between 7 and 30")
	sched, err := f.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: id, PendingWindowInDays: aws.Int32(7)})
	done(t, "schedule", err)
	if left := time.Until(*sched.DeletionDate); left < 6*24*time.Hour || left > 7*24*time.Hour || *sched.PendingWindowInDays != 7 {
		t.Errorf("want a week, got %v", left)
	}
	look("scheduled", types.KeyStatePendingDeletion)
	apitest.Refused(t, "a key that goes", encrypt(), "KMSInvalidStateException", name+" is pending deletion.")
	for what, call := range map[string]func() error{
		"EnableKey":  func() error { _, err := f.EnableKey(ctx, &kms.EnableKeyInput{KeyId: id}); return err },
		"DisableKey": func() error { _, err := f.DisableKey(ctx, &kms.DisableKeyInput{KeyId: id}); return err },
		"ScheduleKeyDeletion": func() error {
			_, err := f.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: id})
			return err
		},
		"EnableKeyRotation": func() error { _, err := f.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: id}); return err },
		"UpdateKeyDescription": func() error {
			_, err := f.UpdateKeyDescription(ctx, &kms.UpdateKeyDescriptionInput{KeyId: id, Description: aws.String("x")})
			return err
		},
		"CreateAlias": func() error {
			_, err := f.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/late"), TargetKeyId: id})
			return err
		},
	} {
		apitest.Refused(t, what+" of a key that goes", call(), "KMSInvalidStateException", "is pending deletion.")
	}
	_, err = f.CancelKeyDeletion(ctx, &kms.CancelKeyDeletionInput{KeyId: id})
	done(t, "cancel", err)
	look("cancelled", types.KeyStateDisabled)
	_, err = f.CancelKeyDeletion(ctx, &kms.CancelKeyDeletionInput{KeyId: id})
	apitest.Refused(t, "cancel twice", err, "KMSInvalidStateException", "is not pending deletion.")
}

func TestWhatCreateKeyRefuses(t *testing.T) {
	f := start(t)
	tag := func(k string) types.Tag { return types.Tag{TagKey: &k, TagValue: aws.String("v")} }
	for what, tc := range map[string]struct {
		in         kms.CreateKeyInput
		code, part string
	}{
		"a usage must be given for RSA":       {kms.CreateKeyInput{KeySpec: types.KeySpecRsa2048}, "ValidationException", "You must specify a KeyUsage value"},
		"HMAC keys do not encrypt":            {kms.CreateKeyInput{KeySpec: types.KeySpecHmac256, KeyUsage: types.KeyUsageTypeEncryptDecrypt}, "ValidationException", "KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec HMAC_256"},
		"secp256k1 does not agree":            {kms.CreateKeyInput{KeySpec: types.KeySpecEccSecgP256k1, KeyUsage: types.KeyUsageTypeKeyAgreement}, "ValidationException", "not compatible"},
		"SM2 is for China":                    {kms.CreateKeyInput{KeySpec: types.KeySpecSm2, KeyUsage: types.KeyUsageTypeSignVerify}, "UnsupportedOperationException", "SM2"},
		"several Regions":                     {kms.CreateKeyInput{MultiRegion: aws.Bool(true)}, "UnsupportedOperationException", "Multi-Region"},
		"a custom key store":                  {kms.CreateKeyInput{Origin: types.OriginTypeAwsCloudhsm}, "UnsupportedOperationException", "Custom key stores"},
		"a policy that is none":               {kms.CreateKeyInput{Policy: aws.String("{")}, "MalformedPolicyDocumentException", ""},
		"a policy that shuts the caller out":  {kms.CreateKeyInput{Policy: aws.String(policyFor("arn:aws:iam::999988887777:root", "kms:*"))}, "MalformedPolicyDocumentException", "will not allow you to update the key policy in the future"},
		"a tag twice":                         {kms.CreateKeyInput{Tags: []types.Tag{tag("a"), tag("a")}}, "TagException", "Duplicate"},
		"a tag of AWS":                        {kms.CreateKeyInput{Tags: []types.Tag{tag("aws:a")}}, "TagException", "reserved"},
		"two words for one thing":             {kms.CreateKeyInput{KeySpec: types.KeySpecSymmetricDefault, CustomerMasterKeySpec: types.CustomerMasterKeySpecRsa2048}, "ValidationException", "CustomerMasterKeySpec"}, //nolint:staticcheck // older clients send it
		"a spec that the model does not know": {kms.CreateKeyInput{KeySpec: "ROT13"}, "ValidationException", "keySpec"},
	} {
		_, err := f.CreateKey(t.Context(), &tc.in)
		apitest.Refused(t, what, err, tc.code, tc.part)
	}
	if out, err := f.ListKeys(t.Context(), &kms.ListKeysInput{}); err != nil || len(out.Keys) != 0 {
		t.Errorf("want no key made, got %v, %v", out, err)
	}
}

func policyFor(principal, action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + principal + `"},"Action":"` + action + `","Resource":"*"}]}`
}

func TestKeysThatAreNotThere(t *testing.T) {
	f, ctx := start(t), t.Context()
	account, region := f.plane.Access().Account, f.plane.Access().Region
	for given, part := range map[string]string{
		unknownKey:  "Key 'arn:aws:kms:" + region + ":" + account + ":key/" + unknownKey + "' does not exist",
		"nonsense":  "Invalid keyId 'nonsense'",
		"alias/nil": "Alias arn:aws:kms:" + region + ":" + account + ":alias/nil is not found.",
		"arn:aws:kms:us-west-2:" + account + ":key/" + unknownKey: "Invalid arn us-west-2",
		"arn:aws:s3:::bucket": "Invalid arn",
	} {
		_, err := f.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &given})
		apitest.Refused(t, "describe "+given, err, "NotFoundException", part)
	}
	id := aws.String(unknownKey)
	for what, call := range map[string]func() error{
		"Encrypt": func() error {
			_, err := f.Encrypt(ctx, &kms.EncryptInput{KeyId: id, Plaintext: []byte("x")})
			return err
		},
		"GenerateDataKey": func() error {
			_, err := f.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: id, KeySpec: types.DataKeySpecAes256})
			return err
		},
		"GenerateDataKeyWithoutPlaintext": func() error {
			_, err := f.GenerateDataKeyWithoutPlaintext(ctx, &kms.GenerateDataKeyWithoutPlaintextInput{KeyId: id, KeySpec: types.DataKeySpecAes256})
			return err
		},
		"GenerateDataKeyPair": func() error {
			_, err := f.GenerateDataKeyPair(ctx, &kms.GenerateDataKeyPairInput{KeyId: id, KeyPairSpec: types.DataKeyPairSpecEccNistP256})
			return err
		},
		"GenerateDataKeyPairWithoutPlaintext": func() error {
			_, err := f.GenerateDataKeyPairWithoutPlaintext(ctx, &kms.GenerateDataKeyPairWithoutPlaintextInput{KeyId: id, KeyPairSpec: types.DataKeyPairSpecEccNistP256})
			return err
		},
		"Sign": func() error {
			_, err := f.Sign(ctx, &kms.SignInput{KeyId: id, Message: []byte("x"), SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha256})
			return err
		},
		"Verify": func() error {
			_, err := f.Verify(ctx, &kms.VerifyInput{KeyId: id, Message: []byte("x"), Signature: []byte("x"), SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha256})
			return err
		},
		"GetPublicKey": func() error { _, err := f.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: id}); return err },
		"GenerateMac": func() error {
			_, err := f.GenerateMac(ctx, &kms.GenerateMacInput{KeyId: id, Message: []byte("x"), MacAlgorithm: types.MacAlgorithmSpecHmacSha256})
			return err
		},
		"VerifyMac": func() error {
			_, err := f.VerifyMac(ctx, &kms.VerifyMacInput{KeyId: id, Message: []byte("x"), Mac: []byte("x"), MacAlgorithm: types.MacAlgorithmSpecHmacSha256})
			return err
		},
		"UpdateKeyDescription": func() error {
			_, err := f.UpdateKeyDescription(ctx, &kms.UpdateKeyDescriptionInput{KeyId: id, Description: aws.String("")})
			return err
		},
		"EnableKey":       func() error { _, err := f.EnableKey(ctx, &kms.EnableKeyInput{KeyId: id}); return err },
		"DisableKey":      func() error { _, err := f.DisableKey(ctx, &kms.DisableKeyInput{KeyId: id}); return err },
		"GetKeyPolicy":    func() error { _, err := f.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: id}); return err },
		"ListKeyPolicies": func() error { _, err := f.ListKeyPolicies(ctx, &kms.ListKeyPoliciesInput{KeyId: id}); return err },
		"GetKeyRotationStatus": func() error {
			_, err := f.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: id})
			return err
		},
		"ListResourceTags": func() error { _, err := f.ListResourceTags(ctx, &kms.ListResourceTagsInput{KeyId: id}); return err },
		"ListGrants":       func() error { _, err := f.ListGrants(ctx, &kms.ListGrantsInput{KeyId: id}); return err },
		"UntagResource": func() error {
			_, err := f.UntagResource(ctx, &kms.UntagResourceInput{KeyId: id, TagKeys: []string{"a"}})
			return err
		},
		"DisableKeyRotation": func() error { _, err := f.DisableKeyRotation(ctx, &kms.DisableKeyRotationInput{KeyId: id}); return err },
	} {
		apitest.Refused(t, what, call(), "NotFoundException", "does not exist")
	}
}

func TestListsOfKeysPage(t *testing.T) {
	f, ctx := start(t), t.Context()
	want := map[string]bool{}
	for range 5 {
		want[*f.symmetric().KeyId] = true
	}
	pages := kms.NewListKeysPaginator(f.Client, &kms.ListKeysInput{Limit: aws.Int32(2)})
	n := 0
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		done(t, "list", err)
		n++
		for _, k := range out.Keys {
			delete(want, *k.KeyId)
		}
	}
	if n != 3 || len(want) != 0 {
		t.Errorf("want 5 keys on 3 pages, got %d pages and missed %v", n, want)
	}
	_, err := f.ListKeys(ctx, &kms.ListKeysInput{Marker: aws.String("made up")})
	apitest.Refused(t, "a marker of nobody", err, "InvalidMarkerException", "")
	_, err = f.ListAliases(ctx, &kms.ListAliasesInput{Marker: aws.String("made up")})
	apitest.Refused(t, "a marker of nobody", err, "InvalidMarkerException", "")
	_, err = f.ListAliases(ctx, &kms.ListAliasesInput{Limit: aws.Int32(101)})
	apitest.Refused(t, "a page of 101", err, "ValidationException", "less than or equal to 100")
}

func TestAliases(t *testing.T) {
	f, ctx := start(t), t.Context()
	one, two := f.symmetric(), f.symmetric()
	rsa := f.key(types.KeySpecEccNistP256, types.KeyUsageTypeSignVerify)
	name := aws.String("alias/office/desk")
	create := func(name, key *string) error {
		_, err := f.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: name, TargetKeyId: key})
		return err
	}
	target := func() string {
		out, err := f.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: name})
		done(t, "describe by alias", err)
		return *out.KeyMetadata.KeyId
	}
	done(t, "create", create(name, one.KeyId))
	if got := target(); got != *one.KeyId {
		t.Errorf("want %s, got %s", *one.KeyId, got)
	}
	apitest.Refused(t, "the same again", create(name, one.KeyId), "AlreadyExistsException", ":alias/office/desk already exists")
	apitest.Refused(t, "a name without prefix", create(aws.String("desk"), one.KeyId), "ValidationException", "must start with the prefix")
	apitest.Refused(t, "a name of AWS", create(aws.String("alias/aws/ssm"), one.KeyId), "ValidationException", "reserved")
	apitest.Refused(t, "an alias of an alias", create(aws.String("alias/x"), name), "ValidationException", "Not aliases")
	apitest.Refused(t, "an alias of nothing", create(aws.String("alias/x"), aws.String(unknownKey)), "NotFoundException", "does not exist")
	update := func(name, key *string) error {
		_, err := f.UpdateAlias(ctx, &kms.UpdateAliasInput{AliasName: name, TargetKeyId: key})
		return err
	}
	done(t, "update", update(name, two.Arn))
	if got := target(); got != *two.KeyId {
		t.Errorf("want %s, got %s", *two.KeyId, got)
	}
	apitest.Refused(t, "a key of another kind", update(name, rsa.KeyId), "ValidationException", "cannot be changed")
	apitest.Refused(t, "an alias that is not there", update(aws.String("alias/y"), one.KeyId), "NotFoundException", "is not found.")
	list, err := f.ListAliases(ctx, &kms.ListAliasesInput{KeyId: two.KeyId})
	done(t, "list", err)
	if len(list.Aliases) != 1 || *list.Aliases[0].AliasName != *name || *list.Aliases[0].TargetKeyId != *two.KeyId {
		t.Errorf("want one alias of the second key, got %v", list.Aliases)
	}
	if list, err := f.ListAliases(ctx, &kms.ListAliasesInput{KeyId: one.KeyId}); err != nil || len(list.Aliases) != 0 {
		t.Errorf("want no alias of the first key, got %v, %v", list, err)
	}
	_, err = f.DeleteAlias(ctx, &kms.DeleteAliasInput{AliasName: name})
	done(t, "delete", err)
	_, err = f.DeleteAlias(ctx, &kms.DeleteAliasInput{AliasName: name})
	apitest.Refused(t, "delete twice", err, "NotFoundException", "Alias arn:aws:kms:")
	_, err = f.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: name})
	apitest.Refused(t, "after delete", err, "NotFoundException", "is not found.")
}

func TestTags(t *testing.T) {
	f, ctx := start(t), t.Context()
	k := f.symmetric()
	tags := func() map[string]string {
		t.Helper()
		out, err := f.ListResourceTags(ctx, &kms.ListResourceTagsInput{KeyId: k.KeyId})
		done(t, "list tags", err)
		got := map[string]string{}
		for _, tag := range out.Tags {
			got[*tag.TagKey] = *tag.TagValue
		}
		return got
	}
	set := func(key, value string) error {
		_, err := f.TagResource(ctx, &kms.TagResourceInput{KeyId: k.KeyId, Tags: []types.Tag{{TagKey: &key, TagValue: &value}}})
		return err
	}
	done(t, "tag", set("team", "sales"))
	done(t, "tag", set("room", "3"))
	if got := tags(); got["team"] != "sales" || got["room"] != "3" || len(got) != 2 {
		t.Errorf("want both tags, got %v", got)
	}
	apitest.Refused(t, "a tag of AWS", set("aws:x", "y"), "TagException", "reserved")
	_, err := f.UntagResource(ctx, &kms.UntagResourceInput{KeyId: k.KeyId, TagKeys: []string{"team", "never there"}})
	done(t, "untag", err)
	if got := tags(); got["room"] != "3" || len(got) != 1 {
		t.Errorf("want one tag, got %v", got)
	}
	var many []types.Tag
	for i := range 50 {
		many = append(many, types.Tag{TagKey: aws.String("k" + strings.Repeat("x", i)), TagValue: aws.String("")})
	}
	_, err = f.TagResource(ctx, &kms.TagResourceInput{KeyId: k.KeyId, Tags: many})
	apitest.Refused(t, "51 tags", err, "TagException", "Too many")
}

func TestRotation(t *testing.T) {
	f, ctx := start(t), t.Context()
	k, rsa := f.symmetric(), f.key(types.KeySpecEccNistP256, types.KeyUsageTypeSignVerify)
	status := func() *kms.GetKeyRotationStatusOutput {
		t.Helper()
		out, err := f.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: k.KeyId})
		done(t, "status", err)
		return out
	}
	if s := status(); s.KeyRotationEnabled || s.NextRotationDate != nil {
		t.Errorf("want no rotation of a new key, got %+v", s)
	}
	_, err := f.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: k.KeyId, RotationPeriodInDays: aws.Int32(90)})
	done(t, "enable", err)
	if s := status(); !s.KeyRotationEnabled || *s.RotationPeriodInDays != 90 || time.Until(*s.NextRotationDate) > 90*24*time.Hour {
		t.Errorf("want rotation in 90 days, got %+v", s)
	}
	_, err = f.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: rsa.KeyId})
	apitest.Refused(t, "rotation of a key pair", err, "UnsupportedOperationException", "")
	_, err = f.DisableKeyRotation(ctx, &kms.DisableKeyRotationInput{KeyId: k.KeyId})
	done(t, "disable", err)
	if s := status(); s.KeyRotationEnabled {
		t.Errorf("want no rotation, got %+v", s)
	}
	old, err := f.Encrypt(ctx, &kms.EncryptInput{KeyId: k.KeyId, Plaintext: []byte("before")})
	done(t, "encrypt", err)
	_, err = f.RotateKeyOnDemand(ctx, &kms.RotateKeyOnDemandInput{KeyId: k.KeyId})
	done(t, "rotate", err)
	now, err := f.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: k.KeyId})
	done(t, "describe", err)
	if *now.KeyMetadata.CurrentKeyMaterialId == *k.CurrentKeyMaterialId {
		t.Error("want new material")
	}
	out, err := f.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: old.CiphertextBlob})
	done(t, "decrypt what is old", err)
	if string(out.Plaintext) != "before" || *out.KeyMaterialId != *k.CurrentKeyMaterialId {
		t.Errorf("want the old text by the old material, got %q by %s", out.Plaintext, *out.KeyMaterialId)
	}
	list, err := f.ListKeyRotations(ctx, &kms.ListKeyRotationsInput{KeyId: k.KeyId})
	done(t, "list", err)
	if len(list.Rotations) != 1 || list.Rotations[0].RotationType != types.RotationTypeOnDemand {
		t.Errorf("want one rotation on demand, got %+v", list.Rotations)
	}
	all, err := f.ListKeyRotations(ctx, &kms.ListKeyRotationsInput{KeyId: k.KeyId, IncludeKeyMaterial: types.IncludeKeyMaterialAllKeyMaterial, Limit: aws.Int32(1)})
	done(t, "list all", err)
	if len(all.Rotations) != 1 || all.Rotations[0].KeyMaterialState != types.KeyMaterialStateNonCurrent || !all.Truncated {
		t.Errorf("want the first material alone, got %+v", all)
	}
	_, err = f.RotateKeyOnDemand(ctx, &kms.RotateKeyOnDemandInput{KeyId: rsa.KeyId})
	apitest.Refused(t, "rotation of a key pair", err, "UnsupportedOperationException", "")
	_, err = f.ListKeyRotations(ctx, &kms.ListKeyRotationsInput{KeyId: rsa.KeyId})
	apitest.Refused(t, "rotations of a key pair", err, "UnsupportedOperationException", "")
	_, err = f.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: rsa.KeyId})
	apitest.Refused(t, "status of a key pair", err, "UnsupportedOperationException", "")
}
