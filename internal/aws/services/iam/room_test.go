package iam

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

const account = "111122223333"

// openRoom is the room alone, with its administrator, for what needs days to
// pass.
func openRoom(t *testing.T, ports Ports) (*Service, Administrator) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s := New(st, id.Seeded(7), clock.NewFrozen(noon), ports)
	a, err := s.Bootstrap(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	return s, a
}

func codeOf(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return ""
}

func TestAnExpiredPasswordCannotBeChangedByItsUser(t *testing.T) {
	s, a := openRoom(t, Ports{})
	at := noon
	call := func() *api.Call { return &api.Call{Caller: a.Caller, Account: account, Time: at} }
	ctx := api.WithCall(t.Context(), call())
	if _, err := s.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{Password: aws.String("Sesame-open-1")}); err != nil {
		t.Fatal(err)
	}
	_, err := s.UpdateAccountPasswordPolicy(ctx, &iam.UpdateAccountPasswordPolicyInput{MaxPasswordAge: aws.Int32(1), HardExpiry: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	at = noon.Add(24 * time.Hour)
	change := &iam.ChangePasswordInput{OldPassword: aws.String("Sesame-open-1"), NewPassword: aws.String("Sesame-open-2")}
	if _, err := s.ChangePassword(api.WithCall(t.Context(), call()), change); codeOf(err) != "AccessDenied" {
		t.Errorf("an expired one: want AccessDenied, got %v", err)
	}
	at = at.Add(-time.Second)
	if _, err := s.ChangePassword(api.WithCall(t.Context(), call()), change); err != nil {
		t.Errorf("a moment before: %v", err)
	}
}

func TestReportsGrowOld(t *testing.T) {
	s, a := openRoom(t, Ports{})
	on := func(at time.Time) *api.Call { return &api.Call{Caller: a.Caller, Account: account, Time: at} }
	if _, err := s.GenerateCredentialReport(api.WithCall(t.Context(), on(noon)), nil); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration]string{0: "", 4*time.Hour - 1: "", 4 * time.Hour: "ReportExpired"} {
		if _, err := s.GetCredentialReport(api.WithCall(t.Context(), on(noon.Add(after))), nil); codeOf(err) != want {
			t.Errorf("after %v: want %q, got %v", after, want, err)
		}
	}
	if _, err := s.GenerateCredentialReport(api.WithCall(t.Context(), on(noon.Add(5*time.Hour))), nil); err != nil {
		t.Fatal(err)
	}
	out, err := s.GetCredentialReport(api.WithCall(t.Context(), on(noon.Add(5*time.Hour))), nil)
	if err != nil || !out.GeneratedTime.Equal(noon.Add(5*time.Hour)) {
		t.Errorf("want a new report, got %v, %v", out, err)
	}
}

func TestRootAndRolesWithoutAName(t *testing.T) {
	s, a := openRoom(t, Ports{})
	as := func(kind api.PrincipalType) *api.Call {
		return &api.Call{Caller: api.Caller{Type: kind, Account: account, ARN: rootARN(account), Name: "x"}, Account: account, Time: noon}
	}
	out, err := s.GetUser(api.WithCall(t.Context(), as(api.Root)), &iam.GetUserInput{})
	if err != nil || *out.User.UserId != account || *out.User.Arn != rootARN(account) || out.User.UserName != nil || !out.User.CreateDate.Equal(noon) {
		t.Errorf("want the root user, got %+v, %v", out, err)
	}
	if _, err := s.GetUser(api.WithCall(t.Context(), as(api.AssumedRole)), &iam.GetUserInput{}); codeOf(err) != "ValidationError" {
		t.Errorf("a role's session is no user; got %v", err)
	}
	name := a.Caller.Name
	if _, err := s.GetUser(api.WithCall(t.Context(), as(api.AssumedRole)), &iam.GetUserInput{UserName: &name}); err != nil {
		t.Errorf("a role's session asks for a user by name: %v", err)
	}
}

// former is a room that kept the administrator's key before.
type former struct{ id, secret string }

func (f *former) Administrator(*store.Tx, string) (string, string, error) { return f.id, f.secret, nil }

func TestTheAdministratorKeepsTheKeyOfBefore(t *testing.T) {
	f := &former{"AKIABEFORE", "hush"}
	s, a := openRoom(t, Ports{Former: f})
	if a.Caller.AccessKeyID != f.id || a.Secret != f.secret {
		t.Errorf("want the former key, got %s", a.Caller.AccessKeyID)
	}
	again, err := s.Bootstrap(t.Context(), account)
	if err != nil || again != a {
		t.Errorf("want the same administrator, got %v, %v", again.Caller, err)
	}
	k, err := s.Key(t.Context(), f.id)
	if err != nil || k.Secret != "hush" || k.Caller != a.Caller {
		t.Errorf("want the administrator's key, got %v, %v", k.Caller, err)
	}
	if _, err := s.Key(t.Context(), "AKIANOBODY"); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("want ErrUnknownKey, got %v", err)
	}
}

func TestUsersOfAnotherAccountAreNotThere(t *testing.T) {
	s, _ := openRoom(t, Ports{})
	other := &api.Call{Caller: api.Caller{Type: api.IAMUser, Account: "999988887777", Name: "administrator"}, Account: "999988887777", Time: noon}
	ctx := api.WithCall(t.Context(), other)
	if _, err := s.GetUser(ctx, &iam.GetUserInput{UserName: aws.String("administrator")}); codeOf(err) != "NoSuchEntity" {
		t.Errorf("want NoSuchEntity, got %v", err)
	}
	out, err := s.ListUsers(ctx, &iam.ListUsersInput{})
	if err != nil || len(out.Users) != 0 {
		t.Errorf("want no users, got %v, %v", out, err)
	}
}
