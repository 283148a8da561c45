package duties

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/linetest"
)

// statements is a policy as --policy prints it.
type statements struct {
	Version   string
	Statement []account.Statement
}

// printed is the policy that a duty prints.
func printed(t *testing.T, args []string) (p statements) {
	t.Helper()
	s := desk{home: t.TempDir(), now: clock.Real{}}.run(t.Context(), args...)
	if err := json.Unmarshal([]byte(s.out), &p); err != nil || s.code != 0 {
		t.Fatalf("%v: %v, %s", args, err, s)
	}
	return p
}

// clerk is a user of the plane who has the policies of a test and nothing else.
type clerk struct {
	*fleet
	name, profile string
	line          *linetest.Line
}

func (f *fleet) clerk(p *profiles, name string) *clerk {
	f.t.Helper()
	return f.clerkOver(p, name, linetest.None)
}

// clerkOver is one whose line has a fault.
func (f *fleet) clerkOver(p *profiles, name string, fault linetest.Fault) *clerk {
	f.t.Helper()
	c := &clerk{fleet: f, name: name, profile: name, line: linetest.Between(f.t, *f.Config().BaseEndpoint, fault)}
	client := iam.NewFromConfig(f.Config())
	f.must(client.CreateUser(f.t.Context(), &iam.CreateUserInput{UserName: &name}))
	key, err := client.CreateAccessKey(f.t.Context(), &iam.CreateAccessKeyInput{UserName: &name})
	f.must(key, err)
	p.add(name, aws.Credentials{AccessKeyID: *key.AccessKey.AccessKeyId, SecretAccessKey: *key.AccessKey.SecretAccessKey}, f.Config().Region, c.line.URL)
	return c
}

// may gives the clerk one policy in the place of another.
func (c *clerk) may(name string, p statements) {
	c.t.Helper()
	b, err := json.Marshal(p)
	c.must(b, err)
	_, err = iam.NewFromConfig(c.Config()).PutUserPolicy(c.t.Context(), &iam.PutUserPolicyInput{UserName: &c.name, PolicyName: &name, PolicyDocument: aws.String(string(b))})
	c.must(nil, err)
}

// without is a policy without one action.
func (p statements) without(action string) statements {
	out := p
	out.Statement = slices.Clone(p.Statement)
	for i := range out.Statement {
		out.Statement[i].Action = slices.DeleteFunc(slices.Clone(p.Statement[i].Action), func(a string) bool { return a == action })
	}
	out.Statement = slices.DeleteFunc(out.Statement, func(s account.Statement) bool { return len(s.Action) == 0 })
	return out
}

// Each duty needs the policy that it prints, all of it and no more.
func readsWithTheirPolicies(t *testing.T, p *profiles) {
	f := open(t, 4)
	keys, err := f.Config().Credentials.Retrieve(t.Context())
	f.must(keys, err)
	p.add("all", keys, f.Config().Region, *f.Config().BaseEndpoint)
	for i, d := range reads {
		t.Run(d.name, func(t *testing.T) {
			args := d.args(f)
			run := func(profile string) said {
				s := terminal(t, f.at).run(t.Context(), append(slices.Clone(args), "--profile", profile)...)
				s.out = strings.ReplaceAll(drawn.ReplaceAllString(s.out, "..."), "in "+profile, "in")
				return s
			}
			good := run("all")
			c := f.clerk(p, fmt.Sprintf("clerk-%d", i))
			whole := printed(t, d.policy(args))
			c.may("duty", whole)
			if got := run(c.profile); got.code != good.code || len(c.line.Denied()) > 0 {
				t.Errorf("want nothing denied, got %v and %s", c.line.Denied(), got)
			}
			for _, s := range whole.Statement {
				for _, action := range s.Action {
					before := len(c.line.Denied())
					less := whole.without(action)
					if len(less.Statement) == 0 {
						continue // nothing is left that could be too much
					}
					c.may("duty", less)
					got := run(c.profile)
					if len(c.line.Denied()) == before && !slices.Contains(d.seldom, action) {
						t.Errorf("%s is in the policy, and nothing needs it", action)
					}
					if len(c.line.Denied()) > before && got.out+got.errs == good.out+good.errs {
						t.Errorf("without %s it says the same: %s", action, got)
					}
				}
			}
		})
	}
}

// Each change is made with the policies that its duty prints, and nothing else.
func changesWithTheirPolicies(t *testing.T, p *profiles) {
	f := open(t, 2+len(applies))
	for i, d := range applies {
		t.Run(d.name, func(t *testing.T) {
			subject := user(1 + i)
			f.ready(d.name, subject)
			f.moved()
			if d.name == "joiner" {
				subject = "takeda.hanako"
			}
			c := f.clerk(p, fmt.Sprintf("changer-%d", i))
			for k, args := range d.policy {
				c.may(fmt.Sprint(k), printed(t, args))
			}
			got := desk{home: t.TempDir(), now: clock.Real{}}.run(t.Context(), append(d.args(f, subject), "--profile", c.profile)...)
			if got.code != 0 || len(c.line.Denied()) > 0 {
				t.Errorf("want it done and nothing denied, got %v and %s", c.line.Denied(), got)
			}
		})
	}
}
