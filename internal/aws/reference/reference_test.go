package reference_test

import (
	"slices"
	"strings"
	"testing"

	"tamachi/internal/aws/reference"
)

func TestWhatCanStandInAPolicy(t *testing.T) {
	all, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct{ action, resource, want string }{
		"an action on its resource":              {"ssm:PutParameter", "arn:aws:ssm:us-east-1:111122223333:parameter/a/b", ""},
		"an action on everything":                {"ssm:DescribeParameters", "*", ""},
		"a resource of another kind":             {"ssm:PutParameter", "arn:aws:ssm:us-east-1:111122223333:document/x", "cannot be limited to"},
		"an action that is limited to nothing":   {"sts:GetCallerIdentity", "arn:aws:iam::111122223333:role/x", "cannot be limited to"},
		"an action that does not exist":          {"ssm:PutParameters", "*", "has no action"},
		"a service that does not exist":          {"tamachi:OpenDesktop", "*", "no service has the prefix"},
		"a bucket, whose ARN names no account":   {"s3:ListBucket", "arn:aws:s3:::evidence", ""},
		"an object with a line break in its key": {"s3:GetObject", "arn:aws:s3:::evidence/a\nb", ""},
	} {
		got := reference.Fits(all, row.action, row.resource)
		if (got == "") != (row.want == "") || !strings.Contains(got, row.want) {
			t.Errorf("%s: %s on %s: got %q, want %q", name, row.action, row.resource, got, row.want)
		}
	}
}

func TestWhatChangesAResource(t *testing.T) {
	all, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := reference.NewChanges(all)
	got := c.Of("arn:aws:ssm:ap-northeast-1:111122223333:parameter/db/password")
	for action, want := range map[string]bool{"ssm:PutParameter": true, "ssm:DeleteParameter": true, "ssm:GetParameter": false, "ssm:SendCommand": false} {
		if slices.Contains(got, action) != want {
			t.Errorf("%s: want %v in %v", action, want, got)
		}
	}
	if got := c.Of("arn:aws:nothing:::x"); got != nil {
		t.Errorf("an unknown service: got %v", got)
	}
}
