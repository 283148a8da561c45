package iam_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

// user makes a user.
func (r roleRoom) user(name string) *types.User {
	r.t.Helper()
	out, err := r.CreateUser(r.t.Context(), &sdk.CreateUserInput{UserName: &name})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.User
}

func (r roleRoom) getUser(name string) *types.User {
	r.t.Helper()
	out, err := r.GetUser(r.t.Context(), &sdk.GetUserInput{UserName: &name})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.User
}

// openAt is a plane whose clock stands still, near the clients' own.
func openAt(t *testing.T) (roleRoom, *clock.Frozen) {
	t.Helper()
	clk := clock.NewFrozen(time.Now())
	p := apitest.Start(t, apitest.Options{Clock: clk})
	return roleRoom{sdk.NewFromConfig(p.Config()), t, p}, clk
}

func TestUsersAreMadeAndFoundInAnyCase(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	out, err := r.CreateUser(ctx, &sdk.CreateUserInput{
		UserName: aws.String("Yamada.Taro"), Path: aws.String("/sales/east/"), Tags: []types.Tag{{Key: aws.String("Team"), Value: aws.String("red")}},
	})
	r.done(out, err)
	u := out.User
	want(t, "ARN", "arn:aws:iam::"+r.plane.Access().Account+":user/sales/east/Yamada.Taro", *u.Arn)
	if !strings.HasPrefix(*u.UserId, "AIDA") || len(*u.UserId) != 21 || u.CreateDate.IsZero() {
		t.Errorf("want an id of 21 characters and a date, got %q, %v", *u.UserId, u.CreateDate)
	}
	got := r.getUser("yamada.TARO")
	want(t, "name as it was given", "Yamada.Taro", *got.UserName)
	want(t, "id", *u.UserId, *got.UserId)
	want(t, "tag", "red", *got.Tags[0].Value)

	r.no("EntityAlreadyExists", "User with name YAMADA.TARO already exists.")(r.CreateUser(ctx, &sdk.CreateUserInput{UserName: aws.String("YAMADA.TARO")}))
	r.no("NoSuchEntity", "The user with name nobody cannot be found.")(r.GetUser(ctx, &sdk.GetUserInput{UserName: aws.String("nobody")}))
	r.no("ValidationError", "")(r.CreateUser(ctx, &sdk.CreateUserInput{UserName: aws.String("a b")}))
	r.no("InvalidInput", "case insensitive")(r.CreateUser(ctx, &sdk.CreateUserInput{UserName: aws.String("x"), Tags: []types.Tag{
		{Key: aws.String("Team"), Value: aws.String("")}, {Key: aws.String("team"), Value: aws.String("")},
	}}))
	r.no("NoSuchEntity", "does not exist or is not attachable")(r.CreateUser(ctx, &sdk.CreateUserInput{
		UserName: aws.String("x"), PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/NoSuchPolicyAnywhere"),
	}))
}

func TestGetUserWithoutANameIsTheCaller(t *testing.T) {
	r := openRoles(t)
	out, err := r.GetUser(t.Context(), &sdk.GetUserInput{})
	r.done(out, err)
	want(t, "name", "administrator", *out.User.UserName)
}

func TestUsersAreRenamedWithAllTheyHave(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	before := r.user("hanako")
	r.user("jiro")
	key, err := r.CreateAccessKey(ctx, &sdk.CreateAccessKeyInput{UserName: aws.String("hanako")})
	r.done(key, err)
	r.done(r.UpdateUser(ctx, &sdk.UpdateUserInput{UserName: aws.String("Hanako"), NewUserName: aws.String("hana"), NewPath: aws.String("/new/")}))
	after := r.getUser("hana")
	want(t, "id", *before.UserId, *after.UserId)
	want(t, "path", "/new/", *after.Path)
	r.no("NoSuchEntity", "hanako")(r.GetUser(ctx, &sdk.GetUserInput{UserName: aws.String("hanako")}))
	keys, err := r.ListAccessKeys(ctx, &sdk.ListAccessKeysInput{UserName: aws.String("hana")})
	r.done(keys, err)
	want(t, "key", *key.AccessKey.AccessKeyId, *keys.AccessKeyMetadata[0].AccessKeyId)
	r.done(r.UpdateUser(ctx, &sdk.UpdateUserInput{UserName: aws.String("hana"), NewUserName: aws.String("HANA")}))
	want(t, "a change of case alone", "HANA", *r.getUser("hana").UserName)
	r.no("EntityAlreadyExists", "User with name Jiro already exists.")(r.UpdateUser(ctx, &sdk.UpdateUserInput{UserName: aws.String("hana"), NewUserName: aws.String("Jiro")}))
	r.no("NoSuchEntity", "nobody")(r.UpdateUser(ctx, &sdk.UpdateUserInput{UserName: aws.String("nobody")}))
}

func TestListUsersPages(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	for i := range 5 {
		path := "/odd/"
		if i%2 == 0 {
			path = "/even/"
		}
		r.done(r.CreateUser(ctx, &sdk.CreateUserInput{UserName: aws.String(fmt.Sprint("user", i)), Path: &path}))
	}
	var names []string
	pages := sdk.NewListUsersPaginator(r.Client, &sdk.ListUsersInput{PathPrefix: aws.String("/even/"), MaxItems: aws.Int32(2)})
	n := 0
	for ; pages.HasMorePages(); n++ {
		out, err := pages.NextPage(ctx)
		r.done(out, err)
		for _, u := range out.Users {
			names = append(names, *u.UserName)
		}
	}
	want(t, "pages", 2, n)
	want(t, "names", "user0 user2 user4", strings.Join(names, " "))
	r.no("ValidationError", "Invalid Marker.")(r.ListUsers(ctx, &sdk.ListUsersInput{Marker: aws.String("made-up")}))
	r.no("ValidationError", "maxItems")(r.ListUsers(ctx, &sdk.ListUsersInput{MaxItems: aws.Int32(1001)}))
	other, err := r.ListUsers(ctx, &sdk.ListUsersInput{MaxItems: aws.Int32(1)})
	r.done(other, err)
	r.no("ValidationError", "Invalid Marker.")(r.ListGroups(ctx, &sdk.ListGroupsInput{Marker: other.Marker}))
}

