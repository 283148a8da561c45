package morning

import "tamachi/internal/desk/account"

// readPolicy is the IAM policy that the check needs, nothing more.
// GetCallerIdentity needs no permission. Directory Service Data wants
// ds:AccessDSData beside the action itself.
// Source: Service Authorization Reference; Directory Service Administration
// Guide, "Managing access to Directory Service Data".
func readPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiMorning", Effect: "Allow", Resource: "*", Action: reads()})
}

// eveningPolicy is what the evening needs.
func eveningPolicy() string {
	return account.PolicyDocument(account.Statement{
		Sid: "TamachiEvening", Effect: "Allow", Resource: "*", Action: append(reads(), "ssm:DescribeAutomationExecutions"),
	})
}

func reads() []string {
	return []string{
		"cloudtrail:LookupEvents",
		"cloudwatch:DescribeAlarmHistory",
		"cloudwatch:DescribeAlarms",
		"cloudwatch:GetMetricData",
		"ds-data:DescribeUser",
		"ds:AccessDSData",
		"ds:DescribeDirectories",
		"ec2:DescribeInstances",
		"ssm:DescribeInstanceInformation",
		"ssm:DescribeInstancePatchStates",
		"ssm:DescribeMaintenanceWindows",
		"ssm:ListCommandInvocations",
		"ssm:ListCommands",
		"workspaces:DescribeWorkspaceDirectories",
		"workspaces:DescribeWorkspaces",
		"workspaces:DescribeWorkspacesConnectionStatus",
	}
}

// applyPolicy is what --fix needs beside readPolicy.
func applyPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiMorningFix", Effect: "Allow", Resource: "*", Action: []string{
		"workspaces:CreateTags",
		"workspaces:CreateWorkspaces",
		"workspaces:DescribeTags",
		"workspaces:TerminateWorkspaces",
	}})
}
