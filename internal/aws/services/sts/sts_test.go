package sts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

const account = "111122223333"

var night = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

func open(t *testing.T) (*Service, *clock.Frozen) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	clk := clock.NewFrozen(night)
	known := &iamRoom{}
	return New(st, id.Seeded(7), clk, Ports{Identities: known, MFA: known}), clk
}

func federate(t *testing.T, s *Service, caller api.Caller, in *sts.GetFederationTokenInput) (*sts.GetFederationTokenOutput, error) {
	t.Helper()
	ctx := api.WithCall(t.Context(), &api.Call{Caller: caller, Account: account, Time: night, Operation: "GetFederationToken"})
	if _, err := s.getFederationTokenChecks(ctx, in); err != nil {
		return nil, err
	}
	return s.GetFederationToken(ctx, in)
}

var admin = api.Caller{
	Type: api.IAMUser, Account: account, ARN: "arn:aws:iam::" + account + ":user/administrator",
	UserID: "AIDAEXAMPLE", Name: "administrator", AccessKeyID: "AKIAEXAMPLE",
}

// Data folders of the time before the iam room have the administrator's key
// here.
func TestAdministratorsKeyIsGivenUpOnce(t *testing.T) {
	s, _ := open(t)
	err := s.store.Update(t.Context(), func(tx *store.Tx) error {
		return credentials.Put(tx, store.Scope{}, &credential{AccessKeyID: "AKIAEXAMPLE", Secret: "hush", Caller: admin})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct{ account, id, secret string }{
		{"999988887777", "", ""}, {account, "AKIAEXAMPLE", "hush"}, {account, "", ""},
	} {
		var id, secret string
		err := s.store.Update(t.Context(), func(tx *store.Tx) (err error) {
			id, secret, err = s.Administrator(tx, want.account)
			return err
		})
		if err != nil || id != want.id || secret != want.secret {
			t.Errorf("want %+v, got %q, %q, %v", want, id, secret, err)
		}
	}
}

func TestUnknownKey(t *testing.T) {
	s, _ := open(t)
	if _, err := s.Key(t.Context(), "AKIANOBODY"); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("want ErrUnknownKey, got %v", err)
	}
}

func TestFederatedSession(t *testing.T) {
	s, _ := open(t)
	const doc = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ds-data:DisableUser","Resource":"*"}]}`
	out, err := federate(t, s, admin, &sts.GetFederationTokenInput{Name: aws.String("office-night"), Policy: aws.String(doc), DurationSeconds: aws.Int32(900)})
	if err != nil {
		t.Fatal(err)
	}
	k, err := s.Key(t.Context(), *out.Credentials.AccessKeyId)
	if err != nil {
		t.Fatal(err)
	}
	if k.SessionToken != *out.Credentials.SessionToken || !k.Expires.Equal(night.Add(15*time.Minute)) {
		t.Errorf("want the session that was answered, got one that expires %v", k.Expires)
	}
	if k.Caller.Name != "office-night" || !slices.Equal(k.Caller.Session.Policies, []string{doc}) || k.Caller.Session.IssuerARN != admin.ARN {
		t.Errorf("want office-night under its policy, got %+v", k.Caller)
	}
}

func TestGetFederationTokenRefuses(t *testing.T) {
	s, _ := open(t)
	session := admin
	session.Type = api.FederatedUser
	name := aws.String("office-night")
	for what, tc := range map[string]struct {
		caller api.Caller
		in     *sts.GetFederationTokenInput
		code   string
	}{
		"a session that makes a session":      {session, &sts.GetFederationTokenInput{Name: name}, "AccessDenied"},
		"a policy that is none":               {admin, &sts.GetFederationTokenInput{Name: name, Policy: aws.String("{")}, "MalformedPolicyDocument"},
		"an operator that there is not":       {admin, &sts.GetFederationTokenInput{Name: name, Policy: aws.String(`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Boolean":{"aws:x":"true"}}}]}`)}, "MalformedPolicyDocument"},
		"a tag twice":                         {admin, &sts.GetFederationTokenInput{Name: name, Tags: []types.Tag{{Key: name, Value: name}, {Key: aws.String("Office-Night"), Value: name}}}, "InvalidParameterValue"},
		"a managed policy that is not there":  {admin, &sts.GetFederationTokenInput{Name: name, PolicyArns: []types.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::aws:policy/None")}}}, "MalformedPolicyDocument"},
		"a managed policy of another account": {admin, &sts.GetFederationTokenInput{Name: name, PolicyArns: []types.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::999988887777:policy/ReadAll")}}}, "ValidationError"},
	} {
		_, err := federate(t, s, tc.caller, tc.in)
		var apiErr smithy.APIError
		if !errors.As(err, &apiErr) || !strings.HasPrefix(apiErr.ErrorCode(), tc.code) {
			t.Errorf("%s: want %s, got %v", what, tc.code, err)
		}
	}
}

func TestNodeCredentialsExpireAndAreRemoved(t *testing.T) {
	s, clk := open(t)
	err := s.store.Update(t.Context(), func(tx *store.Tx) error {
		_, err := s.IssueNode(tx, account, "mi-0123456789abcdef0", Role{ID: "AROAEXAMPLE", Name: "DesktopRole"}, time.Hour)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for step, want := range []int{0, 1, 0} {
		if n, err := s.Expire(t.Context(), 10); err != nil || n != want {
			t.Errorf("step %d: want %d removed, got %d, %v", step, want, n, err)
		}
		clk.Advance(26 * time.Hour)
	}
}

func TestStoredForm(t *testing.T) {
	storetest.Golden(t, &credentials, &credential{
		AccessKeyID: "ASIAEXAMPLE", Secret: "secret", SessionToken: "token", Expires: night.Add(time.Hour), Created: night,
		Caller: api.Caller{Type: api.FederatedUser, Account: account, ARN: "arn:aws:sts::111122223333:federated-user/x", UserID: "111122223333:x", Name: "x", AccessKeyID: "ASIAEXAMPLE", Node: "mi-0", Service: "s", Session: &api.Session{Policies: []string{"{}"}, IssuerARN: "arn:aws:iam::111122223333:user/administrator"}},
	})
}

// What a session carries is as large the second time as the first, or one call in
// some would be refused.
func TestASessionPacksToOneSize(t *testing.T) {
	p := &passed{tags: map[string]string{}}
	for i := range 40 {
		p.tags[fmt.Sprintf("key-%d-%d", i*i%7, i)] = fmt.Sprintf("value of %d", i*31)
	}
	first, err := p.packed(`{"Version":"2012-10-17"}`)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if again, err := p.packed(`{"Version":"2012-10-17"}`); again != first || err != nil {
			t.Fatalf("got %d bytes, %v; want %d as before", again, err, first)
		}
	}
}
