package tamachi_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/policy"
)

// samples calls f with valid inputs of a row and what a caller must be allowed
// for each, until f is content or there were enough.
func samples(t *testing.T, p *apitest.Plane, r row, who api.Caller, f func(s sample) (content bool)) {
	t.Helper()
	tame := sampler{rnd: rand.New(rand.NewPCG(11, 12))}
	for range 40 {
		s := sample{t: t, plane: p, row: r, who: who, in: tame.input(t, r.model, r.In)}
		if s.ask() && f(s) {
			return
		}
	}
}

// sample is a call that a row could get.
type sample struct {
	t      *testing.T
	plane  *apitest.Plane
	row    row
	who    api.Caller
	in     any
	checks []api.Check
	may    []bool // of each check, whether the caller passes it
}

// ask finds the checks and how the gate decides them; false for an input that
// is refused before.
func (s *sample) ask() bool {
	s.t.Helper()
	ctx, checks := checksBy(s.t, s.plane, s.row, s.who, s.in)
	if len(checks) == 0 {
		return false
	}
	may, err := s.plane.Gate().Allowed(ctx, checks)
	if err != nil {
		s.t.Errorf("%s: %v", s.row, err)
		return false
	}
	s.checks, s.may = checks, may
	return true
}

// owner is the account whose resource a check is about.
func (s *sample) owner(c *api.Check) string {
	if c.Owner != "" {
		return c.Owner
	}
	if a, err := arn.Parse(c.Resource); err == nil && len(a.Account) == 12 && strings.Trim(a.Account, "0123456789") == "" {
		return a.Account
	}
	return s.who.Account
}

// abroad are the checks that are about what another account owns.
func (s *sample) abroad() (at []int) {
	for i := range s.checks {
		if s.owner(&s.checks[i]) != s.who.Account {
			at = append(at, i)
		}
	}
	return at
}

// covered tells whether one of the checks is about a service that RCPs hold.
func (s *sample) covered() bool {
	return slices.ContainsFunc(s.checks, func(c api.Check) bool {
		service, _, _ := strings.Cut(c.Action, ":")
		return policy.CoveredByRCPs(strings.ToLower(service)) && c.Action != "kms:RetireGrant"
	})
}

// TestResourceControlPoliciesHoldTheirServices puts a policy on the root of an
// organization that denies every action of every room. It refuses the rows of
// the services that AWS lists, in AWS's words, to the administrator and to the
// root of a member account; every other row stays open, and all are open to the
// management account.
func TestResourceControlPoliciesHoldTheirServices(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	rows := rowsOf(t, p)
	found(t, p)
	m := join(t, p, "guarded")
	callers := []api.Caller{
		m.user("administrator", administratorAccess, "", ""),
		{Type: api.Root, Account: m.account, ARN: "arn:aws:iam::" + m.account + ":root", UserID: m.account},
	}
	denyByRCP(t, p, rows)
	var held sync.Map // services of which a row was refused
	everyRow(rows, func(r row) {
		for _, who := range callers {
			samples(t, p, r, who, func(s sample) bool {
				if len(s.abroad()) > 0 {
					return false
				}
				if !s.covered() {
					if slices.Contains(s.may, false) {
						t.Errorf("%s, by %s: RCPs do not hold this service, yet of %+v the answers are %v", r, who.Type, s.checks, s.may)
					}
					return true
				}
				err := call(t, p, r, who, s.in)
				if !says(err, []string{"with an explicit deny in a resource control policy"}) {
					t.Errorf("%s, by %s: want a denial by the resource control policy, got %v", r, who.Type, err)
				}
				held.Store(r.service.Name, true)
				return true
			})
		}
		samples(t, p, r, p.Administrator(), func(s sample) bool {
			if len(s.abroad()) > 0 {
				return false
			}
			if slices.Contains(s.may, false) {
				t.Errorf("%s, in the management account: no RCP holds it, yet of %+v the answers are %v", r, s.checks, s.may)
			}
			return true
		})
	})
	for _, service := range []string{"events", "kms", "logs", "resource-groups", "s3", "sts", "workspaces"} {
		if _, was := held.Load(service); !was {
			t.Errorf("no row of %s was held", service)
		}
	}
}

