package house_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

func (o *office) connection(id string) types.WorkspaceConnectionStatus {
	o.t.Helper()
	out, err := o.workspaces().DescribeWorkspacesConnectionStatus(o.t.Context(), &workspaces.DescribeWorkspacesConnectionStatusInput{WorkspaceIds: []string{id}})
	if err != nil || len(out.WorkspacesConnectionStatus) != 1 {
		o.t.Fatalf("connection of %s: %v, %+v", id, err, out)
	}
	return out.WorkspacesConnectionStatus[0]
}

// TestWhoIsConnectedIsTold looks at a desktop by two streams at once, and
// stops the plane in the middle of a third.
func TestWhoIsConnectedIsTold(t *testing.T) {
	o := open(t)
	id := o.desktop()
	o.Becomes(id, types.WorkspaceStateAvailable)
	if c := o.connection(id); c.ConnectionState != types.ConnectionStateDisconnected || c.LastKnownUserConnectionTimestamp != nil {
		t.Errorf("before anybody came: %+v", c)
	}
	state := func(want types.ConnectionState) func() bool {
		return func() bool { return o.connection(id).ConnectionState == want }
	}
	b := o.Browser(o.Access().Region, id)
	one, two := o.Screen(b, id), o.Screen(b, id)
	o.eventually("user to be connected", state(types.ConnectionStateConnected))
	came := o.connection(id).LastKnownUserConnectionTimestamp
	if err := one.CloseNow(); err != nil {
		t.Fatal(err)
	}
	o.eventually("first stream's end to be noted", func() bool {
		now := o.connection(id)
		if now.ConnectionState != types.ConnectionStateConnected {
			t.Fatalf("with the second stream open: %s", now.ConnectionState)
		}
		return now.LastKnownUserConnectionTimestamp.After(*came)
	})
	if err := two.CloseNow(); err != nil {
		t.Fatal(err)
	}
	o.eventually("user to be disconnected", state(types.ConnectionStateDisconnected))

	o.Screen(b, id)
	o.eventually("user to be connected again", state(types.ConnectionStateConnected))
	last := o.connection(id).LastKnownUserConnectionTimestamp
	o.Restart()
	c := o.connection(id)
	if c.ConnectionState != types.ConnectionStateDisconnected || c.LastKnownUserConnectionTimestamp.Before(*last) {
		t.Errorf("after the restart: %+v, want nobody connected and the last time kept (%v)", c, last)
	}
}
