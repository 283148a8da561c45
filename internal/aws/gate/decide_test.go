package gate

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

const other = "999988887777"

// identity is a policy of a test as the iam room hands it over.
func identity(t testing.TB, text string) *policy.Set {
	t.Helper()
	d, err := policy.Parse(text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return policy.NewSet(policy.Policy{Kind: "inline", Document: d})
}

// short makes a policy of "+s3:Get*" (allow), "-s3:GetObject" (deny) and the
// like, on everything; a principal may follow after a space.
func short(words string) string {
	if words == "" || strings.HasPrefix(words, "{") {
		return words
	}
	var statements []string
	for word := range strings.SplitSeq(words, ",") {
		effect := map[byte]string{'+': "Allow", '-': "Deny"}[word[0]]
		action, principal, named := strings.Cut(word[1:], " ")
		s := `{"Effect":"` + effect + `","Action":"` + action + `"`
		if named {
			kind := "AWS"
			if strings.HasSuffix(principal, ".amazonaws.com") {
				kind = "Service"
			}
			s += `,"Principal":{"` + kind + `":"` + principal + `"}`
		}
		if !strings.HasPrefix(action, "sts:Assume") || !named {
			s += `,"Resource":"*"`
		}
		statements = append(statements, s+"}")
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

var (
	alice   = api.Caller{Type: api.IAMUser, Account: account, ARN: "arn:aws:iam::" + account + ":user/alice", Name: "alice", UserID: "AIDAALICEALICEALICE"}
	rooty   = api.Caller{Type: api.Root, Account: account, ARN: "arn:aws:iam::" + account + ":root", UserID: account}
	deliver = api.Caller{Type: api.AWSService, Account: account, Service: "cloudtrail.amazonaws.com"}
	nobody  = api.Caller{Type: api.AWSAccount}
)

const opsRole = "arn:aws:iam::" + account + ":role/ops"

func ops(policies ...string) api.Caller {
	return api.Caller{
		Type: api.AssumedRole, Account: account, ARN: "arn:aws:sts::" + account + ":assumed-role/ops/alice", UserID: "AROAOPSOPSOPSOPS:alice",
		Session: &api.Session{IssuerType: api.Role, IssuerARN: opsRole, Policies: policies},
	}
}

func fed(policies ...string) api.Caller {
	return api.Caller{
		Type: api.FederatedUser, Account: account, ARN: "arn:aws:sts::" + account + ":federated-user/night", UserID: account + ":night",
		Session: &api.Session{IssuerType: api.IAMUser, IssuerARN: alice.ARN, Policies: policies},
	}
}

// case of the table: what is attached to the caller, and what the resource says.
type decision struct {
	name               string
	caller             api.Caller
	identity, boundary string
	check              api.Check
	want               string // "" for allowed
}

const (
	noIdentity = "because no identity-based policy allows the s3:GetObject action"
	noResource = "because no resource-based policy allows the s3:GetObject action"
	noBoundary = "because no permissions boundary allows the s3:GetObject action"
	noSession  = "because no session policy allows the s3:GetObject action"
	noTrust    = "because no role trust policy allows the sts:AssumeRole action"
)

// get is a check of reading an object whose bucket belongs to an account.
func get(owner, words string) api.Check {
	return api.Check{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Owner: owner, Policy: short(words)}
}

func decrypt(owner, words string) api.Check {
	return api.Check{Action: "s3:GetObject", Resource: "arn:aws:kms:eu-west-1:" + owner + ":key/k", Policy: short(words), Ruled: true}
}

func assume(owner, words string) api.Check {
	return api.Check{Action: "sts:AssumeRole", Resource: "arn:aws:iam::" + owner + ":role/r", Policy: short(words), Ruled: true}
}

func TestDecisionsWithinAnAccount(t *testing.T) {
	by := func(arn string) string { return "+s3:* " + arn }
	tests := []decision{
		{"an identity policy allows", alice, "+s3:Get*", "", get(account, ""), ""},
		{"another action is not allowed", alice, "+s3:Put*", "", get(account, ""), noIdentity},
		{"nothing attached allows nothing", alice, "", "", get(account, ""), noIdentity},
		{"an explicit deny wins over an allow", alice, "+s3:*,-s3:GetObject", "", get(account, ""), "with an explicit deny in an identity-based policy"},
		{"an explicit deny wins over the resource's policy", alice, "-s3:*", "", get(account, by(alice.ARN)), "with an explicit deny in an identity-based policy"},
		{"the resource's policy denies", alice, "+s3:*", "", get(account, "-s3:* *"), "with an explicit deny in a resource-based policy"},
		{"the resource's policy that names the user suffices", alice, "", "", get(account, by(alice.ARN)), ""},
		{"the resource's policy for anyone suffices", alice, "", "", get(account, by("*")), ""},
		{"the resource's policy for the account does not", alice, "", "", get(account, by(account)), noIdentity},
		{"the boundary must allow too", alice, "+s3:*", "+ec2:*", get(account, ""), noBoundary},
		{"the boundary grants nothing", alice, "", "+s3:*", get(account, ""), noIdentity},
		{"the boundary denies", alice, "+s3:*", "+s3:*,-s3:GetObject", get(account, by(alice.ARN)), "with an explicit deny in a permissions boundary"},
		{"the user's own name passes by the boundary", alice, "", "+ec2:*", get(account, by(alice.ARN)), ""},
		{"anyone passes by the boundary", alice, "", "+ec2:*", get(account, by("*")), ""},
		{"a role's policies allow its session", ops(), "+s3:*", "", get(account, ""), ""},
		{"a session policy must allow too", ops("+ec2:*"), "+s3:*", "", get(account, ""), noSession},
		{"a session policy grants nothing", ops("+s3:*"), "", "", get(account, ""), noIdentity},
		{"of several session policies one suffices", ops("+ec2:*", "+s3:*"), "+s3:*", "", get(account, ""), ""},
		{"of several session policies any denies", ops("+s3:*", "-s3:*"), "+s3:*", "", get(account, ""), "with an explicit deny in a session policy"},
		{"the role's name in the resource's policy stays within the session policy", ops("+ec2:*"), "", "", get(account, by(opsRole)), noSession},
		{"the role's name in the resource's policy suffices", ops(), "", "", get(account, by(opsRole)), ""},
		{"the session's name passes by session policy and boundary", ops("+ec2:*"), "", "+ec2:*", get(account, by("arn:aws:sts::"+account+":assumed-role/ops/alice")), ""},
		{"a federated session may what user and session policy allow", fed("+s3:*"), "+s3:*", "", get(account, ""), ""},
		{"a federated session without policy may nothing", fed(), "+s3:*", "", get(account, ""), noSession},
		{"a federated session is held by its user's policies", fed("+s3:*"), "+ec2:*", "", get(account, ""), noIdentity},
		{"a federated session that is named may", fed(), "", "", get(account, by("arn:aws:sts::"+account+":federated-user/night")), ""},
		{"root may all", rooty, "", "", get(account, ""), ""},
		{"root is held by a bucket's deny", rooty, "", "", get(account, "-s3:* *"), "with an explicit deny in a resource-based policy"},
		{"a grant needs no policy", alice, "", "", api.Check{Action: "s3:GetObject", Resource: "*", Granted: true}, ""},
		{"a grant does not stand against a deny", alice, "-s3:*", "", api.Check{Action: "s3:GetObject", Resource: "*", Granted: true}, "with an explicit deny in an identity-based policy"},
		{"a policy of the resource that cannot be read denies", alice, "+s3:*", "", api.Check{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Policy: "{"}, "with an explicit deny in a resource-based policy (this plane cannot evaluate it: it cannot be read)"},
		{"a policy of the session that cannot be read denies", ops("{"), "+s3:*", "", get(account, ""), "with an explicit deny in a session policy (this plane cannot evaluate it: it cannot be read)"},
	}
	run(t, tests)
}

func TestDecisionsOnRuledResources(t *testing.T) {
	by := func(arn string) string { return "+s3:* " + arn }
	trust := func(arn string) string { return "+sts:AssumeRole " + arn }
	run(t, []decision{
		{"a key without policy for the account is out of reach", alice, "+s3:*", "", decrypt(account, "+s3:* "+other), noResource},
		{"a key without policy for the account is out of root's reach", rooty, "", "", decrypt(account, "+s3:* "+other), noResource},
		{"the account in the key's policy hands over to identity policies", alice, "+s3:*", "", decrypt(account, by(account)), ""},
		{"and they must allow", alice, "", "", decrypt(account, by("arn:aws:iam::"+account+":root")), noIdentity},
		{"root is the account", rooty, "", "", decrypt(account, by(account)), ""},
		{"the user in the key's policy suffices", alice, "", "", decrypt(account, by(alice.ARN)), ""},
		{"a role that trusts the account needs a permission", alice, "", "", assume(account, trust(account)), "because no identity-based policy allows the sts:AssumeRole action"},
		{"a role that trusts the account, with it", alice, "+sts:AssumeRole", "", assume(account, trust(account)), ""},
		{"a role that trusts the user", alice, "", "", assume(account, trust(alice.ARN)), ""},
		{"a role that trusts another user", alice, "+sts:*", "", assume(account, trust(alice.ARN+"2")), noTrust},
		{"a role of another account that trusts ours", alice, "+sts:*", "", assume(other, trust(account)), ""},
		{"a role of another account that trusts the user needs a permission", alice, "", "", assume(other, trust(alice.ARN)), "because no identity-based policy allows the sts:AssumeRole action"},
		{"a role of another account that does not trust ours", alice, "+sts:*", "", assume(other, trust(other)), noTrust},
		{"a trust policy denies", alice, "+sts:*", "", assume(account, "+sts:AssumeRole *,-sts:AssumeRole "+alice.ARN), "with an explicit deny in the role trust policy"},
	})
}

func TestDecisionsAcrossAccountsAndForOthers(t *testing.T) {
	keyed := api.Caller{Type: api.ManagedInstance, Account: account, Node: "mi-1"}
	ofNode := ops()
	ofNode.Node = "mi-1"
	itself := "because a managed node may act on itself only"
	by := func(arn string) string { return "+s3:* " + arn }
	run(t, []decision{
		{"another account's bucket without policy", alice, "+s3:*", "", get(other, ""), noResource},
		{"another account's bucket for our account", alice, "+s3:*", "", get(other, by(account)), ""},
		{"another account's bucket, not allowed here", alice, "", "", get(other, by(alice.ARN)), noIdentity},
		{"another account's bucket beyond our boundary", alice, "+s3:*", "+ec2:*", get(other, by(alice.ARN)), noBoundary},
		{"another account's bucket beyond the session policy", ops("+ec2:*"), "+s3:*", "", get(other, by("*")), noSession},
		{"our root on another account's bucket", rooty, "", "", get(other, ""), noResource},
		{"our root on another account's bucket for our account", rooty, "", "", get(other, by(account)), ""},
		{"an ARN tells the owner", alice, "+s3:*", "", api.Check{Action: "s3:GetObject", Resource: "arn:aws:ssm:eu-west-1:" + other + ":parameter/x"}, noResource},
		{"AWS's own ARNs are nobody's", alice, "+s3:*", "", api.Check{Action: "s3:GetObject", Resource: "arn:aws:iam::aws:policy/X"}, ""},
		{"a service that the bucket names", deliver, "", "", get(account, by("cloudtrail.amazonaws.com")), ""},
		{"a service that it names in another account", deliver, "", "", get(other, by("cloudtrail.amazonaws.com")), ""},
		{"a service that it does not name", deliver, "", "", get(account, by("logs.amazonaws.com")), noResource},
		{"a service is not the account", deliver, "", "", get(account, by(account)), noResource},
		{"a service that it denies", deliver, "", "", get(account, "+s3:* *,-s3:* cloudtrail.amazonaws.com"), "with an explicit deny in a resource-based policy"},
		{"nobody on a public bucket", nobody, "", "", get(account, by("*")), ""},
		{"nobody on a bucket for the account", nobody, "", "", get(account, by(account)), noResource},
		{"nobody on a bucket without policy", nobody, "", "", get(account, ""), noResource},
		{"a node's key for the role token", keyed, "", "", onNode("ssm:RequestManagedInstanceRoleToken", "mi-1"), ""},
		{"a node's key for another node's", keyed, "", "", onNode("ssm:RequestManagedInstanceRoleToken", "mi-2"), "because no identity-based policy allows the ssm:RequestManagedInstanceRoleToken action"},
		{"a node's key for what needs its role", keyed, "+ssm:*", "", onNode("ssm:UpdateInstanceInformation", "mi-1"), "because no identity-based policy allows the ssm:UpdateInstanceInformation action"},
		{"a node on itself", ofNode, "+ssm:*", "", onNode("ssm:UpdateInstanceInformation", "mi-1"), ""},
		{"a node on itself, against its role", ofNode, "+ssm:Get*", "", onNode("ssm:UpdateInstanceInformation", "mi-1"), "because no identity-based policy allows the ssm:UpdateInstanceInformation action"},
		{"a node on another node", ofNode, "+ssm:*", "", onNode("ssm:UpdateInstanceInformation", "mi-2"), itself},
		{"a node on who knows which node", ofNode, "+ssm:*", "", api.Check{Action: "ssm:PutInventory", Resource: "*"}, itself},
		{"a node on another node's channel", ofNode, "+ssmmessages:*", "", onNode("ssmmessages:OpenControlChannel", "mi-2"), itself},
		{"a node that its role lets read objects", ofNode, "+s3:*", "", get(account, ""), ""},
	})
}

// onNode is a check about a node.
func onNode(action, node string) api.Check {
	return api.Check{Action: action, Resource: "*", Keys: map[string]string{api.KeyNode: node}}
}

func run(t *testing.T, tests []decision) {
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			f := open(t)
			if got := f.reason(t, tc, &api.Call{}); got != tc.want {
				t.Errorf("want %q\n got %q", tc.want, got)
			}
		})
	}
}

