package cost

import "tamachi/internal/desk/account"

// readPolicy is the IAM policy that the sweep needs, nothing more.
// GetCallerIdentity needs no permission.
// Source: Service Authorization Reference.
func readPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiCostSweep", Effect: "Allow", Resource: "*", Action: []string{
		"cloudwatch:GetMetricData",
		"tag:GetResources",
		"workspaces:DescribeWorkspaceDirectories",
		"workspaces:DescribeWorkspaces",
		"workspaces:DescribeWorkspacesConnectionStatus",
	}})
}

// applyPolicy is what --apply needs beside readPolicy.
func applyPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiCostSweepApply", Effect: "Allow", Resource: "*", Action: []string{
		"workspaces:ModifyWorkspaceProperties",
	}})
}

// releasePolicy is what --released --apply needs beside readPolicy.
func releasePolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiCostRelease", Effect: "Allow", Resource: "*", Action: []string{
		"workspaces:TerminateWorkspaces",
	}})
}
