package account

import "encoding/json"

// Statement is one statement of the IAM policy that a duty needs.
type Statement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource string
}

// PolicyDocument prints statements as the policy that --policy shows.
func PolicyDocument(statements ...Statement) string {
	b, _ := json.MarshalIndent(struct { // strings and slices always encode
		Version   string
		Statement []Statement
	}{"2012-10-17", statements}, "", "  ")
	return string(b) + "\n"
}
