package iam

import (
	"strings"
	"testing"

	"tamachi/internal/aws/reference"
	"tamachi/internal/policy"
)

// The documents of AWS managed policies are good ones, and name actions that
// AWS has.
func TestAWSPolicies(t *testing.T) {
	all, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	for policyARN, m := range awsPolicies() {
		t.Run(m.Name, func(t *testing.T) {
			if err := checkIdentityPolicy(m.document); err != nil {
				t.Fatal(err)
			}
			if m.Description == "" || m.Created.IsZero() || !strings.HasPrefix(m.Path, "/") || !isPolicyARN(policyARN) {
				t.Errorf("incomplete: %+v", m)
			}
			d, err := policy.Parse(m.document)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range d.Statements {
				for _, action := range s.Actions {
					if !exists(all, action) {
						t.Errorf("AWS has no action %s", action)
					}
				}
			}
		})
	}
}

// exists tells whether a pattern fits an action of a service, when the
// reference knows the service.
func exists(all map[string]reference.Service, pattern string) bool {
	vendor, name, _ := strings.Cut(pattern, ":")
	service, known := all[vendor]
	if !known {
		return true
	}
	for action := range service.Actions {
		if policy.Match(strings.ToLower(name), strings.ToLower(action)) {
			return true
		}
	}
	return false
}

func TestAWSPoliciesAllowWhatTheySay(t *testing.T) {
	for name, tc := range map[string]struct {
		policy, action string
		want           policy.Outcome
	}{
		"an administrator may do everything":       {"AdministratorAccess", "iam:DeleteRole", policy.Allow},
		"a reader reads parameters":                {"ReadOnlyAccess", "ssm:GetParameter", policy.Allow},
		"a reader changes nothing":                 {"ReadOnlyAccess", "ssm:PutParameter", policy.ImplicitDeny},
		"a reader does not decrypt":                {"ReadOnlyAccess", "kms:Decrypt", policy.ImplicitDeny},
		"a viewer does not read parameters":        {"job-function/ViewOnlyAccess", "ssm:GetParameter", policy.ImplicitDeny},
		"a power user makes desktops":              {"PowerUserAccess", "workspaces:CreateWorkspaces", policy.Allow},
		"a power user makes no users":              {"PowerUserAccess", "iam:CreateUser", policy.ImplicitDeny},
		"an auditor reads trails":                  {"SecurityAudit", "cloudtrail:GetTrailStatus", policy.Allow},
		"an auditor reads no objects":              {"SecurityAudit", "s3:GetObject", policy.ImplicitDeny},
		"a node opens its channel":                 {"AmazonSSMManagedInstanceCore", "ssmmessages:OpenControlChannel", policy.Allow},
		"a node sends no commands":                 {"AmazonSSMManagedInstanceCore", "ssm:SendCommand", policy.ImplicitDeny},
		"an administrator of desktops makes them":  {"AmazonWorkSpacesAdmin", "workspaces:CreateWorkspaces", policy.Allow},
		"a user of a desktop cannot terminate one": {"AmazonWorkSpacesSelfServiceAccess", "workspaces:TerminateWorkspaces", policy.ImplicitDeny},
	} {
		t.Run(name, func(t *testing.T) {
			m := awsPolicies()["arn:aws:iam::aws:policy/"+tc.policy]
			if m == nil {
				t.Fatal("there is no such policy")
			}
			d, err := policy.Parse(m.document)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Evaluate(tc.action, "*"); got != tc.want {
				t.Errorf("%s: want %v, got %v", tc.action, tc.want, got)
			}
		})
	}
}
