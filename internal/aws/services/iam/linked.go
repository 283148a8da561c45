package iam

import (
	"slices"

	"tamachi/internal/store"
)

// linkedService is a service that has a role of its own in an account.
// Source: the service-linked role page of each service's user guide.
type linkedService struct {
	host, suffix string
	policy       string // the AWS managed policy that the role has
}

var linkedServices = []linkedService{
	{"cloudtrail.amazonaws.com", "CloudTrail", "CloudTrailServiceRolePolicy"},
	{"organizations.amazonaws.com", "Organizations", "AWSOrganizationsServiceTrustPolicy"},
	{"ssm.amazonaws.com", "AmazonSSM", "AmazonSSMServiceRolePolicy"},
}

func linkedTo(host string) (linkedService, bool) {
	i := slices.IndexFunc(linkedServices, func(l linkedService) bool { return l.host == host })
	if i < 0 {
		return linkedService{}, false
	}
	return linkedServices[i], true
}

func (l linkedService) roleName() string { return "AWSServiceRoleFor" + l.suffix }

func (l linkedService) path() string { return "/aws-service-role/" + l.host + "/" }

func (l linkedService) policyARN() string {
	return entityARN(awsAccount, "policy", "/aws-service-role/", l.policy)
}

func (l linkedService) trust() string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + l.host + `"},"Action":"sts:AssumeRole"}]}`
}

// linkedARN is the ARN that the role of a service would have.
func linkedARN(account, host string) string {
	l, _ := linkedTo(host)
	l.host = host
	return entityARN(account, "role", l.path(), l.roleName())
}

// deletion is a task that deletes a service-linked role. Nothing on this plane
// keeps such a role from being deleted, so it is done when it is asked for.
type deletion struct {
	ID   string // task/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM/<uuid>
	Role string // ARN
}

var deletions = store.Table[deletion]{
	Name:  "iam.deletions",
	Reach: store.Account,
	Key:   func(d *deletion) string { return d.ID },
}
