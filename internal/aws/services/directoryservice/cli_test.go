package directoryservice_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/apitest"
)

// cli runs lines of the real AWS CLI against a whole plane.
type cli struct {
	t     *testing.T
	plane *apitest.Plane
}

func (c cli) run(line string) (string, error) {
	c.t.Helper()
	a := c.plane.Access()
	args := append(strings.Fields(line), "--output", "json")
	cmd := exec.CommandContext(c.t.Context(), "aws", args...)
	cmd.Env = append(os.Environ(),
		"AWS_ENDPOINT_URL="+a.HTTP, "AWS_DEFAULT_REGION="+a.Region, "AWS_REGION="+a.Region, "AWS_PAGER=",
		"AWS_ACCESS_KEY_ID="+a.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+a.SecretAccessKey, "AWS_SESSION_TOKEN=",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
	)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return strings.TrimSpace(errs.String()), err
	}
	return out.String(), nil
}

// good runs a line that must succeed and returns its answer, with what differs
// from run to run replaced.
func (c cli) good(line string) map[string]any {
	c.t.Helper()
	text, err := c.run(line)
	if err != nil {
		c.t.Fatalf("aws %s: %v\n%s", line, err, text)
	}
	if strings.TrimSpace(text) == "" {
		return map[string]any{}
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		c.t.Fatalf("aws %s: %v in %s", line, err, text)
	}
	return out
}

// want compares an answer with JSON in which SID and TIME stand for any.
func (c cli) want(line, want string) {
	c.t.Helper()
	got, err := json.Marshal(c.good(line))
	if err != nil {
		c.t.Fatal(err)
	}
	for as, pattern := range map[string]string{
		`"SID"`: `"S-1-5-21-\d+-\d+-\d+-`, `"TIME"`: `"\d{4}-\d\d-\d\dT[^"]*"|\d{10}\.\d+`,
	} {
		repl := as
		if as == `"SID"` {
			repl = `"SID-`
		}
		got = regexp.MustCompile(pattern).ReplaceAll(got, []byte(repl))
	}
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		c.t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		c.t.Fatal(err)
	}
	if d := cmp.Diff(w, g); d != "" {
		c.t.Errorf("aws %s: want -, got +:\n%s", line, d)
	}
}

// bad runs a line that must be refused with the words.
func (c cli) bad(line, words string) {
	c.t.Helper()
	text, err := c.run(line)
	if err == nil || !strings.Contains(text, words) {
		c.t.Errorf("aws %s: want a failure with %q, got %v\n%s", line, words, err, text)
	}
}

// TestTheRealCommandLine reads answers as the CLI does; the other operations are
// called over a socket in microsoft_test.go and by a transcript.
func TestTheRealCommandLine(t *testing.T) {
	c := cli{t, apitest.Start(t, apitest.Options{})}
	id := c.good("ds create-directory --name corp.example.com --short-name CORP --password Sesame-1 --size Small --tags Key=team,Value=vdi")["DirectoryId"].(string)
	in := " --directory-id " + id
	c.want("ds describe-directories --directory-ids "+id, `{"DirectoryDescriptions": [{
		"DirectoryId": "`+id+`", "Alias": "`+id+`", "Name": "corp.example.com", "ShortName": "CORP", "Size": "Small",
		"Type": "SimpleAD", "NetworkType": "IPv4", "Stage": "Active", "SsoEnabled": false,
		"LaunchTime": "TIME", "StageLastUpdatedDateTime": "TIME"}]}`)
	c.want("ds-data create-user"+in+" --sam-account-name takeda.hanako --given-name Hanako --surname Takeda --email-address takeda@example.com"+
		` --other-attributes {"department":{"S":"Sales"},"countryCode":{"N":392}}`,
		`{"DirectoryId": "`+id+`", "SAMAccountName": "takeda.hanako", "SID": "SID-1103"}`)
	user := `{"DirectoryId": "` + id + `", "SAMAccountName": "takeda.hanako", "SID": "SID-1103", "Realm": "corp.example.com",
		"DistinguishedName": "CN=takeda.hanako,CN=Users,DC=corp,DC=example,DC=com", "UserPrincipalName": "takeda.hanako@corp.example.com",
		"GivenName": "Hanako", "Surname": "Takeda", "EmailAddress": "takeda@example.com",
		"OtherAttributes": {"department": {"S": "Sales"}, "countryCode": {"N": 392}}, "Enabled": `
	describe := "ds-data describe-user" + in + " --sam-account-name takeda.hanako --other-attributes department countryCode"
	c.want("ds reset-user-password"+in+" --user-name takeda.hanako --new-password Welcome-1", `{}`)
	c.want(describe, user+"true}")
	page := c.good("ds-data list-users" + in + " --max-results 1")
	token, _ := page["NextToken"].(string)
	if token == "" {
		t.Fatalf("want a token for the second page, got %v", page)
	}
	c.want("ds-data list-users"+in+" --max-results 1 --next-token "+token, `{"DirectoryId": "`+id+`", "Realm": "corp.example.com", "Users": [
		{"SAMAccountName": "takeda.hanako", "SID": "SID-1103", "Enabled": true, "GivenName": "Hanako", "Surname": "Takeda"}]}`)
	c.bad("ds describe-directories --directory-ids d-ffffffffff", "(EntityDoesNotExistException) when calling the DescribeDirectories operation: Directory d-ffffffffff does not exist")
}
