package house_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cttypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/coder/websocket"
)

// own calls an operation of the plane's own service over a socket; fault is the
// name of its error.
func (o *office) own(operation string, in any) (out map[string]any, fault string) {
	o.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		o.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodPost, o.HTTP()+"/", bytes.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "Tamachi."+operation)
	c := o.Config()
	creds, err := c.Credentials.Retrieve(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(o.t.Context(), creds, req, hex.EncodeToString(sum[:]), "tamachi", c.Region, time.Now()); err != nil {
		o.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		o.t.Fatal(err)
	}
	fault, _ = out["__type"].(string)
	return out, fault
}

// newest is the newest session of a status.
func (o *office) newest(status string) map[string]any {
	o.t.Helper()
	out, fault := o.own("ListDesktopSessions", map[string]any{"Status": status, "MaxResults": 1})
	list, _ := out["Sessions"].([]any)
	if fault != "" || len(list) != 1 {
		o.t.Fatalf("the newest %s session: got %v", status, out)
	}
	return list[0].(map[string]any)
}

// farewell is why the plane ended a stream.
func (o *office) farewell(c *websocket.Conn) string {
	o.t.Helper()
	for {
		_, _, err := c.Read(o.t.Context())
		if err == nil {
			continue
		}
		fault, ok := errors.AsType[websocket.CloseError](err)
		if !ok {
			o.t.Fatalf("the stream ended without a farewell: %v", err)
		}
		return fault.Reason
	}
}

// TestAnOpenStreamEndsWithTheRightToIt takes away, one after the other, what
// lets a person look at their desktop.
func TestAnOpenStreamEndsWithTheRightToIt(t *testing.T) {
	o := open(t)
	id := o.desktop()
	o.Becomes(id, types.WorkspaceStateAvailable)
	ctx, ws := t.Context(), o.workspaces()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	made, err := ws.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{id}})
	must(err)
	user := *made.Workspaces[0].UserName
	_, err = directoryservice.NewFromConfig(o.Config()).ResetUserPassword(ctx, &directoryservice.ResetUserPasswordInput{
		DirectoryId: &o.directory, UserName: &user, NewPassword: new("Correct-Horse-7"),
	})
	must(err)
	enter := func() *websocket.Conn {
		t.Helper()
		v := o.visitor()
		if status, out := v.signIn(o.code(), user, "Correct-Horse-7"); status != http.StatusNoContent {
			t.Fatalf("sign in: got %d, %v", status, out)
		}
		if status, _ := v.ask(http.MethodPost, "mine/"+id, nil); status != http.StatusNoContent {
			t.Fatalf("enter: got %d", status)
		}
		return o.Screen(v.Client, id)
	}
	ended := func(c *websocket.Conn, why string) {
		t.Helper()
		if got := o.farewell(c); got != why {
			t.Errorf("the page is told %q, want %s", got, why)
		}
		o.eventually("session to be ended as "+why, func() bool { return o.newest("ENDED")["Reason"] == why })
	}

	c := enter()
	session := o.newest("OPEN")
	if session["UserName"] != user || session["WorkspaceId"] != id || session["ClientIpAddress"] != "127.0.0.1" {
		t.Errorf("the open session: got %v", session)
	}
	number := session["SessionId"]
	if _, fault := o.own("EndDesktopSession", map[string]any{"SessionId": number}); fault != "" {
		t.Fatalf("end the session: %s", fault)
	}
	ended(c, "ENDED_BY_ADMIN")
	if out, fault := o.own("DescribeDesktopSession", map[string]any{"SessionId": number}); fault != "" || out["Session"].(map[string]any)["EndedBy"] == nil {
		t.Errorf("the ended session: got %v", out)
	}
	for _, row := range []struct{ operation, session, fault string }{
		{"EndDesktopSession", number.(string), "InvalidResourceStateException"},
		{"EndDesktopSession", "se-00000000000000000", "ResourceNotFoundException"},
		{"DescribeDesktopSession", "se-00000000000000000", "ResourceNotFoundException"},
	} {
		if _, fault := o.own(row.operation, map[string]any{"SessionId": row.session}); fault != row.fault {
			t.Errorf("%s of %s: got %q, want %s", row.operation, row.session, fault, row.fault)
		}
	}
	if _, fault := o.own("ListDesktopSessions", map[string]any{"NextToken": "x"}); fault != "ValidationException" {
		t.Errorf("a token that is none: got %q", fault)
	}

	o.supports(id)

	c = enter()
	_, err = ws.ModifyWorkspaceState(ctx, &workspaces.ModifyWorkspaceStateInput{WorkspaceId: &id, WorkspaceState: types.TargetWorkspaceStateAdminMaintenance})
	must(err)
	ended(c, "MAINTENANCE")
	_, err = ws.ModifyWorkspaceState(ctx, &workspaces.ModifyWorkspaceStateInput{WorkspaceId: &id, WorkspaceState: types.TargetWorkspaceStateAvailable})
	must(err)

	c = enter()
	group, err := ws.CreateIpGroup(ctx, &workspaces.CreateIpGroupInput{GroupName: new("office"), UserRules: []types.IpRuleItem{{IpRule: new("192.0.2.0/24")}}})
	must(err)
	_, err = ws.AssociateIpGroups(ctx, &workspaces.AssociateIpGroupsInput{DirectoryId: &o.directory, GroupIds: []string{*group.GroupId}})
	must(err)
	ended(c, "ADDRESS_NOT_ALLOWED")
	_, err = ws.DisassociateIpGroups(ctx, &workspaces.DisassociateIpGroupsInput{DirectoryId: &o.directory, GroupIds: []string{*group.GroupId}})
	must(err)

	c = enter()
	browsers := func(is types.AccessPropertyValue) {
		_, err := ws.ModifyWorkspaceAccessProperties(ctx, &workspaces.ModifyWorkspaceAccessPropertiesInput{
			ResourceId: &o.directory, WorkspaceAccessProperties: &types.WorkspaceAccessProperties{DeviceTypeWeb: is},
		})
		must(err)
	}
	browsers(types.AccessPropertyValueDeny)
	ended(c, "DEVICE_NOT_ALLOWED")
	browsers(types.AccessPropertyValueAllow)

	if status, _ := o.visitor().signIn(o.code(), user, "wrong"); status != http.StatusUnauthorized {
		t.Errorf("a wrong password: got %d", status)
	}
	if failed := o.newest("FAILED"); failed["Kind"] != "SIGN_IN" || failed["UserName"] != user || failed["Reason"] != "WRONG_CREDENTIALS" {
		t.Errorf("the refused sign-in: got %v", failed)
	}
}

