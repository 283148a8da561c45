package tamachi

import (
	"strings"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ownEvents is the source of events that AWS does not have.
const ownEvents = "tamachi.desktops"

// tell hands an event over in the transaction of what it tells of.
func (s *Service) tell(tx *store.Tx, sc store.Scope, o *api.Occurrence) error {
	if o == nil || s.ports.Events == nil {
		return nil
	}
	return s.ports.Events.Emit(tx, sc, *o)
}

// refusal is the event of a sign-in, or of a way to a desktop, that was refused.
// AWS tells only of logins that succeed.
func (d *deskSession) refusal() *api.Occurrence {
	return d.occurrence("Desktop Login Failure", d.Start, map[string]any{"reason": d.Reason})
}

// lost is the event of a person's stream that ended with the plane; nil for that
// of an operator. The other ends are told of by the room of workspaces.
func (d *deskSession) lost() *api.Occurrence {
	if d.Kind != display || !strings.HasPrefix(d.Caller, "arn:aws:ds:") {
		return nil
	}
	return d.occurrence("Desktop Disconnect", d.End, map[string]any{"reason": d.Reason, "connectedAt": d.Start.UTC().Format(time.RFC3339)})
}

// logout is the event of a person who signs out.
func (g *grant) logout(now time.Time) *api.Occurrence {
	return &api.Occurrence{Source: ownEvents, DetailType: "Desktop Logout", At: now, Detail: map[string]any{
		"directoryId": g.DirectoryID, "userName": g.UserName,
	}}
}

// occurrence says of an event who and from where; what is not known is left out.
func (d *deskSession) occurrence(kind string, at time.Time, detail map[string]any) *api.Occurrence {
	for name, value := range map[string]string{
		"clientIpAddress": d.Client, "clientPlatform": d.Platform, "directoryId": d.DirectoryID, "userName": d.UserName, "workspaceId": d.WorkspaceID,
	} {
		if value != "" {
			detail[name] = value
		}
	}
	return &api.Occurrence{Source: ownEvents, DetailType: kind, At: at, Detail: detail}
}
