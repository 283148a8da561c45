package sts

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// iamRoom is an iam room with one role, one policy and one device, whose code
// is good once.
type iamRoom struct{ used bool }

const (
	device = "arn:aws:iam::" + account + ":mfa/phone"
	trust  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + account + `"},"Action":["sts:AssumeRole","sts:TagSession"]}]}`
)

func (r *iamRoom) Role(_ context.Context, of, name string) (Role, error) {
	if of != account || name != "ops" {
		return Role{}, ErrNotThere
	}
	return Role{
		ID: "AROAEXAMPLE", ARN: "arn:aws:iam::" + account + ":role/desk/ops", Name: "ops", Trust: trust,
		MaxSession: 2 * time.Hour, Tags: map[string]string{"stage": "prod"},
	}, nil
}

func (r *iamRoom) Managed(_ context.Context, _, policyARN string) (string, error) {
	if policyARN != "arn:aws:iam::aws:policy/ReadAll" {
		return "", ErrNotThere
	}
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*:Get*","Resource":"*"}]}`, nil
}

func (r *iamRoom) KeyAccount(_ context.Context, accessKeyID string) (string, error) {
	if accessKeyID != admin.AccessKeyID {
		return "", ErrNotThere
	}
	return account, nil
}

func (r *iamRoom) Check(_ context.Context, c *api.Caller, serial, code string) error {
	switch {
	case serial != device || c.ARN != admin.ARN:
		return ErrNoDevice
	case code != "123456" || r.used:
		return ErrWrongCode
	}
	return nil
}

func (r *iamRoom) Use(_ *store.Tx, c *api.Caller, serial, code string) error {
	err := r.Check(context.Background(), c, serial, code)
	r.used = r.used || err == nil
	return err
}

// assume does what the gate does: the checks, then the operation.
func assume(t *testing.T, s *Service, caller api.Caller, in *sts.AssumeRoleInput) (checks []api.Check, out *sts.AssumeRoleOutput, who api.Caller, err error) {
	t.Helper()
	ctx := api.WithCall(t.Context(), &api.Call{Caller: caller, Account: caller.Account, Time: night, Operation: "AssumeRole"})
	if checks, err = s.assumeRoleChecks(ctx, in); err != nil {
		return nil, nil, who, err
	}
	if out, err = s.AssumeRole(ctx, in); err != nil {
		return nil, nil, who, err
	}
	k, err := s.Key(t.Context(), *out.Credentials.AccessKeyId)
	if err != nil {
		t.Fatal(err)
	}
	return checks, out, k.Caller, nil
}

func ops(change func(*sts.AssumeRoleInput)) *sts.AssumeRoleInput {
	in := &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::" + account + ":role/desk/ops"), RoleSessionName: aws.String("alice")}
	if change != nil {
		change(in)
	}
	return in
}

func TestAssumeRole(t *testing.T) {
	s, _ := open(t)
	checks, out, who, err := assume(t, s, admin, ops(func(in *sts.AssumeRoleInput) {
		in.Tags = []types.Tag{{Key: aws.String("Team"), Value: aws.String("red")}}
		in.TransitiveTagKeys = []string{"team"}
		in.SourceIdentity = aws.String("al")
		in.Policy = aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
		in.PolicyArns = []types.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::aws:policy/ReadAll")}}
		in.SerialNumber, in.TokenCode = aws.String(device), aws.String("123456")
	}))
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, c := range checks {
		actions = append(actions, c.Action)
		if !c.Ruled || c.Policy != trust || c.Tags["stage"] != "prod" || c.Keys["aws:MultiFactorAuthPresent"] != "true" {
			t.Errorf("want the trust policy to rule with what is known, got %+v", c)
		}
		if v, known := c.Sets["sts:ExternalId"]; !known || v != nil {
			t.Error("want the external id known to be absent")
		}
	}
	if !slices.Equal(actions, []string{"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"}) {
		t.Errorf("got the actions %v", actions)
	}
	if who.ARN != "arn:aws:sts::"+account+":assumed-role/ops/alice" || who.UserID != "AROAEXAMPLE:alice" || who.Type != api.AssumedRole || *out.AssumedRoleUser.Arn != who.ARN {
		t.Errorf("got %+v", who)
	}
	x := who.Session
	if !x.MFA || x.Chained || x.SourceIdentity != "al" || len(x.Policies) != 2 || len(x.PolicyARNs) != 1 || x.IssuerARN != *ops(nil).RoleArn || x.IssuerType != api.Role || !maps.Equal(x.Tags, map[string]string{"Team": "red"}) {
		t.Errorf("got the session %+v", x)
	}
	if !out.Credentials.Expiration.Equal(night.Add(time.Hour)) {
		t.Errorf("got the end %v", out.Credentials.Expiration)
	}

	// The session goes on to the next role: tags and source identity go with it.
	_, _, next, err := assume(t, s, who, ops(func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("again") }))
	if err != nil {
		t.Fatal(err)
	}
	if y := next.Session; !y.Chained || y.MFA || y.SourceIdentity != "al" || y.Tags["Team"] != "red" || !slices.Equal(y.Transitive, []string{"team"}) || len(y.Policies) != 0 {
		t.Errorf("got the chained session %+v", y)
	}
	for name, tc := range map[string]struct {
		change     func(*sts.AssumeRoleInput)
		code, text string
	}{
		"a chained session of more than an hour": {func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(3601) }, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"},
		"a tag that was handed down": {func(in *sts.AssumeRoleInput) {
			in.Tags = []types.Tag{{Key: aws.String("TEAM"), Value: aws.String("blue")}}
		}, "InvalidParameterValue", "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."},
		"another source identity": {func(in *sts.AssumeRoleInput) { in.SourceIdentity = aws.String("bob") }, "AccessDenied", "cannot be changed"},
	} {
		_, _, _, err := assume(t, s, who, ops(tc.change))
		wantFault(t, name, err, tc.code, tc.text)
	}
}

