package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"golang.org/x/sync/errgroup"
)

// manyRoles makes a plane with thousands of roles, each with two policies, starts
// it again, and asks it to decide a first call of one of them.
func manyRoles(ctx context.Context, s settings) (figures []figure, err error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	accounts, err := makeAccounts(ctx, p.config, (s.roles+full-1)/full)
	if err != nil {
		return nil, fmt.Errorf("make the accounts: %w", err)
	}
	if err := p.makeRoles(ctx, s, accounts); err != nil {
		return nil, fmt.Errorf("make the roles: %w", err)
	}
	var ready, first []time.Duration
	for n := range 5 {
		if err := p.stop(); err != nil {
			return nil, err
		}
		start := time.Now()
		if err := p.launch(ctx); err != nil {
			return nil, err
		}
		ready = append(ready, time.Since(start))
		if err := p.connect(ctx); err != nil {
			return nil, err
		}
		start = time.Now()
		if err := p.callAs(ctx, roleOf(accounts, n)); err != nil {
			return nil, err
		}
		first = append(first, time.Since(start))
	}
	about := fmt.Sprintf("%d roles with two policies each, in %d accounts", s.roles, len(accounts))
	return []figure{
		millis("start to ready over many roles", "2000 ms (500 ms)", ready, about),
		millis("AssumeRole and the first call of a role after a start", "", first, about+"; two calls, what they need is compiled in them"),
	}, nil
}

// full is how many roles an account gets; AWS allows a thousand.
const full = 900

func roleOf(accounts []string, n int) string {
	return fmt.Sprintf("arn:aws:iam::%s:role/bench%04d", accounts[n/full], n)
}

// makeAccounts makes accounts of an organization.
func makeAccounts(ctx context.Context, cfg aws.Config, count int) (accounts []string, err error) {
	c := organizations.NewFromConfig(cfg)
	if _, err := c.CreateOrganization(ctx, &organizations.CreateOrganizationInput{}); err != nil {
		return nil, err
	}
	for n := range count {
		made, err := c.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: aws.String("bench"), Email: aws.String(fmt.Sprintf("bench%d@example.com", n))})
		if err != nil {
			return nil, err
		}
		err = within(ctx, time.Minute, 50*time.Millisecond, func() (bool, error) {
			out, err := c.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: made.CreateAccountStatus.Id})
			if err != nil || out.CreateAccountStatus.State == types.CreateAccountStateInProgress {
				return false, err
			}
			accounts = append(accounts, aws.ToString(out.CreateAccountStatus.AccountId))
			return true, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return accounts, nil
}

// makeRoles makes the roles by calls, many at a time.
func (p *plane) makeRoles(ctx context.Context, s settings, accounts []string) error {
	me, err := sts.NewFromConfig(p.config).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return err
	}
	inside := make([]*iam.Client, len(accounts))
	for i, account := range accounts {
		cfg, err := enter(ctx, p.config, "arn:aws:iam::"+account+":role/OrganizationAccountAccessRole")
		if err != nil {
			return err
		}
		inside[i] = iam.NewFromConfig(cfg)
	}
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + *me.Account + `:root"},"Action":"sts:AssumeRole"}]}`
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(32)
	for n := range s.roles {
		g.Go(func() error {
			c, name := inside[n/full], aws.String(fmt.Sprintf("bench%04d", n))
			if _, err := c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: &trust}); err != nil {
				return err
			}
			for _, policy := range []string{"read", "write"} {
				text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[
{"Sid":"Team","Effect":"Allow","Action":["ssm:GetParameter","ssm:GetParameters","ssm:GetParametersByPath","ssm:DescribeParameters","ssm:PutParameter"],"Resource":"*"},
{"Sid":"Objects","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:ListBucket"],"Resource":["arn:aws:s3:::%[1]s-%[2]d","arn:aws:s3:::%[1]s-%[2]d/*"],"Condition":{"StringEquals":{"aws:PrincipalTag/team":"t%[2]d"}}},
{"Sid":"Elsewhere","Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["ap-northeast-1","us-east-1"]}}}]}`, policy, n)
				if _, err := c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String(policy), PolicyDocument: &text}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// enter goes into a role.
func enter(ctx context.Context, cfg aws.Config, role string) (aws.Config, error) {
	in, err := sts.NewFromConfig(cfg).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("bench")})
	if err != nil {
		return aws.Config{}, err
	}
	cfg = cfg.Copy()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*in.Credentials.AccessKeyId, *in.Credentials.SecretAccessKey, *in.Credentials.SessionToken)
	return cfg, nil
}

// callAs goes into a role and makes a call that its policies allow.
func (p *plane) callAs(ctx context.Context, role string) error {
	cfg, err := enter(ctx, p.config, role)
	if err != nil {
		return err
	}
	_, err = ssm.NewFromConfig(cfg).DescribeParameters(ctx, &ssm.DescribeParametersInput{})
	return err
}