// reason decides a row of a table.
func (f *fixture) reason(t *testing.T, tc decision, call *api.Call) string {
	t.Helper()
	b := Bindings{Tags: map[string]string{"team": "red"}}
	if tc.identity != "" {
		b.Identity = identity(t, short(tc.identity))
	}
	if tc.boundary != "" {
		b.Boundary = identity(t, short(tc.boundary))
	}
	f.attached[tc.caller.ARN], f.attached[alice.ARN], f.attached[opsRole] = b, b, b
	call.Caller = tc.caller
	if s := tc.caller.Session; s != nil {
		c := *s
		c.Policies = nil
		for _, p := range s.Policies {
			c.Policies = append(c.Policies, short(p))
		}
		call.Caller.Session = &c
	}
	call.Account = tc.caller.Account
	who, err := f.subject(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	reason, err := f.decide(who, &tc.check)
	if err != nil {
		t.Fatal(err)
	}
	return reason
}

func TestTagsAreReadWhenAPolicyAsks(t *testing.T) {
	const asks = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/stage":"prod","s3:ResourceTag/stage":"prod"}}}}`
	broken := errors.New("the store is closed")
	for _, tc := range []struct {
		name, policy string
		tags         map[string]string
		fails        error
		reason       string
		reads        int
	}{
		{"a policy without conditions does not ask", "+s3:*", nil, broken, "", 0},
		{"two questions read once", asks, map[string]string{"stage": "prod"}, nil, "", 1},
		{"another value does not allow", asks, map[string]string{"stage": "test"}, nil, noIdentity, 1},
		{"tags that cannot be read end the call", asks, nil, broken, "-", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := open(t)
			f.prefixes["s3"] = true
			f.attached[alice.ARN] = Bindings{Identity: identity(t, short(tc.policy))}
			who, err := f.subject(t.Context(), &api.Call{Caller: alice, Account: account})
			if err != nil {
				t.Fatal(err)
			}
			reads := 0
			check := get(account, "")
			check.LazyTags = func() (map[string]string, error) {
				reads++
				return tc.tags, tc.fails
			}
			reason, err := f.decide(who, &check)
			if wantErr := tc.reason == "-"; wantErr != (err != nil) || !wantErr && reason != tc.reason {
				t.Errorf("want %q, got %q, %v", tc.reason, reason, err)
			}
			if reads != tc.reads {
				t.Errorf("want the tags read %d times, got %d", tc.reads, reads)
			}
		})
	}
}

