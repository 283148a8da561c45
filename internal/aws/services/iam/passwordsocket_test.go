package iam_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestLoginProfiles(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	name := r.user("clerk").UserName
	missing := "Login Profile for User clerk cannot be found."
	r.no("NoSuchEntity", missing)(r.GetLoginProfile(ctx, &sdk.GetLoginProfileInput{UserName: name}))
	r.no("NoSuchEntity", missing)(r.UpdateLoginProfile(ctx, &sdk.UpdateLoginProfileInput{UserName: name}))
	r.no("NoSuchEntity", missing)(r.DeleteLoginProfile(ctx, &sdk.DeleteLoginProfileInput{UserName: name}))
	r.no("PasswordPolicyViolation", "minimum length of 8")(r.CreateLoginProfile(ctx, &sdk.CreateLoginProfileInput{UserName: name, Password: aws.String("short")}))
	r.no("ValidationError", "password")(r.CreateLoginProfile(ctx, &sdk.CreateLoginProfileInput{UserName: name}))
	made, err := r.CreateLoginProfile(ctx, &sdk.CreateLoginProfileInput{UserName: name, Password: aws.String("Sesame-open-1"), PasswordResetRequired: true})
	r.done(made, err)
	want(t, "reset required", true, made.LoginProfile.PasswordResetRequired)
	r.no("EntityAlreadyExists", "clerk")(r.CreateLoginProfile(ctx, &sdk.CreateLoginProfileInput{UserName: name, Password: aws.String("Sesame-open-1")}))
	r.no("PasswordPolicyViolation", "")(r.UpdateLoginProfile(ctx, &sdk.UpdateLoginProfileInput{UserName: name, Password: aws.String("short")}))
	r.done(r.UpdateLoginProfile(ctx, &sdk.UpdateLoginProfileInput{UserName: name, Password: aws.String("Sesame-open-2"), PasswordResetRequired: aws.Bool(false)}))
	got, err := r.GetLoginProfile(ctx, &sdk.GetLoginProfileInput{UserName: name})
	r.done(got, err)
	want(t, "user", "clerk", *got.LoginProfile.UserName)
	want(t, "reset required after the change", false, got.LoginProfile.PasswordResetRequired)
	r.done(r.DeleteLoginProfile(ctx, &sdk.DeleteLoginProfileInput{UserName: name}))
	r.no("NoSuchEntity", missing)(r.GetLoginProfile(ctx, &sdk.GetLoginProfileInput{UserName: name}))
}

func TestUsersChangeTheirOwnPasswords(t *testing.T) {
	r, clk := openAt(t)
	ctx := t.Context()
	name := r.user("clerk").UserName
	clerk := sdk.NewFromConfig(r.as(r.key("clerk")))
	change := func(from, to string) (any, error) {
		return clerk.ChangePassword(ctx, &sdk.ChangePasswordInput{OldPassword: &from, NewPassword: &to})
	}
	r.done(r.UpdateAccountPasswordPolicy(ctx, &sdk.UpdateAccountPasswordPolicyInput{
		MinimumPasswordLength: aws.Int32(10), RequireSymbols: true, AllowUsersToChangePassword: true, PasswordReusePrevention: aws.Int32(2),
	}))
	r.no("NoSuchEntity", "Login Profile")(change("Sesame-open-1", "Sesame-open-2"))
	r.done(r.CreateLoginProfile(ctx, &sdk.CreateLoginProfileInput{UserName: name, Password: aws.String("Sesame-open-1"), PasswordResetRequired: true}))
	r.no("AccessDenied", "the old password is not correct")(change("Sesame-open-0", "Sesame-open-2"))
	r.no("PasswordPolicyViolation", "minimum length of 10")(change("Sesame-open-1", "Short-1"))
	r.no("PasswordPolicyViolation", "at least one symbol")(change("Sesame-open-1", "Sesameopen2"))
	r.no("PasswordPolicyViolation", "")(change("Sesame-open-1", "Sesame-open-1"))
	r.done(change("Sesame-open-1", "Sesame-open-2"))
	got, err := r.GetLoginProfile(ctx, &sdk.GetLoginProfileInput{UserName: name})
	r.done(got, err)
	want(t, "reset required", false, got.LoginProfile.PasswordResetRequired)
	r.no("AccessDenied", "")(change("Sesame-open-1", "Sesame-open-3"))
	r.no("PasswordPolicyViolation", "")(change("Sesame-open-2", "Sesame-open-1"))
	r.done(change("Sesame-open-2", "Sesame-open-3"))
	r.done(change("Sesame-open-3", "Sesame-open-1")) // the last but two

	r.done(r.UpdateAccountPasswordPolicy(ctx, &sdk.UpdateAccountPasswordPolicyInput{AllowUsersToChangePassword: true, MaxPasswordAge: aws.Int32(1), HardExpiry: aws.Bool(true)}))
	clk.Advance(time.Minute)
	r.done(change("Sesame-open-1", "Sesame-open-4"))
}

func TestPasswordPolicyOfTheAccount(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	none := "The Password Policy with domain name " + r.plane.Access().Account + " cannot be found."
	r.no("NoSuchEntity", none)(r.GetAccountPasswordPolicy(ctx, nil))
	r.no("NoSuchEntity", "cannot be found")(r.DeleteAccountPasswordPolicy(ctx, nil))
	r.no("ValidationError", "minimumPasswordLength")(r.UpdateAccountPasswordPolicy(ctx, &sdk.UpdateAccountPasswordPolicyInput{MinimumPasswordLength: aws.Int32(5)}))
	r.done(r.UpdateAccountPasswordPolicy(ctx, &sdk.UpdateAccountPasswordPolicyInput{MaxPasswordAge: aws.Int32(90), RequireNumbers: true}))
	got, err := r.GetAccountPasswordPolicy(ctx, nil)
	r.done(got, err)
	p := got.PasswordPolicy
	want(t, "minimum by default", 6, *p.MinimumPasswordLength)
	want(t, "age", 90, *p.MaxPasswordAge)
	want(t, "expires", true, p.ExpirePasswords)
	want(t, "numbers", true, p.RequireNumbers)
	want(t, "symbols", false, p.RequireSymbols)
	r.done(r.UpdateAccountPasswordPolicy(ctx, &sdk.UpdateAccountPasswordPolicyInput{}))
	got, err = r.GetAccountPasswordPolicy(ctx, nil)
	r.done(got, err)
	want(t, "an update replaces all", false, got.PasswordPolicy.RequireNumbers || got.PasswordPolicy.ExpirePasswords)
	r.done(r.DeleteAccountPasswordPolicy(ctx, nil))
	r.no("NoSuchEntity", none)(r.GetAccountPasswordPolicy(ctx, nil))
}
