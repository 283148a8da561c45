package morning

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/desk/duty"
)

func TestCheckCarriesOnWhereItCan(t *testing.T) {
	for _, row := range []struct {
		name, operation, code string
		exit                  int
		want                  string
	}{
		{"a trail that is denied", "LookupEvents", "AccessDeniedException", 1, "not known: cloudtrail:LookupEvents is denied"},
		{"a trail that is throttled", "LookupEvents", "ThrottlingException", 1, "not known: cloudtrail:LookupEvents was throttled"},
		{"users that are denied", "DescribeUser", "AccessDeniedException", 1, "not known: ds-data:DescribeUser is denied"},
		{"directories that are unknown", "DescribeDirectories", "UnknownOperationException", 1, "not known: ds:DescribeDirectories is not answered"},
		{"registrations that are denied", "DescribeWorkspaceDirectories", "AccessDeniedException", 1, "not known: workspaces:DescribeWorkspaceDirectories is denied"},
		{"an unknown connection status is in the counts only", "DescribeWorkspacesConnectionStatus", "UnknownOperationException", 1, "in use unknown"},
		{"a denied connection status is said", "DescribeWorkspacesConnectionStatus", "AccessDeniedException", 1, "not known: workspaces:DescribeWorkspacesConnectionStatus"},
		{"an identity that is unknown", "GetCallerIdentity", "UnknownOperationException", 1, "not known: sts:GetCallerIdentity"},
	} {
		t.Run(row.name, func(t *testing.T) {
			storyShop(t, func(t *testing.T, s *shop) {
				s.cloud.fault = onceFor(row.operation, row.code)
				code, out, _ := s.run(t.Context(), Flags{}, "")
				if code != row.exit {
					t.Errorf("want exit %d, got %d", row.exit, code)
				}
				wantIn(t, "the output", out, "2 desktops in ERROR: fujita.kouhei, nakamura.yuri", row.want)
			})
		})
	}
}

func TestCheckEndsWhereNothingCanBeSaid(t *testing.T) {
	for _, row := range []struct{ name, operation, code, want string }{
		{"desktops that are denied", "DescribeWorkspaces", "AccessDeniedException", "workspaces:DescribeWorkspaces is denied"},
		{"credentials that are not accepted", "GetCallerIdentity", "InvalidClientTokenId", "does not accept these credentials"},
		{"credentials that have expired", "GetCallerIdentity", "ExpiredToken", "are they expired"},
	} {
		t.Run(row.name, func(t *testing.T) {
			storyShop(t, func(t *testing.T, s *shop) {
				s.cloud.fault = onceFor(row.operation, row.code)
				code, out, errs := s.run(t.Context(), Flags{}, "")
				if code != 1 || out != "" {
					t.Errorf("want exit 1 and no output, got %d, %q", code, out)
				}
				wantIn(t, "the error", errs, row.want)
			})
		})
	}
}

func TestDesktopThatChangesPagesIsCountedOnce(t *testing.T) {
	var users []string
	for i := range 60 {
		users = append(users, fmt.Sprintf("user.%02d", i))
	}
	s := newShop(t, users...)
	s.cloud.shiftPages = true
	_, out, _ := s.run(t.Context(), Flags{Options: duty.Options{JSON: true}}, "")
	var got Plan
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Counts.Total != 60 || got.Counts.Error != 60 || s.cloud.calls["DescribeWorkspaces"] != 3 {
		t.Errorf("want 60 desktops in 3 pages, got %+v in %d", got.Counts, s.cloud.calls["DescribeWorkspaces"])
	}
}

func TestHealthyMorningCostsFewCalls(t *testing.T) {
	s := newShop(t)
	code, out, _ := s.run(t.Context(), Flags{}, "")
	if code != 0 || !strings.HasPrefix(out, "all well, 0 desktops") {
		t.Errorf("want exit 0 and all well, got %d: %s", code, out)
	}
	if s.cloud.calls["LookupEvents"] != 1 || s.cloud.calls["DescribeUser"] != 0 {
		t.Errorf("want one lookup and no user, got %v", s.cloud.calls)
	}
}

func TestReadEvent(t *testing.T) {
	for _, row := range []struct {
		name, record string
		want         Event
	}{
		{
			"a federated user is known by the session's name",
			`{"userIdentity":{"type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/office-night"}}`,
			Event{By: "office-night"},
		},
		{
			"an assumed role is known by role and session",
			`{"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/Ops/tanabe"}}`,
			Event{By: "Ops/tanabe"},
		},
		{"root is root", `{"userIdentity":{"type":"Root","arn":"arn:aws:iam::1:root"}}`, Event{By: "root"}},
		{"a service is known by its name", `{"userIdentity":{"type":"AWSService","invokedBy":"workspaces.amazonaws.com"}}`, Event{By: "workspaces.amazonaws.com"}},
		{"a record that is no JSON leaves the event's own fields", `{"a":`, Event{By: "from the event"}},
		{"a member of another type does not spoil the rest", `{"requestParameters":"hidden","requestID":"r"}`, Event{By: "from the event", RequestID: "r"}},
		{
			"names of members may differ in case",
			`{"requestParameters":{"DirectoryId":"d-1","SAMAccountName":"svc"}}`,
			Event{By: "from the event", Directory: "d-1", User: "svc"},
		},
		{
			"the requests of a change name their desktops",
			`{"requestParameters":{"rebootWorkspaceRequests":[{"workspaceId":"ws-1"},{"workspaceId":"ws-2"}]}}`,
			Event{By: "from the event", Desktops: []string{"ws-1", "ws-2"}},
		},
		{
			"failed items carry code and user",
			`{"responseElements":{"failedRequests":[{"errorCode":"E","errorMessage":"m","workspaceRequest":{"directoryId":"d-1","userName":"u"}}]}}`,
			Event{By: "from the event", Failed: []FailedCreation{{Target{"d-1", "u"}, "E", "m"}}},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := readEvent(trailtypes.Event{Username: aws.String("from the event"), CloudTrailEvent: &row.record})
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", row.want) {
				t.Errorf("want %+v, got %+v", row.want, got)
			}
		})
	}
}

func FuzzReadEvent(f *testing.F) {
	f.Add(`{"userIdentity":{"arn":"/"},"responseElements":{"pendingRequests":[{"workspaceId":"ws-1"}]}}`)
	f.Add(`{"requestParameters":{"workspaces":[{"userName":1}]}}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, s string) {
		e := readEvent(trailtypes.Event{CloudTrailEvent: &s, EventName: aws.String("CreateWorkspaces")})
		facts := storyFacts()
		facts.Events = append(facts.Events, e)
		if p := judge(facts, rules); len(p.Findings) == 0 {
			t.Error("want the story found whatever else the trail holds")
		}
	})
}
