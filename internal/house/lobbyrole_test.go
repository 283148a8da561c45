package house_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/webaccess"
)

// deskTrust is the trust policy of a role for a group of one directory.
const deskTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ds.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"],
"Condition":{"StringEquals":{"aws:RequestTag/Directory":"DIRECTORY"},"StringLike":{"aws:RequestTag/Groups":"*:operators:*"}}}]}`

// TestPeopleOfADirectoryGetARole: by their password, and if the role's trust
// policy wants somebody like them.
func TestPeopleOfADirectoryGetARole(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ds, ws, roles := directoryservice.NewFromConfig(p.Config()), workspaces.NewFromConfig(p.Config()), iam.NewFromConfig(p.Config())
	directory := p.Corp()
	found, err := ws.DescribeWorkspaceDirectories(ctx, &workspaces.DescribeWorkspaceDirectoriesInput{})
	must(err)
	code := *found.Directories[0].RegistrationCode
	say := func(path string, in map[string]any) {
		t.Helper()
		if _, fault := p.Post("ds-data", path+"?DirectoryId="+directory, in); fault != "" {
			t.Fatalf("%s: %s", path, fault)
		}
	}
	say("/Groups/CreateGroup", map[string]any{"SAMAccountName": "operators"})
	for _, user := range []string{"ito.saki", "ono.jun"} {
		say("/Users/CreateUser", map[string]any{"SAMAccountName": user})
		_, err = ds.ResetUserPassword(ctx, &directoryservice.ResetUserPasswordInput{DirectoryId: &directory, UserName: &user, NewPassword: aws.String("Correct-Horse-7")})
		must(err)
	}
	say("/GroupMemberships/AddGroupMember", map[string]any{"GroupName": "operators", "MemberName": "ito.saki"})
	_, err = roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("Desk"), AssumeRolePolicyDocument: aws.String(strings.Replace(deskTrust, "DIRECTORY", directory, 1))})
	must(err)

	enter := func(user, password, role, origin string) (status int, answer map[string]any) {
		t.Helper()
		body, err := json.Marshal(map[string]string{"code": code, "user": user, "password": password, "role": role})
		must(err)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.HTTP()+webaccess.Prefix+"role", strings.NewReader(string(body)))
		must(err)
		req.Header.Set("Origin", origin)
		res, err := http.DefaultClient.Do(req)
		must(err)
		defer res.Body.Close()
		_ = json.NewDecoder(res.Body).Decode(&answer) // a refusal for the origin is text
		if cookies := res.Cookies(); len(cookies) > 0 {
			t.Errorf("a cookie came: %v", cookies)
		}
		return res.StatusCode, answer
	}
	for _, row := range []struct {
		name, user, password, role, origin string
		status                             int
		reason                             any
	}{
		{"a wrong password", "ito.saki", "Wrong-Horse-7", "Desk", p.HTTP(), http.StatusUnauthorized, "wrong"},
		{"somebody who is in no group", "ono.jun", "Correct-Horse-7", "Desk", p.HTTP(), http.StatusForbidden, "norole"},
		{"a role that is none", "ito.saki", "Correct-Horse-7", "Nobody", p.HTTP(), http.StatusForbidden, "norole"},
		{"no name of a role", "ito.saki", "Correct-Horse-7", "", p.HTTP(), http.StatusForbidden, "norole"},
		{"a page of another site", "ito.saki", "Correct-Horse-7", "Desk", "http://evil.example.com", http.StatusForbidden, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			if status, answer := enter(row.user, row.password, row.role, row.origin); status != row.status || answer["reason"] != row.reason {
				t.Errorf("want %d %v, got %d %v", row.status, row.reason, status, answer["reason"])
			}
		})
	}
	status, got := enter("ito.saki", "Correct-Horse-7", "Desk", p.HTTP())
	if status != http.StatusOK {
		t.Fatalf("who is in the group: %d %v", status, got)
	}
	cfg := p.Config()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(got["accessKeyId"].(string), got["secretAccessKey"].(string), got["sessionToken"].(string))
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	must(err)
	if !strings.HasSuffix(*who.Arn, ":assumed-role/Desk/ito.saki") {
		t.Errorf("the credentials are those of %s", *who.Arn)
	}
}