// TestConditionKeys shows what the gate knows of a call: each condition holds.
func TestConditionKeys(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	mfa := alice
	mfa.Session = &api.Session{Issued: now.Add(-time.Minute), MFA: true}
	tagged := ops()
	tagged.Session.Tags = map[string]string{"Team": "blue"}
	tagged.Session.SourceIdentity = "alice"
	direct := api.Call{SourceIP: "192.0.2.7", UserAgent: "cli", Region: "eu-west-1", Time: now, Secure: true}
	via := direct
	via.Via, via.SourceIP = []string{"a.amazonaws.com", "ssm.amazonaws.com"}, "ssm.amazonaws.com"
	source := direct
	source.SourceARN = "arn:aws:cloudtrail:eu-west-1:" + account + ":trail/t"
	tests := []struct {
		caller    api.Caller
		call      api.Call
		condition string
	}{
		{alice, direct, `"StringEquals":{"aws:PrincipalArn":"` + alice.ARN + `","aws:PrincipalAccount":"` + account + `","aws:PrincipalType":"User","aws:userid":"` + alice.UserID + `","aws:username":"alice","aws:RequestedRegion":"eu-west-1","aws:ResourceAccount":"` + other + `","aws:UserAgent":"cli"}`},
		{alice, direct, `"StringEquals":{"aws:PrincipalTag/Team":"red","aws:ResourceTag/stage":"prod","s3:ResourceTag/stage":"prod","aws:RequestTag/cost":"1","s3:prefix":"x"}`},
		{alice, direct, `"ForAllValues:StringEquals":{"aws:TagKeys":["cost","stage"]},"ForAnyValue:StringEquals":{"aws:TagKeys":"cost"}`},
		{alice, direct, `"Null":{"aws:RequestTag/none":"true","aws:ResourceTag/none":"true","aws:PrincipalTag/none":"true","s3:delimiter":"true","s3:RequestObjectTag/none":"true","aws:SourceVpce":"true","aws:CalledVia":"true","aws:MultiFactorAuthPresent":"true","aws:TokenIssueTime":"true","aws:SourceArn":"true","cloudtrail:Anything":"true"}`},
		{alice, direct, `"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},"Bool":{"aws:SecureTransport":"true","aws:ViaAWSService":"false","aws:PrincipalIsAWSService":"false"}`},
		{alice, direct, `"DateEquals":{"aws:CurrentTime":"2026-11-22T09:30:00Z"},"NumericEquals":{"aws:EpochTime":"1795339800"}`},
		{alice, via, `"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"},"Bool":{"aws:ViaAWSService":"true","aws:SecureTransport":"true"}`},
		{alice, via, `"StringEquals":{"aws:CalledViaFirst":"a.amazonaws.com","aws:CalledViaLast":"ssm.amazonaws.com"},"ForAnyValue:StringEquals":{"aws:CalledVia":"ssm.amazonaws.com"}`},
		{mfa, direct, `"Bool":{"aws:MultiFactorAuthPresent":"true"},"NumericEquals":{"aws:MultiFactorAuthAge":"60"},"DateEquals":{"aws:TokenIssueTime":"2026-11-22T09:29:00Z"}`},
		{tagged, direct, `"StringEquals":{"aws:PrincipalTag/team":"blue","aws:PrincipalArn":"` + opsRole + `","aws:PrincipalType":"AssumedRole","aws:SourceIdentity":"alice"},"Null":{"aws:username":"true"},"Bool":{"aws:MultiFactorAuthPresent":"false"}`},
		{deliver, source, `"ArnLike":{"aws:SourceArn":"arn:aws:cloudtrail:*:` + account + `:trail/*"},"StringEquals":{"aws:SourceAccount":"` + account + `"},"Bool":{"aws:PrincipalIsAWSService":"true"}`},
		{rooty, direct, `"StringEquals":{"aws:PrincipalType":"Account","aws:userid":"` + account + `"}`},
		{nobody, direct, `"StringEquals":{"aws:PrincipalType":"Anonymous"},"Null":{"aws:PrincipalArn":"true"}`},
	}
	for _, tc := range tests {
		t.Run(tc.condition, func(t *testing.T) {
			f := open(t)
			f.prefixes["s3"], f.prefixes["cloudtrail"] = true, true
			check := api.Check{
				Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Owner: other,
				Policy: `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Principal":"*","Condition":{` + tc.condition + `}}}`,
				Tags:   map[string]string{"stage": "prod"}, Keys: map[string]string{"aws:RequestTag/cost": "1", "s3:prefix": "x"},
				Sets: map[string][]string{"aws:TagKeys": {"cost"}, "s3:delimiter": nil, "s3:RequestObjectTag/": nil},
			}
			if got := f.reason(t, decision{caller: tc.caller, check: check}, &tc.call); got != "with an explicit deny in a resource-based policy" {
				t.Errorf("want the condition to hold, got %q", got)
			}
		})
	}
}

