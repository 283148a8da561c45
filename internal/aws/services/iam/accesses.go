package iam

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tamachi/internal/aws/reference"
	"tamachi/internal/policy"
)

// trackedFor is how far back last uses are told (IAM User Guide, "Refine
// permissions in AWS using last accessed information", tracking period).
const trackedFor = 400 * 24 * time.Hour

// Attempt is a call that a user or role made in its account, whatever came of
// it: "The service last accessed data includes all attempts to access an AWS API,
// not just the successful ones" (IAM API Reference,
// GenerateServiceLastAccessedDetails).
type Attempt struct {
	Account, Region string
	Principal       string // unique id
	Source          string // ssm.amazonaws.com
	Event           string // PutParameter
	At              time.Time
}

// accesses knows the last uses of every service by every user and role. It is
// filled from the trail when a report is first asked for, and reads what has
// come since for each further one.
type accesses struct {
	mu    sync.Mutex
	place int64                               // guarded by mu; how far the trail is read
	last  map[entityOf]map[string]*serviceUse // guarded by mu; by service
}

type entityOf struct{ account, id string }

// serviceUse is the last use of a service, and of its actions.
type serviceUse struct {
	recent
	actions map[string]recent
}

type recent struct {
	at     time.Time
	region string
}

func (u recent) later(other recent) recent {
	if other.at.After(u.at) {
		return other
	}
	return u
}

// catchUp reads the trail to its end.
func (a *accesses) catchUp(ctx context.Context, trail Trail) error {
	if trail == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for {
		list, last, err := trail.Attempts(ctx, a.place)
		if err != nil {
			return err
		}
		for i := range list {
			a.add(&list[i])
		}
		if last == a.place {
			return nil
		}
		a.place = last
	}
}

func (a *accesses) add(t *Attempt) {
	who := entityOf{t.Account, t.Principal}
	if a.last == nil {
		a.last = map[entityOf]map[string]*serviceUse{}
	}
	services := a.last[who]
	if services == nil {
		services = map[string]*serviceUse{}
		a.last[who] = services
	}
	name := namespaceOf(t.Source)
	u := services[name]
	if u == nil {
		u = &serviceUse{actions: map[string]recent{}}
		services[strings.Clone(name)] = u
	}
	use := recent{t.At.UTC().Truncate(time.Second), t.Region}
	u.recent = u.later(use)
	u.actions[t.Event] = u.actions[t.Event].later(use)
}

// of tells the last uses of a service by an entity since a time.
func (a *accesses) of(who entityOf, namespace string, since time.Time) serviceUse {
	a.mu.Lock()
	defer a.mu.Unlock()
	u := a.last[who][namespace]
	if u == nil || u.at.Before(since) {
		return serviceUse{}
	}
	return serviceUse{recent: u.recent, actions: maps.Clone(u.actions)}
}

// sources are the services whose events come from another name than that of
// their actions.
var sources = map[string]string{"monitoring": "cloudwatch", "tagging": "tag"}

// namespaceOf is the prefix of a service's actions, from the source of its
// events.
func namespaceOf(source string) string {
	name, _, _ := strings.Cut(source, ".")
	if other := sources[name]; other != "" {
		return other
	}
	return name
}

// serviceNames are what AWS calls the services of the plane (Service
// Authorization Reference, the titles of its pages).
var serviceNames = map[string]string{
	"access-analyzer": "AWS IAM Access Analyzer",
	"cloudtrail":      "AWS CloudTrail", "cloudwatch": "Amazon CloudWatch", "ds": "AWS Directory Service", "ds-data": "AWS Directory Service Data",
	"ec2": "Amazon EC2", "ec2messages": "Amazon Message Delivery Service", "events": "Amazon EventBridge",
	"iam": "AWS Identity and Access Management (IAM)", "kms": "AWS Key Management Service", "logs": "Amazon CloudWatch Logs",
	"organizations": "AWS Organizations", "resource-groups": "AWS Resource Groups", "s3": "Amazon S3", "sns": "Amazon SNS",
	"ssm": "AWS Systems Manager", "ssmmessages": "Amazon Session Manager Message Gateway Service", "sts": "AWS Security Token Service",
	"tag": "Amazon Resource Group Tagging API", "workspaces": "Amazon WorkSpaces",
}

// serviceActions is a service with its actions, whole: ssm:PutParameter.
type serviceActions struct {
	namespace string
	actions   []string
}

// grantable are the services of the plane by namespace.
func grantable() ([]serviceActions, error) {
	all, err := reference.Load()
	if err != nil {
		return nil, err
	}
	out := make([]serviceActions, 0, len(all))
	for name, service := range all {
		s := serviceActions{namespace: name}
		for action := range service.Actions {
			s.actions = append(s.actions, action)
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b serviceActions) int { return strings.Compare(a.namespace, b.namespace) })
	return out, nil
}

// granted are the service's actions that policies could allow.
func (s *serviceActions) granted(held *policy.Set) []string {
	var out []string
	for _, action := range s.actions {
		if held.Grants(s.namespace + ":" + action) {
			out = append(out, action)
		}
	}
	return out
}
