// Package arn holds Amazon Resource Names as a type of their own.
// Source: AWS General Reference, "Amazon Resource Names (ARNs)".
package arn

import (
	"fmt"
	"strings"
)

// ARN is a resource name: arn:Partition:Service:Region:Account:Resource.
// Region and Account are empty where the service has none.
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// New returns an ARN in the partition "aws".
func New(service, region, account, resource string) ARN {
	return ARN{Partition: "aws", Service: service, Region: region, Account: account, Resource: resource}
}

// String returns the ARN in its written form.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// Parse reads a written ARN. The resource keeps its colons.
func Parse(s string) (ARN, error) {
	parts := strings.SplitN(s, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[1] == "" || parts[2] == "" || parts[5] == "" {
		return ARN{}, fmt.Errorf("parse ARN %q: want arn:partition:service:region:account:resource", s)
	}
	return ARN{parts[1], parts[2], parts[3], parts[4], parts[5]}, nil
}

// Names tells whether a written ARN names a resource of a service whose part
// after the account begins with prefix, such as "key/".
func Names(s, service, prefix string) bool {
	a, err := Parse(s)
	return err == nil && a.Service == service && strings.HasPrefix(a.Resource, prefix)
}
