package people

import (
	"slices"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
)

// ReadPolicy is the IAM policy that the plan of a verb needs, nothing more.
// GetCallerIdentity needs no permission. Directory Service Data wants
// ds:AccessDSData beside the action itself.
// Source: Service Authorization Reference; Directory Service Administration
// Guide, "Managing access to Directory Service Data".
func (v *verb) ReadPolicy() string {
	actions := []string{
		"ds-data:ListUsers", "ds:AccessDSData", "ds:DescribeDirectories", "workspaces:DescribeWorkspaceDirectories", "workspaces:DescribeWorkspaces",
	}
	if v.asks.Groups {
		actions = append(actions, "ds-data:ListGroups", "ds-data:ListGroupsForMember")
	}
	if v.asks.Newcomers {
		actions = append(actions, "ds-data:DescribeUser", "ec2:DescribeSubnets", "workspaces:DescribeWorkspaceBundles",
			"servicequotas:ListAWSDefaultServiceQuotas", "servicequotas:ListServiceQuotas")
	}
	if v.asks.Movers {
		actions = append(actions, "tag:GetResources", "workspaces:DescribeWorkspaceBundles")
	}
	if v.asks.Tags {
		actions = append(actions, "workspaces:DescribeTags")
	}
	slices.Sort(actions)
	return account.PolicyDocument(account.Statement{Sid: v.sid, Effect: "Allow", Resource: "*", Action: actions})
}

// ApplyPolicy is what --apply needs beside ReadPolicy: what the actions look at
// and what they change.
func (v *verb) ApplyPolicy() string {
	read, write := plan.Join(Actions(nil), change.Actions()).Permissions(v.moves...)
	all := slices.Concat(read, write)
	slices.Sort(all)
	return account.PolicyDocument(account.Statement{Sid: v.sid + "Apply", Effect: "Allow", Resource: "*", Action: slices.Compact(all)})
}
