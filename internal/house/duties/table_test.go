package duties

import (
	"slices"
	"strings"
	"time"
)

// duty is one row: how a duty is asked, and what it needs.
type duty struct {
	name string
	args func(f *fleet) []string
	// pages tells that it reads a list of several pages, which it must have whole.
	pages bool
	// seldom are actions of its policy that this fleet gives it no reason to call.
	seldom []string
	// stranger is what it must say of an AWS that is not ours.
	stranger string
}

// policy is how a duty is asked for the policy that it needs.
func (d duty) policy(args []string) []string {
	n := 1
	if slices.Contains([]string{"diagnose", "cost", "guard", "calendar", "image"}, args[0]) {
		n = 2
	}
	return append(slices.Clone(args[:n]), "--policy")
}

// probes tells of a duty that asks the desktop itself.
func (d duty) probes() bool {
	return slices.Contains([]string{"diagnose slow", "diagnose desktop", "diagnose share"}, d.name)
}

// words are the words of a duty that needs to know nothing of the fleet.
func words(w ...string) func(*fleet) []string { return func(*fleet) []string { return w } }

// ofOthers are those of organizations, and of policies that resources have.
var ofOthers = []string{
	"events:DescribeEventBus", "kms:GetKeyPolicy", "organizations:DescribePolicy", "organizations:ListParents",
	"organizations:ListPoliciesForTarget", "s3:GetBucketPolicy", "sns:GetTopicAttributes",
}

// reads are the duties as far as they read. A new duty is a row here.
var reads = []duty{
	{"morning", words("morning"), true, []string{ // of alarms, instances, jobs and patches, of which there are none
		"cloudwatch:DescribeAlarmHistory", "ds-data:DescribeUser", "ds:AccessDSData", "ec2:DescribeInstances",
		"ssm:DescribeInstancePatchStates", "ssm:DescribeMaintenanceWindows", "ssm:ListCommandInvocations",
	}, `(?s)3 desktops: in use unknown.*not known: cloudtrail:LookupEvents is not answered`},
	{"evening", words("evening"), true, []string{
		"cloudwatch:DescribeAlarmHistory", "ds-data:DescribeUser", "ds:AccessDSData", "ec2:DescribeInstances",
		"ssm:DescribeAutomationExecutions", "ssm:DescribeInstancePatchStates", "ssm:DescribeMaintenanceWindows", "ssm:ListCommandInvocations",
	}, `(?s)3 desktops: in use unknown.*not known: cloudtrail:LookupEvents is not answered`},
	{"diagnose outage", words("diagnose", "outage"), true, nil, `workspaces:DescribeWorkspacesConnectionStatus is not answered`},
	{"diagnose login", words("diagnose", "login", probed, "--from", "198.51.100.1"), false, []string{"ds-data:ListUsers"}, `(?s)directory  ok.*enabled    \?.*registration code is \S+\n.*not known: ds-data:DescribeUser is not answered`},
	{"diagnose path", words("diagnose", "path", probed, "to", "10.3.0.10"), false, []string{"cloudtrail:LookupEvents", "ec2:DescribeTransitGatewayRouteTables", "ec2:SearchTransitGatewayRoutes"}, `"user.00" is no address in a subnet`},
	{"diagnose slow", words("diagnose", "slow", probed), false, nil, `(?s)no metric.*not known: cloudwatch:GetMetricData.*not known: ssm:DescribeInstanceInformation is not answered`},
	{"diagnose desktop", words("diagnose", "desktop", probed), false, nil, `(?s)AVAILABLE.*not known: workspaces:DescribeWorkspaceSnapshots is not answered.*not known: ssm:DescribeInstanceInformation is not answered`},
	{"diagnose share", words("diagnose", "share", probed, "files.corp.example.com"), false, nil, `ssm:DescribeInstanceInformation is not answered`},
	{"diagnose printing", words("diagnose", "printing", probed), false, nil, `on AWS, Group Policy of the directory decides`},
	{"diagnose printing of all", words("diagnose", "printing", "--all"), true, nil, `(?s)user.00 .*user.01 .*user.02 .*Group Policy`},
	{"diagnose access", words("diagnose", "access", "--principal", "administrator", "--action", "workspaces:TerminateWorkspaces"), false, append(ofOthers, "cloudtrail:LookupEvents"), `administrator: the account has no such user or role`},
	{"guard who-can", words("guard", "who-can", "workspaces:TerminateWorkspaces", "*"), false, ofOthers, `No user or role of the account may`},
	{"guard can", words("guard", "can", "administrator", "--service", "ssm"), false, ofOthers, `administrator: the account has no such user or role`},
	{"guard owners", words("guard", "owners"), false, ofOthers, `0 resources have the tag team`},
	{"guard try", func(f *fleet) []string { return []string{"guard", "try", f.proposal()} }, false, append( // units are read for a target of that kind
		ofOthers, "organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent",
	), `cloudtrail:LookupEvents is not answered`},
	{"image who", words("image", "who"), true, []string{"cloudtrail:LookupEvents"}, `workspaces:DescribeWorkspaceBundles is not answered`},
	{"cost sweep", words("cost", "sweep"), true, nil, `(?s)3 desktops: 3 ALWAYS_ON.*not known: workspaces:DescribeWorkspacesConnectionStatus is not answered`},
	{"cost ledger", words("cost", "ledger"), false, nil, `no change of a sweep was applied here`},
	{"calendar update", words("calendar", "update"), false, []string{ // no directory has maintenance mode; a plane has no windows
		"workspaces:DescribeWorkspaces", "ssm:DescribeMaintenanceWindows",
	}, `\d+ events, \d+ new or changed, 0 called off`},
	{"joiner", func(f *fleet) []string { return []string{"joiner", "--hr", f.feed} }, true, []string{ // planes have no Service Quotas
		"servicequotas:ListAWSDefaultServiceQuotas", "servicequotas:ListServiceQuotas",
	}, `^(ds-data|workspaces):\w+ is not answered by this endpoint$`},
	{"mover", func(f *fleet) []string { return []string{"mover", "--hr", f.feed} }, true, nil, `^(ds-data|workspaces):\w+ is not answered by this endpoint$`},
	{"leaver", func(f *fleet) []string { return []string{"leaver", "--hr", f.feed} }, true, nil, `^(ds-data|workspaces):\w+ is not answered by this endpoint$`},
	{"leaver who is over", func(f *fleet) []string { return []string{"leaver", "--hr", f.feed, "--terminate"} }, true, nil, `^(ds-data|workspaces):\w+ is not answered by this endpoint$`},
}

