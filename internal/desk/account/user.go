package account

import (
	"context"

	"tamachi/internal/desk/account/dsdata"
)

// FindUser reads a user of a directory; nil where there is none. Its errors are
// *Problem.
func FindUser(ctx context.Context, people People, directory, user string) (*dsdata.DescribeUserOutput, error) {
	out, err := people.DescribeUser(ctx, &dsdata.DescribeUserInput{DirectoryID: directory, SAMAccountName: user})
	if err == nil {
		return out, nil
	}
	p := Explain("ds-data:DescribeUser", err)
	if p.Kind == Missing {
		return nil, nil
	}
	return nil, p
}
