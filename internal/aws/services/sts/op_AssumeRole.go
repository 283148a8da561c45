package sts

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

// AssumeRole makes a session of a role, of this account or another one that
// trusts the caller.
func (s *Service) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	call := api.CallFrom(ctx)
	account, role, err := s.role(ctx, *in.RoleArn)
	if errors.Is(err, ErrNotThere) { // deleted since it was checked
		return nil, notAuthorized(call, *in.RoleArn)
	}
	if err != nil {
		return nil, err
	}
	lasts, err := roleLasting(&call.Caller, role, in.DurationSeconds)
	if err != nil {
		return nil, err
	}
	p, err := s.pass(ctx, account, in.Policy, in.PolicyArns, in.Tags)
	if err != nil {
		return nil, err
	}
	tags, transitive, err := chain(&call.Caller, p.tags, in.TransitiveTagKeys)
	if err != nil {
		return nil, err
	}
	name, second := *in.RoleSessionName, factor{in.SerialNumber, in.TokenCode}
	who := api.Caller{
		Type: api.AssumedRole, Account: account, Name: name, UserID: role.ID + ":" + name,
		ARN: arn.New("sts", "", account, "assumed-role/"+role.Name+"/"+name).String(),
		Session: &api.Session{
			MFA: second.given(), IssuerType: api.Role, IssuerARN: role.ARN, IssuerID: role.ID, IssuerName: role.Name,
			Policies: p.texts, PolicyARNs: p.arns, Tags: tags, Transitive: transitive,
			SourceIdentity: aws.ToString(sourceIdentity(call, in)), Chained: chained(&call.Caller),
		},
	}
	c, err := s.grant(ctx, who, lasts, second.use(ctx, s.ports.MFA))
	if err != nil {
		return nil, err
	}
	return &sts.AssumeRoleOutput{
		Credentials: c, SourceIdentity: sourceIdentity(call, in),
		AssumedRoleUser: &types.AssumedRoleUser{Arn: aws.String(who.ARN), AssumedRoleId: aws.String(who.UserID)},
	}, nil
}

// role finds a role by its whole ARN; ErrNotThere if no role has it.
func (s *Service) role(ctx context.Context, roleARN string) (account string, r Role, err error) {
	a, err := arn.Parse(roleARN)
	path, isRole := strings.CutPrefix(a.Resource, "role/")
	if err != nil || a.Service != "iam" || !isRole || len(a.Account) != 12 {
		return "", r, invalid("%s is invalid", roleARN)
	}
	r, err = s.ports.Identities.Role(ctx, a.Account, path[strings.LastIndex(path, "/")+1:])
	if err == nil && r.ARN != roleARN { // another path, or another case
		err = ErrNotThere
	}
	return a.Account, r, err
}

// roleLasting is how long a session of a role lasts. Source: IAM User Guide,
// "Methods to assume a role", and its section on role chaining.
func roleLasting(c *api.Caller, r Role, seconds *int32) (time.Duration, error) {
	lasts := time.Hour
	if seconds != nil {
		lasts = time.Duration(*seconds) * time.Second
	}
	if chained(c) && lasts > time.Hour {
		return 0, invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
	}
	if lasts > r.MaxSession {
		return 0, invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return lasts, nil
}

func chained(c *api.Caller) bool { return c.Type == api.AssumedRole }

// sourceIdentity is that of the new session: a chain keeps the first.
func sourceIdentity(call *api.Call, in *sts.AssumeRoleInput) *string {
	if s := call.Caller.Session; s != nil && s.SourceIdentity != "" {
		return &s.SourceIdentity
	}
	return in.SourceIdentity
}

func notAuthorized(call *api.Call, roleARN string) error {
	return accessDenied("User: %s is not authorized to perform: sts:AssumeRole on resource: %s", call.Caller.ARN, roleARN)
}

func (s *Service) assumeRoleChecks(ctx context.Context, in *sts.AssumeRoleInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	switch call.Caller.Type {
	case api.Root:
		return nil, accessDenied("Roles may not be assumed by root accounts.")
	case api.FederatedUser: // may ask STS who it is and nothing else
		return nil, notAuthorized(call, *in.RoleArn)
	}
	second := factor{in.SerialNumber, in.TokenCode}
	if err := second.check(ctx, s.ports.MFA); err != nil {
		return nil, err
	}
	_, r, err := s.role(ctx, *in.RoleArn)
	if err != nil && !errors.Is(err, ErrNotThere) {
		return nil, err
	}
	c := newCheck("sts:AssumeRole", *in.RoleArn)
	c.Policy, c.Tags, c.Ruled = r.Trust, r.Tags, true
	give(&c, "sts:ExternalId", in.ExternalId)
	give(&c, "sts:SourceIdentity", sourceIdentity(call, in))
	c.Keys["sts:RoleSessionName"] = *in.RoleSessionName
	c.Sets["sts:TransitiveTagKeys"] = in.TransitiveTagKeys
	requestKeys(&c, in.Tags)
	if second.given() {
		c.Keys["aws:MultiFactorAuthPresent"], c.Keys["aws:MultiFactorAuthAge"] = "true", "0"
	}
	checks := []api.Check{c}
	if len(in.Tags) > 0 {
		c.Action = "sts:TagSession"
		checks = append(checks, c)
	}
	if id := sourceIdentity(call, in); id != nil {
		if in.SourceIdentity != nil && *in.SourceIdentity != *id {
			return nil, accessDenied("The source identity of a session cannot be changed: it is %s", *id)
		}
		c.Action = "sts:SetSourceIdentity"
		checks = append(checks, c)
	}
	return checks, nil
}