// deed is a duty that changes something, for one subject of its own: a user
// with a desktop, or for a newcomer a name that nobody has.
type deed struct {
	name string
	args func(f *fleet, subject string) []string
	// policy is what the duty is asked for its policies by, reading and applying.
	policy [][]string
	// writes are the calls that it makes for its subject, each once.
	writes []string
}

// applies are the duties as far as they change something. A new duty is a row
// here.
var applies = []deed{
	{
		"joiner", func(f *fleet, subject string) []string {
			return []string{"joiner", "--hr", f.write(subject + ",Takeda,Hanako,active," + f.bundle + ",Sales"), "--anyway", "--apply", "--yes"}
		},
		[][]string{{"joiner", "--policy"}, {"joiner", "--policy", "--apply"}},
		[]string{"CreateUser", "ResetUserPassword", "AddGroupMember", "CreateWorkspaces"},
	},
	{
		"mover", func(f *fleet, subject string) []string {
			return []string{"mover", subject, "--hr", f.write(subject + ",Ito,Ichiro,active,,Sales"), "--apply", "--yes"}
		},
		[][]string{{"mover", "--policy"}, {"mover", "--policy", "--apply"}},
		[]string{"AddGroupMember"},
	},
	{
		"leaver", func(_ *fleet, subject string) []string { return []string{"leaver", subject, "--apply", "--yes"} },
		[][]string{{"leaver", "--policy"}, {"leaver", "--policy", "--apply"}},
		[]string{"DisableUser", "ModifyWorkspaceProperties", "StopWorkspaces", "CreateTags"},
	},
	{
		"leaver who is over", func(f *fleet, subject string) []string {
			return []string{"leaver", subject, "--terminate", "--apply", "--yes"}
		},
		[][]string{{"leaver", "--policy"}, {"leaver", "--policy", "--apply"}},
		[]string{"TerminateWorkspaces"},
	},
	{
		"diagnose desktop, restart", func(_ *fleet, subject string) []string {
			return []string{"diagnose", "desktop", subject, "--fix", "restart", "--yes", "--reason", "slow"}
		},
		[][]string{{"diagnose", "desktop", "--policy", "--fix", "restart"}},
		[]string{"RebootWorkspaces"},
	},
	{
		"diagnose desktop, rebuild", func(_ *fleet, subject string) []string {
			return []string{"diagnose", "desktop", subject, "--fix", "rebuild", "--yes", "--reason", "broken"}
		},
		[][]string{{"diagnose", "desktop", "--policy", "--fix", "rebuild"}},
		[]string{"RebuildWorkspaces"},
	},
	{
		"exception grant", func(f *fleet, subject string) []string {
			return []string{"exception", "grant", "printing", subject, "--until", f.at.AddDate(0, 0, 10).Format(time.DateOnly), "--yes", "--reason", "tax forms"}
		},
		[][]string{{"exception", "grant", "--policy"}},
		[]string{"AddGroupMember"},
	},
	{
		"diagnose path", func(f *fleet, subject string) []string {
			host := strings.Replace(f.named[subject], ".0/24", ".10", 1)
			return []string{"diagnose", "path", subject, "to", host, "--fix", "--yes", "--reason", "deleted by mistake"}
		},
		[][]string{{"diagnose", "path", "--policy", "--fix"}},
		[]string{"CreateRoute"},
	},
	{
		"cost sweep", func(f *fleet, subject string) []string {
			args := []string{"cost", "sweep", "--apply", "--yes"}
			for _, other := range f.swept {
				if other != subject {
					args = append(args, "--exempt", "sweeper="+other)
				}
			}
			return args
		},
		[][]string{{"cost", "sweep", "--policy"}, {"cost", "sweep", "--policy", "--apply"}},
		[]string{"ModifyWorkspaceProperties"},
	},
	{
		"image rollout", func(f *fleet, subject string) []string {
			return []string{"image", "rollout", f.images[1], "--bundle", f.named[subject], "--window", "", "--anyway", "--apply", "--yes"}
		},
		[][]string{{"image", "rollout", "--policy"}, {"image", "rollout", "--policy", "--apply"}},
		[]string{"UpdateWorkspaceBundle", "RebuildWorkspaces"},
	},
}
