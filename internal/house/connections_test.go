package house_test

import (
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/coder/websocket"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/webaccess"
)

// browser redeems a ticket for a desktop and keeps the cookie.
func (o *office) browser(id string) *http.Client {
	o.t.Helper()
	a := o.Access()
	out, err := o.Gate().Do(o.t.Context(), &api.Call{
		Caller:  o.Administrator(),
		Account: a.Account, Region: a.Region, RequestID: "11111111-1111-4111-8111-111111111111", Time: time.Now(),
		Service: "tamachi", Operation: "OpenDesktop",
	}, &tamachi.OpenDesktopInput{WorkspaceId: &id})
	if err != nil {
		o.t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	res, err := c.Get(*out.(*tamachi.OpenDesktopOutput).Url)
	if err != nil {
		o.t.Fatal(err)
	}
	res.Body.Close()
	return c
}

// look opens a stream of the desktop's screen.
func (o *office) look(browser *http.Client, id string) *websocket.Conn {
	o.t.Helper()
	base := o.HTTP()
	c, _, err := websocket.Dial(o.t.Context(), base+webaccess.Prefix+"workspace/"+id+"/stream", &websocket.DialOptions{
		HTTPClient: browser, HTTPHeader: http.Header{"Origin": {base}},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = c.CloseNow() })
	return c
}

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
	o.becomes(id, types.WorkspaceStateAvailable)
	if c := o.connection(id); c.ConnectionState != types.ConnectionStateDisconnected || c.LastKnownUserConnectionTimestamp != nil {
		t.Errorf("before anybody came: %+v", c)
	}
	state := func(want types.ConnectionState) func() bool {
		return func() bool { return o.connection(id).ConnectionState == want }
	}
	b := o.browser(id)
	one, two := o.look(b, id), o.look(b, id)
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

	o.look(b, id)
	o.eventually("user to be connected again", state(types.ConnectionStateConnected))
	last := o.connection(id).LastKnownUserConnectionTimestamp
	o.Restart()
	c := o.connection(id)
	if c.ConnectionState != types.ConnectionStateDisconnected || c.LastKnownUserConnectionTimestamp.Before(*last) {
		t.Errorf("after the restart: %+v, want nobody connected and the last time kept (%v)", c, last)
	}
}
