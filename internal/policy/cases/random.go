package cases

import (
	"strings"

	"tamachi/internal/policy"
)

// What cases are made of: few enough that they meet.
var (
	accounts  = []string{"111122223333", "444455556666"}
	actionsOf = []string{
		"s3:GetObject", "s3:PutObject", "kms:Decrypt", "kms:RetireGrant", "sts:AssumeRole", "ssm:SendCommand",
		"workspaces:StopWorkspaces", "ec2:StartInstances", "S3:getobject",
	}
	actionPatterns = []string{
		"*", "*", "s3:*", "S3:Get*", "s3:?etObject", "s3:PutObject", "kms:*", "kms:Decrypt", "sts:Assume*", "sts:AssumeRole", "ssm:*",
		"ssm:SendCommand", "workspaces:*", "workspaces:Stop*", "ec2:*", "*:*", "kms:retiregrant", "s3:Get*ct", "iam:*", "ec2:Start??stances",
	}
	resources = []string{
		"*", "arn:aws:s3:::b/home/ann/x", "arn:aws:s3:::b/home/bob/x:y", "arn:aws:kms:eu-west-1:111122223333:key/1234",
		"arn:aws:iam::111122223333:role/ops", "arn:aws:iam::444455556666:role/aws-service-role/x.amazonaws.com/R",
		"arn:aws:workspaces:eu-west-1:444455556666:workspace/ws-1", "arn:aws:ssm:eu-west-1:111122223333:parameter/a/b",
		"arn:aws:s3:::b/机", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
	}
	resourcePatterns = []string{
		"*", "*", "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/home/${aws:username}/*", "arn:aws:s3:::b/home/${aws:PrincipalTag/team, 'ann'}/*",
		"arn:aws:s3:::b/?", "arn:aws:s3:::b/home/*/x:y", "arn:aws:kms:*:111122223333:key/*", "arn:aws:kms:*:key/1234", "arn:aws:iam::*:role/*",
		"arn:aws:workspaces:eu-*-1:*:workspace/*", "arn:aws:workspaces:*", "arn:aws:ssm:eu-west-?:*:parameter/a*", "arn:aws:ec2:eu*1:*:instance/i-?",
		"arn:aws:s3:::b/home/ann/x", "arn:aws:*", "arn:aws:s3:::${*}", "arn:aws:s3:::b/home/${aws:TagKeys}/*", "arn:aws:ssm:e*t-1*:parameter/*",
		"arn:aws:s3:::b/home/${aws:none}/*", "arn:aws:s3:::b/home/${aws:unsure}/*", "arn:aws:ec2:*i-1",
	}
	effects = []string{"Allow", "Allow", "Allow", "Deny"}
)

// Case makes a case.
func (s Source) Case() *Case {
	c := &Case{Keys: s.keys()}
	c.Request = policy.Request{
		Action: one(s, actionsOf), Resource: one(s, resources), Owner: one(s, []string{"", accounts[0], accounts[0], accounts[1]}),
		Who: s.who(), Keys: c.Keys, Ruled: s.odds(4), Granted: s.odds(20), OwnerManages: s.odds(10), OfAWS: s.odds(20),
	}
	if c.trust() {
		c.Request.Resource = one(s, resources[4:6])
	}
	for range 1 + s.IntN(3) {
		c.add(s, policy.Identity, 0)
	}
	if s.odds(3) {
		c.add(s, policy.Boundary, 0)
	}
	if s.odds(3) {
		c.add(s, policy.Session, 0)
	}
	if !s.odds(3) {
		c.add(s, policy.ResourceBased, 0)
	}
	if s.odds(5) {
		c.add(s, policy.VPCEndpoint, 0)
	}
	if s.odds(3) {
		c.SCPs = 1 + s.IntN(3)
		for level := range c.SCPs {
			c.wide(policy.SCP, level)
			for range s.IntN(2) {
				c.add(s, policy.SCP, level)
			}
		}
	}
	if s.odds(3) {
		c.RCPs = 1 + s.IntN(2)
		c.add(s, policy.RCP, s.IntN(c.RCPs))
	}
	c.Limited = c.Request.Who.Kind == policy.FederatedUser
	return c
}

// wide adds a policy that allows everything, as each level has one by default.
func (c *Case) wide(t policy.Type, level int) {
	c.Docs = append(c.Docs, Doc{Type: t, Level: level, Version: "2012-10-17", Statements: []Statement{{Text: `{"Effect":"Allow","Action":"*","Resource":"*"}`}}})
}

// add gives the case a document of a type.
func (c *Case) add(s Source, t policy.Type, level int) {
	d := Doc{Type: t, Level: level, Version: one(s, []string{"2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", ""})}
	for range 1 + s.IntN(4) {
		d.Statements = append(d.Statements, c.statement(s, t))
	}
	c.Docs = append(c.Docs, d)
}

// statement makes a statement that a document of the type may hold.
func (c *Case) statement(s Source, t policy.Type) Statement {
	effect := one(s, effects)
	if t == policy.RCP {
		effect = "Deny"
	}
	members := []string{`"Effect":"` + effect + `"`}
	trust := t == policy.ResourceBased && c.trust()
	members = append(members, s.not(8, "Action")+list(s.some(3, actionPatterns)))
	if !trust {
		members = append(members, s.not(8, "Resource")+list(s.some(3, resourcePatterns)))
	}
	switch t {
	case policy.ResourceBased:
		members = append(members, s.principal(&c.Request.Who))
	case policy.RCP:
		members = append(members, `"Principal":"*"`)
	case policy.VPCEndpoint:
		if s.odds(4) {
			members = append(members, s.principal(&c.Request.Who))
		} else {
			members = append(members, `"Principal":"*"`)
		}
	}
	if !s.odds(3) {
		members = append(members, `"Condition":`+s.conditions())
	}
	return Statement{Deny: effect == "Deny", Text: `{` + strings.Join(members, ",") + `}`}
}

// not names an element, or once in n its opposite.
func (s Source) not(n int, element string) string {
	if s.odds(n) {
		element = "Not" + element
	}
	return `"` + element + `":`
}

// some picks one to most values.
func (s Source) some(most int, of []string) []string {
	out := make([]string, 1+s.IntN(most))
	for i := range out {
		out[i] = one(s, of)
	}
	return out
}
