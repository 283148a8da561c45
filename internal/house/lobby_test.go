package house_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cttypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/webaccess"
)

// visitor is a browser at the sign-in page.
type visitor struct {
	*http.Client
	o *office
}

func (o *office) visitor() visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return visitor{&http.Client{Jar: jar}, o}
}

// ask sends what the page's script sends, and returns the answer's status and
// JSON.
func (v visitor) ask(method, path string, body any) (int, map[string]any) {
	v.o.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		v.o.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(v.o.t.Context(), method, v.o.HTTP()+webaccess.Prefix+path, bytes.NewReader(text))
	if err != nil {
		v.o.t.Fatal(err)
	}
	req.Header.Set("Origin", v.o.HTTP())
	res, err := v.Do(req)
	if err != nil {
		v.o.t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	_ = json.NewDecoder(res.Body).Decode(&out) // some answers have no body
	return res.StatusCode, out
}

func (v visitor) signIn(code, user, password string) (int, map[string]any) {
	v.o.t.Helper()
	return v.ask(http.MethodPost, "sign-in", map[string]string{"code": code, "user": user, "password": password})
}

// code is the registration code of the office's directory.
func (o *office) code() string {
	o.t.Helper()
	out, err := o.workspaces().DescribeWorkspaceDirectories(o.t.Context(), &workspaces.DescribeWorkspaceDirectoriesInput{})
	if err != nil || len(out.Directories) != 1 {
		o.t.Fatalf("directories: %v, %+v", err, out)
	}
	return *out.Directories[0].RegistrationCode
}

// TestAPersonSignsInWithTheirOwnPassword goes the way of a user who has a
// registration code and a password, to a desktop that was stopped.
func TestAPersonSignsInWithTheirOwnPassword(t *testing.T) {
	o := open(t)
	made, err := o.workspaces().CreateWorkspaces(t.Context(), &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: &o.directory, BundleId: new("wsb-d12value0"), UserName: new("administrator"),
		WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop},
	}}})
	if err != nil || len(made.PendingRequests) != 1 {
		t.Fatalf("create a desktop: %v, %+v", err, made)
	}
	id := *made.PendingRequests[0].WorkspaceId
	o.Becomes(id, types.WorkspaceStateAvailable)
	_, err = directoryservice.NewFromConfig(o.Config()).ResetUserPassword(t.Context(), &directoryservice.ResetUserPasswordInput{
		DirectoryId: &o.directory, UserName: new("Administrator"), NewPassword: new("Correct-Horse-7"),
	})
	if err != nil {
		t.Fatal(err)
	}
	v, code := o.visitor(), o.code()
	if status, _ := v.ask(http.MethodGet, "mine", nil); status != http.StatusUnauthorized {
		t.Errorf("before the sign-in: want 401, got %d", status)
	}
	for _, row := range []struct{ name, code, user, password string }{
		{"a wrong password", code, "administrator", "wrong"},
		{"no password", code, "administrator", ""},
		{"another registration code", "SLnrt+ZZZZZZ", "administrator", "Correct-Horse-7"},
		{"a stranger", code, "nobody", "Correct-Horse-7"},
		{"a name that is a filter", code, "*)(objectClass=*", "Correct-Horse-7"},
	} {
		if status, out := v.signIn(row.code, row.user, row.password); status != http.StatusUnauthorized || out["reason"] != "wrong" {
			t.Errorf("%s: want 401, wrong; got %d, %v", row.name, status, out)
		}
	}
	if status, _ := v.signIn(code, `CORP\Administrator`, "Correct-Horse-7"); status != http.StatusNoContent {
		t.Fatalf("the right password: want 204, got %d", status)
	}
	status, out := v.ask(http.MethodGet, "mine", nil)
	list, _ := out["desktops"].([]any)
	if status != http.StatusOK || len(list) != 1 || list[0].(map[string]any)["id"] != id {
		t.Fatalf("own desktops: want %s, got %d, %v", id, status, out)
	}
	if status, _ := v.ask(http.MethodPost, "mine/ws-aaaaaaaaa", nil); status != http.StatusNotFound {
		t.Errorf("a desktop of nobody: want 404, got %d", status)
	}

	stopped, err := o.workspaces().StopWorkspaces(t.Context(), &workspaces.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &id}}})
	if err != nil || len(stopped.FailedRequests) != 0 {
		t.Fatalf("stop: %v, %+v", err, stopped)
	}
	o.Becomes(id, types.WorkspaceStateStopped)
	if status, _ := v.ask(http.MethodPost, "mine/"+id, nil); status != http.StatusNoContent {
		t.Fatalf("open the own desktop: want 204, got %d", status)
	}
	o.Becomes(id, types.WorkspaceStateAvailable)
	o.Screen(v.Client, id)
	o.eventually("user to be connected", func() bool { return o.connection(id).ConnectionState == types.ConnectionStateConnected })
	o.eventually("start to be in the trail", func() bool { return o.startedByTheService() })

	o.Restart()
	if status, _ := v.ask(http.MethodGet, "mine", nil); status != http.StatusOK {
		t.Errorf("after a restart: want the person still signed in, got %d", status)
	}
	if status, _ := v.ask(http.MethodPost, "sign-out", nil); status != http.StatusNoContent {
		t.Errorf("sign out: want 204, got %d", status)
	}
	if status, _ := v.ask(http.MethodGet, "mine", nil); status != http.StatusUnauthorized {
		t.Errorf("after the sign-out: want 401, got %d", status)
	}
}

// startedByTheService finds the start of the desktop in the trail.
func (o *office) startedByTheService() bool {
	o.t.Helper()
	out, err := cloudtrail.NewFromConfig(o.Config()).LookupEvents(o.t.Context(), &cloudtrail.LookupEventsInput{
		LookupAttributes: []cttypes.LookupAttribute{{AttributeKey: cttypes.LookupAttributeKeyEventName, AttributeValue: new("StartWorkspaces")}},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return len(out.Events) == 1 && bytes.Contains([]byte(*out.Events[0].CloudTrailEvent), []byte(`"invokedBy":"workspaces.amazonaws.com"`))
}