// TestAUserHelpsThemselves extends, restarts and rebuilds their own desktop,
// where their directory lets them, and the trail shows for whom.
func TestAUserHelpsThemselves(t *testing.T) {
	o := open(t)
	ctx, ws := t.Context(), o.workspaces()
	made, err := ws.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: &o.directory, BundleId: new("wsb-d12value0"), UserName: new("administrator"),
		WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop},
	}}})
	if err != nil || len(made.PendingRequests) != 1 {
		t.Fatalf("create a desktop: %v, %+v", err, made)
	}
	id := *made.PendingRequests[0].WorkspaceId
	o.Becomes(id, types.WorkspaceStateAvailable)
	_, err = directoryservice.NewFromConfig(o.Config()).ResetUserPassword(ctx, &directoryservice.ResetUserPasswordInput{
		DirectoryId: &o.directory, UserName: new("Administrator"), NewPassword: new("Correct-Horse-7"),
	})
	if err != nil {
		t.Fatal(err)
	}
	v := o.visitor()
	if status, _ := v.signIn(o.code(), "administrator", "Correct-Horse-7"); status != http.StatusNoContent {
		t.Fatalf("sign in: got %d", status)
	}
	if status, _ := v.ask(http.MethodPost, "mine/"+id+"/restart", nil); status != http.StatusConflict {
		t.Errorf("a restart that the directory does not allow: want 409, got %d", status)
	}
	_, err = ws.ModifySelfservicePermissions(ctx, &workspaces.ModifySelfservicePermissionsInput{
		ResourceId:             &o.directory,
		SelfservicePermissions: &types.SelfservicePermissions{RestartWorkspace: types.ReconnectEnumEnabled, RebuildWorkspace: types.ReconnectEnumEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	stops := func() float64 {
		_, out := v.ask(http.MethodGet, "mine", nil)
		at, _ := out["desktops"].([]any)[0].(map[string]any)["stopsAt"].(float64)
		return at
	}
	before := stops()
	for wish, event := range map[string]string{"extend": "ExtendDesktop", "restart": "RebootWorkspaces", "rebuild": "RebuildWorkspaces"} {
		o.Becomes(id, types.WorkspaceStateAvailable)
		if wish == "extend" && before == 0 {
			t.Error("the user is not told when the desktop stops")
		}
		if status, out := v.ask(http.MethodPost, "mine/"+id+"/"+wish, nil); status != http.StatusNoContent {
			t.Errorf("%s: want 204, got %d, %v", wish, status, out)
		}
		o.eventually(event+" to be in the trail", func() bool {
			found := o.lookup(event)
			return len(found) == 1 && bytes.Contains([]byte(found[0]), []byte(`for Administrator of `+o.directory)) &&
				bytes.Contains([]byte(found[0]), []byte(`"sourceIPAddress":"127.0.0.1"`))
		})
	}
	o.Becomes(id, types.WorkspaceStateAvailable)
	if after := stops(); after <= before {
		t.Errorf("the desktop stops at %v, want it later than %v", after, before)
	}

	if out, fault := o.own("ExtendDesktop", map[string]any{"WorkspaceId": id}); fault != "" || out["StopsAt"] == nil {
		t.Errorf("extend by an administrator: got %v", out)
	}
	if now, err := ws.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{id}}); err != nil || now.Workspaces[0].State != types.WorkspaceStateAvailable {
		t.Errorf("the extended desktop: %v, %+v", err, now)
	}
	if _, fault := o.own("ExtendDesktop", map[string]any{"WorkspaceId": "ws-zzzzzzzzz"}); fault != "ResourceNotFoundException" {
		t.Errorf("extend what is not there: got %q", fault)
	}
}

