package cost

import "tamachi/internal/desk/account"

// ReadPolicy is the IAM policy that the sweep needs, nothing more.
// GetCallerIdentity needs no permission.
// Source: Service Authorization Reference.
func ReadPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiCostSweep", Effect: "Allow", Resource: "*", Action: []string{
		"cloudwatch:GetMetricData",
		"tag:GetResources",
		"workspaces:DescribeWorkspaceDirectories",
		"workspaces:DescribeWorkspaces",
		"workspaces:DescribeWorkspacesConnectionStatus",
	}})
}

// ApplyPolicy is what --apply needs beside ReadPolicy.
func ApplyPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiCostSweepApply", Effect: "Allow", Resource: "*", Action: []string{
		"workspaces:ModifyWorkspaceProperties",
	}})
}

// ReleasePolicy is what --released --apply needs beside ReadPolicy.
func ReleasePolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiCostRelease", Effect: "Allow", Resource: "*", Action: []string{
		"workspaces:TerminateWorkspaces",
	}})
}