func wantFault(t *testing.T, name string, err error, code, text string) {
	t.Helper()
	fault, ok := errors.AsType[smithy.APIError](err)
	if !ok || !strings.HasPrefix(fault.ErrorCode(), code) || !strings.Contains(fault.ErrorMessage(), text) {
		t.Errorf("%s: want %s %q, got %v", name, code, text, err)
	}
}

func TestAssumeRoleRefuses(t *testing.T) {
	root, federated := admin, admin
	root.Type, federated.Type = api.Root, api.FederatedUser
	tests := []struct {
		name, code, text string
		caller           api.Caller
		change           func(*sts.AssumeRoleInput)
	}{
		{"root", "AccessDenied", "Roles may not be assumed by root accounts.", root, nil},
		{"a federated session", "AccessDenied", "is not authorized to perform: sts:AssumeRole on resource: ", federated, nil},
		{"what is no role", "ValidationError", "is invalid", admin, func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::111122223333:user/ops") }},
		{"more than the role's longest session", "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", admin, func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(7201) }},
		{"a role that is gone", "AccessDenied", "is not authorized to perform: sts:AssumeRole", admin, func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::111122223333:role/ops") }},
		{"a transitive key without its tag", "InvalidParameterValue", "The specified transitive tag key must be included in the requested tags.", admin, func(in *sts.AssumeRoleInput) { in.TransitiveTagKeys = []string{"x"} }},
		{"a policy that is none", "MalformedPolicyDocument", "Syntax errors in policy.", admin, func(in *sts.AssumeRoleInput) { in.Policy = aws.String("x") }},
		{"a policy that is too long", "PackedPolicyTooLarge", "please use smaller policy.", admin, func(in *sts.AssumeRoleInput) { in.Policy = aws.String(strings.Repeat("x", 3000)) }},
		{"eleven policies", "ValidationError", "less than or equal to 10", admin, func(in *sts.AssumeRoleInput) { in.PolicyArns = make([]types.PolicyDescriptorType, 11) }},
		{"a reserved tag", "InvalidParameterValue", "reserved", admin, func(in *sts.AssumeRoleInput) {
			in.Tags = []types.Tag{{Key: aws.String("AWS:x"), Value: aws.String("y")}}
		}},
		{"a code without its device", "AccessDenied", "must provide both MFA serial number and one time pass code.", admin, func(in *sts.AssumeRoleInput) { in.TokenCode = aws.String("123456") }},
		{"a wrong code", "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", admin, func(in *sts.AssumeRoleInput) {
			in.SerialNumber, in.TokenCode = aws.String(device), aws.String("000000")
		}},
		{"somebody else's device", "AccessDenied", "Please verify your MFA serial number is valid and associated with this user.", admin, func(in *sts.AssumeRoleInput) {
			in.SerialNumber, in.TokenCode = aws.String(device+"2"), aws.String("123456")
		}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			s, _ := open(t)
			_, _, _, err := assume(t, s, tc.caller, ops(tc.change))
			wantFault(t, tc.name, err, tc.code, tc.text)
		})
	}
}

func TestGetSessionToken(t *testing.T) {
	s, _ := open(t)
	ask := func(caller api.Caller, in *sts.GetSessionTokenInput) (*types.Credentials, error) {
		ctx := api.WithCall(t.Context(), &api.Call{Caller: caller, Account: account, Time: night, Operation: "GetSessionToken"})
		if _, err := s.getSessionTokenChecks(ctx, in); err != nil {
			return nil, err
		}
		out, err := s.GetSessionToken(ctx, in)
		if err != nil {
			return nil, err
		}
		return out.Credentials, nil
	}
	second := &sts.GetSessionTokenInput{SerialNumber: aws.String(device), TokenCode: aws.String("123456")}
	c, err := ask(admin, second)
	if err != nil {
		t.Fatal(err)
	}
	k, err := s.Key(t.Context(), *c.AccessKeyId)
	if err != nil || k.Caller.ARN != admin.ARN || k.Caller.Type != api.IAMUser || !k.Caller.Session.MFA || !k.Expires.Equal(night.Add(12*time.Hour)) {
		t.Errorf("want the user for twelve hours with a second factor, got %+v, %v", k.Caller, err)
	}
	_, err = ask(k.Caller, &sts.GetSessionTokenInput{})
	wantFault(t, "a session", err, "AccessDenied", "Cannot call GetSessionToken with session credentials")
	_, err = ask(admin, second)
	wantFault(t, "a code twice", err, "AccessDenied", "invalid MFA one time pass code")
	root := admin
	root.Type = api.Root
	if c, err = ask(root, &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(7200)}); err != nil || !c.Expiration.Equal(night.Add(time.Hour)) {
		t.Errorf("root: want an hour, got %v, %v", c, err)
	}
}

func TestGetAccessKeyInfo(t *testing.T) {
	s, _ := open(t)
	out, err := federate(t, s, admin, &sts.GetFederationTokenInput{Name: aws.String("night")})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{admin.AccessKeyID, *out.Credentials.AccessKeyId} {
		got, err := s.GetAccessKeyInfo(t.Context(), &sts.GetAccessKeyInfoInput{AccessKeyId: &id})
		if err != nil || *got.Account != account {
			t.Errorf("%s: want %s, got %v, %v", id, account, got, err)
		}
	}
	_, err = s.GetAccessKeyInfo(t.Context(), &sts.GetAccessKeyInfoInput{AccessKeyId: aws.String("AKIAUNKNOWN")})
	wantFault(t, "an unknown key", err, "ValidationError", "AKIAUNKNOWN")
}