// lookup returns the trail's records of an event.
func (o *office) lookup(event string) (records []string) {
	o.t.Helper()
	out, err := cloudtrail.NewFromConfig(o.Config()).LookupEvents(o.t.Context(), &cloudtrail.LookupEventsInput{
		LookupAttributes: []cttypes.LookupAttribute{{AttributeKey: cttypes.LookupAttributeKeyEventName, AttributeValue: &event}},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range out.Events {
		records = append(records, *e.CloudTrailEvent)
	}
	return records
}

// supports looks over the shoulder of a desktop's user, who is told so.
func (o *office) supports(id string) {
	o.t.Helper()
	out, fault := o.own("JoinDesktop", map[string]any{"WorkspaceId": id, "Reason": "ticket 4711"})
	if fault != "" {
		o.t.Fatalf("join: %s", fault)
	}
	if _, fault := o.own("JoinDesktop", map[string]any{"WorkspaceId": "ws-zzzzzzzzz"}); fault != "ResourceNotFoundException" {
		o.t.Errorf("join what is not there: got %q", fault)
	}
	v := o.visitor()
	res, err := v.Get(out["Url"].(string))
	if err != nil {
		o.t.Fatal(err)
	}
	res.Body.Close()
	c := o.Screen(v.Client, id)
	if s := o.newest("OPEN"); s["Kind"] != "VIEW" {
		o.t.Errorf("the session of support: got %v", s)
	}
	if _, state := v.ask(http.MethodGet, "workspace/"+id+"/state", nil); state["view"] != true || len(state["watched"].([]any)) != 1 {
		o.t.Errorf("what the page is told: got %v", state)
	}
	if o.connection(id).ConnectionState == types.ConnectionStateConnected {
		o.t.Error("a supporter is no connected user")
	}
	if err := c.CloseNow(); err != nil {
		o.t.Fatal(err)
	}
	o.eventually("session of support to be over", func() bool { return o.newest("ENDED")["Kind"] == "VIEW" })
}
