package workspaces

import (
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
)

// ownEvents is the source of events that AWS does not have.
const ownEvents = "tamachi.desktops"

// begins is the event of a person who has signed in: the first stream of a
// browser session. Source: WorkSpaces Administration Guide, "Example access
// events for WorkSpaces Personal". An operator who looks is no such person.
func begins(n desktops.Session) *api.Occurrence {
	if n.Person == (desktops.Person{}) || !n.First {
		return nil
	}
	return &api.Occurrence{Source: "aws.workspaces", DetailType: "WorkSpaces Access", At: n.Opened, Detail: map[string]any{
		"clientIpAddress": n.Client, "actionType": "successfulLogin", "workspacesClientProductName": "WorkSpacesWebClient",
		"loginTime": n.Opened.UTC().Format("2006-01-02T15:04:05.000Z"), "clientPlatform": n.Platform,
		"directoryId": "domain/" + n.DirectoryID, "workspaceId": n.ID,
	}}
}

// ends is the event of a person's stream that has ended.
func ends(n desktops.Session) *api.Occurrence {
	if n.Person == (desktops.Person{}) {
		return nil
	}
	return &api.Occurrence{Source: ownEvents, DetailType: "Desktop Disconnect", At: n.Closed, Detail: map[string]any{
		"clientIpAddress": n.Client, "clientPlatform": n.Platform, "directoryId": n.DirectoryID, "userName": n.UserName, "workspaceId": n.ID,
		"connectedAt": n.Opened.UTC().Format(time.RFC3339), "reason": string(n.End),
	}}
}
