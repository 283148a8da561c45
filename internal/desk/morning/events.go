package morning

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/desk/account"
)

// record is the part of a CloudTrail record that the check reads. Member names
// differ in case between services; encoding/json does not mind.
type record struct {
	account.Record
	RequestParameters struct {
		DirectoryID    string
		UserName       string // ResetUserPassword
		SAMAccountName string // Directory Service Data
		Workspaces     json.RawMessage
		WorkspaceID    string
		InstancesSet   struct{ Items []struct{ InstanceID string } } // of EC2

		StartWorkspaceRequests, StopWorkspaceRequests, RebootWorkspaceRequests,
		RebuildWorkspaceRequests, TerminateWorkspaceRequests []struct{ WorkspaceID string }
	}
	ResponseElements struct {
		PendingRequests []struct{ WorkspaceID, DirectoryID, UserName string }
		FailedRequests  []struct {
			ErrorCode        string
			ErrorMessage     string
			WorkspaceRequest struct{ DirectoryID, UserName string }
		}
	}
}

// readEvent reads a record; a part that is not as expected is left out, for
// the trail is written by many services and versions.
func readEvent(e trailtypes.Event) Event {
	out := Event{
		ID:     aws.ToString(e.EventId),
		Name:   aws.ToString(e.EventName),
		Source: aws.ToString(e.EventSource),
		Time:   aws.ToTime(e.EventTime),
		By:     aws.ToString(e.Username),
	}
	var r record
	if err := json.Unmarshal([]byte(aws.ToString(e.CloudTrailEvent)), &r); err != nil && r.EventSource == "" && r.RequestID == "" {
		return out
	}
	if t, err := time.Parse(time.RFC3339, r.EventTime); err == nil {
		out.Time = t
	}
	if who := r.Who(); who != "" {
		out.By = who
	}
	out.RequestID, out.ErrorCode, out.ErrorMessage = r.RequestID, r.ErrorCode, r.ErrorMessage
	out.Directory = r.RequestParameters.DirectoryID
	out.User = r.RequestParameters.SAMAccountName
	if out.User == "" {
		out.User = r.RequestParameters.UserName
	}
	r.desktops(&out)
	return out
}

func (r *record) desktops(out *Event) {
	if r.RequestParameters.WorkspaceID != "" {
		out.Desktops = append(out.Desktops, r.RequestParameters.WorkspaceID)
	}
	p := &r.RequestParameters
	for _, i := range p.InstancesSet.Items {
		out.Machines = append(out.Machines, i.InstanceID)
	}
	for _, w := range slices.Concat(p.StartWorkspaceRequests, p.StopWorkspaceRequests, p.RebootWorkspaceRequests,
		p.RebuildWorkspaceRequests, p.TerminateWorkspaceRequests) {
		out.Desktops = append(out.Desktops, w.WorkspaceID)
	}
	var asked []struct{ DirectoryID, UserName string }
	if json.Unmarshal(r.RequestParameters.Workspaces, &asked) == nil {
		for _, a := range asked {
			out.Asked = append(out.Asked, Target{a.DirectoryID, a.UserName})
		}
	}
	for _, p := range r.ResponseElements.PendingRequests {
		if p.WorkspaceID != "" {
			out.Desktops = append(out.Desktops, p.WorkspaceID)
		}
	}
	for _, f := range r.ResponseElements.FailedRequests {
		out.Failed = append(out.Failed, FailedCreation{
			Target: Target{f.WorkspaceRequest.DirectoryID, f.WorkspaceRequest.UserName},
			Code:   f.ErrorCode, Message: f.ErrorMessage,
		})
	}
}