func TestAKeyThatNobodyKnowsDenies(t *testing.T) {
	for key, want := range map[string]string{
		"s3:unheard-of":  "(this plane cannot evaluate it: the condition key s3:unheard-of)",
		"aws:unheard-of": "(this plane cannot evaluate it: the condition key aws:unheard-of)",
		"mars:x":         "(this plane cannot evaluate it: the condition key mars:x)",
	} {
		f := open(t)
		got := f.reason(t, decision{
			caller:   alice,
			identity: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"` + key + `":"x"}}}]}`,
			check:    get(account, ""),
		}, &api.Call{})
		if !strings.HasSuffix(got, want) {
			t.Errorf("%s: want %q, got %q", key, want, got)
		}
	}
}

// TestACallIsForwardedInItsCallersName follows a call that an operation makes
// for its caller.
func TestACallIsForwardedInItsCallersName(t *testing.T) {
	f := open(t)
	outer := &api.Call{Caller: administrator, Account: account, Region: "eu-west-1", SourceIP: "192.0.2.1", RequestID: "outer"}
	ctx := api.WithCall(context.WithValue(t.Context(), detachedKey{}, t.Context()), outer)
	_, err := f.Via("ssm.amazonaws.com").Do(ctx, "sts", "GetCallerIdentity", &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	e := f.trail.later[0]
	if e.Caller.ARN != administrator.ARN || e.InvokedBy != "ssm.amazonaws.com" || e.Region != "eu-west-1" || e.RequestID == "outer" {
		t.Errorf("want the caller's call by way of the service, got %+v", e)
	}
	if len(outer.Via) != 0 || outer.Service != "" {
		t.Errorf("the call itself changed: %+v", outer)
	}
}

// controls are the levels above accounts, of a test.
type controls map[string]Levels

func (c controls) Above(_ context.Context, account string) (Levels, error) { return c[account], nil }

// TestControlsOfTheOrganization puts SCPs above the caller's account and RCPs
// above the owner's.
func TestControlsOfTheOrganization(t *testing.T) {
	all := identity(t, short("+*:*"))
	scp := func(words string) *policy.Set { return identity(t, short(words)) }
	rcp := func(text string) *policy.Set {
		d, err := policy.ParseRCP(text)
		if err != nil {
			t.Fatal(err)
		}
		return policy.NewLevel("r-1", policy.Policy{Document: d})
	}
	strangers := rcp(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"` + account + `"}}}}`)
	linked := ops()
	linked.Session.IssuerARN = "arn:aws:iam::" + account + ":role/aws-service-role/x.amazonaws.com/R"
	own := Levels{SCPs: []*policy.Set{all, scp("+s3:*,-s3:PutObject")}}
	far := Levels{RCPs: []*policy.Set{strangers}}
	put := api.Check{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k"}
	for _, tc := range []struct {
		decision
		above controls
	}{
		{decision{"what all levels allow", alice, "+s3:*", "", get(account, ""), ""}, controls{account: own}},
		{decision{"what one level denies", alice, "+s3:*", "", put, "with an explicit deny in a service control policy"}, controls{account: own}},
		{decision{"what one level does not allow", alice, "+kms:*", "", api.Check{Action: "kms:Decrypt", Resource: "*"}, "because no service control policy allows the kms:Decrypt action"}, controls{account: own}},
		{decision{"root is held", rooty, "", "", put, "with an explicit deny in a service control policy"}, controls{account: own}},
		{decision{"the management account is not", rooty, "", "", put, ""}, controls{account: Levels{SCPs: own.SCPs, Manages: true}}},
		{decision{"a service is not", deliver, "", "", get(account, "+s3:* cloudtrail.amazonaws.com"), ""}, controls{account: own}},
		{decision{"a session is held", ops(), "+s3:*", "", put, "with an explicit deny in a service control policy"}, controls{account: own}},
		{decision{"that of a service-linked role is not", linked, "+s3:*", "", put, "because no identity-based policy allows the s3:PutObject action"}, controls{account: own}},
		{decision{"an RCP keeps strangers from a public bucket", alice, "+s3:*", "", get(other, "+s3:* *"), ""}, controls{other: far}},
		{decision{"an RCP keeps nobody from a public bucket", nobody, "", "", get(other, "+s3:* *"), "with an explicit deny in a resource control policy"}, controls{other: far}},
		{decision{"but not those of the management account", nobody, "", "", get(other, "+s3:* *"), ""}, controls{other: Levels{RCPs: far.RCPs, Manages: true}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := open(t)
			f.controls = tc.above
			if got := f.reason(t, tc.decision, &api.Call{}); got != tc.want {
				t.Errorf("want %q\n got %q", tc.want, got)
			}
		})
	}
}
