package iam_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// as is the configuration of a client that signs with a key.
func (r roleRoom) as(k *types.AccessKey) aws.Config {
	cfg := r.plane.Config()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*k.AccessKeyId, *k.SecretAccessKey, "")
	return cfg
}

// signs wants to know who a key stands for: an ARN, or the code of an error.
func (r roleRoom) signs(k *types.AccessKey) string {
	r.t.Helper()
	out, err := sts.NewFromConfig(r.as(k)).GetCallerIdentity(r.t.Context(), nil)
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	r.done(out, err)
	return *out.Arn
}

func (r roleRoom) key(user string) *types.AccessKey {
	r.t.Helper()
	out, err := r.CreateAccessKey(r.t.Context(), &sdk.CreateAccessKeyInput{UserName: &user})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.AccessKey
}

func TestKeysSignAndAreCutOffAtOnce(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	r.user("signer")
	k := r.key("signer")
	arn := "arn:aws:iam::" + r.plane.Access().Account + ":user/"
	want(t, "a new key", arn+"signer", r.signs(k))
	turn := func(s types.StatusType) {
		t.Helper()
		r.done(r.UpdateAccessKey(ctx, &sdk.UpdateAccessKeyInput{UserName: aws.String("signer"), AccessKeyId: k.AccessKeyId, Status: s}))
	}
	turn(types.StatusTypeInactive)
	want(t, "an inactive key", "InvalidClientTokenId", r.signs(k))
	out, err := r.ListAccessKeys(ctx, &sdk.ListAccessKeysInput{UserName: aws.String("signer")})
	r.done(out, err)
	want(t, "status", types.StatusTypeInactive, out.AccessKeyMetadata[0].Status)
	turn(types.StatusTypeActive)
	want(t, "an active key", arn+"signer", r.signs(k))
	r.done(r.UpdateUser(ctx, &sdk.UpdateUserInput{UserName: aws.String("signer"), NewUserName: aws.String("renamed")}))
	want(t, "the key of a renamed user", arn+"renamed", r.signs(k))
	r.plane.Restart()
	r.Client = sdk.NewFromConfig(r.plane.Config())
	want(t, "the key after a restart", arn+"renamed", r.signs(k))
	r.done(r.DeleteAccessKey(ctx, &sdk.DeleteAccessKeyInput{UserName: aws.String("renamed"), AccessKeyId: k.AccessKeyId}))
	want(t, "a deleted key", "InvalidClientTokenId", r.signs(k))
	r.no("NoSuchEntity", "The Access Key with id "+*k.AccessKeyId+" cannot be found.")(r.DeleteAccessKey(ctx, &sdk.DeleteAccessKeyInput{UserName: aws.String("renamed"), AccessKeyId: k.AccessKeyId}))
}

func TestKeysBelongToOneUser(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	r.user("one")
	r.user("two")
	k := r.key("one")
	r.key("one")
	r.no("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")(r.CreateAccessKey(ctx, &sdk.CreateAccessKeyInput{UserName: aws.String("one")}))
	r.no("NoSuchEntity", *k.AccessKeyId)(r.UpdateAccessKey(ctx, &sdk.UpdateAccessKeyInput{UserName: aws.String("two"), AccessKeyId: k.AccessKeyId, Status: types.StatusTypeInactive}))
	r.no("InvalidInput", "Active or Inactive")(r.UpdateAccessKey(ctx, &sdk.UpdateAccessKeyInput{UserName: aws.String("one"), AccessKeyId: k.AccessKeyId, Status: types.StatusTypeExpired}))
	r.no("NoSuchEntity", "nobody")(r.ListAccessKeys(ctx, &sdk.ListAccessKeysInput{UserName: aws.String("nobody")}))
	own, err := r.ListAccessKeys(ctx, &sdk.ListAccessKeysInput{})
	r.done(own, err)
	want(t, "the caller's own", r.plane.Access().AccessKeyID, *own.AccessKeyMetadata[0].AccessKeyId)
	one, err := r.ListAccessKeys(ctx, &sdk.ListAccessKeysInput{UserName: aws.String("one"), MaxItems: aws.Int32(1)})
	r.done(one, err)
	want(t, "a page", 1, len(one.AccessKeyMetadata))
	rest, err := r.ListAccessKeys(ctx, &sdk.ListAccessKeysInput{UserName: aws.String("one"), Marker: one.Marker})
	r.done(rest, err)
	if len(rest.AccessKeyMetadata) != 1 || *rest.AccessKeyMetadata[0].AccessKeyId == *one.AccessKeyMetadata[0].AccessKeyId {
		t.Errorf("want the other key, got %v", rest.AccessKeyMetadata)
	}
}

func TestLastUseOfKeysIsKept(t *testing.T) {
	r, clk := openAt(t)
	ctx := t.Context()
	r.user("quiet")
	k := r.key("quiet")
	last := func() *types.AccessKeyLastUsed {
		t.Helper()
		out, err := r.GetAccessKeyLastUsed(ctx, &sdk.GetAccessKeyLastUsedInput{AccessKeyId: k.AccessKeyId})
		r.done(out, err)
		want(t, "user", "quiet", *out.UserName)
		return out.AccessKeyLastUsed
	}
	if got := last(); got.LastUsedDate != nil || *got.ServiceName != "N/A" || *got.Region != "N/A" {
		t.Errorf("want a key that was never used, got %v", got)
	}
	r.signs(k)
	want(t, "at once", "sts "+r.plane.Access().Region, *last().ServiceName+" "+*last().Region)
	clk.Advance(time.Minute + time.Second)
	if err := r.plane.Upkeep(ctx); err != nil {
		t.Fatal(err)
	}
	r.plane.Restart()
	r.Client = sdk.NewFromConfig(r.plane.Config())
	if got := last(); got.LastUsedDate == nil || *got.ServiceName != "sts" {
		t.Errorf("want the use to be there after a restart, got %v", got)
	}
	r.no("AccessDenied", "iam:GetAccessKeyLastUsed")(r.GetAccessKeyLastUsed(ctx, &sdk.GetAccessKeyLastUsedInput{AccessKeyId: aws.String("AKIAAAAAAAAAAAAAAAAA")}))
	r.no("ValidationError", "accessKeyId")(r.GetAccessKeyLastUsed(ctx, &sdk.GetAccessKeyLastUsedInput{AccessKeyId: aws.String("short")}))
}

// The owner of the data folder always gets in.
func TestTheAdministratorIsMadeAnew(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	first := r.plane.Access().AccessKeyID
	r.done(r.DeleteAccessKey(ctx, &sdk.DeleteAccessKeyInput{AccessKeyId: &first}))
	r.no("InvalidClientTokenId", "")(r.GetUser(ctx, &sdk.GetUserInput{}))
	r.plane.Restart()
	if second := r.plane.Access().AccessKeyID; second == first {
		t.Error("the deleted key came back")
	}
	r.Client = sdk.NewFromConfig(r.plane.Config())
	out, err := r.GetUser(ctx, &sdk.GetUserInput{})
	r.done(out, err)
	want(t, "user", "administrator", *out.User.UserName)
}
