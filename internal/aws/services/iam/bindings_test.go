package iam

import (
	"errors"
	"slices"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

const home = "111122223333"

// roomAlone is the room over a store in memory, with a clock that stands still.
type roomAlone struct {
	*Service
	t   *testing.T
	clk *clock.Frozen
}

func openAlone(t *testing.T) roomAlone {
	t.Helper()
	clk := clock.NewFrozen(noon)
	return roomAlone{New(openStore(t), id.Seeded(3), clk, Ports{}), t, clk}
}

// change writes records as operations do.
func (r roomAlone) change(fn func(tx *store.Tx, sc store.Scope) error) {
	r.t.Helper()
	err := r.store.Update(r.t.Context(), func(tx *store.Tx) error { return fn(tx, store.Scope{Account: home}) })
	if err != nil {
		r.t.Fatal(err)
	}
}

// may tells whether a caller's identity policies allow an action.
func (r roomAlone) may(c *api.Caller, action string) policy.Outcome {
	r.t.Helper()
	b, err := r.Bindings(r.t.Context(), c)
	if err != nil {
		r.t.Fatal(err)
	}
	out := policy.ImplicitDeny
	for _, p := range b.Identity.Policies() {
		switch p.Document.Evaluate(action, "*") {
		case policy.ExplicitDeny:
			return policy.ExplicitDeny
		case policy.Allow:
			out = policy.Allow
		}
	}
	return out
}

func allowing(action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"*"}]}`
}

func TestBindingsFollowEveryChange(t *testing.T) {
	r := openAlone(t)
	ann := &api.Caller{Type: api.IAMUser, Account: home, UserID: "AIDAANN"}
	session := &api.Caller{Type: api.FederatedUser, Account: home, UserID: home + ":x", Session: &api.Session{IssuerType: api.IAMUser, IssuerID: "AIDAANN"}}
	r.change(func(tx *store.Tx, sc store.Scope) error {
		return errors.Join(users.Put(tx, sc, &user{ID: "AIDAANN", Name: "ann", Path: "/", Tags: map[string]string{"team": "it"}}), groups.Put(tx, sc, &group{ID: "AGPAOPS", Name: "ops", Path: "/"}))
	})
	p := inlinePolicy{Holder: "AIDAANN", Name: "own", Document: allowing("ssm:GetParameter")}
	ops := inlinePolicy{Holder: "AGPAOPS", Name: "own", Document: allowing("ssm:PutParameter")}
	for _, step := range []struct {
		name   string
		change func(tx *store.Tx, sc store.Scope) error
		action string
		want   policy.Outcome
	}{
		{"nobody gave her anything", func(*store.Tx, store.Scope) error { return nil }, "ssm:GetParameter", policy.ImplicitDeny},
		{"an inline policy", func(tx *store.Tx, sc store.Scope) error { return inlinePolicies.Put(tx, sc, &p) }, "ssm:GetParameter", policy.Allow},
		{"a policy of a group that she is not in", func(tx *store.Tx, sc store.Scope) error { return inlinePolicies.Put(tx, sc, &ops) }, "ssm:PutParameter", policy.ImplicitDeny},
		{"she enters the group", func(tx *store.Tx, sc store.Scope) error {
			return memberships.Put(tx, sc, &membership{"AIDAANN", "AGPAOPS"})
		}, "ssm:PutParameter", policy.Allow},
		{"a policy of AWS", func(tx *store.Tx, sc store.Scope) error {
			return attachManaged(tx, sc, "AIDAANN", "arn:aws:iam::aws:policy/ReadOnlyAccess")
		}, "workspaces:DescribeWorkspaces", policy.Allow},
		{"a policy that is not part of the plane denies", func(tx *store.Tx, sc store.Scope) error {
			return attachManaged(tx, sc, "AIDAANN", "arn:aws:iam::aws:policy/Gone")
		}, "ssm:GetParameter", policy.ExplicitDeny},
	} {
		r.change(step.change)
		for _, c := range []*api.Caller{ann, session} {
			if got := r.may(c, step.action); got != step.want {
				t.Errorf("%s: %s by %s: want %v, got %v", step.name, step.action, c.UserID, step.want, got)
			}
		}
	}
	b, err := r.Bindings(t.Context(), ann)
	if err != nil || b.Tags["team"] != "it" || b.Boundary != nil || !slices.ContainsFunc(b.Identity.Policies(), func(p policy.Policy) bool { return p.Kind == "group" }) {
		t.Errorf("want her tags, no boundary and a group's policy, got %+v, %v", b, err)
	}
	r.change(func(tx *store.Tx, sc store.Scope) error { return users.Delete(tx, sc, "ann") })
	if _, err := r.Bindings(t.Context(), ann); !errors.Is(err, errStranger) {
		t.Errorf("a user who was deleted: want %v, got %v", errStranger, err)
	}
}

func TestBindingsOfARole(t *testing.T) {
	r := openAlone(t)
	most := &managed{ID: "ANPAMOST", Name: "most", Path: "/", Default: 1, Next: 2}
	r.change(func(tx *store.Tx, sc store.Scope) error {
		return errors.Join(
			policies.Put(tx, sc, most), versions.Put(tx, sc, &version{Policy: most.ID, Number: 1, Document: allowing("ssm:*")}),
			roles.Put(tx, sc, &role{ID: "AROANIGHT", Name: "night", Path: "/", Boundary: most.arn(home)}),
			attachManaged(tx, sc, "AROANIGHT", most.arn(home)),
		)
	})
	c := &api.Caller{Type: api.AssumedRole, Account: home, UserID: "AROANIGHT:ann", Session: &api.Session{IssuerType: api.Role, IssuerID: "AROANIGHT"}}
	if got := r.may(c, "ssm:GetParameter"); got != policy.Allow {
		t.Errorf("want the attached policy, got %v", got)
	}
	b, err := r.Bindings(t.Context(), c)
	if err != nil || b.Boundary == nil || b.Boundary.Policies()[0].Name != "most" {
		t.Errorf("want the boundary, got %+v, %v", b, err)
	}
	r.change(func(tx *store.Tx, sc store.Scope) error {
		most.Default = 2
		return errors.Join(policies.Put(tx, sc, most), versions.Put(tx, sc, &version{Policy: most.ID, Number: 2, Document: allowing("s3:*")}))
	})
	if got := r.may(c, "ssm:GetParameter"); got != policy.ImplicitDeny {
		t.Errorf("another version counts now, got %v", got)
	}
	if b, err := r.Bindings(t.Context(), &api.Caller{Type: api.Root, Account: home, UserID: home}); err != nil || len(b.Identity.Policies()) != 0 {
		t.Errorf("root has no policies, got %+v, %v", b, err)
	}
}

func TestLastUseOfARoleLags(t *testing.T) {
	r := openAlone(t)
	r.change(func(tx *store.Tx, sc store.Scope) error {
		return roles.Put(tx, sc, &role{ID: "AROANIGHT", Name: "night", Path: "/"})
	})
	c := api.Caller{Type: api.AssumedRole, Account: home, UserID: "AROANIGHT:ann", Session: &api.Session{IssuerType: api.Role, IssuerID: "AROANIGHT"}}
	used := func() *time.Time {
		t.Helper()
		out, err := r.GetRole(api.WithCall(t.Context(), &api.Call{Account: home, Time: noon}), &sdk.GetRoleInput{RoleName: new("night")})
		if err != nil {
			t.Fatal(err)
		}
		return out.Role.RoleLastUsed.LastUsedDate
	}
	upkeep := func() {
		t.Helper()
		if _, err := r.Upkeep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	upkeep()
	r.Witness(&api.Call{Caller: c, Account: home, Region: "ap-northeast-1", Service: "ssm", Time: noon})
	upkeep()
	if got := used(); got != nil {
		t.Errorf("nothing is stored within the minute, got %v", got)
	}
	r.clk.Advance(time.Minute)
	upkeep()
	if got := used(); got == nil || !got.Equal(noon) {
		t.Errorf("want %v, got %v", noon, got)
	}
	r.change(func(tx *store.Tx, sc store.Scope) error { return roles.Delete(tx, sc, "night") })
	r.Witness(&api.Call{Caller: c, Account: home, Region: "ap-northeast-1", Service: "ssm", Time: noon})
	r.clk.Advance(time.Minute)
	upkeep() // the use of a role that is gone is forgotten
}

func TestFoundMakesTheWayIn(t *testing.T) {
	r := openAlone(t)
	r.change(func(tx *store.Tx, _ store.Scope) error {
		return r.Found(tx, "444455556666", home, "OrganizationAccountAccessRole")
	})
	got, err := r.Role(t.Context(), "444455556666", "OrganizationAccountAccessRole")
	if err != nil {
		t.Fatal(err)
	}
	d, err := policy.ParseTrust(got.Trust)
	if err != nil {
		t.Fatal(err)
	}
	if named, _ := d.Names(); !slices.Equal(named, []string{"arn:aws:iam::" + home + ":root"}) {
		t.Errorf("want the management account to be trusted, got %v", named)
	}
	c := &api.Caller{Type: api.AssumedRole, Account: "444455556666", UserID: got.ID + ":x"}
	if may := r.may(c, "ec2:RunInstances"); may != policy.Allow {
		t.Errorf("want the role to administer, got %v", may)
	}
}

func TestManagedGivesTheDefaultVersion(t *testing.T) {
	r := openAlone(t)
	if text, err := r.Managed(t.Context(), home, administratorPolicy); err != nil || text == "" {
		t.Errorf("want AWS's policy, got %q, %v", text, err)
	}
	for _, none := range []string{"arn:aws:iam::" + home + ":policy/x", "x"} {
		if _, err := r.Managed(t.Context(), home, none); !errors.Is(err, ErrNoPolicy) {
			t.Errorf("%s: want ErrNoPolicy, got %v", none, err)
		}
	}
}
