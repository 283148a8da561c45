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
	return slices.Contains([]string{"diagnose slow", "diagnose desktop", "diagnose share", "image check", "image check of a desktop"}, d.name)
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
	{"diagnose path", words("diagnose", "path", probed, "to", "10.3.0.10"), false, []string{ // of tunnels and resolvers, of which there are none
		"cloudtrail:LookupEvents", "ec2:DescribeTransitGatewayRouteTables", "ec2:SearchTransitGatewayRoutes", "logs:FilterLogEvents", "route53resolver:GetResolverEndpoint",
		"route53resolver:ListResolverEndpointIpAddresses", "route53resolver:ListResolverRuleAssociations", "route53resolver:ListResolverRules",
	}, `"user.00" is no address in a subnet`},
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
	{"image check", func(f *fleet) []string { return []string{"image", "check", f.older(), "--list", f.list()} }, false, []string{ // of patches that miss, and programs, of which there are none
		"ssm:DescribeInstancePatches",
	}, `^cloudtrail:LookupEvents is not answered`},
	{"image check of a desktop", func(f *fleet) []string { return []string{"image", "check", f.desktop[probed], "--list", f.list()} }, false, []string{
		"ssm:DescribeInstancePatches", "cloudtrail:LookupEvents", "workspaces:DescribeWorkspaceImages",
	}, `ssm:DescribeInstanceInformation is not answered`},
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
	// looks tells that it makes such a call before, which only looks.
	looks bool
}

// applies are the duties as far as they change something. A new duty is a row
// here.
var applies = []deed{
	{
		name: "joiner",
		args: func(f *fleet, subject string) []string {
			return []string{"joiner", "--hr", f.write(subject + ",Takeda,Hanako,active," + f.bundle + ",Sales"), "--anyway", "--apply", "--yes"}
		},
		policy: [][]string{{"joiner", "--policy"}, {"joiner", "--policy", "--apply"}},
		writes: []string{"CreateUser", "ResetUserPassword", "AddGroupMember", "CreateWorkspaces"},
	},
	{
		name: "mover",
		args: func(f *fleet, subject string) []string {
			return []string{"mover", subject, "--hr", f.write(subject + ",Ito,Ichiro,active,,Sales"), "--apply", "--yes"}
		},
		policy: [][]string{{"mover", "--policy"}, {"mover", "--policy", "--apply"}},
		writes: []string{"AddGroupMember"},
	},
	{
		name:   "leaver",
		args:   func(_ *fleet, subject string) []string { return []string{"leaver", subject, "--apply", "--yes"} },
		policy: [][]string{{"leaver", "--policy"}, {"leaver", "--policy", "--apply"}},
		writes: []string{"DisableUser", "ModifyWorkspaceProperties", "StopWorkspaces", "CreateTags"},
	},
	{
		name: "leaver who is over",
		args: func(f *fleet, subject string) []string {
			return []string{"leaver", subject, "--terminate", "--apply", "--yes"}
		},
		policy: [][]string{{"leaver", "--policy"}, {"leaver", "--policy", "--apply"}},
		writes: []string{"TerminateWorkspaces"},
	},
	mending(),
	rung("restart", "RebootWorkspaces"),
	rung("restore", "RestoreWorkspace"),
	rung("rebuild", "RebuildWorkspaces"),
	rung("recreate", "TerminateWorkspaces", "CreateWorkspaces"),
	exempted("printing"),
	{
		name: "diagnose path",
		args: func(f *fleet, subject string) []string {
			host := strings.Replace(f.named[subject], ".0/24", ".10", 1)
			return []string{"diagnose", "path", subject, "to", host, "--fix", "--yes", "--reason", "deleted by mistake"}
		},
		policy: [][]string{{"diagnose", "path", "--policy", "--fix"}},
		writes: []string{"CreateRoute"},
	},
	{
		name: "cost sweep",
		args: func(f *fleet, subject string) []string {
			args := []string{"cost", "sweep", "--apply", "--yes"}
			for _, other := range f.swept {
				if other != subject {
					args = append(args, "--exempt", "sweeper="+other)
				}
			}
			return args
		},
		policy: [][]string{{"cost", "sweep", "--policy"}, {"cost", "sweep", "--policy", "--apply"}},
		writes: []string{"ModifyWorkspaceProperties"},
	},
	{
		name: "image rollout",
		args: func(f *fleet, subject string) []string {
			return []string{"image", "rollout", f.images[1], "--bundle", f.named[subject], "--window", "", "--anyway", "--apply", "--yes"}
		},
		policy: [][]string{{"image", "rollout", "--policy"}, {"image", "rollout", "--policy", "--apply"}},
		writes: []string{"UpdateWorkspaceBundle", "RebuildWorkspaces"},
	},
	handled("start", "StartWorkspaces"),
	handled("stop", "StopWorkspaces"),
	handled("reboot", "RebootWorkspaces"),
	handled("auto-stop", "ModifyWorkspaceProperties"),
	handled("always-on", "ModifyWorkspaceProperties"),
	handled("restore", "RestoreWorkspace"),
	handled("rebuild", "RebuildWorkspaces"),
	handled("terminate", "TerminateWorkspaces"),
}

// handled is what somebody does to desktops by name.
func handled(verb string, writes ...string) deed {
	return deed{
		name: "desktop " + verb,
		args: func(_ *fleet, subject string) []string {
			return []string{"desktop", verb, subject, "--reason", "broken", "--apply", "--yes"}
		},
		policy: [][]string{{"desktop", verb, "--policy"}, {"desktop", verb, "--policy", "--apply"}}, writes: writes,
	}
}

// exempted is an exception of some kind.
func exempted(kind string) deed {
	return deed{
		name: "exception grant, " + kind,
		args: func(f *fleet, subject string) []string {
			return []string{"exception", "grant", kind, subject, "--until", f.at.AddDate(0, 0, 10).Format(time.DateOnly), "--yes", "--reason", "tax forms"}
		},
		policy: [][]string{{"exception", "grant", "--policy"}},
		writes: []string{"AddGroupMember"},
	}
}

// rung is a repair of the ladder.
func rung(name string, writes ...string) deed {
	return deed{
		name: "diagnose desktop, " + name,
		args: func(_ *fleet, subject string) []string {
			return []string{"diagnose", "desktop", subject, "--fix", name, "--yes", "--reason", "broken"}
		},
		policy: [][]string{{"diagnose", "desktop", "--policy", "--fix", name}}, writes: writes,
	}
}

// mending is the rung that asks the desktop first, and mends it from inside.
func mending() deed {
	d := rung("repair", "SendCommand")
	d.looks = true
	return d
}
