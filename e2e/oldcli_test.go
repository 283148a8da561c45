package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/desk/account/dsdata"
)

// peopleByHand does the calls of ds-data for a CLI that was made before that
// service (Debian 12's): the client of the desk signs and sends them, the
// answer is printed as the CLI would. The log says so.
func peopleByHand(ts *testscript.TestScript, args []string) error {
	if len(args)%2 != 1 {
		ts.Fatalf("ds-data by hand: want an operation and options with values, got %q", args)
	}
	ts.Logf("ATTENTION: this CLI has no ds-data; the desk's own client calls %s", args[0])
	given := map[string]string{}
	for i := 1; i < len(args); i += 2 {
		given[args[i]] = args[i+1]
	}
	client := dsdata.New(aws.Config{
		Region: ts.Getenv("AWS_REGION"), BaseEndpoint: aws.String(ts.Getenv("AWS_ENDPOINT_URL")),
		Credentials: credentials.NewStaticCredentialsProvider(ts.Getenv("AWS_ACCESS_KEY_ID"), ts.Getenv("AWS_SECRET_ACCESS_KEY"), ""),
	})
	ctx := context.Background()
	var out any = struct{}{}
	var err error
	switch args[0] {
	case "list-users":
		in := &dsdata.ListUsersInput{DirectoryID: given["--directory-id"]}
		if most, ok := given["--max-results"]; ok {
			in.MaxResults, err = strconv.Atoi(most)
			ts.Check(err)
		}
		out, err = client.ListUsers(ctx, in)
	case "disable-user":
		err = client.DisableUser(ctx, &dsdata.DisableUserInput{DirectoryID: given["--directory-id"], SAMAccountName: given["--sam-account-name"]})
	default:
		ts.Fatalf("ds-data by hand: no %s", args[0])
	}
	if err != nil {
		fmt.Fprintln(ts.Stderr(), err)
		return err
	}
	text, err := json.MarshalIndent(out, "", "    ")
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n", text)
	return nil
}
