package reference_test

import (
	"testing"

	"tamachi/internal/policy"
	"tamachi/internal/policy/reference"
)

const (
	allowAll = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	denyStop = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"workspaces:stop*","Resource":"*"}]}`
	onlyHome = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*",
		"Condition":{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"},"Bool":{"aws:ViaAWSService":"false"}}}]}`
	ownOnly = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::home/${aws:username}/*"}]}`
	oldOwn  = `{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::home/${aws:username}/*"}]}`
	named   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/ann"},"Action":"*","Resource":"*"}]}`
	byAcct  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"*","Resource":"*"}]}`
)

func set(t *testing.T, parse func(string) (*policy.Document, error), texts ...string) *policy.Set {
	t.Helper()
	var list []policy.Policy
	for _, text := range texts {
		d, err := parse(text)
		if err != nil {
			t.Fatalf("parse %s: %v", text, err)
		}
		list = append(list, policy.Policy{Document: d})
	}
	return policy.NewSet(list...)
}

func TestTheReferenceReadsTheDocumentation(t *testing.T) {
	ann := policy.Who{Kind: policy.User, Account: "111111111111", ARN: "arn:aws:iam::111111111111:user/ann"}
	linked := policy.Who{
		Kind: policy.RoleSession, Account: "111111111111", ARN: "arn:aws:sts::111111111111:assumed-role/x/y",
		Behind: "arn:aws:iam::111111111111:role/aws-service-role/ssm.amazonaws.com/x",
	}
	stop := policy.Request{Action: "workspaces:StopWorkspaces", Resource: "arn:aws:workspaces:ap-northeast-1:111111111111:workspace/ws-1", Who: ann, Keys: policy.Keys{
		"aws:sourceip": {"198.51.100.7"}, "aws:viaawsservice": {"false"}, "aws:username": {"ann"},
	}}
	with := func(change func(*policy.Request)) policy.Request {
		r := stop
		change(&r)
		return r
	}
	all := set(t, policy.Parse, allowAll)
	for name, row := range map[string]struct {
		policies policy.Policies
		request  policy.Request
		want     policy.Decision
	}{
		"nothing allows":                         {policy.Policies{}, stop, policy.Decision{By: policy.Identity}},
		"an allow is enough":                     {policy.Policies{Identity: all}, stop, policy.Decision{Outcome: policy.Allow}},
		"a deny wins, whatever its case":         {policy.Policies{Identity: set(t, policy.Parse, allowAll, denyStop)}, stop, policy.Decision{Outcome: policy.ExplicitDeny, By: policy.Identity}},
		"a boundary must allow too":              {policy.Policies{Identity: all, Boundary: set(t, policy.Parse, denyStop)}, stop, policy.Decision{Outcome: policy.ExplicitDeny, By: policy.Boundary}},
		"an empty session allows nothing":        {policy.Policies{Identity: all, Session: policy.NewSet()}, stop, policy.Decision{By: policy.Session}},
		"every level of SCPs must allow":         {policy.Policies{Identity: all, SCPs: []*policy.Set{all, policy.NewSet()}}, stop, policy.Decision{By: policy.SCP}},
		"the office is bound by its address":     {policy.Policies{Identity: all, SCPs: []*policy.Set{set(t, policy.Parse, allowAll, onlyHome)}}, stop, policy.Decision{Outcome: policy.ExplicitDeny, By: policy.SCP}},
		"SCPs spare service-linked roles":        {policy.Policies{Identity: all, SCPs: []*policy.Set{policy.NewSet()}}, with(func(r *policy.Request) { r.Who = linked }), policy.Decision{Outcome: policy.Allow}},
		"SCPs spare the management account":      {policy.Policies{Identity: all, SCPs: []*policy.Set{policy.NewSet()}}, with(func(r *policy.Request) { r.Who.Manages = true }), policy.Decision{Outcome: policy.Allow}},
		"a resource's policy that names":         {policy.Policies{Resource: set(t, policy.ParseResource, named), Boundary: policy.NewSet()}, stop, policy.Decision{Outcome: policy.Allow}},
		"one that names the account":             {policy.Policies{Resource: set(t, policy.ParseResource, byAcct)}, stop, policy.Decision{By: policy.Identity}},
		"between accounts both must":             {policy.Policies{Identity: all}, with(func(r *policy.Request) { r.Owner = "222222222222" }), policy.Decision{By: policy.ResourceBased}},
		"a variable is the caller's":             {policy.Policies{Identity: set(t, policy.Parse, ownOnly)}, with(func(r *policy.Request) { r.Action, r.Resource = "s3:GetObject", "arn:aws:s3:::home/ann/x" }), policy.Decision{Outcome: policy.Allow}},
		"no variables in the old version":        {policy.Policies{Identity: set(t, policy.Parse, oldOwn)}, with(func(r *policy.Request) { r.Action, r.Resource = "s3:GetObject", "arn:aws:s3:::home/ann/x" }), policy.Decision{By: policy.Identity}},
		"nobody is allowed by the resource only": {policy.Policies{Identity: all}, with(func(r *policy.Request) { r.Who = policy.Who{} }), policy.Decision{By: policy.ResourceBased}},
	} {
		if got := reference.Decide(&row.request, &row.policies); got != row.want {
			t.Errorf("%s: want %+v, got %+v", name, row.want, got)
		}
	}
}
