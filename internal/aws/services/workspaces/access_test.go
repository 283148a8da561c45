package workspaces_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
)

func TestASignInIsAnEventAsAWSHasIt(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	p.settle(id, desktops.Outcome{})
	s := desktops.Session{
		Visit:  desktops.Visit{Account: account, Region: region, ID: id, DirectoryID: "d-1234567890", UserName: "kato"},
		Client: "192.0.2.3", Platform: "Windows", Opened: p.clock.Now(),
	}
	tell := func() {
		t.Helper()
		if err := p.room.Connected(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	s.First = true
	tell() // an operator, by a ticket
	s.Person = desktops.Person{Account: account, Region: region, DirectoryID: "d-1234567890", UserName: "kato"}
	s.First = false
	tell() // another stream of the same browser session
	if len(p.told) != 0 {
		t.Fatalf("told %v", p.told)
	}
	s.First = true
	tell()
	s.Closed = p.clock.Now()
	if err := p.room.Disconnected(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`aws.workspaces WorkSpaces Access {"actionType":"successfulLogin","clientIpAddress":"192.0.2.3","clientPlatform":"Windows","directoryId":"domain/d-1234567890","loginTime":"2026-11-22T23:00:00.000Z","workspaceId":"` + id + `","workspacesClientProductName":"WorkSpacesWebClient"}`,
		`tamachi.desktops Desktop Disconnect {"clientIpAddress":"192.0.2.3","clientPlatform":"Windows","connectedAt":"2026-11-22T23:00:00Z","directoryId":"d-1234567890","reason":"","userName":"kato","workspaceId":"` + id + `"}`,
	}
	for n, w := range want {
		if n >= len(p.told) {
			t.Fatalf("want %s, got nothing", w)
		}
		detail, err := json.Marshal(p.told[n].Detail)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.told[n].Source + " " + p.told[n].DetailType + " " + string(detail); got != w {
			t.Errorf("want %s\ngot  %s", w, got)
		}
	}
}
