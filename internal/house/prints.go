package house

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/webaccess"
)

// printed writes into the trail that a document left a desktop: who, from which
// session, what it is called, how large it is.
func (h *House) printed(ctx context.Context, s desktops.Session, d webaccess.Sheet) error {
	details, err := json.Marshal(map[string]any{
		"workspaceId": s.ID, "directoryId": s.DirectoryID, "userName": cmp.Or(s.Person.UserName, s.UserName), "principal": s.Caller,
		"sessionId": s.Number, "sourceIPAddress": s.Client, "title": d.Title, "bytes": d.Size,
	})
	if err != nil {
		return err
	}
	now := h.o.Clock.Now()
	err = h.rooms.trail.Record(ctx, &api.Event{
		ID: h.o.IDs.TimeUUID(now), Time: now, Account: s.Account, Region: s.Region, Source: "tamachi.amazonaws.com", Name: "PrintDocument",
		Caller: api.Caller{Type: api.AWSService, Account: s.Account, Service: workspacesPrincipal, ARN: workspacesPrincipal}, SourceIP: s.Client, UserAgent: s.UserAgent,
		RequestID: h.o.IDs.UUID(), Details: details,
		Resources: []string{arn.New("workspaces", s.Region, s.Account, "workspace/"+s.ID).String()},
	})
	if err != nil {
		return fmt.Errorf("write down a printed document of %s: %w", s.ID, err)
	}
	return nil
}
