package iam_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestAccountsHaveOneAlias(t *testing.T) {
	r := openRoles(t)
	ctx := t.Context()
	list := func() string {
		t.Helper()
		out, err := r.ListAccountAliases(ctx, &sdk.ListAccountAliasesInput{})
		r.done(out, err)
		return strings.Join(out.AccountAliases, " ")
	}
	want(t, "at first", "", list())
	r.done(r.CreateAccountAlias(ctx, &sdk.CreateAccountAliasInput{AccountAlias: aws.String("tamachi-office")}))
	want(t, "alias", "tamachi-office", list())
	r.no("EntityAlreadyExists", "The account alias tamachi-office already exists.")(r.CreateAccountAlias(ctx, &sdk.CreateAccountAliasInput{AccountAlias: aws.String("tamachi-office")}))
	r.done(r.CreateAccountAlias(ctx, &sdk.CreateAccountAliasInput{AccountAlias: aws.String("mita-office")}))
	want(t, "a new one replaces", "mita-office", list())
	r.no("NoSuchEntity", "tamachi-office")(r.DeleteAccountAlias(ctx, &sdk.DeleteAccountAliasInput{AccountAlias: aws.String("tamachi-office")}))
	r.done(r.DeleteAccountAlias(ctx, &sdk.DeleteAccountAliasInput{AccountAlias: aws.String("mita-office")}))
	want(t, "without one", "", list())
	r.done(r.CreateAccountAlias(ctx, &sdk.CreateAccountAliasInput{AccountAlias: aws.String("mita-office")}))
	want(t, "what was given up is free", "mita-office", list())
	r.no("ValidationError", "Invalid Marker.")(r.ListAccountAliases(ctx, &sdk.ListAccountAliasesInput{Marker: aws.String("made-up")}))
}

func TestSummaryCounts(t *testing.T) {
	r, clk := openAt(t)
	ctx := t.Context()
	count := func() map[string]int32 {
		t.Helper()
		out, err := r.GetAccountSummary(ctx, &sdk.GetAccountSummaryInput{})
		r.done(out, err)
		return out.SummaryMap
	}
	before := count()
	r.user("one")
	r.group("crew")
	r.enabled(clk, "phone", "one")
	r.device(clk, "spare")
	r.done(r.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: aws.String("runner"), AssumeRolePolicyDocument: aws.String(trustEC2)}))
	r.done(r.CreateInstanceProfile(ctx, &sdk.CreateInstanceProfileInput{InstanceProfileName: aws.String("runner")}))
	r.done(r.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: aws.String("read"), PolicyDocument: aws.String(readSSM)}))
	r.done(r.AttachUserPolicy(ctx, &sdk.AttachUserPolicyInput{UserName: aws.String("one"), PolicyArn: aws.String("arn:aws:iam::" + r.plane.Access().Account + ":policy/read")}))
	after := count()
	for name, n := range map[string]int32{
		"Users": 1, "Groups": 1, "MFADevices": 2, "MFADevicesInUse": 1, "Roles": 1, "InstanceProfiles": 1, "Policies": 1,
		"PolicyVersionsInUse": 1, "UsersQuota": 0, "AccountMFAEnabled": 0,
	} {
		want(t, name, n, after[name]-before[name])
	}
	want(t, "quota", 5000, after["UsersQuota"])
}

func TestCredentialReport(t *testing.T) {
	r, clk := openAt(t)
	ctx := t.Context()
	r.no("ReportNotPresent", "")(r.GetCredentialReport(ctx, &sdk.GetCredentialReportInput{}))
	r.user("clerk")
	r.done(r.CreateLoginProfile(ctx, &sdk.CreateLoginProfileInput{UserName: aws.String("clerk"), Password: aws.String("Sesame-open-1")}))
	r.done(r.UpdateAccountPasswordPolicy(ctx, &sdk.UpdateAccountPasswordPolicyInput{MaxPasswordAge: aws.Int32(90)}))
	r.enabled(clk, "phone", "clerk")
	k := r.key("clerk")
	r.signs(k)
	off := r.key("clerk")
	r.done(r.UpdateAccessKey(ctx, &sdk.UpdateAccessKeyInput{UserName: aws.String("clerk"), AccessKeyId: off.AccessKeyId, Status: types.StatusTypeInactive}))
	made, err := r.GenerateCredentialReport(ctx, &sdk.GenerateCredentialReportInput{})
	r.done(made, err)
	want(t, "state", types.ReportStateTypeComplete, made.State)
	got, err := r.GetCredentialReport(ctx, &sdk.GetCredentialReportInput{})
	r.done(got, err)
	rows, err := csv.NewReader(strings.NewReader(string(got.Content))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("want a head, root and two users, got %d lines, %v", len(rows), err)
	}
	clerk := map[string]string{}
	for i, column := range rows[0] {
		clerk[column] = rows[3][i]
	}
	now := clk.Now().Truncate(time.Second)
	const layout = "2006-01-02T15:04:05+00:00"
	for column, value := range map[string]string{
		"user": "clerk", "arn": "arn:aws:iam::" + r.plane.Access().Account + ":user/clerk", "user_creation_time": now.Format(layout),
		"password_enabled": "true", "password_last_used": "no_information", "password_last_changed": now.Format(layout),
		"password_next_rotation": now.AddDate(0, 0, 90).Format(layout), "mfa_active": "true", "cert_1_active": "false", "cert_2_last_rotated": "N/A",
	} {
		want(t, column, value, clerk[column])
	}
	// Both keys were made in the same second: either may be the first.
	used := clerk["access_key_1_active"] + clerk["access_key_1_last_used_service"] + " " + clerk["access_key_2_active"] + clerk["access_key_2_last_used_service"]
	if used != "truests falseN/A" && used != "falseN/A truests" {
		t.Errorf("want one key in use by sts and one that is not, got %q", used)
	}
	want(t, "root", "<root_account>", rows[1][0])
	want(t, "root's password", "not_supported", rows[1][3])

	r.user("later")
	r.done(r.GenerateCredentialReport(ctx, &sdk.GenerateCredentialReportInput{}))
	again, err := r.GetCredentialReport(ctx, &sdk.GetCredentialReportInput{})
	r.done(again, err)
	want(t, "a report of less than four hours stays", string(got.Content), string(again.Content))
}
