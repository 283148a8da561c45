package kms_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/apitest"
)

// What Terraform calls for aws_kms_key and aws_kms_alias, in its order: create
// and read back at once, change, read, destroy.
func TestTerraformsKey(t *testing.T) {
	f, ctx := start(t), t.Context()
	root := "arn:aws:iam::" + f.plane.Access().Account + ":root"
	policy := policyFor(root, "kms:*")
	out, err := f.CreateKey(ctx, &kms.CreateKeyInput{
		BypassPolicyLockoutSafetyCheck: false, CustomerMasterKeySpec: types.CustomerMasterKeySpecSymmetricDefault, //nolint:staticcheck // Terraform sends it
		KeyUsage: types.KeyUsageTypeEncryptDecrypt, Description: aws.String("office"), Policy: &policy,
		Tags: []types.Tag{{TagKey: aws.String("Name"), TagValue: aws.String("office")}}, MultiRegion: aws.Bool(false),
	})
	done(t, "CreateKey", err)
	id := out.KeyMetadata.KeyId
	type seen struct {
		state       types.KeyState
		description string
		policy      string
		rotates     bool
		tags        int
	}
	read := func() seen {
		t.Helper()
		d, err := f.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: id})
		done(t, "DescribeKey", err)
		p, err := f.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: id, PolicyName: aws.String("default")})
		done(t, "GetKeyPolicy", err)
		r, err := f.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: id})
		done(t, "GetKeyRotationStatus", err)
		l, err := f.ListResourceTags(ctx, &kms.ListResourceTagsInput{KeyId: id})
		done(t, "ListResourceTags", err)
		return seen{d.KeyMetadata.KeyState, *d.KeyMetadata.Description, *p.Policy, r.KeyRotationEnabled, len(l.Tags)}
	}
	wants := func(what string, want seen) {
		t.Helper()
		for range 3 { // several equal answers are wanted
			if got := read(); got != want {
				t.Errorf("%s: want %+v, got %+v", what, want, got)
			}
		}
	}
	wants("created", seen{types.KeyStateEnabled, "office", policy, false, 1})
	_, err = f.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: id})
	done(t, "EnableKeyRotation", err)
	wants("rotating", seen{types.KeyStateEnabled, "office", policy, true, 1})
	_, err = f.UpdateKeyDescription(ctx, &kms.UpdateKeyDescriptionInput{KeyId: id, Description: aws.String("desk")})
	done(t, "UpdateKeyDescription", err)
	_, err = f.TagResource(ctx, &kms.TagResourceInput{KeyId: id, Tags: []types.Tag{{TagKey: aws.String("env"), TagValue: aws.String("prod")}}})
	done(t, "TagResource", err)
	wants("changed", seen{types.KeyStateEnabled, "desk", policy, true, 2})
	_, err = f.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/office"), TargetKeyId: id})
	done(t, "CreateAlias", err)
	found := 0
	pages := kms.NewListAliasesPaginator(f.Client, &kms.ListAliasesInput{})
	for pages.HasMorePages() {
		p, err := pages.NextPage(ctx)
		done(t, "ListAliases", err)
		for _, a := range p.Aliases {
			if *a.AliasName == "alias/office" && *a.TargetKeyId == *id {
				found++
			}
		}
	}
	if found != 1 {
		t.Errorf("want the alias once, got it %d times", found)
	}
	_, err = f.DeleteAlias(ctx, &kms.DeleteAliasInput{AliasName: aws.String("alias/office")})
	done(t, "DeleteAlias", err)
	_, err = f.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: id, PendingWindowInDays: aws.Int32(7)})
	done(t, "ScheduleKeyDeletion", err)
	wants("going", seen{types.KeyStatePendingDeletion, "desk", policy, false, 2})
	_, err = f.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: id})
	apitest.Refused(t, "a second destroy", err, "KMSInvalidStateException", "is pending deletion.")
}
