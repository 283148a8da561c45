//go:build counted

package tamachi_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"tamachi/internal/aws/apitest"
)

const (
	noneHere = "no bucket can have one here; the answer is always that there is none, as Terraform wants it"
)

// uncounted are facts that no client can bring about, with the reason.
var uncounted = map[string]string{
	"iam ChangePassword seen":               "a password is shown nowhere; the next ChangePassword takes the new one only",
	"iam DeleteAccountPasswordPolicy seen":  "it names nothing; GetAccountPasswordPolicy answers NoSuchEntity after it",
	"iam GenerateCredentialReport error":    "it has no input, and its model's one fault is an account with too many users",
	"ssm GetManifest ok":                    "every package here is a document; agents learn so from the error",
	"iam UpdateAccountPasswordPolicy seen":  "it holds numbers and switches only; GetAccountPasswordPolicy shows them",
	"organizations DeleteOrganization seen": "it names nothing; DescribeOrganization answers AWSOrganizationsNotInUseException after it",
	"organizations LeaveOrganization seen":  "it names nothing; an invitation finds the account outside afterwards",
	"ds GetDirectoryLimits error":           "it has no input, and nothing that it reads can be missing",
	"s3 GetBucketReplication ok":            noneHere,
	"s3 GetBucketWebsite ok":                noneHere,
	"s3 GetObjectLockConfiguration ok":      noneHere,
	"ssm ListInstanceAssociations error":    "our agent asks for its own node, which its credentials name too; the room's tests refuse others",
	"tamachi DeleteDesktopPolicy seen":      "it names the policy only; ListDesktopPolicies shows it no more",
	"ssmmessages OpenControlChannel error":  "the handshake's faults come from the front door, before the row",
}

// Every row was tried by a client over a socket: once with success, once with
// an error that its model lists, and what it changes was seen by a later call.
// `make test` runs this last, over the notes of all planes of the run.
func TestEveryRowWasTried(t *testing.T) {
	notes, err := os.ReadFile(os.Getenv("TAMACHI_TALLY"))
	if err != nil {
		t.Fatalf("no notes of this run: %v", err)
	}
	seen := map[string]bool{}
	codes := map[string][]string{}
	for line := range strings.Lines(string(notes)) {
		line = strings.TrimSpace(line)
		seen[line] = true
		if i := strings.LastIndexByte(line, ' '); i > 0 {
			codes[line[:i]] = append(codes[line[:i]], line[i+1:])
		}
	}
	if len(seen) == 0 {
		t.Fatal("the notes of this run are empty")
	}
	for _, r := range rowsOf(t, apitest.Start(t, apitest.Options{})) {
		want := map[string]bool{"ok": seen[r.String()+" ok"]}
		if errs := clientErrors(r); len(errs) > 0 {
			want["error"] = slices.ContainsFunc(codes[r.String()], func(code string) bool {
				return slices.Contains(errs, code) || slices.Contains([]string{"rest-xml", "ec2"}, r.service.Protocol) && code != "ok" && code != "seen"
			})
		}
		if r.Kind.Writes() {
			want["seen"] = seen[r.String()+" seen"]
		}
		for fact, there := range want {
			if reason := uncounted[r.String()+" "+fact]; there == (reason != "") {
				t.Errorf("%s %s: noted %v, in the list of exceptions: %q", r, fact, there, reason)
			}
		}
	}
}

// clientErrors are the codes of the errors that a caller can cause: the
// model's, and those of the model's constraints.
func clientErrors(r row) []string {
	var codes []string
	for _, e := range r.model.Errors {
		if e.Error.Status < 500 {
			codes = append(codes, e.Error.Code, e.Name) // the code of the wire, and the SDK's where they differ
		}
	}
	if len(r.model.Input.Members) > 0 {
		codes = append(codes, r.service.ValidationCode())
	}
	return codes
}