// denyByRCP denies all that rows may ask, by a policy on the root.
func denyByRCP(t *testing.T, p *apitest.Plane, rows []row) {
	t.Helper()
	var services []string
	for _, r := range rows {
		services = append(services, `"`+r.service.SigningName+`:*"`)
	}
	slices.Sort(services)
	text := `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":[` + strings.Join(slices.Compact(services), ",") + `],"Resource":"*"}}`
	ctx, org := t.Context(), organizations.NewFromConfig(p.Config())
	roots, err := org.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil {
		t.Fatal(err)
	}
	root := roots.Roots[0].Id
	_, err = org.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: root, PolicyType: types.PolicyTypeResourceControlPolicy})
	if err != nil {
		t.Fatal(err)
	}
	made, err := org.CreatePolicy(ctx, &organizations.CreatePolicyInput{Name: aws.String("all"), Description: aws.String(""), Content: &text, Type: types.PolicyTypeResourceControlPolicy})
	if err == nil {
		_, err = org.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: made.Policy.PolicySummary.Id, TargetId: root})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// strangers are the words of a denial between accounts, where nothing in the
// resource's account allows.
var strangers = []string{"because no resource-based policy allows", "because no role trust policy allows"}

// TestNoRowReachesIntoAnotherAccount calls every row, as an administrator, with
// inputs that name resources of another account wherever the form of an input
// lets them. What nothing there opens is refused in AWS's words; what a row does
// in the caller's own account is open.
func TestNoRowReachesIntoAnotherAccount(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	found(t, p)
	owner, who := join(t, p, "owner"), p.Administrator()
	names := owner.named()
	var reached sync.Map
	everyRow(rowsOf(t, p), func(r row) {
		tame, refused := sampler{rnd: rand.New(rand.NewPCG(11, 12))}, 0
		for i := range 4 * len(names) {
			tame.named = names[i%len(names)]
			s := sample{t: t, plane: p, row: r, who: who, in: tame.input(t, r.model, r.In)}
			if !s.ask() {
				continue
			}
			abroad := s.abroad()
			for i := range s.checks {
				if slices.Contains(abroad, i) == s.may[i] {
					t.Errorf("%s: allowed is %v of %+v, which is of account %s", r, s.may[i], s.checks[i], s.owner(&s.checks[i]))
					return
				}
			}
			if len(abroad) == 0 || refused == 3 {
				continue
			}
			if err := call(t, p, r, who, s.in); !says(err, strangers) && !slices.Contains(ownWords, r.String()) {
				t.Errorf("%s: want %q, got %v", r, strangers, err)
			}
			refused++
			reached.Store(r.String(), true)
		}
	})
	count := 0
	reached.Range(func(any, any) bool { count++; return true })
	if count < 150 {
		t.Errorf("want 150 rows at least that can be asked about what others own, found %d", count)
	}
}

// named makes resources of many kinds, whose names inputs may hold; their
// policies say nothing of other accounts.
func (m *member) named() []string {
	m.t.Helper()
	out, ctx := []string{}, m.t.Context()
	for _, o := range belongings(m.t, m) {
		out = append(out, o.name)
	}
	m.must(ssm.NewFromConfig(m.cfg).PutParameter(ctx, &ssm.PutParameterInput{Name: aws.String("/opened"), Value: aws.String("1"), Type: ssmtypes.ParameterTypeString}))
	m.must(cloudwatchlogs.NewFromConfig(m.cfg).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("opened")}))
	m.must(m.iam.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("opened"), PolicyDocument: aws.String(allowNothing)}))
	m.user("opened", "", "", "")
	for _, kind := range []string{"ssm:%s:parameter/opened", "logs:%s:log-group:opened", "logs:%s:log-group:opened:*", "cloudwatch:%s:alarm:opened", "cloudtrail:%s:trail/opened", "events:%s:rule/opened", "resource-groups:%s:group/opened", "ds:%s:directory/d-0123456789", "workspaces:%s:workspace/ws-012345678"} {
		out = append(out, "arn:aws:"+strings.Replace(kind, "%s", m.cfg.Region+":"+m.account, 1))
	}
	return append(out, "arn:aws:iam::"+m.account+":policy/opened", "arn:aws:iam::"+m.account+":user/opened")
}