func TestUsersAreDeletedWhenTheyHaveNothingLeft(t *testing.T) {
	r, clk := openAt(t)
	ctx := t.Context()
	u := r.user("leaver")
	name := u.UserName
	conflict := func(text string) {
		t.Helper()
		r.no("DeleteConflict", text)(r.DeleteUser(ctx, &sdk.DeleteUserInput{UserName: name}))
	}
	r.done(r.CreateGroup(ctx, &sdk.CreateGroupInput{GroupName: aws.String("team")}))
	r.done(r.AddUserToGroup(ctx, &sdk.AddUserToGroupInput{GroupName: aws.String("team"), UserName: name}))
	conflict("must remove users from group first")
	r.done(r.RemoveUserFromGroup(ctx, &sdk.RemoveUserFromGroupInput{GroupName: aws.String("team"), UserName: name}))
	key, err := r.CreateAccessKey(ctx, &sdk.CreateAccessKeyInput{UserName: name})
	r.done(key, err)
	conflict("must delete access keys first")
	r.done(r.DeleteAccessKey(ctx, &sdk.DeleteAccessKeyInput{UserName: name, AccessKeyId: key.AccessKey.AccessKeyId}))
	r.done(r.CreateLoginProfile(ctx, &sdk.CreateLoginProfileInput{UserName: name, Password: aws.String("Sesame-open-1")}))
	conflict("must delete login profile first")
	r.done(r.DeleteLoginProfile(ctx, &sdk.DeleteLoginProfileInput{UserName: name}))
	phone := r.enabled(clk, "phone", *name)
	conflict("must delete MFA device first")
	r.done(r.DeactivateMFADevice(ctx, &sdk.DeactivateMFADeviceInput{UserName: name, SerialNumber: phone.SerialNumber}))
	arn := aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")
	r.done(r.AttachUserPolicy(ctx, &sdk.AttachUserPolicyInput{UserName: name, PolicyArn: arn}))
	conflict("must detach all policies first")
	r.done(r.DetachUserPolicy(ctx, &sdk.DetachUserPolicyInput{UserName: name, PolicyArn: arn}))

	there := sdk.NewUserExistsWaiter(r.Client)
	if err := there.Wait(ctx, &sdk.GetUserInput{UserName: name}, time.Minute); err != nil {
		t.Error(err)
	}
	r.done(r.DeleteUser(ctx, &sdk.DeleteUserInput{UserName: name}))
	r.no("NoSuchEntity", "leaver")(r.DeleteUser(ctx, &sdk.DeleteUserInput{UserName: name}))
	if again := r.user("leaver"); *again.UserId == *u.UserId {
		t.Error("a new user of the name has the old one's id")
	}
}

func TestTagsOfUsers(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	name := r.user("tagged").UserName
	tag := func(k, v string) types.Tag { return types.Tag{Key: &k, Value: &v} }
	r.done(r.TagUser(ctx, &sdk.TagUserInput{UserName: name, Tags: []types.Tag{tag("Team", "red"), tag("Cost", "12")}}))
	r.done(r.TagUser(ctx, &sdk.TagUserInput{UserName: name, Tags: []types.Tag{tag("team", "blue")}}))
	first, err := r.ListUserTags(ctx, &sdk.ListUserTagsInput{UserName: name, MaxItems: aws.Int32(1)})
	r.done(first, err)
	second, err := r.ListUserTags(ctx, &sdk.ListUserTagsInput{UserName: name, Marker: first.Marker})
	r.done(second, err)
	want(t, "cut", true, first.IsTruncated)
	want(t, "first", "Cost=12", *first.Tags[0].Key+"="+*first.Tags[0].Value)
	want(t, "a key in another case replaces", "team=blue", *second.Tags[0].Key+"="+*second.Tags[0].Value)
	r.done(r.UntagUser(ctx, &sdk.UntagUserInput{UserName: name, TagKeys: []string{"TEAM", "none"}}))
	want(t, "tags left", 1, len(r.getUser("tagged").Tags))

	var many []types.Tag
	for i := range 50 {
		many = append(many, tag(fmt.Sprint("key", i), ""))
	}
	r.no("LimitExceeded", "maximum")(r.TagUser(ctx, &sdk.TagUserInput{UserName: name, Tags: many}))
	r.no("InvalidInput", "reserved")(r.TagUser(ctx, &sdk.TagUserInput{UserName: name, Tags: []types.Tag{tag("aws:x", "")}}))
	none := aws.String("nobody")
	r.no("NoSuchEntity", "")(r.TagUser(ctx, &sdk.TagUserInput{UserName: none, Tags: many[:1]}))
	r.no("NoSuchEntity", "")(r.UntagUser(ctx, &sdk.UntagUserInput{UserName: none, TagKeys: []string{"key1"}}))
	r.no("NoSuchEntity", "")(r.ListUserTags(ctx, &sdk.ListUserTagsInput{UserName: none}))
}
