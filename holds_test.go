package tamachi_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
)

const (
	administratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess"
	denyAll             = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`
	allowNothing        = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"nothing:Nothing","Resource":"*"}}`
)

// member is an account of an organization, with a client of its own.
type member struct {
	t       *testing.T
	account string
	cfg     aws.Config
	iam     *iam.Client
}

// found makes the plane's organization.
func found(t *testing.T, p *apitest.Plane) {
	t.Helper()
	if _, err := organizations.NewFromConfig(p.Config()).CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
}

// join makes an account of the plane's organization.
func join(t *testing.T, p *apitest.Plane, name string) *member {
	t.Helper()
	m := &member{t: t, account: p.Account(name, name+"@example.com")}
	in, err := sts.NewFromConfig(p.Config()).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + m.account + ":role/OrganizationAccountAccessRole"), RoleSessionName: aws.String("guard"),
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg := p.Config()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*in.Credentials.AccessKeyId, *in.Credentials.SecretAccessKey, *in.Credentials.SessionToken)
	m.cfg, m.iam = cfg, iam.NewFromConfig(cfg)
	return m
}

// user makes a user; inline is a further policy of an administrator, boundary
// limits one.
func (m *member) user(name, managed, inline, boundary string) api.Caller {
	m.t.Helper()
	ctx := m.t.Context()
	out, err := m.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: &name})
	if err == nil && managed != "" {
		_, err = m.iam.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: &name, PolicyArn: &managed})
	}
	if err == nil && inline != "" {
		_, err = m.iam.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String("own"), PolicyDocument: &inline})
	}
	if err == nil && boundary != "" {
		var p *iam.CreatePolicyOutput
		if p, err = m.iam.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: &boundary}); err == nil {
			_, err = m.iam.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: &name, PermissionsBoundary: p.Policy.Arn})
		}
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return api.Caller{Type: api.IAMUser, Account: m.account, ARN: *out.User.Arn, UserID: *out.User.UserId, Name: name}
}

// under puts an SCP on the account, besides FullAWSAccess or in its place.
func (m *member) under(p *apitest.Plane, content string, alone bool) {
	m.t.Helper()
	ctx, org := m.t.Context(), organizations.NewFromConfig(p.Config())
	made, err := org.CreatePolicy(ctx, &organizations.CreatePolicyInput{Name: &m.account, Description: aws.String(""), Content: &content, Type: types.PolicyTypeServiceControlPolicy})
	if err == nil {
		_, err = org.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: made.Policy.PolicySummary.Id, TargetId: &m.account})
	}
	if err == nil && alone {
		_, err = org.DetachPolicy(ctx, &organizations.DetachPolicyInput{PolicyId: aws.String("p-FullAWSAccess"), TargetId: &m.account})
	}
	if err != nil {
		m.t.Fatal(err)
	}
}

// held are callers that each one type of policy keeps from everything, with the
// words of the denial. Several are right where the policy of the resource must
// allow as well: it is named first.
func held(t *testing.T, p *apitest.Plane) map[string]struct {
	who  api.Caller
	want []string
} {
	t.Helper()
	found(t, p)
	ctx, org := t.Context(), organizations.NewFromConfig(p.Config())
	roots, err := org.ListRoots(ctx, &organizations.ListRootsInput{})
	if err == nil && len(roots.Roots[0].PolicyTypes) == 0 {
		_, err = org.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: roots.Roots[0].Id, PolicyType: types.PolicyTypeServiceControlPolicy})
	}
	if err != nil {
		t.Fatal(err)
	}
	free, denied, narrow := join(t, p, "free"), join(t, p, "denied"), join(t, p, "narrow")
	session := free.user("session", administratorAccess, "", "")
	session.Type, session.Session = api.FederatedUser, &api.Session{IssuerType: api.IAMUser, IssuerARN: session.ARN, IssuerID: session.UserID, Policies: []string{denyAll}}
	session.ARN, session.UserID = "arn:aws:sts::"+free.account+":federated-user/x", free.account+":x"
	out := map[string]struct {
		who  api.Caller
		want []string
	}{
		"nothing attached":              {free.user("nothing", "", "", ""), []string{"because no identity-based policy allows", "because no resource-based policy allows", "because no role trust policy allows"}},
		"an identity policy denies":     {free.user("identity", administratorAccess, denyAll, ""), []string{"with an explicit deny in an identity-based policy"}},
		"a boundary denies":             {free.user("boundary", administratorAccess, "", denyAll), []string{"with an explicit deny in a permissions boundary"}},
		"a boundary does not allow":     {free.user("narrow", administratorAccess, "", allowNothing), []string{"because no permissions boundary allows", "because no resource-based policy allows", "because no role trust policy allows"}},
		"a session policy denies":       {session, []string{"with an explicit deny in a session policy"}},
		"a control policy denies":       {denied.user("scp", administratorAccess, "", ""), []string{"with an explicit deny in a service control policy"}},
		"a control policy denies root":  {api.Caller{Type: api.Root, Account: denied.account, ARN: "arn:aws:iam::" + denied.account + ":root", UserID: denied.account}, []string{"with an explicit deny in a service control policy"}},
		"no control policy allows":      {narrow.user("scp", administratorAccess, "", ""), []string{"because no service control policy allows"}},
		"no control policy allows root": {api.Caller{Type: api.Root, Account: narrow.account, ARN: "arn:aws:iam::" + narrow.account + ":root", UserID: narrow.account}, []string{"because no service control policy allows"}},
	}
	denied.under(p, denyAll, false)
	narrow.under(p, allowNothing, true)
	return out
}

// ownWords are rows that refuse some callers before policies are asked: for a
// second factor that is wrong, for being root, for a session of the wrong kind.
var ownWords = []string{"sts AssumeRole", "sts GetFederationToken", "sts GetSessionToken"}

// sessionless tells whether no session of the caller's kind may call the row,
// whatever policies say.
func sessionless(r row, who api.Caller) bool {
	return r.service.Name == "iam" && who.Type == api.FederatedUser && who.Session != nil
}

// TestEveryTypeOfPolicyHoldsEveryRow refuses every row to a caller whom one
// policy of one type keeps from it, in AWS's words for that type.
func TestEveryTypeOfPolicyHoldsEveryRow(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	callers := held(t, p)
	everyRow(rowsOf(t, p), func(r row) {
		if r.Checks == nil {
			return
		}
		for name, c := range callers {
			err := firstPastValidation(t, p, r, c.who)
			if sessionless(r, c.who) {
				c.want = []string{"The security token included in the request is invalid"}
			}
			if !says(err, c.want) && !slices.Contains(ownWords, r.String()) {
				t.Errorf("%s, %s: want %q\n got %v", r, name, c.want, err)
			}
		}
	})
}

// everyRow calls f for every row, many at a time: denials are durable, and share a
// commit so.
func everyRow(rows []row, f func(row)) {
	queue := make(chan row)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for r := range queue {
				f(r)
			}
		})
	}
	for _, r := range rows {
		queue <- r
	}
	close(queue)
	all.Wait()
}

func says(err error, words []string) bool {
	for _, w := range words {
		if err != nil && strings.Contains(err.Error(), w) {
			return true
		}
	}
	return false
}
