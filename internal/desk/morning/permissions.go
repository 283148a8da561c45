package morning

import "encoding/json"

// statement is one statement of an IAM policy.
type statement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource string
}

// ReadPolicy is the IAM policy that the check needs, nothing more.
// GetCallerIdentity needs no permission. Directory Service Data wants
// ds:AccessDSData beside the action itself.
// Source: Service Authorization Reference; Directory Service Administration
// Guide, "Managing access to Directory Service Data".
func ReadPolicy() string {
	return document(statement{Sid: "TamachiMorning", Effect: "Allow", Resource: "*", Action: []string{
		"cloudtrail:LookupEvents",
		"ds-data:DescribeUser",
		"ds:AccessDSData",
		"ds:DescribeDirectories",
		"workspaces:DescribeWorkspaceDirectories",
		"workspaces:DescribeWorkspaces",
		"workspaces:DescribeWorkspacesConnectionStatus",
	}})
}

// ApplyPolicy is what --fix needs beside ReadPolicy.
func ApplyPolicy() string {
	return document(statement{Sid: "TamachiMorningFix", Effect: "Allow", Resource: "*", Action: []string{
		"workspaces:CreateTags",
		"workspaces:CreateWorkspaces",
		"workspaces:DescribeTags",
		"workspaces:TerminateWorkspaces",
	}})
}

func document(statements ...statement) string {
	b, _ := json.MarshalIndent(struct { // strings and slices always encode
		Version   string
		Statement []statement
	}{"2012-10-17", statements}, "", "  ")
	return string(b) + "\n"
}
